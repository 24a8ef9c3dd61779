package desk

import (
	"context"
	"slices"
	"time"

	"supporty/internal/duty"
	"supporty/internal/ticket"
)

// asksLeaver asks who has left for a note to who has come, if both are known: the message is left out
// if nothing is open. After an absence of the bot nobody is asked.
func asksLeaver(squad string, last duty.Change, changes []duty.Change) []Notice {
	if len(changes) != 1 || last.Person == "" || changes[0].Person == "" || last.Person == changes[0].Person {
		return nil
	}
	return []Notice{dutyNotice(NoticeOffDuty, last.Person, changes[0].At, NoticeDetails{At: changes[0].At, Squad: squad, Actor: changes[0].Person})}
}

// LeaveNote tells who is on duty for a squad what somebody of it notes. Again with the same key it does
// nothing.
func (d *Desk) LeaveNote(ctx context.Context, squad, by, text, key string, now time.Time) error {
	now = micros(now)
	if text = clean(text); text == "" {
		return ticket.Errorf(ticket.Invalid, "Write what is to be noted.").At(FieldNote)
	}
	p, err := d.actor(ctx, by)
	if err != nil {
		return err
	}
	roster, err := d.Roster(ctx, now)
	if err != nil {
		return err
	}
	of, ok := roster.Named(squad)
	to := of.Rota.At(now)
	switch {
	case !slices.Contains(p.Squads, squad):
		return ticket.Errorf(ticket.Forbidden, "Only people of %s can leave a note there.", squad).At(FieldNote)
	case !ok || to == "":
		return ticket.Errorf(ticket.Conflict, "Nobody is on duty for %s at the moment.", squad).At(FieldNote)
	case to == by:
		return ticket.Errorf(ticket.Conflict, "You are on duty for %s yourself.", squad).At(FieldNote)
	}
	n := dutyNotice(NoticeDutyNote, to, now, NoticeDetails{At: now, Squad: squad, Actor: by, Text: text})
	err = d.unticketed.ChangeUnticketed(ctx, n.OrderingKey, key, now, func([]Posted) UnticketedChange { return UnticketedChange{Notices: []Notice{n}} })
	return orUnavailable(err, "leaving a note")
}

package desk

import (
	"context"
	"slices"
	"time"

	"supporty/internal/duty"
	"supporty/internal/ticket"
)

// longestOverride bounds an override; who is on duty for longer belongs into the settings.
const longestOverride = 12 * 7 * 24 * time.Hour

// TakeOver puts somebody on duty in the place of whoever the rota names. People of the squad
// may do it for themselves and for each other. Those who are no longer on duty are told, and who
// is, if somebody else did it or if it leaves them no rest. A beginning that has passed means now.
func (d *Desk) TakeOver(ctx context.Context, o Override, now time.Time) error {
	now = micros(now)
	o.From = later(o.From, now)
	switch {
	case !o.Until.After(o.From):
		return ticket.Errorf(ticket.Invalid, "Choose an end that is still to come, and after the beginning.").At(FieldUntil)
	case o.Until.Sub(o.From) > longestOverride:
		return ticket.Errorf(ticket.Invalid, "That is longer than 12 weeks. The settings can change the rota for good.").At(FieldUntil)
	}
	if err := d.mayChangeDuty(ctx, o.MadeBy, o.Squad); err != nil {
		return err
	}
	if err := d.mayBeOnDuty(ctx, o.Person, o.Squad, FieldAssignee); err != nil {
		return err
	}
	strain, err := d.Strain(ctx, o.Squad, duty.Shift{Person: o.Person, From: o.From, Until: o.Until}, []duty.Override{o.Override}, now)
	if err != nil {
		return err
	}
	return d.changeDuty(ctx, o.Squad, "", now, func(c dutyNow) (DutyChange, error) {
		squad, ok := c.roster(c.DutyState).Named(o.Squad)
		if !ok {
			return DutyChange{}, ticket.Errorf(ticket.Conflict, "%s has no rota any more.", o.Squad).At(FieldAssignee)
		}
		return DutyChange{Made: []Override{o}, Notices: overridden(o, squad.Rota, strain, now)}, nil
	})
}

// dutyNow is what a change about who is on duty in a squad is decided with.
type dutyNow struct {
	DutyState
	left   func(person string) bool
	roster func(DutyState) duty.Roster // of the squad alone, by what people have changed
}

// changeDuty makes a change about who is on duty in a squad. It is decided twice: first to ask about everybody
// whom it concerns, and then on what nobody else can change meanwhile, for which nobody is asked any more.
func (d *Desk) changeDuty(ctx context.Context, squad, swap string, now time.Time, decide func(dutyNow) (DutyChange, error)) error {
	read, err := d.changedDuty(ctx, now)
	if err != nil {
		return err
	}
	known := leavers{}
	on := func(state DutyState, left func(string) bool) (DutyChange, error) {
		return decide(dutyNow{state, left, func(s DutyState) duty.Roster { return d.rosterOf(squad, s, now, left) }})
	}
	_, _ = on(read, d.asking(ctx, known)) // if it is not possible, that is found again
	err = d.shifts.ChangeDuty(ctx, squad, swap, now, func(state DutyState) (DutyChange, error) { return on(state, known.has) })
	if ticket.CodeOf(err) != "" {
		return err // why it is not possible
	}
	return orUnavailable(err, "changing who is on duty")
}

// mayBeOnDuty reports, as an error at a field, if somebody is not in the squad.
func (d *Desk) mayBeOnDuty(ctx context.Context, person, squad, field string) error {
	p, err := d.actor(ctx, person)
	if err != nil {
		return err
	}
	if p.Deactivated || !slices.Contains(p.Squads, squad) {
		return ticket.Errorf(ticket.Invalid, "{name} is not in %s.", squad).About(person).At(field)
	}
	return nil
}

func (d *Desk) mayChangeDuty(ctx context.Context, by, squad string) error {
	person, err := d.actor(ctx, by)
	if err != nil {
		return err
	}
	if !person.Operator && !slices.Contains(person.Squads, squad) {
		return ticket.Errorf(ticket.Forbidden, "Only people of %s can change who is on duty there.", squad).At(FieldAssignee)
	}
	return nil
}

// overridden tells who is on duty now, and who is not, unless they did it themselves. Who is on duty is
// told all the same if that is hard on them.
func overridden(o Override, before duty.Rota, strain duty.Strain, now time.Time) (notices []Notice) {
	told := []string{o.MadeBy, ""}
	if strain.Any() && o.Person == o.MadeBy {
		told = told[1:]
	}
	tell := func(person string) {
		if slices.Contains(told, person) {
			return
		}
		told = append(told, person)
		notices = append(notices, dutyNotice(NoticeOverridden, person, now, NoticeDetails{Actor: o.MadeBy, From: o.Person, Squad: o.Squad, At: o.From, By: o.Until}))
	}
	tell(o.Person)
	for _, s := range before.Between(o.From, o.Until) {
		tell(s.Person)
	}
	return notices
}

// TakeBack ends an override: from now on, or at all if it has not begun, the rota counts again. People
// of the squad may. Who was on duty by it is told, and who is instead, unless they did it themselves.
// It returns what is taken back: the override from now on.
func (d *Desk) TakeBack(ctx context.Context, id int64, by string, now time.Time) (Override, error) {
	now = micros(now)
	overrides, err := d.Overrides(ctx, now)
	if err != nil {
		return Override{}, err
	}
	o, _, ok := standing(overrides, id, now)
	if !ok {
		return Override{}, errOverrideOver
	}
	if err := d.mayChangeDuty(ctx, by, o.Squad); err != nil {
		return Override{}, err
	}
	err = d.changeDuty(ctx, o.Squad, "", now, func(c dutyNow) (DutyChange, error) {
		o, others, ok := standing(c.Overrides, id, now)
		if !ok {
			return DutyChange{}, errOverrideOver
		}
		squad, _ := c.roster(DutyState{Overrides: others, Rotas: c.Rotas}).Named(o.Squad)
		return DutyChange{Ended: id, Notices: takenBack(o, by, squad.Rota, now)}, nil
	})
	return o, err
}

var errOverrideOver = ticket.Errorf(ticket.Conflict, "That has ended, or somebody has taken it back.")

// standing finds an override, as it is from now on, and all the others. It reports false if it has
// ended.
func standing(all []Override, id int64, now time.Time) (o Override, others []Override, ok bool) {
	i := slices.IndexFunc(all, func(o Override) bool { return o.ID == id && o.Until.After(now) })
	if i < 0 {
		return Override{}, all, false
	}
	o = all[i]
	o.From = later(o.From, now)
	return o, slices.Delete(slices.Clone(all), i, i+1), o.From.Before(o.Until)
}

func takenBack(o Override, by string, rota duty.Rota, now time.Time) (notices []Notice) {
	tell := func(person string, from, until time.Time) {
		if person != "" && person != by {
			notices = append(notices, dutyNotice(NoticeOverridden, person, now, NoticeDetails{Actor: by, From: o.Person, Squad: o.Squad, At: from, By: until, Over: true}))
		}
	}
	tell(o.Person, o.From, o.Until)
	for _, s := range rota.Between(o.From, o.Until) {
		if s.Person != o.Person {
			tell(s.Person, s.From, s.Until)
		}
	}
	return notices
}

// dutyNotice is a direct message about duty.
func dutyNotice(kind NoticeKind, to string, due time.Time, d NoticeDetails) Notice {
	return Notice{Kind: kind, OrderingKey: "duty:" + to, Queue: QueueSupport, To: to, DueAt: due, Urgency: UrgencyPerson, NoticeDetails: d}
}

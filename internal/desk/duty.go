package desk

import (
	"context"
	"slices"
	"time"

	"supporty/internal/duty"
	"supporty/internal/ticket"
)

// Override says that somebody is on duty in a squad in the place of whoever its rota names.
type Override struct {
	Squad string // its name
	duty.Override
	MadeBy string
}

// OnDuty returns the desk, whose squads have these rotas by the settings.
func (d *Desk) OnDuty(roster duty.Roster) *Desk {
	own := *d
	own.roster = roster
	return &own
}

// overridesKept is how long an override is read after its end: shifts that were missed are
// recorded later.
const overridesKept = 30 * 24 * time.Hour

// Roster returns the rotas of the squads at a moment, with what people have changed, and without
// those who would be on duty then or next and have left the company.
func (d *Desk) Roster(ctx context.Context, at time.Time) (duty.Roster, error) {
	if len(d.roster) == 0 {
		return nil, nil
	}
	overrides, err := d.shifts.Overrides(ctx, at.Add(-overridesKept))
	if err != nil {
		return nil, orUnavailable(err, "reading who is on duty instead of others")
	}
	left := func(person string) bool { return d.hasLeft(ctx, person) }
	roster := slices.Clone(d.roster)
	for i, s := range roster {
		for _, o := range overrides {
			if o.Squad == s.Name {
				roster[i].Rota.Overrides = append(slices.Clip(roster[i].Rota.Overrides), o.Override)
			}
		}
		roster[i].Rota = roster[i].Rota.Without(left, at)
	}
	return roster, nil
}

// SquadOnDuty is who is on duty in a squad.
type SquadOnDuty struct {
	Squad string
	duty.Shift
}

// onDutyFor returns who is on duty in the squads of a person.
func (d *Desk) onDutyFor(ctx context.Context, p Person, now time.Time) (all []SquadOnDuty, err error) {
	roster, err := d.Roster(ctx, now)
	for _, s := range roster {
		if slices.Contains(p.Squads, s.Name) {
			shift, _ := s.Rota.Now(now)
			all = append(all, SquadOnDuty{s.Name, shift})
		}
	}
	return all, err
}

// longestOverride bounds an override; who is on duty for longer belongs into the settings.
const longestOverride = 12 * 7 * 24 * time.Hour

// TakeOver puts somebody on duty in the place of whoever the rota names. People of the squad
// may do it for themselves and for each other. Those who are no longer on duty are told, and who
// is, if somebody else did it. A beginning that has passed means now.
func (d *Desk) TakeOver(ctx context.Context, o Override, now time.Time) error {
	now = micros(now)
	if o.From.Before(now) {
		o.From = now
	}
	roster, err := d.Roster(ctx, now)
	if err != nil {
		return err
	}
	squad, ok := roster.Named(o.Squad)
	switch {
	case !ok:
		return ticket.Errorf(ticket.Conflict, "%s has no rota any more.", o.Squad).At(FieldAssignee)
	case !o.Until.After(o.From):
		return ticket.Errorf(ticket.Invalid, "Choose an end that is still to come, and after the beginning.").At(FieldUntil)
	case o.Until.Sub(o.From) > longestOverride:
		return ticket.Errorf(ticket.Invalid, "That is longer than 12 weeks. The settings can change the rota for good.").At(FieldUntil)
	}
	if err := d.mayTakeOver(ctx, o); err != nil {
		return err
	}
	err = d.shifts.SaveOverride(ctx, o, now, overridden(o, squad.Rota, now))
	return orUnavailable(err, "putting somebody on duty")
}

func (d *Desk) mayTakeOver(ctx context.Context, o Override) error {
	by, err := d.actor(ctx, o.MadeBy)
	if err != nil {
		return err
	}
	if !by.Operator && !slices.Contains(by.Squads, o.Squad) {
		return ticket.Errorf(ticket.Forbidden, "Only people of %s can change who is on duty there.", o.Squad).At(FieldAssignee)
	}
	person, err := d.actor(ctx, o.Person)
	if err != nil {
		return err
	}
	if person.Deactivated || !slices.Contains(person.Squads, o.Squad) {
		return ticket.Errorf(ticket.Invalid, "{name} is not in %s.", o.Squad).About(o.Person).At(FieldAssignee)
	}
	return nil
}

// overridden tells who is on duty now, and who is not, unless they did it themselves.
func overridden(o Override, before duty.Rota, now time.Time) (notices []Notice) {
	told := []string{o.MadeBy, ""}
	tell := func(person string) {
		if slices.Contains(told, person) {
			return
		}
		told = append(told, person)
		notices = append(notices, Notice{
			Kind: NoticeOverridden, OrderingKey: "duty:" + person, Queue: QueueSupport, To: person, DueAt: now, Urgency: UrgencyPerson,
			NoticeDetails: NoticeDetails{Actor: o.MadeBy, From: o.Person, Squad: o.Squad, At: o.From, By: o.Until},
		})
	}
	tell(o.Person)
	for _, s := range before.Between(o.From, o.Until) {
		tell(s.Person)
	}
	return notices
}

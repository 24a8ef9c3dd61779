package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"supporty/internal/duty"
)

// Override says that somebody is on duty in a squad in the place of whoever its rota names.
type Override struct {
	ID    int64  // 0 until it is stored
	Squad string // its name
	duty.Override
	MadeBy string
}

// OnDuty returns the desk, whose squads have these rotas by the settings. made says what they are made of.
func (d *Desk) OnDuty(roster duty.Roster, made RosterMark) *Desk {
	own := *d
	own.roster, own.rosterMade = roster, made
	return &own
}

// overridesKept is how long an override is read after its end: shifts that were missed are
// recorded later.
const overridesKept = 30 * 24 * time.Hour

// Roster returns the rotas of the squads at a moment, with what people have changed, and without
// those who would be on duty then or next and have left the company.
func (d *Desk) Roster(ctx context.Context, at time.Time) (duty.Roster, error) {
	changed, err := d.changedDuty(ctx, at)
	if err != nil {
		return nil, err
	}
	return rosterWith(d.roster, changed, at, d.asking(ctx, leavers{})), nil
}

// changedDuty is what people have changed about who is on duty, as far as it matters at a moment.
func (d *Desk) changedDuty(ctx context.Context, at time.Time) (changed DutyState, err error) {
	if changed.Overrides, err = d.Overrides(ctx, at.Add(-overridesKept)); err != nil || len(d.roster) == 0 {
		return changed, err
	}
	changed.Rotas, err = d.shifts.Rotas(ctx)
	return changed, orUnavailable(err, "reading the rotas that people have made")
}

// Overrides lists what people have changed, in all squads: what ends after a moment, in the order in
// which it was made.
func (d *Desk) Overrides(ctx context.Context, ended time.Time) ([]Override, error) {
	if len(d.roster) == 0 {
		return nil, nil
	}
	overrides, err := d.shifts.Overrides(ctx, ended)
	return overrides, orUnavailable(err, "reading who is on duty instead of others")
}

// leavers are the people who were asked about, and whether they have left. What is decided under a lock asks
// nobody: Slack may not answer, and the database ends a transaction that waits. Who is not among them counts as
// somebody who is there.
type leavers map[string]bool

func (l leavers) has(person string) bool { return l[person] }

// asking reports whether somebody has left. It asks about each person once.
func (d *Desk) asking(ctx context.Context, known leavers) func(person string) bool {
	return func(person string) bool {
		left, ok := known[person]
		if !ok {
			left = d.hasLeft(ctx, person)
			known[person] = left
		}
		return left
	}
}

// rosterOf is the roster of one squad, as far as it has a rota.
func (d *Desk) rosterOf(squad string, changed DutyState, at time.Time, left func(person string) bool) duty.Roster {
	others := func(s duty.Squad) bool { return !strings.EqualFold(s.Name, squad) }
	return rosterWith(slices.DeleteFunc(slices.Clone(d.roster), others), changed, at, left)
}

func rosterWith(squads duty.Roster, changed DutyState, at time.Time, left func(person string) bool) duty.Roster {
	roster := slices.Clone(squads)
	for i, s := range roster {
		roster[i].Rota = versioned(s, changed.Rotas, at.Add(-overridesKept))
	}
	roster = roster.WithRota()
	for i, s := range roster {
		for _, o := range changed.Overrides {
			if o.Squad == s.Name {
				roster[i].Rota.Overrides = append(slices.Clip(roster[i].Rota.Overrides), o.Override)
			}
		}
		roster[i].Rota = roster[i].Rota.Without(left, at)
	}
	return roster
}

// SquadOnDuty is who is on duty in a squad.
type SquadOnDuty struct {
	Squad string
	duty.Shift
	Coming []duty.Shift // the shifts after it
}

// FourWeeks lists who is on duty in a squad in the next four weeks, after whoever is.
func FourWeeks(r duty.Rota, now time.Time) []duty.Shift {
	const (
		fourWeeks = 28 * 24 * time.Hour
		most      = 14
	)
	return r.Coming(now, now.Add(fourWeeks), most)
}

// onDutyFor returns who is on duty in the squads of a person.
func (d *Desk) onDutyFor(ctx context.Context, p Person, now time.Time) (all []SquadOnDuty, err error) {
	roster, err := d.Roster(ctx, now)
	for _, s := range roster {
		if slices.Contains(p.Squads, s.Name) {
			shift, _ := s.Rota.Now(now)
			all = append(all, SquadOnDuty{s.Name, shift, FourWeeks(s.Rota, now)})
		}
	}
	return all, err
}

package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"supporty/internal/duty"
)

// ComeOnDuty records who has come on duty by now in each squad with a rota, and briefs them.
// Each change is recorded and told once, whatever the number of copies. After an absence of
// the bot only who is on duty now is briefed.
func (d *Desk) ComeOnDuty(ctx context.Context, now time.Time) error {
	now = micros(now)
	changed, err := d.changedDuty(ctx, now)
	if err != nil {
		return err
	}
	known := leavers{}
	var failed []error
	for _, s := range rosterWith(d.roster, changed, now, d.asking(ctx, known)) {
		if err := d.comeOnDuty(ctx, s, known, now); err != nil {
			failed = append(failed, fmt.Errorf("handing over in %s: %w", s.Name, err))
		}
	}
	return errors.Join(failed...)
}

// comeOnDuty hands over if anybody else seems to be on duty. That is decided anew on what nobody can
// change meanwhile: what was read before may be outdated by now. Who has left is known by then.
func (d *Desk) comeOnDuty(ctx context.Context, s duty.Squad, known leavers, now time.Time) error {
	last, err := d.shifts.LastOnDuty(ctx, s.Name)
	if err != nil || len(s.Rota.Changes(last, now)) == 0 {
		return err
	}
	return d.shifts.HandOver(ctx, s.Name, now.Add(-overridesKept), func(h Handover) ([]duty.Change, []Notice) {
		squad, ok := d.rosterOf(s.Name, h.DutyState, now, known.has).Named(s.Name)
		if !ok || d.rosterMade.isOutdated(h.Made) {
			return nil, nil
		}
		changes := squad.Rota.Changes(h.Last, now)
		return changes, append(asksLeaver(s.Name, h.Last, changes), briefs(s.Name, changes)...)
	})
}

// isOutdated reports whether a roster is made of something else than counts. If another copy has just read a
// calendar, or other settings, this one decides nothing until it has read them, too.
func (own RosterMark) isOutdated(counts RosterMark) bool {
	for key, version := range own.Calendars {
		if counts.Calendars[key] != version {
			return true
		}
	}
	return own.Settings != "" && counts.Settings != "" && own.Settings != counts.Settings
}

func briefs(squad string, changes []duty.Change) []Notice {
	if len(changes) == 0 || changes[len(changes)-1].Person == "" {
		return nil
	}
	last := changes[len(changes)-1]
	return []Notice{dutyNotice(NoticeOnDuty, last.Person, last.At, NoticeDetails{At: last.At, Squad: squad})}
}

// briefed is how many tickets of a kind a brief names.
const briefed = 5

// Brief is what somebody has to know who comes on duty: nothing that they may not read.
type Brief struct {
	Figures Figures // of the squad's tickets
	Unowned Shelf
	Paused  Shelf
}

// Brief returns what a person has to know who comes on duty for a squad.
func (d *Desk) Brief(ctx context.Context, person string, squad duty.Squad, now time.Time) (Brief, error) {
	reader, err := d.actor(ctx, person)
	if err != nil {
		return Brief{}, err
	}
	filter := d.squadFilter(reader, squad)
	var b Brief
	if b.Figures, err = d.homes.Figures(ctx, filter, now); err != nil {
		return Brief{}, unavailable(fmt.Errorf("counting what a squad has: %w", err))
	}
	query := func(name ShelfName) ShelfQuery {
		return ShelfQuery{Name: name, Reader: person, Now: now, HomeFilter: filter, Limit: briefed}
	}
	shelves, err := d.readShelves(ctx, reader, []ShelfQuery{query(ShelfUnowned), query(ShelfPaused)})
	if err != nil {
		return Brief{}, err
	}
	b.Unowned, b.Paused = shelves[0], shelves[1]
	return b, nil
}

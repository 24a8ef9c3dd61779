package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"supporty/internal/duty"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// settleIn is the open time that somebody has to look around who comes on duty. After that the
// lead hears of what is pressing and has no owner.
const settleIn = time.Hour

// leadGrace is how late the lead may hear of it, if the bot was away. After that it is no news.
const leadGrace = time.Hour

// WatchHandovers tells the lead of each squad, once after each handover, if a P1 or a late ticket
// has no owner an open hour after it. If there is none, nobody hears anything.
func (d *Desk) WatchHandovers(ctx context.Context, now time.Time) error {
	now = micros(now)
	policy, err := d.policies.Policy(ctx, d.policies.Current())
	if err != nil {
		return unavailable(fmt.Errorf("reading the current policy: %w", err))
	}
	roster, err := d.Roster(ctx, now)
	if err != nil {
		return err
	}
	var failed []error
	for _, s := range roster {
		if s.Lead == "" || len(s.Categories) == 0 {
			continue
		}
		last, err := d.shifts.LastOnDuty(ctx, s.Name)
		if due := policy.Hours(s.Categories[0]).Add(last.At, settleIn); err == nil && !last.At.IsZero() && !now.Before(due) && now.Sub(due) < leadGrace {
			err = d.watchHandover(ctx, s, last.At, now)
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("looking after a handover in %s: %w", s.Name, err))
		}
	}
	return errors.Join(failed...)
}

func (d *Desk) watchHandover(ctx context.Context, s duty.Squad, handover, now time.Time) error {
	pressing, err := d.Pressing(ctx, s.Lead, s, now)
	if err != nil {
		return err
	}
	return d.schedules.Schedule(ctx, "handover:"+s.Name, func(known Schedule) (Schedule, []Notice) {
		if !known.LastAt.Before(handover) {
			return known, nil
		}
		known.LastAt = handover
		if len(pressing) == 0 {
			return known, nil
		}
		return known, []Notice{dutyNotice(NoticeLeftUnowned, s.Lead, now, NoticeDetails{At: handover, Squad: s.Name})}
	})
}

// mostPressing is how many tickets without an owner are looked at. The nearest deadlines come
// first.
const mostPressing = 100

// Pressing returns the tickets of a squad that have no owner and are P1 or late, of those that a
// person may read.
func (d *Desk) Pressing(ctx context.Context, person string, squad duty.Squad, now time.Time) ([]HomeRow, error) {
	reader, err := d.actor(ctx, person)
	if err != nil {
		return nil, err
	}
	query := ShelfQuery{Name: ShelfUnowned, Reader: person, Now: now, HomeFilter: d.squadFilter(reader, squad), Limit: mostPressing}
	shelves, err := d.readShelves(ctx, reader, []ShelfQuery{query})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(shelves[0].Rows, func(r HomeRow) bool {
		return r.Ticket.Priority != ticket.P1 && !r.Clock(sla.Resolve).Late(now)
	}), nil
}

// squadFilter selects the tickets of a squad that somebody may read.
func (d *Desk) squadFilter(reader Person, squad duty.Squad) HomeFilter {
	f := HomeFilter{Categories: append([]string{}, squad.Categories...), Private: reader.reader()}
	if d.scattered {
		f.Channels = reader.ReadableChannels()
	}
	return f
}

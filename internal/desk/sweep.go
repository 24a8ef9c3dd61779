package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"supporty/internal/sla"
)

// SweepBatch is how many due tickets one sweep takes at most.
const SweepBatch = 200

// Sweep tells what has become due by now, and returns how many tickets it
// looked at: SweepBatch means that there may be more.
func (d *Desk) Sweep(ctx context.Context, now time.Time) (int, error) {
	now = micros(now)
	var failure error
	n, err := d.store.Sweep(ctx, now, SweepBatch, func(stored Record) Change {
		c, err := d.look(ctx, stored, now)
		if err != nil {
			failure = errors.Join(failure, err)
			return Change{} // it stays due, and the others go on
		}
		return c
	})
	if err := errors.Join(err, failure); err != nil {
		return n, fmt.Errorf("sweeping: %w", err)
	}
	return n, nil
}

func (d *Desk) look(ctx context.Context, stored Record, now time.Time) (Change, error) {
	r, err := d.compute(ctx, stored)
	if err != nil {
		return Change{}, err
	}
	return d.remind(ctx, r, now)
}

// remind decides what a ticket has to say at now. Of the clocks' steps that are
// due at once only the gravest is said; all are told once.
func (d *Desk) remind(ctx context.Context, r Record, now time.Time) (Change, error) {
	c := Change{After: r, Now: now}
	due := dueAlerts(r, now)
	for i := range due {
		due[i].DecidedAt, due[i].Said = now, i == 0
	}
	if len(due) > 0 {
		gravest := due[0]
		c.owe(r.owe(NoticeAlert, r.Ticket.Assignee, now, NoticeDetails{At: gravest.At, Alert: &gravest}))
	}
	if late(due) {
		c.Card = CardEdited // it says so
	}
	c.Alerts = due
	for _, a := range r.pauseAgenda() {
		if a.At.After(now) || r.told(a) {
			continue
		}
		a.DecidedAt, a.Said = now, true
		c.Alerts = append(c.Alerts, a)
		if err := d.remindOfPause(ctx, &c, a); err != nil {
			return Change{}, err
		}
		break // what comes after a reminder comes after an answer to it could
	}
	c.After.Alerts = append(append([]Alert(nil), r.Alerts...), c.Alerts...)
	c.NextAt = nextAt(c.After)
	return c, nil
}

// dueAlerts returns what the clocks have to say and have not said, the gravest
// first: lateness before warnings, the promise to solve before the promise to
// answer.
func dueAlerts(r Record, now time.Time) []Alert {
	var due []Alert
	for _, a := range r.agenda() {
		if a.Clock != PauseClock && !a.At.After(now) && !r.told(a) {
			due = append(due, a)
		}
	}
	slices.SortFunc(due, func(a, b Alert) int { return gravity(a) - gravity(b) })
	return due
}

// gravity orders the clocks' steps, the gravest first.
func gravity(a Alert) int {
	return slices.Index([]string{"late resolve", "late respond", "warn resolve", "warn respond"}, string(a.Step)+" "+string(a.Clock))
}

func late(due []Alert) bool {
	return slices.ContainsFunc(due, func(a Alert) bool { return a.Clock == sla.Resolve && a.Step == sla.Late })
}

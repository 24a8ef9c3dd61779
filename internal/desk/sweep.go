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
		r, err := d.compute(ctx, stored)
		if err != nil {
			failure = errors.Join(failure, err)
			return Change{} // it stays due, and the others go on
		}
		return remind(r, now)
	})
	if err := errors.Join(err, failure); err != nil {
		return n, fmt.Errorf("sweeping: %w", err)
	}
	return n, nil
}

// remind decides what the clocks of a ticket have to say at now. Of several
// steps that are due at once only the gravest is said; all are told once.
func remind(r Record, now time.Time) Change {
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
	c.After.Alerts = append(append([]Alert(nil), r.Alerts...), due...)
	c.NextAt = nextAt(c.After)
	return c
}

// dueAlerts returns what is due and was not told, the gravest first: lateness
// before warnings, the promise to solve before the promise to answer.
func dueAlerts(r Record, now time.Time) []Alert {
	var due []Alert
	cycle := r.Cycle()
	for _, step := range []sla.StepName{sla.Late, sla.Warn} {
		for _, clock := range []sla.Clock{cycle.Resolve, cycle.Respond} {
			for _, s := range clock.Steps() {
				a := alertOf(cycle, clock, s)
				if s.Name == step && !s.At.After(now) && !r.told(a) {
					due = append(due, a)
				}
			}
		}
	}
	return due
}

func late(due []Alert) bool {
	return slices.ContainsFunc(due, func(a Alert) bool { return a.Clock == sla.Resolve && a.Step == sla.Late })
}

func alertOf(cycle sla.Cycle, c sla.Clock, s sla.Step) Alert {
	return Alert{Cycle: cycle.Number, Clock: c.Name, Promise: c.Promise, Step: s.Name, At: s.At}
}

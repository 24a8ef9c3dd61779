package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// Retarget brings the tickets that have not ended to the current policy, and returns
// how many it looked at. If that is SweepBatch, there may be more. A ticket whose
// target is the same stays as it is. Past lateness stays, nothing is told twice, and
// ended tickets keep their outcome.
func (d *Desk) Retarget(ctx context.Context, now time.Time) (int, error) {
	version, now := d.policies.Current(), micros(now)
	var failure error
	n, err := d.retargeter.Outdated(ctx, version, SweepBatch, func(stored Record) Change {
		c, err := d.retarget(ctx, stored, version, now)
		failure = errors.Join(failure, err)
		return c
	})
	if err := errors.Join(err, failure); err != nil {
		return n, fmt.Errorf("bringing tickets to policy %d: %w", version, err)
	}
	return n, nil
}

func (d *Desk) retarget(ctx context.Context, stored Record, version int, now time.Time) (Change, error) {
	d.recent.forget(stored.Ticket.Number)
	r, err := d.compute(ctx, stored)
	if err != nil {
		return Change{}, err
	}
	differs, err := d.promisesOtherwise(ctx, r, version)
	if err != nil {
		return Change{}, err
	}
	c := Change{After: r, NextAt: nextAt(r, now)}
	if differs {
		e := ticket.Entry{
			Kind: ticket.Retargeted, Gesture: ticket.BySettings,
			HappenedAt: moment(Gesture{Now: now}, r), RecordedAt: now, Details: ticket.Details{Policy: version},
		}
		if c, err = d.decide(ctx, r, now, nil, e); err != nil {
			return Change{}, err
		}
	}
	c.Now, c.After.Policy = now, version
	return c, nil
}

// promisesOtherwise reports whether a policy has another target for a ticket than
// the one that holds.
func (d *Desk) promisesOtherwise(ctx context.Context, r Record, version int) (bool, error) {
	events, err := d.events(ctx, r.Timeline)
	if err != nil {
		return false, unavailable(err)
	}
	target, err := d.target(ctx, version, r.Ticket)
	if err != nil {
		return false, unavailable(err)
	}
	for _, e := range slices.Backward(events) {
		if promises(e.Kind) {
			return !e.Target.Equal(target), nil
		}
	}
	return !target.Equal(sla.Target{}), nil
}

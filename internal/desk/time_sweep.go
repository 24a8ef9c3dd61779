package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"supporty/internal/ticket"
)

// SweepBatch is how many due tickets one sweep takes at most.
const SweepBatch = 200

// Sweep tells what has become due by now, and returns how many tickets it looked at. If
// that is SweepBatch, there may be more.
func (d *Desk) Sweep(ctx context.Context, now time.Time) (int, error) {
	now = micros(now)
	var failure error
	floods := map[string]error{} // by category: whether the channel could be told
	desk := d.withCache()
	if due, err := desk.meet(ctx, now); err != nil || !due {
		return 0, err
	}
	failure = desk.endDrills(ctx, now)
	deciding, decided := atFirst(ctx, decideWithin)
	defer decided()
	n, err := d.sweeper.Sweep(ctx, now, SweepBatch, func(stored Record) Change {
		ctx := deciding()
		c, err := desk.look(ctx, stored, now)
		if !errors.Is(err, errNotMet) { // the next sweep looks it up
			failure = errors.Join(failure, err)
		}
		if c.quiet() {
			if err := desk.postFloodOnce(ctx, c.After.Ticket, now, floods); err != nil {
				failure = errors.Join(failure, err)
				return Change{} // it stays due, and the others go on
			}
		}
		return c
	})
	return n, orSweeping(errors.Join(err, failure))
}

func orSweeping(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("sweeping: %w", err)
}

// How long people are looked up when Slack is slow: before tickets are locked, and while they are. The
// database gives up a transaction that waits for longer.
const (
	meetWithin   = 20 * time.Second
	decideWithin = 1500 * time.Millisecond
)

// atFirst returns a function whose context ends some time after its first call, and one that ends it.
func atFirst(ctx context.Context, within time.Duration) (begin func() context.Context, end func()) {
	var limited context.Context
	cancel := func() {}
	begin = func() context.Context {
		if limited == nil {
			limited, cancel = context.WithTimeout(ctx, within)
		}
		return limited
	}
	return begin, func() { cancel() }
}

// meet looks up the people of due tickets before anything is locked, because the
// directory may have to ask Slack. An owner who is not found is looked up again when
// needed. It reports whether anything is due.
func (d *Desk) meet(ctx context.Context, now time.Time) (bool, error) {
	due, err := d.sweeper.Due(ctx, now, SweepBatch)
	if err != nil || !due.Any {
		return false, orSweeping(err)
	}
	ctx, cancel := context.WithTimeout(ctx, meetWithin)
	defer cancel()
	for _, owner := range due.Owners {
		_, _ = d.people.Person(ctx, owner)
	}
	d.meetLadders(ctx, now)
	d.meetOffers(ctx, due, now)
	return true, nil
}

// meetLadders looks up the people of ladders, likewise.
func (d *Desk) meetLadders(ctx context.Context, now time.Time) {
	for category := range d.ladders {
		var r Record
		r.Ticket.Category = category
		_, _ = d.climbers(ctx, r, now)
	}
}

// quiet reports whether a change enqueues an alert that calls nobody.
func (c Change) quiet() bool {
	return slices.ContainsFunc(c.Notices, func(n Notice) bool { return n.Quiet })
}

// postFloodOnce tells of a flood before its quiet alerts count as told. If it cannot,
// they stay due.
func (d *Desk) postFloodOnce(ctx context.Context, t ticket.Ticket, now time.Time, told map[string]error) error {
	err, known := told[t.Category]
	if !known {
		err = d.postFlood(ctx, t, now)
		told[t.Category] = err
	}
	return err
}

// look decides what a ticket has to tell. The zero Change leaves it due.
func (d *Desk) look(ctx context.Context, stored Record, now time.Time) (Change, error) {
	d.recent.forget(stored.Ticket.Number)
	r, err := d.compute(ctx, stored)
	if err != nil {
		return Change{}, err
	}
	return d.remind(ctx, r, now)
}

// remind decides what a ticket has to tell at now. Of the clocks' steps that are due at
// once only the most severe is told; all of them are recorded. If only its offer fails, the rest is told,
// and the offer stays due.
func (d *Desk) remind(ctx context.Context, r Record, now time.Time) (Change, error) {
	c := Change{After: r, Now: now}
	due := r.due(now)
	pauses, escalations, rungs, clocks := bySource(due)
	if len(pauses) > 0 { // what comes after a reminder comes after what may answer it
		if err := d.remindOfPause(ctx, &c, pauses[0]); err != nil {
			return Change{}, err
		}
	}
	if err := d.remindOfClocks(ctx, &c, clocks); err != nil {
		return Change{}, err
	}
	if err := d.escalate(ctx, &c, escalations); err != nil {
		return Change{}, err
	}
	if err := d.climb(ctx, &c, rungs); err != nil {
		return Change{}, err
	}
	failed := d.offer(ctx, &c, ofOffers(due))
	if failed != nil && len(c.Alerts) == 0 {
		return Change{}, failed
	}
	c.archiveRoom()
	c.After.Alerts = slices.Concat(r.Alerts, c.Alerts)
	c.refresh()
	c.NextAt = nextAt(c.After, now)
	return c, failed
}

// bySource sorts due alerts by their source.
func bySource(due []Alert) (pauses, escalations, rungs, clocks []Alert) {
	for _, a := range due {
		switch a.Source {
		case Pause:
			pauses = append(pauses, a)
		case Escalation:
			escalations = append(escalations, a)
		case Ladder:
			rungs = append(rungs, a)
		case Offer: // see ofOffers
		default:
			clocks = append(clocks, a)
		}
	}
	return pauses, escalations, rungs, clocks
}

// remindOfClocks tells the most severe step of the clocks.
func (d *Desk) remindOfClocks(ctx context.Context, c *Change, due []Alert) error {
	if len(due) == 0 {
		return nil
	}
	slices.SortFunc(due, func(a, b Alert) int { return a.severity() - b.severity() })
	absence, err := d.absence(ctx, c.After, due)
	if err != nil {
		return err
	}
	worst, also := due[0], beside(due)
	for i := range due {
		due[i].DecidedAt, due[i].Notified = c.Now, i == 0 && !worst.rule().silent || i == also
		if due[i].rule().onCard {
			c.Card = CardEdited
		}
	}
	if due[0].Notified {
		details := NoticeDetails{At: worst.At, Alert: &worst, Absence: absence}
		if also > 0 {
			details.Also = &due[also]
		}
		if err := d.enqueueAlert(ctx, c, details); err != nil {
			return err
		}
	}
	if worst.rule().delays {
		late := NoticeDetails{At: worst.At, Alert: &worst}
		c.enqueue(c.After.notice(NoticeDelayed, c.After.Ticket.Requester, c.Now, late))
		c.enqueueDelayToFollowers(c.After, c.Now, late)
	}
	c.Alerts = append(c.Alerts, due...)
	return nil
}

// enqueueAlert tells a step. If the channel is told of a flood, the alert calls nobody.
func (d *Desk) enqueueAlert(ctx context.Context, c *Change, details NoticeDetails) error {
	similar, err := d.flood(ctx, c.After.Ticket)
	if err != nil {
		return err
	}
	details.Quiet = len(similar) > 0
	n := c.After.notice(NoticeAlert, c.After.Ticket.Assignee, c.Now, details)
	if !c.replaceAlert(n) {
		c.enqueue(n)
	}
	return nil
}

// absence says why somebody else is asked to take the ticket when these steps are due,
// the most severe first; empty if nobody is. If lateness is told together with the
// warning before it, it goes to the owner, who may have had no chance to answer.
func (d *Desk) absence(ctx context.Context, r Record, due []Alert) (Absence, error) {
	if !r.Ticket.Owned() {
		return "", nil
	}
	owner, err := d.people.Person(ctx, r.Ticket.Assignee)
	switch {
	case err != nil:
		return "", fmt.Errorf("looking up the owner: %w", err)
	case owner.Deactivated:
		return OwnerDeactivated, nil
	case owner.Away:
		return OwnerAway, nil
	case slices.ContainsFunc(due, func(a Alert) bool { return a.Step == StepSilent && !a.At.Before(due[0].At) }):
		return OwnerSilent, nil
	}
	return "", nil
}

package catchup

import (
	"context"
	"time"
)

// hold records the gap for which alerts wait: its beginning, and since when they wait. If
// more is missed meanwhile, the end of the gap moves, but the wait does not start again.
type hold struct {
	from  time.Time
	since time.Time
}

// Horizon is the time until which alerts may be posted, normally now. Alerts that became
// due in a long gap, or while no copy is connected, wait for at most HoldFor until the
// gap is read: the gap may contain an event that stopped their clock in time.
func (c *CatchUp) Horizon(ctx context.Context, now time.Time) (time.Time, error) {
	w, behind, err := c.asOf(ctx, now)
	if err != nil || !behind {
		return now, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.hold.from.Equal(w.SeenUntil) {
		c.hold = hold{from: w.SeenUntil, since: now}
	}
	if now.Sub(c.hold.since) >= HoldFor || w.SeenUntil.After(now) {
		return now, nil
	}
	return w.SeenUntil, nil
}

// asOf returns the watermark and whether alerts have to wait. A connected copy that has
// just given a sign answers from its own memory. Other copies read the database, and
// check how long ago the last sign was.
func (c *CatchUp) asOf(ctx context.Context, now time.Time) (Watermark, bool, error) {
	since := c.connectedSince()
	c.mu.Lock()
	w, mine := c.known, !since.IsZero() && since.Equal(c.since) && onTheWall().Sub(c.pulsed) <= Tolerance
	c.mu.Unlock()
	if mine {
		return w, w.Long(), nil
	}
	w, err := c.Store.Watermark(ctx, c.settings.Load().Channel)
	if err != nil || w == (Watermark{}) {
		return w, false, err
	}
	return w, w.Long() || now.Sub(w.PulsedAt) > Tolerance, nil
}

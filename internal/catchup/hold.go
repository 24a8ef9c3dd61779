package catchup

import (
	"context"
	"time"
)

// hold is where a gap begins that alerts wait for, and since when they do. That its
// end moves, because more was missed meanwhile, makes them wait no longer.
type hold struct {
	from  time.Time
	since time.Time
}

// Horizon is until when what time brings may be told. It is now; but alerts that
// became due in a long gap, or while nobody is connected, wait for HoldFor until what
// happened in it is known, since it may have been in time.
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

// asOf returns the watermark and whether it is behind. A copy that is connected, and
// has just given a sign of it, knows that by itself; the others see how long ago one was.
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

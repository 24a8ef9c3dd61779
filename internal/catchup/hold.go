package catchup

import (
	"context"
	"time"
)

// hold is a gap that alerts wait for, and since when.
type hold struct {
	gap   Watermark
	since time.Time
}

// Horizon is until when what time brings may be told. It is now; but alerts that
// became due in a gap, or while nobody is connected, wait for HoldFor until what
// happened in it is known, since it may have been in time.
func (c *CatchUp) Horizon(ctx context.Context, now time.Time) (time.Time, error) {
	w, behind, err := c.asOf(ctx, now)
	if err != nil || !behind {
		return now, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	gap := Watermark{SeenUntil: w.SeenUntil, UnbrokenSince: w.UnbrokenSince}
	if c.hold.gap != gap {
		c.hold = hold{gap: gap, since: now}
	}
	if now.Sub(c.hold.since) >= HoldFor || w.SeenUntil.After(now) {
		return now, nil
	}
	return w.SeenUntil, nil
}

// asOf returns the watermark and whether it is behind. A copy that is connected
// knows that by itself; the others see how long ago one was.
func (c *CatchUp) asOf(ctx context.Context, now time.Time) (Watermark, bool, error) {
	since := c.Since()
	c.mu.Lock()
	w, mine := c.known, !since.IsZero() && since.Equal(c.since)
	c.mu.Unlock()
	if mine {
		return w, w.Behind(), nil
	}
	w, err := c.Store.Watermark(ctx, c.settings.Load().Channel)
	if err != nil || w == (Watermark{}) {
		return w, false, err
	}
	return w, w.Behind() || now.Sub(w.PulsedAt) > Tolerance, nil
}

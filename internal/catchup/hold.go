package catchup

import (
	"context"
	"time"
)

// hold is the gap for which alerts wait, and since when they wait. If more is missed
// before the gap is read, its end moves, but the wait does not start again.
type hold struct {
	from  time.Time // everything was known until then
	until time.Time
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
	c.hold.extend(w, now)
	if known := w.KnownUntil(); now.Sub(c.hold.since) < HoldFor && known.Before(now) {
		return known, nil
	}
	return now, nil
}

// extend begins a new wait if the gap for which alerts waited is read.
func (h *hold) extend(w Watermark, now time.Time) {
	known := w.KnownUntil()
	if known.After(h.from) && !known.Before(h.until) {
		*h = hold{from: known, since: now}
	}
	if w.UnbrokenSince.After(h.until) {
		h.until = w.UnbrokenSince
	}
}

// asOf returns the watermark and whether alerts have to wait. A connected copy that has
// just given a sign without a long gap answers from its own memory. Otherwise the database
// is read: a gap may just have been read to its end. Copies that are not connected check
// how long ago the last sign was.
func (c *CatchUp) asOf(ctx context.Context, now time.Time) (Watermark, bool, error) {
	since := c.connectedSince()
	c.mu.Lock()
	w, mine := c.known, !since.IsZero() && since.Equal(c.since) && onTheWall().Sub(c.pulsed) <= Tolerance
	c.mu.Unlock()
	if mine && !w.Long() {
		return w, false, nil
	}
	w, err := c.Store.Watermark(ctx, c.settings.Load().Channel)
	if err != nil || w == (Watermark{}) {
		return w, false, err
	}
	return w, w.Long() || !mine && now.Sub(w.PulsedAt) > Tolerance, nil
}

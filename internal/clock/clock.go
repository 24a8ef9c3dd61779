// Package clock is the business clock: the time by which tickets, deadlines and
// digests live. It is real time, but where somebody moves time, or lets it run
// faster, to watch the desk work; and the same for all copies.
//
// What is real stays on the real clock and may not use this one: leases,
// limits, retries, acknowledgements.
package clock

import (
	"sync"
	"time"
)

// Setting says how business time follows real time: at Real it was Business,
// and since then it has run Rate times as fast. The zero Setting, like any with
// Real equal to Business and a rate of 1, is real time.
type Setting struct {
	Real     time.Time
	Business time.Time
	Rate     float64 // 0 stands still; negative rates do not exist
}

// At returns the business time at a real time, in UTC.
func (s Setting) At(now time.Time) time.Time {
	if s.Real.IsZero() {
		return now.UTC()
	}
	elapsed := now.Sub(s.Real)
	if s.Rate == 1 {
		return s.Business.Add(elapsed).UTC()
	}
	return s.Business.Add(time.Duration(float64(elapsed) * s.Rate)).UTC()
}

// Clock is the business clock. The zero value is real time. It is safe for
// concurrent use, and it never runs back.
type Clock struct {
	mu      sync.Mutex
	setting Setting
	last    time.Time
}

// Now returns the business time in UTC.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := c.setting.At(time.Now()); now.After(c.last) {
		c.last = now
	}
	return c.last
}

// Set makes the clock follow another setting. Should that be behind, the clock
// stands still until it has caught up. A setting that was made before the one
// that is followed is news that was overtaken, and changes nothing.
func (c *Clock) Set(s Setting) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !s.Real.Before(c.setting.Real) {
		c.setting = s
	}
}

// Setting returns what the clock follows.
func (c *Clock) Setting() Setting {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.setting
}

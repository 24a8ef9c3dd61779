// Package clock is the business clock: the time of tickets, deadlines and digests. It
// equals real time unless somebody moves it or lets it run faster, to watch the desk
// work. It is the same for all copies.
//
// Leases, limits, retries and acknowledgements use real time and may not use this clock.
package clock

import (
	"sync"
	"time"
)

// Setting relates business time to real time. At real time Real it was Business, and
// since then it runs Rate times as fast. The zero Setting is real time, and so is any
// Setting with Real equal to Business and a rate of 1.
type Setting struct {
	Real     time.Time
	Business time.Time
	Rate     float64 // 0 stands still; never negative
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

// Set makes the clock follow another setting. If that setting is behind, the clock stands
// still until it has caught up. A setting older than the present one is out of date and
// changes nothing.
func (c *Clock) Set(s Setting) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !s.Real.Before(c.setting.Real) {
		c.setting = s
	}
}

// Setting returns the setting that the clock follows.
func (c *Clock) Setting() Setting {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.setting
}

package sla

import "time"

// expectedWarning is the fraction of the time to the expected end after which the owner is
// reminded of that end.
const expectedWarning = whole * 3 / 4

// Awaited is when the end is expected: at the deadline, unless the owner has given another time.
// The promise does not change: only the deadline decides what is late.
func (c Clock) Awaited() time.Time {
	if c.Expected.IsZero() {
		return c.DueAt
	}
	return c.Expected
}

// expect notes another time. Alerts are then about this time, and no longer about the deadline.
// Without open time before it, the warning is due together with it.
func (c *Clock) expect(at, by time.Time) {
	if !c.Running() || !by.After(at) {
		return
	}
	c.settle(at)
	c.Promise++
	c.Expected = by
	c.WarnAt = by
	if open := c.Calendar.Between(at, by); open > 0 {
		c.WarnAt = earlier(c.Calendar.Add(at, expectedWarning.of(open).Truncate(time.Microsecond)), by)
	}
}

// join keeps the promise of another ticket as well, if that is earlier and still to come. So
// nothing is late from here that nobody promised, and nothing that was late becomes on time.
func (c *Clock) join(e Event, g Goal) {
	if !c.Running() || !c.Promised() || c.Late(e.At) || !e.By.After(e.At) {
		return
	}
	c.settle(e.At)
	if !e.By.Before(c.DueAt) {
		return
	}
	awaited := c.Awaited()
	c.DueAt = e.By
	if c.Expected.IsZero() {
		c.WarnAt = g.warning(c.StartedAt, c.DueAt)
	}
	if !c.Awaited().Equal(awaited) {
		c.Promise++
	}
}

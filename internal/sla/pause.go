package sla

import "time"

func (c *Clock) pause(at time.Time, kind EventKind) {
	if c.Running() {
		c.resume(at)
		c.PausedAt, c.PausedBy = at, kind
	}
}

func (c *Clock) resume(at time.Time) {
	c.settle(at)
	c.PausedAt, c.PausedBy = time.Time{}, 0
}

// settle counts a pause until a time, from which the pause goes on. Deadlines after the beginning
// of the pause move by the open time that was lost. A promise that was broken before the pause
// stays broken.
func (c *Clock) settle(at time.Time) {
	if !c.Paused() {
		return
	}
	lost := c.Calendar.Between(c.PausedAt, at)
	for _, still := range []*time.Time{&c.DueAt, &c.WarnAt, &c.Expected} {
		if !still.IsZero() && !c.PausedAt.After(*still) {
			*still = c.Calendar.Add(*still, lost)
		}
	}
	c.Pauses = append(c.Pauses, Pause{Kind: c.PausedBy, From: c.PausedAt, To: at})
	c.PausedAt = at
}

// Deadline is DueAt, if it is known. It is the zero time if there is no target, or while a clock
// that is on time stands still.
func (c Clock) Deadline() time.Time {
	if !c.Promised() || c.Paused() && !c.PausedAt.After(c.DueAt) {
		return time.Time{}
	}
	return c.DueAt
}

// lost is the open time in ended pauses that began at from or later.
func (c Clock) lost(calendar *Calendar, from time.Time) time.Duration {
	var lost time.Duration
	for _, p := range c.Pauses {
		if !p.From.Before(from) {
			lost += calendar.Between(p.From, p.To)
		}
	}
	return lost
}

// PausedFor is how long the clock has stood still for one reason, in plain time. The present pause
// is not counted yet.
func (c Clock) PausedFor(kind EventKind) time.Duration {
	var total time.Duration
	for _, p := range c.Pauses {
		if p.Kind == kind {
			total += p.To.Sub(p.From)
		}
	}
	return total
}

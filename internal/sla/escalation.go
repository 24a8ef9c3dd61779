package sla

import (
	"slices"
	"time"
)

// Escalation is a step that calls others while nobody answers. It is part of a Policy, so the
// tags are part of the database's format. This package does not decide whether somebody has
// answered.
type Escalation struct {
	Priorities []int         `json:"priorities,omitempty"` // 1 is the most urgent; none means all
	Percent    int           `json:"percent,omitempty"`    // of the target to resolve: 0 is at once, 100 the deadline
	After      time.Duration `json:"after,omitempty"`      // open time from there to the step
	Notify     []string      `json:"notify"`               // the people and places it reaches; opaque here
	Every      time.Duration `json:"every,omitempty"`      // open time between repetitions
	Most       int           `json:"most,omitempty"`       // how often it is taken in all; 0 means once
}

// Overdue reports whether the step comes at the deadline or later.
func (e Escalation) Overdue() bool { return e.Percent >= 100 }

// Applies reports whether the step is for a priority.
func (e Escalation) Applies(priority int) bool {
	return len(e.Priorities) == 0 || slices.Contains(e.Priorities, priority)
}

// Times returns when the step is to be taken about a clock, repetitions included. There are
// none for a clock that has stopped, stands still or has no target. The deadline is the
// awaited end (see Clock.Awaited).
func (e Escalation) Times(c Clock) []time.Time {
	if !c.Promised() || !c.Running() || c.Paused() {
		return nil
	}
	at := c.Calendar.Add(c.passed(percent(e.Percent)), e.After)
	times := []time.Time{at}
	for len(times) < e.Most {
		at = c.Calendar.Add(at, e.Every)
		times = append(times, at)
	}
	return times
}

// passed returns when a fraction of the target has passed, pauses not counted; for the whole it
// is the awaited end.
func (c Clock) passed(f fraction) time.Time {
	g := c.goal()
	if f < whole {
		return g.before(c.StartedAt, c.DueAt, whole-f)
	}
	over := (f - whole).of(g.total(c.StartedAt))
	return c.Calendar.Add(c.Awaited(), over.Truncate(time.Microsecond))
}

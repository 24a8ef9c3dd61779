package desk

import (
	"time"

	"supporty/internal/sla"
)

// retractAlerts finds alerts that were told and turn out to be untrue, because an
// earlier event was learned of later. They count as not told, and their messages are
// reworded.
func (c *Change) retractAlerts() {
	var so []Alert
	for _, a := range c.After.Alerts {
		if c.After.IsUntrue(a, c.Now) {
			c.Untrue = append(c.Untrue, a)
		} else {
			so = append(so, a)
		}
	}
	c.After.Alerts = so
}

// IsUntrue reports whether a lateness that was told is none, as seen at now: the clock
// was stopped or paused in time, or its end is still to come.
func (r Record) IsUntrue(a Alert, now time.Time) bool {
	c := r.Clock(a.Source.Clock())
	if a.Source == Pause || a.Step != sla.Late && !a.Repeats() || a.Cycle != r.Ticket.Cycle || a.Promise != c.Promise {
		return false
	}
	switch {
	case !c.Running():
		return !c.StoppedAt.After(c.Awaited())
	case c.Paused():
		return !c.PausedAt.After(c.Awaited())
	}
	return now.Before(c.Awaited())
}

package desk

import (
	"time"

	"supporty/internal/sla"
)

// retractAlerts finds what the clocks have told and was not so: what happened earlier
// can be learned of later. It counts as not told, and what was said is said anew.
func (c *Change) retractAlerts() {
	var so []Alert
	for _, a := range c.After.Alerts {
		if c.After.Retracts(a, c.Now) {
			c.Retracted = append(c.Retracted, a)
		} else {
			so = append(so, a)
		}
	}
	c.After.Alerts = so
}

// Retracts reports whether a lateness that was told, or told again, is none, as
// seen at now: the clock was stopped or paused in time, or its end is still to come.
func (r Record) Retracts(a Alert, now time.Time) bool {
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

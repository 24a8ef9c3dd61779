package sla

import "time"

// Overtaken returns the first minute from a time to another at which something can be
// filed that is due by the second goal before it is due by the first; false if there
// is none. It looks at every minute, except where the two are plainly in order.
func Overtaken(first, second Goal, from, to time.Time) (at time.Time, found bool) {
	if !first.promised() || !second.promised() || first.within(second) {
		return time.Time{}, false
	}
	for at := from.Truncate(time.Minute); at.Before(to); at = nextFiling(first, second, at) {
		if second.Due(at).Before(first.Due(at)) {
			return at, true
		}
	}
	return time.Time{}, false
}

// within reports whether one goal is plainly not longer than another: by the same
// hours, or because open hours pass more slowly than all hours do. Working days do not:
// they are over at closing time.
func (g Goal) within(longer Goal) bool {
	alike := (g.days > 0) == (longer.days > 0) && g.days <= longer.days && g.open <= longer.open
	return alike && (g.calendar.Equal(longer.calendar) || g.calendar.Always() && g.days == 0)
}

// nextFiling is the next minute that may make a difference: while the desk is closed
// for both goals, none does.
func nextFiling(a, b Goal, at time.Time) time.Time {
	if !a.calendar.Always() && a.calendar.Equal(b.calendar) {
		if open, until := a.calendar.State(at); !open && !until.IsZero() {
			return until
		}
	}
	return at.Add(time.Minute)
}

package sla

import "time"

// Overtaken returns the first minute between two times at which the second goal has an earlier
// deadline than the first; false if there is none. It tries every minute, unless the goals are
// certainly in order.
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

// within reports whether one goal is certainly not longer than another: because both have the
// same hours, or because the shorter one counts all hours and the other only open hours. The
// second reason does not hold for working days, which end at closing time.
func (g Goal) within(longer Goal) bool {
	alike := (g.days > 0) == (longer.days > 0) && g.days <= longer.days && g.open <= longer.open
	return alike && (g.calendar.Equal(longer.calendar) || g.calendar.Always() && g.days == 0)
}

// nextFiling is the next minute that may have another result. While the desk is closed for both
// goals, no minute has.
func nextFiling(a, b Goal, at time.Time) time.Time {
	if !a.calendar.Always() && a.calendar.Equal(b.calendar) {
		if open, until := a.calendar.State(at); !open && !until.IsZero() {
			return until
		}
	}
	return at.Add(time.Minute)
}

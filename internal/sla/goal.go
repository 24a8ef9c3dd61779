package sla

import "time"

// Goal is the promise of a target for one clock.
type Goal struct {
	open     time.Duration // so much open time
	days     int           // if more than 0, so many working days instead
	warnAt   fraction
	calendar *Calendar
}

// ToResolve is the promise for solving it.
func (t Target) ToResolve() Goal { return newGoal(t, t.Resolve, t.ResolveDays) }

// ToRespond is the promise for the first answer.
func (t Target) ToRespond() Goal { return newGoal(t, t.Respond, t.RespondDays) }

// ToReply is the promise for each later answer.
func (t Target) ToReply() Goal { return newGoal(t, t.NextReply, 0) }

func newGoal(t Target, open time.Duration, days int) Goal {
	if days > 0 {
		open = 0
	}
	return Goal{open: open, days: days, warnAt: fractionOf(t.WarnAt), calendar: t.Calendar}
}

// goal is the clock's latest promise, without its warning.
func (c Clock) goal() Goal { return Goal{open: c.Target, days: c.Days, calendar: c.Calendar} }

func (g Goal) promised() bool { return g.open > 0 || g.days > 0 }

// Due returns the deadline of the goal for something that begins at a time; zero if the
// goal promises nothing.
func (g Goal) Due(at time.Time) time.Time {
	switch {
	case !g.promised():
		return time.Time{}
	case g.days > 0:
		return g.calendar.AddDays(at, g.days)
	}
	return g.calendar.Add(at, g.open)
}

// warning is so much open time before the deadline as the goal leaves after
// warnAt: for a clock that kept its first goal, exactly that fraction of it.
// Where the desk does not open before the deadline, there is nobody to warn.
func (g Goal) warning(start, due time.Time) time.Time {
	if g.calendar.Between(start, due) == 0 {
		return due
	}
	return g.before(start, due, whole-g.warnAt)
}

// before returns the time at which so large a fraction of the goal is left before the
// deadline, but not earlier than the start.
func (g Goal) before(start, due time.Time, rest fraction) time.Time {
	open := g.calendar.Between(start, due) - rest.of(g.total(start))
	return g.calendar.Add(start, max(open, 0).Truncate(time.Microsecond))
}

// total is the open time that the goal gives to something that begins at a time.
func (g Goal) total(start time.Time) time.Duration {
	if g.days > 0 {
		return g.calendar.Between(start, g.Due(start))
	}
	return g.open
}

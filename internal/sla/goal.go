package sla

import "time"

// Goal is the promise of a target for one clock.
type Goal struct {
	open     time.Duration // open time
	days     int           // working days; if more than 0, they replace open
	warnAt   fraction
	calendar *Calendar
}

// ToResolve is the promise to resolve the ticket.
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

// Due returns the deadline of the goal for a clock that begins at a time; zero if the goal
// promises nothing.
func (g Goal) Due(at time.Time) time.Time {
	switch {
	case !g.promised():
		return time.Time{}
	case g.days > 0:
		return g.calendar.AddDays(at, g.days)
	}
	return g.calendar.Add(at, g.open)
}

// warning is the time of the warning. From there to the deadline is as much open time as the
// goal leaves after warnAt. For a clock with its first goal, exactly the fraction warnAt has
// passed then. If the desk does not open before the deadline, nobody could be warned, and
// warning is the deadline.
func (g Goal) warning(start, due time.Time) time.Time {
	if g.calendar.Between(start, due) == 0 {
		return due
	}
	return g.before(start, due, whole-g.warnAt)
}

// before returns the time at which the fraction rest of the goal is left before the deadline,
// but not earlier than the start.
func (g Goal) before(start, due time.Time, rest fraction) time.Time {
	open := g.calendar.Between(start, due) - rest.of(g.total(start))
	return g.calendar.Add(start, max(open, 0).Truncate(time.Microsecond))
}

// total is the open time from start to the deadline that the goal gives it.
func (g Goal) total(start time.Time) time.Duration {
	if g.days > 0 {
		return g.calendar.Between(start, g.Due(start))
	}
	return g.open
}

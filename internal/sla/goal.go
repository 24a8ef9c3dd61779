package sla

import "time"

// goal is what a target promises of one clock.
type goal struct {
	open     time.Duration // so much open time
	days     int           // if more than 0, so many working days instead
	warnAt   part
	calendar *Calendar
}

func (t Target) resolve() goal { return newGoal(t, t.Resolve, t.ResolveDays) }
func (t Target) respond() goal { return newGoal(t, t.Respond, t.RespondDays) }

func newGoal(t Target, open time.Duration, days int) goal {
	if days > 0 {
		open = 0
	}
	return goal{open: open, days: days, warnAt: fraction(t.WarnAt), calendar: t.Calendar}
}

// goal is what the clock has promised last. When to warn is not asked of it.
func (c Clock) goal() goal { return goal{open: c.Target, days: c.Days, calendar: c.Calendar} }

func (g goal) promised() bool { return g.open > 0 || g.days > 0 }

// due is when the goal is due for what begins at a time; the zero time if it
// promises nothing.
func (g goal) due(at time.Time) time.Time {
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
func (g goal) warning(start, due time.Time) time.Time {
	if g.calendar.Between(start, due) == 0 {
		return due
	}
	return g.before(start, due, whole-g.warnAt)
}

// before is so much open time before the deadline as a part of the goal is, but
// not before the start.
func (g goal) before(start, due time.Time, rest part) time.Time {
	open := g.calendar.Between(start, due) - rest.of(g.total(start))
	return g.calendar.Add(start, max(open, 0).Truncate(time.Microsecond))
}

// total is the open time that the goal gives to what begins at a time.
func (g goal) total(start time.Time) time.Duration {
	if g.days > 0 {
		return g.calendar.Between(start, g.due(start))
	}
	return g.open
}

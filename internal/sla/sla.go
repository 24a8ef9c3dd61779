// Package sla is the promise: targets, opening hours, when to warn, when it is late. Clocks are
// computed only from events (see Cycles): the same events give the same clocks.
//
// The package is pure and knows no tickets: it measures promises. No SQL, no settings and no
// current time may enter; times are UTC.
package sla

import (
	"slices"
	"time"
)

// EventKind is the effect of an event on the clocks.
type EventKind int

// The kinds of events.
const (
	Start       EventKind = iota + 1 // the first cycle begins
	Restart                          // a new cycle begins, with a fresh target
	Answer                           // somebody claimed or answered it: the respond clock stops
	Retarget                         // another target applies from here
	Stop                             // it is resolved or closed: all clocks stop
	Unstop                           // the last Stop is taken back, as if it had never happened
	Wait                             // it waits for an answer: the resolve clock stands still
	Hold                             // it waits for something outside: the resolve clock stands still
	Resume                           // the resolve clock goes on
	Expect                           // the owner has given another time
	Ask                              // the requester has written: the next reply is awaited
	Join                             // the promise of another ticket about the same is to be kept as well
	AdoptPolicy                      // another target applies from here, because the policy has changed: no new promise
)

// Event is an input of the clocks. Start, Restart, Retarget and AdoptPolicy need Target.
type Event struct {
	At     time.Time
	Kind   EventKind
	Target Target
	Turn   Turn      // of Retarget
	By     time.Time // of Expect, and of Join: by when that ticket was to be solved
}

// Turn says whether another target comes with a higher or a lower priority. It alone decides in
// which direction the deadline may move, even if the two targets compare otherwise.
type Turn int

// The turns. With the zero Turn the priority stays, as in another category. Then the longer target
// is the one that would be due later, if it had held from the start.
const (
	Raised Turn = iota + 1
	Lowered
)

// Clock is one promise of one cycle.
type Clock struct {
	Name      Name
	Alerts    bool          // whether there are alerts when it warns or is late
	Promise   int           // 0 at the start of a cycle; a new target adds one, if it moves the end
	Target    time.Duration // open time; 0 if Days is set
	Days      int           // working days; 0 if Target is set
	Calendar  *Calendar     // when it runs; nil is 24×7
	StartedAt time.Time     //
	WarnAt    time.Time     // zero if there is no target
	DueAt     time.Time     // zero if there is no target
	Expected  time.Time     // the end that the owner expects instead of DueAt; zero if they gave none
	RaisedAt  time.Time     // when the priority was raised after the answer was late already; otherwise zero
	StoppedAt time.Time     // zero while it runs
	PausedAt  time.Time     // since when it stands still; zero if it runs or has stopped
	PausedBy  EventKind     // Wait or Hold, while it stands still
	Pauses    []Pause       // the pauses that have ended, in order
}

// Pause is a time during which a clock stood still.
type Pause struct {
	Kind     EventKind // Wait or Hold
	From, To time.Time
}

// Promised reports whether the clock has a target.
func (c Clock) Promised() bool { return c.Target > 0 || c.Days > 0 }

// Running reports whether the clock has not been stopped.
func (c Clock) Running() bool { return c.StoppedAt.IsZero() }

// Paused reports whether the clock stands still, to go on later.
func (c Clock) Paused() bool { return !c.PausedAt.IsZero() }

// Late reports whether the promise is broken at now. A clock that stops exactly at the deadline is
// on time, and so is a clock without a target.
func (c Clock) Late(now time.Time) bool { return c.Promised() && c.end(now).After(c.DueAt) }

// Spent returns the open time from the clock's start until it stopped, or until now, without its
// pauses.
func (c Clock) Spent(now time.Time) time.Duration {
	return c.Calendar.Between(c.StartedAt, c.end(now)) - c.lost(c.Calendar, c.StartedAt)
}

// Left returns the open time to the deadline, from now or from when the clock stopped. It is
// negative if the desk was open after the deadline, pauses not counted. Without a target it is 0.
func (c Clock) Left(now time.Time) time.Duration {
	if !c.Promised() {
		return 0
	}
	end := c.end(now)
	over := c.Calendar.Between(c.DueAt, end) - c.lost(c.Calendar, c.DueAt)
	return c.Calendar.Between(end, c.DueAt) - over
}

// end is until when the clock has run, as seen at now.
func (c Clock) end(now time.Time) time.Time {
	switch {
	case !c.Running():
		return c.StoppedAt
	case c.Paused():
		return c.PausedAt
	}
	return now
}

// Step is an event of a running clock at a time: a warning, or lateness.
type Step struct {
	Name StepName
	At   time.Time
}

// StepName is the name of a step.
type StepName string

// The steps.
const (
	Warn StepName = "warn"
	Late StepName = "late"
)

// Steps returns the steps of a clock, in the order of time. There are none if the clock was
// stopped, has no alerts or has no target. While it stands still, it has none unless it was late
// before.
func (c Clock) Steps() []Step {
	switch {
	case !c.Running() || !c.Alerts || !c.Promised() || c.Paused() && !c.PausedAt.After(c.Awaited()):
		return nil
	case !c.rule().warns:
		return []Step{{Late, c.Awaited()}}
	}
	return []Step{{Warn, c.WarnAt}, {Late, c.Awaited()}}
}

// Cycle is the clocks of one cycle, from opening or reopening to its end.
type Cycle struct {
	Number int     // from 1
	Clocks []Clock // the clocks that have begun, in the order of Names
}

// Clock returns one of the cycle's clocks; the zero Clock if it has not begun.
func (c Cycle) Clock(name Name) Clock {
	for _, clock := range c.Clocks {
		if clock.Name == name {
			return clock
		}
	}
	return Clock{}
}

// Cycles computes the clocks of every cycle, the newest last. Events may come in any order. Events
// with the same time keep their given order. Without a Start there are no cycles.
func Cycles(events []Event) []Cycle {
	if !slices.IsSortedFunc(events, byTime) {
		events = slices.SortedStableFunc(slices.Values(events), byTime)
	}
	if slices.ContainsFunc(events, func(e Event) bool { return e.Kind == Unstop }) {
		events = effective(events)
	}
	cycles := make([]Cycle, 0, beginnings(events))
	for _, e := range events {
		if begins(e) {
			cycles = append(cycles, begin(len(cycles)+1, e))
		} else if len(cycles) > 0 {
			cycles[len(cycles)-1].apply(e)
		}
	}
	return cycles
}

func begins(e Event) bool { return e.Kind == Start || e.Kind == Restart }

func beginnings(events []Event) int {
	n := 0
	for _, e := range events {
		if begins(e) {
			n++
		}
	}
	return n
}

func byTime(a, b Event) int { return a.At.Compare(b.At) }

// effective leaves out every Stop that was taken back, together with its Unstop. Events between
// the two count as if neither had happened.
func effective(sorted []Event) []Event {
	kept := make([]Event, 0, len(sorted))
	for _, e := range sorted {
		if e.Kind != Unstop {
			kept = append(kept, e)
		} else if i := lastStop(kept); i >= 0 {
			kept = slices.Delete(kept, i, i+1)
		}
	}
	return kept
}

// lastStop returns the index of the newest cycle's last Stop; -1 if there is none.
func lastStop(events []Event) int {
	for i, e := range slices.Backward(events) {
		switch e.Kind {
		case Stop:
			return i
		case Start, Restart:
			return -1
		default: // events within a cycle
		}
	}
	return -1
}

func begin(number int, e Event) Cycle {
	c := Cycle{Number: number}
	for _, r := range rules {
		if r.begins == Start {
			c.Clocks = append(c.Clocks, r.clock(e))
		}
	}
	return c
}

// promise sets a new promise and its deadline.
func (c *Clock) promise(g Goal, due time.Time) {
	c.Target, c.Days, c.Calendar = g.open, g.days, g.calendar
	c.DueAt, c.WarnAt = due, g.warning(c.StartedAt, due)
}

// apply changes the cycle in place, because a ticket may have many entries.
func (c *Cycle) apply(e Event) {
	for i := range c.Clocks {
		c.Clocks[i].apply(e)
	}
	if e.Kind == Ask && !c.awaitsAnswer() && !c.over() {
		c.ask(e)
	}
}

// awaitsAnswer reports whether a clock is running that an answer stops.
func (c *Cycle) awaitsAnswer() bool {
	return slices.ContainsFunc(c.Clocks, func(k Clock) bool { return k.rule().answered && k.Running() })
}

// over reports whether the cycle has ended: no clock that began with it is running.
func (c *Cycle) over() bool {
	return !slices.ContainsFunc(c.Clocks, func(k Clock) bool { return k.rule().begins == Start && k.Running() })
}

// ask begins the clocks that begin with a question. If a clock ran before, this is a new promise
// of it.
func (c *Cycle) ask(e Event) {
	for _, r := range rules {
		if r.begins != Ask || !r.goal(e.Target).promised() {
			continue
		}
		next := r.clock(e)
		if i := slices.IndexFunc(c.Clocks, func(k Clock) bool { return k.Name == r.name }); i >= 0 {
			next.Promise = c.Clocks[i].Promise + 1
			c.Clocks[i] = next
			continue
		}
		c.Clocks = append(c.Clocks, next)
	}
}

// apply changes one clock in place.
func (c *Clock) apply(e Event) {
	r := c.rule()
	switch e.Kind {
	case Answer:
		if r.answered {
			c.stop(e.At)
		}
	case Stop:
		c.stop(e.At)
	case Retarget, AdoptPolicy:
		if r.retargets {
			c.retarget(e, r.goal(e.Target))
			c.Alerts = r.alerts(e.Target)
		}
	case Join:
		if r.pauses {
			c.join(e, r.goal(e.Target))
		}
	case Wait, Hold, Resume, Expect:
		if r.pauses {
			c.wait(e)
		}
	case Start, Restart, Ask, Unstop: // see Cycles and Cycle.ask
	}
}

// wait applies pauses, and times that the owner gives, to a clock.
func (c *Clock) wait(e Event) {
	switch e.Kind {
	case Wait, Hold:
		c.pause(e.At, e.Kind)
	case Resume:
		c.resume(e.At)
	case Expect:
		c.expect(e.At, e.By)
	default: // see Clock.apply
	}
}

func (c *Clock) stop(at time.Time) {
	if c.Running() {
		c.resume(at)
		c.StoppedAt = at
	}
}

// retarget applies another target. Past lateness stays. It is a new promise only if it moves the
// awaited end, so that alerts about the same end are not told again.
func (c *Clock) retarget(e Event, g Goal) {
	switch {
	case !c.Running():
		return
	case c.Late(e.At):
		c.raiseLate(e, g)
		return
	}
	c.settle(e.At)
	awaited, warn := c.Awaited(), c.WarnAt
	c.promise(g, c.nextDue(e, g))
	switch {
	case e.Kind == Retarget:
		c.Expected = time.Time{}
		if !c.Awaited().Equal(awaited) {
			c.Promise++
		}
	case !c.Expected.IsZero(): // the time that the owner gave still holds
		c.WarnAt = warn
	}
}

// raiseLate gives a late answer a higher priority. It is told anew, by the hours of that priority.
// The deadline does not change.
func (c *Clock) raiseLate(e Event, g Goal) {
	if c.rule().raisesLate && e.Turn == Raised && g.promised() {
		c.Target, c.Days, c.Calendar = g.open, g.days, g.calendar
		c.RaisedAt = e.At
		c.Promise++
	}
}

// nextDue returns the deadline of another goal. A higher priority can only make it earlier: it is
// the earlier one of the old deadline and now + target. A lower priority can only make it later:
// the time spent counts, but the deadline does not move before the old one. The first promise of
// a clock begins when it is made.
func (c *Clock) nextDue(e Event, g Goal) time.Time {
	if !c.Promised() || !g.promised() {
		return g.Due(e.At)
	}
	fromStart := c.fromStart(g)
	shorter := fromStart.Before(c.fromStart(c.goal()))
	if e.Turn == Raised || e.Turn != Lowered && shorter {
		return earlier(c.DueAt, g.Due(e.At))
	}
	return later(c.DueAt, fromStart)
}

// fromStart is when a goal would be due if it had held from the start.
func (c *Clock) fromStart(g Goal) time.Time {
	return g.calendar.Add(g.Due(c.StartedAt), c.lost(g.calendar, c.StartedAt))
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

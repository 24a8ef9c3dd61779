// Package sla is the promise: how long a priority may take, by which opening
// hours, when to warn, when it is late. Clocks are computed from what happened
// (see Cycles) and from nothing else: given the same events, the same answer.
//
// The package is pure and knows no tickets: it measures promises. No SQL, no
// configuration and no current time may enter; times are UTC.
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
	Answer                           // somebody took it or answered it: the respond clock stops
	Retarget                         // another target applies from here
	Stop                             // solved or ended: both clocks stop
	Unstop                           // the last Stop is taken back, as if it had never been
	Wait                             // an answer is waited for: the resolve clock stands still
	Hold                             // something outside is waited for: it stands still as well
	Resume                           // it goes on
	Expect                           // the owner has given another time
	Ask                              // the requester has written: the next reply is awaited
	AdoptPolicy                      // another target applies from here, because the policy has changed: no new promise
)

// Event is what the clocks are computed from. Target is needed by Start,
// Restart, Retarget and AdoptPolicy.
type Event struct {
	At     time.Time
	Kind   EventKind
	Target Target
	Turn   Turn      // of Retarget
	By     time.Time // of Expect
}

// Turn is where the priority goes with another target: it alone says in which
// direction the deadline may move, however the two targets compare.
type Turn int

// The turns. The zero Turn is that of a priority that stays, as in another category:
// then the longer target is the one that would be due later, had it held from the start.
const (
	Raised Turn = iota + 1
	Lowered
)

// Clock is one promise of one cycle.
type Clock struct {
	Name      Name
	Alerts    bool          // whether anything is said when it warns or is late
	Promise   int           // 0 at the start of a cycle; a new target adds one, if it moves the end
	Target    time.Duration // so much open time; 0 if Days says it
	Days      int           // so many working days; 0 if Target says it
	Calendar  *Calendar     // when it runs; nil is 24×7
	StartedAt time.Time     //
	WarnAt    time.Time     // zero where nothing is promised
	DueAt     time.Time     // zero where nothing is promised
	Expected  time.Time     // when the owner expects the end instead of DueAt; zero if they have not said so
	RaisedAt  time.Time     // when its priority was raised though the answer was late already; zero else
	StoppedAt time.Time     // zero while it runs
	PausedAt  time.Time     // since when it stands still; zero if it does not, and once it has stopped
	PausedBy  EventKind     // Wait or Hold, while it stands still
	Pauses    []Pause       // those that have ended, in order
}

// Pause is a time during which a clock stood still.
type Pause struct {
	Kind     EventKind // Wait or Hold
	From, To time.Time
}

// Promised reports whether anything is promised at all.
func (c Clock) Promised() bool { return c.Target > 0 || c.Days > 0 }

// Running reports whether the clock has not been stopped.
func (c Clock) Running() bool { return c.StoppedAt.IsZero() }

// Paused reports whether the clock stands still, to go on later.
func (c Clock) Paused() bool { return !c.PausedAt.IsZero() }

// Late reports whether the promise was broken by now. Stopping at the very
// deadline is on time, and so is everything where nothing is promised.
func (c Clock) Late(now time.Time) bool { return c.Promised() && c.end(now).After(c.DueAt) }

// Spent returns the open time from the clock's start until it stopped, or until
// now, without its pauses.
func (c Clock) Spent(now time.Time) time.Duration {
	return c.Calendar.Between(c.StartedAt, c.end(now)) - c.lost(c.Calendar, c.StartedAt)
}

// Left returns the open time from now, or from when it stopped, to the deadline;
// it is negative if the desk was open after the deadline, pauses apart, and 0
// where nothing is promised.
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

// Step is something a running clock does at a time: warn, or be late.
type Step struct {
	Name StepName
	At   time.Time
}

// StepName tells the steps of a clock apart.
type StepName string

// The steps.
const (
	Warn StepName = "warn"
	Late StepName = "late"
)

// Steps returns the steps of a clock, in the order of time; nothing for one that was
// stopped, does not alert or promises nothing. While it stands still there is only its
// lateness, if it was late before.
func (c Clock) Steps() []Step {
	switch {
	case !c.Running() || !c.Alerts || !c.Promised() || c.Paused() && !c.PausedAt.After(c.Awaited()):
		return nil
	case c.Paused() || !c.rule().warns:
		return []Step{{Late, c.Awaited()}}
	}
	return []Step{{Warn, c.WarnAt}, {Late, c.Awaited()}}
}

// Cycle is the clocks of one cycle, from opening or reopening to its end.
type Cycle struct {
	Number int     // from 1
	Clocks []Clock // those that have begun, in the order of Names
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

// Cycles computes the clocks of every cycle, the newest last. Events may come
// in any order; those with the same time keep the order in which they are
// given. Without a Start there are no cycles.
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

// effective leaves out every Stop that was taken back, together with its Unstop. Events
// between the two count as if neither had been.
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

// lastStop returns the index of the newest cycle's last Stop, or -1 if nothing
// has stopped it.
func lastStop(events []Event) int {
	for i, e := range slices.Backward(events) {
		switch e.Kind {
		case Stop:
			return i
		case Start, Restart:
			return -1
		default: // what happens within a cycle
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

// promise sets the promise from here, and its deadline.
func (c *Clock) promise(g Goal, due time.Time) {
	c.Target, c.Days, c.Calendar = g.open, g.days, g.calendar
	c.DueAt, c.WarnAt = due, g.warning(c.StartedAt, due)
}

// apply changes the cycle in place: a ticket may have many entries.
func (c *Cycle) apply(e Event) {
	for i := range c.Clocks {
		c.Clocks[i].apply(e)
	}
	if e.Kind == Ask && !c.awaitsAnswer() && !c.over() {
		c.ask(e)
	}
}

// awaitsAnswer reports whether a clock runs that an answer stops.
func (c *Cycle) awaitsAnswer() bool {
	return slices.ContainsFunc(c.Clocks, func(k Clock) bool { return k.rule().answered && k.Running() })
}

// over reports whether the cycle has ended: then no clock runs that began with it.
func (c *Cycle) over() bool {
	return !slices.ContainsFunc(c.Clocks, func(k Clock) bool { return k.rule().begins == Start && k.Running() })
}

// ask begins the clocks that begin with a question, each as another promise than the
// time before.
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
	case Wait, Hold, Resume, Expect:
		if r.pauses {
			c.wait(e)
		}
	case Start, Restart, Ask, Unstop: // see Cycles and Cycle.ask
	}
}

// wait applies the events that move the end of a clock that waits for others.
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

// retarget applies another target. Past lateness stays. It is a new promise if it moves
// the awaited end: alerts about the same end are not told again.
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
	case !c.Expected.IsZero(): // what the owner has said stands
		c.WarnAt = warn
	}
}

// raiseLate makes an answer that is late one of a higher priority's: that is told anew,
// by other hours. When it was due stays.
func (c *Clock) raiseLate(e Event, g Goal) {
	if c.rule().raisesLate && e.Turn == Raised && g.promised() {
		c.Target, c.Days, c.Calendar = g.open, g.days, g.calendar
		c.RaisedAt = e.At
		c.Promise++
	}
}

// nextDue returns the deadline of another goal. A higher priority can only bring it
// nearer: it is the earlier of the old one and now + target. A lower one can only move
// it away: the time spent counts, but the old deadline is not taken back. The first
// promise of all begins when it is made.
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

// fromStart is when a goal would be due had it held from the start.
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

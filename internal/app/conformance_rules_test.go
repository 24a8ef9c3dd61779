package app_test

import (
	"slices"
	"time"
)

// This is a second implementation of "The clocks" in the product's description, plain and
// slow. It shares no code with the packages that implement the clocks, so a common
// mistake is unlikely.
//
// Where the description leaves a choice, this file follows the desk. Days of a pause are
// the desk's days, for every priority. A lower priority counts as if from the start, by
// its own hours. A lateness keeps the hours of its target. Another time that the owner
// gave moves with a pause. After a reminder the requester has a day to answer.

// rule is the targets of one priority.
type rule struct {
	solve, answer time.Duration
	days          int           // working days; replaces solve
	silence       time.Duration // how long an owner may leave a warning unanswered
	hours         hours
	repeats       bool // alerts of a missing answer are posted and repeated
}

// solved is the deadline to solve a ticket of that time.
func (r rule) solved(from time.Time) time.Time {
	if r.days > 0 {
		return r.hours.workingDays(from, r.days)
	}
	return r.hours.after(from, r.solve)
}

// answeredBy is the deadline to answer a ticket of that time.
func (r rule) answeredBy(from time.Time) time.Time { return r.hours.after(from, r.answer) }

// rules are the targets of a category, by priority.
type rules map[int]rule

// action is what a person did to a ticket.
type action struct {
	at       time.Time
	what     string
	who      string
	priority int       // of "file" and "priority"
	to       string    // of "hand over"
	until    time.Time // of "longer": the expected time
	words    string    // of "reply"; empty for the usual ones
}

// telling is a step of a clock.
type telling struct {
	cycle       int
	clock, step string
	at          time.Time // when it is due
	told        time.Time // when it is to be posted: not while the desk is closed
	toAsker     bool      // the requester is told as well
	rings       bool      // in a new message, while the ticket has no owner: rule 5
}

// promise is a target: its warning, its deadline and its hours.
type promise struct {
	warn, due time.Time
	hours     hours
}

// reading is the state of a ticket at a time.
type reading struct {
	rules     rules
	requester string
	now       time.Time

	state, owner string
	priority     int
	cycle        int
	start        time.Time // of the cycle
	promise      int       // how often the target has changed in this cycle

	solve, answer promise
	answered      bool
	raised        time.Time // when the priority was raised although the answer was late
	expected      time.Time // the time that the owner gave after a warning
	expectedWarn  time.Time
	warned        time.Time // when the owner was warned, if they have not reacted since
	lateTold      time.Time
	pauses        []opening // pauses of the clock to solve it; the last may go on
	told          int       // how many steps of the pause were posted
	nudge, shut   time.Time
	review        time.Time
	said          map[string]bool // steps posted in this cycle
	tellings      []telling
	beforeTheEnd  *reading
	endedAt       time.Time
	unanswered    bool // closed because nobody answered
}

// read computes the state at a time from the actions of a life.
func read(r rules, requester string, life []action, until time.Time) *reading {
	it := &reading{rules: r, requester: requester}
	for _, d := range life {
		it.runTo(d.at)
		it.apply(d)
	}
	it.runTo(until)
	return it
}

func (r *reading) rule() rule   { return r.rules[r.priority] }
func (r *reading) hours() hours { return r.rule().hours }

// desk is the desk's opening hours, even for a priority that is 24×7.
func (r *reading) desk() hours { return r.rules[2].hours }

func (r *reading) running() bool {
	return r.state == "open" || r.state == "claimed"
}
func (r *reading) ended() bool { return r.state == "resolved" || r.state == "closed" }

// runTo lets time pass and posts the due steps.
func (r *reading) runTo(t time.Time) {
	for {
		next, ok := r.next()
		if !ok || next.told.After(t) {
			break
		}
		r.now = next.told
		r.tell(next)
	}
	r.now = t
}

// next is the next step, if nobody acts before it.
func (r *reading) next() (telling, bool) {
	all := slices.Concat(r.ofTheTarget(), r.ofTheAnswer(), r.ofThePause())
	if len(all) == 0 {
		return telling{}, false
	}
	for i := range all {
		all[i].cycle = r.cycle
		quiet := r.desk()
		switch all[i].clock {
		case "resolve":
			quiet = r.solve.hours
		case "respond":
			quiet = r.answer.hours
		}
		all[i].told = quiet.opens(later(all[i].at, r.now))
	}
	return slices.MinFunc(all, func(a, b telling) int {
		if c := a.told.Compare(b.told); c != 0 {
			return c
		}
		return a.at.Compare(b.at)
	}), true
}

// ofTheTarget are the steps to come of the clock to solve it: rules 2 and 4. If the owner
// needs longer, the time that they give replaces the target, which then passes without an
// alert. While the clock is paused, the only steps to come are a lateness from before the
// pause and its warning.
func (r *reading) ofTheTarget() (all []telling) {
	if r.ended() || r.rule().solve == 0 && r.rule().days == 0 {
		return nil
	}
	warn, due := r.solve.warn, r.solve.due
	if !r.expected.IsZero() {
		warn, due = r.expectedWarn, r.expected
	}
	since := r.pausedSince()
	if !since.IsZero() && !since.After(due) {
		return nil
	}
	if !r.said[r.key("late")] {
		all = append(all, telling{clock: "resolve", step: "late", at: due, toAsker: since.IsZero() && r.owner != r.requester, rings: r.priority == 1})
	}
	if !r.said[r.key("warn")] {
		all = append(all, telling{clock: "resolve", step: "warn", at: warn})
	}
	if !since.IsZero() {
		return all
	}
	if !r.warned.IsZero() && r.owner != "" {
		all = append(all, telling{clock: "resolve", step: "silent", at: r.solve.hours.after(r.warned, r.rule().silence)})
	}
	return all
}

func (r *reading) key(step string) string { return string(rune('a'+r.promise)) + step }

// ofTheAnswer are the steps to come of the clock to answer: rule 5.
func (r *reading) ofTheAnswer() []telling {
	if !r.running() || r.answered || !r.rule().repeats {
		return nil
	}
	for i, step := range []string{"warn", "late", "again1", "again2", "again3"} {
		if r.said["answer "+step] {
			continue
		}
		at := r.answer.warn
		switch {
		case i == 1:
			at = r.answer.due
		case i > 1:
			at = r.answer.hours.after(later(r.answer.due, r.raised), time.Duration(i-1)*10*time.Minute)
		}
		return []telling{{clock: "respond", step: step, at: at, rings: r.priority == 1}}
	}
	return nil
}

// ofThePause are the steps to come of a pause: rule 6.
func (r *reading) ofThePause() []telling {
	switch {
	case r.state == "waiting" && r.told == 0:
		return []telling{{clock: "pause", step: "nudge", at: r.nudge}}
	case r.state == "waiting":
		return []telling{{clock: "pause", step: "close", at: r.shut}}
	case r.state == "on_hold" && r.told == 0:
		return []telling{{clock: "pause", step: "review", at: r.review}}
	}
	return nil
}

func (r *reading) tell(t telling) {
	r.tellings = append(r.tellings, t)
	switch {
	case t.clock == "respond":
		r.said["answer "+t.step] = true
	case t.clock == "pause":
		r.told++
		if t.step == "close" {
			r.end("closed")
			r.unanswered = true
		}
		if t.step == "nudge" { // after the nudge the requester has a day
			r.shut = later(r.shut, r.desk().workingDays(t.told, 1))
		}
	case t.step == "silent":
		r.warned = time.Time{}
	default:
		r.said[r.key(t.step)] = true
		r.heard(t)
	}
}

// heard records whether the owner was warned. A warning that was due together with the
// lateness does not count, because only the lateness was posted.
func (r *reading) heard(t telling) {
	if t.step == "late" {
		r.lateTold = t.told
	} else {
		r.warned = t.told
	}
	if r.warned.Equal(r.lateTold) {
		r.warned = time.Time{}
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

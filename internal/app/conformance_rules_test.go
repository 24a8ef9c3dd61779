package app_test

import (
	"slices"
	"time"
)

// These are "The clocks" of the product's description, read plainly and without
// haste. The reading shares nothing with the packages that keep the promise: what the
// two agree on has been thought of twice. Where the description leaves room, the
// reading takes what the desk does: days of a pause are the desk's, whatever the
// priority; a lower priority counts as if from the start, by its own hours; a
// lateness keeps the hours that it was promised by; a promise of the owner's moves
// with a pause; and who is reminded of a question has a day from then.

// rule is what one priority promises.
type rule struct {
	solve, answer time.Duration
	days          int           // working days, in place of solve
	silence       time.Duration // how long a warning may go unanswered
	hours         hours
	repeats       bool // an answer that does not come is told, and told again
}

// solved is when what begins then is to be solved.
func (r rule) solved(from time.Time) time.Time {
	if r.days > 0 {
		return r.hours.workingDays(from, r.days)
	}
	return r.hours.after(from, r.solve)
}

// answeredBy is when what begins then is to be answered.
func (r rule) answeredBy(from time.Time) time.Time { return r.hours.after(from, r.answer) }

// rules are the promises of a category, by priority.
type rules map[int]rule

// action is what somebody did to a ticket.
type action struct {
	at       time.Time
	what     string
	who      string
	priority int       // of "file" and "priority"
	to       string    // of "hand over"
	until    time.Time // of "longer": when it is expected
	words    string    // of "reply"; empty for the usual ones
}

// telling is something that a clock has to say.
type telling struct {
	cycle       int
	clock, step string
	at          time.Time // when it is due
	told        time.Time // when it is to be told: not while the desk is closed
	toAsker     bool      // who asked hears of it as well
	rings       bool      // while nobody has the ticket, by a message of its own: rule 5
}

// promise is when something is warned of, and due, by which hours.
type promise struct {
	warn, due time.Time
	hours     hours
}

// reading is what is known of a ticket at some time.
type reading struct {
	rules     rules
	requester string
	now       time.Time

	state, owner string
	priority     int
	cycle        int
	start        time.Time // of the cycle
	promise      int       // how often another target was promised in this cycle

	solve, answer promise
	answered      bool
	raised        time.Time // though the answer was late
	expected      time.Time // what the owner promised after a warning
	expectedWarn  time.Time
	warned        time.Time // when the owner was warned, and has not reacted since
	lateTold      time.Time
	pauses        []opening // of the clock to solve it; the last may go on
	told          int       // what was told of the pause
	nudge, shut   time.Time
	review        time.Time
	said          map[string]bool // what this cycle has told
	tellings      []telling
	beforeTheEnd  *reading
	endedAt       time.Time
	unanswered    bool // it was closed because nobody answered
}

// read reads a life from its first action until some time.
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

// desk is when people work, whatever the clock of a priority counts.
func (r *reading) desk() hours { return r.rules[2].hours }

func (r *reading) running() bool {
	return r.state == "open" || r.state == "claimed"
}
func (r *reading) ended() bool { return r.state == "resolved" || r.state == "closed" }

// runTo lets time pass, and tells what is due.
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

// next is what is told next, if nobody does anything.
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

// ofTheTarget is what the clock to solve it has yet to say: rules 2 and 4. Whoever
// needs longer makes a new promise, and the target passes without a word. While the
// clock stands still, it says only that it was late before.
func (r *reading) ofTheTarget() (all []telling) {
	if r.ended() || r.rule().solve == 0 && r.rule().days == 0 {
		return nil
	}
	warn, due := r.solve.warn, r.solve.due
	if !r.expected.IsZero() {
		warn, due = r.expectedWarn, r.expected
	}
	since := r.pausedSince()
	if !r.said[r.key("late")] && (since.IsZero() || since.After(due)) {
		all = append(all, telling{clock: "resolve", step: "late", at: due, toAsker: since.IsZero() && r.owner != r.requester, rings: r.priority == 1})
	}
	if !since.IsZero() {
		return all
	}
	if !r.said[r.key("warn")] {
		all = append(all, telling{clock: "resolve", step: "warn", at: warn})
	}
	if !r.warned.IsZero() && r.owner != "" {
		all = append(all, telling{clock: "resolve", step: "silent", at: r.solve.hours.after(r.warned, r.rule().silence)})
	}
	return all
}

func (r *reading) key(step string) string { return string(rune('a'+r.promise)) + step }

// ofTheAnswer is what the clock to answer has yet to say: rule 5.
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

// ofThePause is what is said while the clock stands still: rule 6.
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
		if t.step == "nudge" { // and then they have a day
			r.shut = later(r.shut, r.desk().workingDays(t.told, 1))
		}
	case t.step == "silent":
		r.warned = time.Time{}
	default:
		r.said[r.key(t.step)] = true
		r.heard(t)
	}
}

// heard is whether the owner was warned: not by a warning that lateness took the place
// of, because both were due.
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

package app_test

import (
	"maps"
	"strings"
	"time"
)

// apply is the effect of an action on the clocks.
func (r *reading) apply(d action) {
	if d.who != "" && d.who == r.owner {
		r.warned = time.Time{} // the warning is answered
	}
	switch d.what {
	case "file":
		r.priority = d.priority
		r.begin()
	case "claim", "hand over":
		r.take(d)
	case "put back":
		r.owner, r.state, r.warned = "", "open", time.Time{}
	case "reply":
		r.reply(d.who)
	case "wait", "hold":
		r.pause(d)
	case "resume":
		r.resume()
	case "priority":
		r.change(d.priority)
	case "longer":
		r.promise++
		r.expected, r.expectedWarn = d.until, d.until
		if open := r.solve.hours.between(r.now, d.until); open > 0 {
			r.expectedWarn = r.solve.hours.after(r.now, open*3/4)
		}
	case "resolve", "close":
		r.finish(d)
	case "undo":
		r.undo()
	case "reopen":
		r.begin()
	}
}

// begin begins a cycle with fresh clocks.
func (r *reading) begin() {
	r.cycle++
	r.unanswered = false
	r.state = "open"
	if r.owner != "" {
		r.state = "claimed"
	}
	r.promise, r.said, r.pauses = 0, map[string]bool{}, nil
	r.expected, r.warned, r.raised = time.Time{}, time.Time{}, time.Time{}
	r.answered = r.owner != ""
	r.start = r.now
	r.solve, r.answer = r.fresh(r.rule().solved), r.fresh(r.rule().answeredBy)
}

// fresh is a target that begins now.
func (r *reading) fresh(due func(time.Time) time.Time) promise {
	h, at := r.hours(), due(r.now)
	return promise{warn: h.after(r.now, h.between(r.now, at)*3/4), due: at, hours: h}
}

func (r *reading) take(d action) {
	r.owner, r.answered, r.warned = d.who, true, time.Time{}
	if d.what == "hand over" {
		r.owner = d.to
	}
	if r.state == "open" {
		r.state = "claimed"
	}
}

func (r *reading) reply(who string) {
	if who != r.requester && isResponder[who] {
		r.answered = true
	}
	if who == r.requester && r.state == "waiting" {
		r.resume()
	}
	if who == r.requester && r.unanswered && r.now.Sub(r.endedAt) <= 7*24*time.Hour {
		r.begin() // the answer came after all
	}
}

// pause stops the clock: rule 6.
func (r *reading) pause(d action) {
	r.goOn()
	r.pauses = append(r.pauses, opening{from: r.now})
	r.told = 0
	r.state = map[string]string{"wait": "waiting", "hold": "on_hold"}[d.what]
	r.nudge, r.shut = r.desk().workingDays(r.now, 1), r.desk().workingDays(r.now, 3)
	r.review = r.desk().workingDays(r.now, 5)
}

// goOn starts the clock again. Deadlines move by the open time of the pause.
func (r *reading) goOn() {
	if r.running() {
		return
	}
	last := &r.pauses[len(r.pauses)-1]
	last.to = r.now
	lost := r.solve.hours.between(last.from, last.to)
	move := func(t *time.Time) { *t = r.solve.hours.after(*t, lost) }
	if !last.from.After(r.solve.due) {
		move(&r.solve.warn)
		move(&r.solve.due)
	}
	if !last.from.After(r.expected) {
		move(&r.expectedWarn)
		move(&r.expected)
	}
}

func (r *reading) resume() {
	r.goOn()
	r.state = "claimed"
}

// change sets another priority: rule 7.
func (r *reading) change(to int) {
	up, state := to < r.priority, r.state
	r.priority = to
	r.changeAnswer(up)
	if since := r.pausedSince(); since.IsZero() && r.now.After(r.solve.due) || !since.IsZero() && since.After(r.solve.due) {
		return // a lateness that happened stays
	}
	r.goOn()
	before := r.solve.due
	r.solve = r.changed(r.solve, r.rule().solved, up, r.pauses)
	if !r.solve.due.Equal(before) { // otherwise its alerts are not repeated
		r.promise++
		r.warned = time.Time{}
	}
	if !r.running() {
		r.pauses = append(r.pauses, opening{from: r.now})
	}
	r.state = state
}

// changeAnswer is the effect of another priority on the time to answer. If the answer is
// late already and the priority is raised, its alerts come again, by the new hours.
func (r *reading) changeAnswer(up bool) {
	before := r.answer
	switch late := r.now.After(before.due); {
	case r.answered || late && !up:
		return
	case late:
		r.answer.hours, r.raised = r.hours(), r.now
	default:
		r.answer = r.changed(before, r.rule().answeredBy, up, nil)
		if r.answer.due.Equal(before.due) {
			return
		}
	}
	maps.DeleteFunc(r.said, func(key string, _ bool) bool { return strings.HasPrefix(key, "answer ") })
}

// pausedSince is the beginning of the pause, or the zero time while the clock runs.
func (r *reading) pausedSince() time.Time {
	if r.running() {
		return time.Time{}
	}
	return r.pauses[len(r.pauses)-1].from
}

// changed is a target after a change of priority. If the priority is raised, the deadline
// is the earlier one of the old deadline and of now plus the target. If it is lowered,
// the spent time counts: the deadline is that of the new target from the start, by its
// own hours, but never earlier than before. The warning is due a quarter of the target
// before the deadline.
func (r *reading) changed(old promise, due func(time.Time) time.Time, up bool, pauses []opening) promise {
	h, fromStart := r.hours(), due(r.start)
	target := h.between(r.start, fromStart)
	var lost time.Duration
	for _, p := range pauses {
		lost += h.between(p.from, p.to)
	}
	p := promise{due: later(old.due, h.after(fromStart, lost)), hours: h}
	if up {
		p.due = earlier(old.due, due(r.now))
	}
	open := h.between(r.start, p.due)
	p.warn = h.after(r.start, max(0, open-target/4))
	if open == 0 {
		p.warn = p.due
	}
	return p
}

// finish ends a cycle. Within ten minutes the end can be undone.
func (r *reading) finish(d action) {
	before := *r
	before.said = maps.Clone(r.said)
	r.beforeTheEnd = &before
	r.end(map[string]string{"resolve": "resolved", "close": "closed"}[d.what])
}

func (r *reading) end(state string) { r.state, r.endedAt = state, r.now }

func (r *reading) undo() {
	now, before := r.now, r.beforeTheEnd
	before.tellings = r.tellings
	*r = *before
	r.now = now
}

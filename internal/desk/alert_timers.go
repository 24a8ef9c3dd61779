package desk

import (
	"slices"
	"time"

	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// patience is how much open time an owner has to answer a warning.
var patience = map[ticket.Priority]time.Duration{
	ticket.P1: 15 * time.Minute, ticket.P2: 30 * time.Minute, ticket.P3: 4 * time.Hour,
}

// repeatEvery is how much open time lies between the repetitions.
const repeatEvery = 10 * time.Minute

// timers returns what time brings to the ticket as things are, already told or not, in
// no order.
func (r Record) timers() []Alert {
	if r.Ticket.Drill != "" {
		return r.ladder() // nothing is promised
	}
	var all []Alert
	for _, c := range r.Cycle().Clocks {
		for _, s := range c.Steps() {
			all = append(all, r.alert(c, s.Name, s.At))
		}
	}
	if c := r.Clock(sla.Resolve); len(c.Steps()) > 0 && !c.Expected.IsZero() {
		all = append(all, r.alert(c, StepPassed, c.DueAt))
	}
	all = append(all, r.repetition()...)
	all = append(all, r.silence()...)
	all = append(all, r.escalation()...)
	all = append(all, r.ladder()...)
	all = append(all, r.offers()...)
	return append(all, r.pauseTimers()...)
}

func (r Record) alert(c sla.Clock, step sla.StepName, at time.Time) Alert {
	return Alert{Cycle: r.Cycle().Number, Source: Source(c.Name), Promise: c.Promise, Step: step, At: at}
}

// repetition is the steps that repeat that a late answer is still missing.
func (r Record) repetition() []Alert {
	c := r.Clock(sla.Respond)
	if len(c.Steps()) == 0 {
		return nil
	}
	var again []Alert
	for i, at := range askedAgain(c) {
		again = append(again, r.alert(c, repetitions[i], at))
	}
	return again
}

// askedAgain returns the times at which the channel is reminded of a missing answer.
func askedAgain(c sla.Clock) []time.Time {
	var times []time.Time
	for i := range repetitions {
		times = append(times, c.Calendar.Add(later(c.DueAt, c.RaisedAt), time.Duration(i+1)*repeatEvery))
	}
	return times
}

// silence is the step for an owner who does not answer the warning. If the target is
// short, or a working day, the ticket may be late by then.
func (r Record) silence() []Alert {
	c := r.Clock(sla.Resolve)
	if !r.Ticket.Owned() || c.Paused() || !c.Running() {
		return nil
	}
	warned := r.warnedAt(c)
	if warned.IsZero() || r.ownerActedSince(warned) {
		return nil
	}
	return []Alert{r.alert(c, StepSilent, c.Calendar.Add(warned, patience[r.Ticket.Priority]))}
}

// promptly is how late a step may be told in normal operation.
const promptly = time.Minute

// warnedAt returns the time since which the owner knows of a clock's warning; zero if
// there was none, or a more severe step was told instead.
func (r Record) warnedAt(c sla.Clock) time.Time {
	warning := r.alert(c, sla.Warn, c.WarnAt)
	for _, a := range r.Alerts {
		switch {
		case a.Key() != warning.Key() || !a.Notified:
		case a.DecidedAt.Sub(a.At) > promptly:
			return a.DecidedAt
		default:
			return a.At
		}
	}
	return time.Time{}
}

// ownerActedSince reports whether the present owner got the ticket, or did or wrote
// anything about it, after a time.
func (r Record) ownerActedSince(then time.Time) bool {
	return r.Ticket.ClaimedAt.After(then) || slices.ContainsFunc(r.Timeline, func(e ticket.Entry) bool {
		return e.Void == "" && e.Actor == r.Ticket.Assignee && e.HappenedAt.After(then)
	})
}

// nextAt returns the next time after now at which the ticket has something to tell;
// zero for never, as things are.
func nextAt(r Record, now time.Time) time.Time {
	next := r.roomOver(now)
	for _, a := range r.timers() {
		if r.notified(a) {
			continue
		}
		at := r.postAt(a, a.At)
		if opens := r.postAt(a, now); at.Before(now) && opens.After(now) {
			at = opens
		}
		if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	return next
}

// due returns the alerts that are not told yet and may be told at now.
func (r Record) due(now time.Time) []Alert {
	var due []Alert
	for _, a := range r.timers() {
		if !r.notified(a) && !r.postAt(a, a.At).After(now) && !r.postAt(a, now).After(now) {
			due = append(due, a)
		}
	}
	return due
}

// postAt returns when an alert that is due at a time may be told. Nobody is disturbed
// outside the hours by which it is measured, but by the ladder.
func (r Record) postAt(a Alert, at time.Time) time.Time {
	if a.Source == Ladder {
		return at
	}
	calendar := r.Clock(a.Source.Clock()).Calendar
	if a.Source == Pause || a.Source == Offer {
		calendar = r.Hours
	}
	if open, until := calendar.State(at); !open && !until.IsZero() {
		return until
	}
	return at
}

func (r Record) notified(a Alert) bool {
	return slices.ContainsFunc(r.Alerts, func(b Alert) bool { return a.Key() == b.Key() })
}

package desk

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// While the desk is closed, a P1 for which nobody answers calls people one after the other: the
// ladder. It ends once one of them has pressed a button, or somebody has claimed the ticket or
// answered it.

// rungs are the steps of the ladder: whom each calls, and when.
var rungs = []struct {
	after time.Duration // since somebody is needed
	calls string
}{
	{0, RecipientDuty},
	{5 * time.Minute, RecipientDuty},
	{7 * time.Minute, recipientSecond},
	{9 * time.Minute, recipientLead},
	{11 * time.Minute, recipientLast},
}

// Recipients of the ladder alone.
const (
	recipientSecond = "second" // who is next on duty
	recipientLead   = "lead"   // who leads the squad
	recipientLast   = "last"   // whom the settings name as the last
)

const (
	// unreachedAfter is when it is told that nobody was reached. A quarter of an hour is promised:
	// a minute is left for the message.
	unreachedAfter = 14 * time.Minute
	// answersWithin is what the last one who was called has at least to answer, however late the
	// call was.
	answersWithin = 3 * time.Minute
)

const unreached = "unreached" // of the name of the last step

// ladder is the steps of the ladder, told or not, while somebody is needed. The last step, that
// nobody was reached, is known once all others are decided and somebody was called.
func (r Record) ladder() []Alert {
	t := r.Ticket
	if t.Drill != "" && t.Cycle > 1 || !r.Laddered || t.Priority != ticket.P1 || t.State.Ended() || t.Paused() || !r.Clock(sla.Resolve).Promised() {
		return nil
	}
	times, since, silent := r.needed()
	begins := r.closedFrom(since)
	if t.Drill != "" {
		begins = since
	}
	if begins.IsZero() || t.Owned() && (!silent || r.ownerActedSince(since)) || r.answeredSince(since) {
		return nil
	}
	var all []Alert
	for i, rung := range rungs {
		all = append(all, r.rung(times, fmt.Sprint(i+1), begins.Add(rung.after)))
	}
	if called, at := r.calledLast(all); called {
		all = append(all, r.rung(times, unreached, later(begins.Add(unreachedAfter), at.Add(answersWithin))))
	}
	return all
}

func (r Record) rung(times int, name string, at time.Time) Alert {
	return Alert{Cycle: r.Cycle().Number, Source: Ladder, Step: sla.StepName(fmt.Sprintf("%d.%s", times, name)), At: at}
}

// needed returns since when somebody is needed for a ticket, and how often that was so in its
// cycle: it was opened, put back or raised to a P1, or its owner has not answered the warning.
// silent reports that this is the latest. Unless it is, an owner is enough.
func (r Record) needed() (times int, since time.Time, silent bool) {
	times, since = 1, r.Ticket.StartedAt
	for _, e := range r.Timeline {
		needs := e.Kind == ticket.PutBack || e.Kind == ticket.Reprioritised && e.Priority == ticket.P1
		if needs && e.Void == "" && !e.HappenedAt.Before(r.Ticket.StartedAt) {
			times, since = times+1, e.HappenedAt
		}
	}
	for _, a := range r.Alerts {
		if a.Cycle != r.Cycle().Number || a.Step != StepSilent {
			continue
		}
		if times++; a.At.After(since) {
			since, silent = a.At, true
		}
	}
	return times, since, silent
}

// closedFrom returns the first moment from a time on at which the desk is closed; zero for never.
func (r Record) closedFrom(t time.Time) time.Time {
	if open, until := r.Hours.State(t); open {
		return until
	}
	return t
}

// calledLast reports whether all of these steps are decided and one of them has called somebody,
// and when the last one was decided.
func (r Record) calledLast(steps []Alert) (called bool, at time.Time) {
	for _, step := range steps {
		i := slices.IndexFunc(r.Alerts, func(a Alert) bool { return a.Key() == step.Key() })
		if i < 0 {
			return false, time.Time{}
		}
		called, at = called || r.Alerts[i].Notified, later(at, r.Alerts[i].DecidedAt)
	}
	return called, at
}

// tellsUnreached reports whether a step of the ladder tells that nobody was reached.
func (a Alert) tellsUnreached() bool {
	return a.Source == Ladder && strings.HasSuffix(string(a.Step), "."+unreached)
}

// calls is whom a step of the ladder calls; empty for the last step, which tells.
func (a Alert) calls() string {
	_, name, _ := strings.Cut(string(a.Step), ".")
	if n, err := strconv.Atoi(name); err == nil && n >= 1 && n <= len(rungs) {
		return rungs[n-1].calls
	}
	return ""
}

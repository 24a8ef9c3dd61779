package desk

import (
	"fmt"
	"slices"
	"time"

	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// escalation is what is done while nobody answers for the ticket, as things are.
func (r Record) escalation() []Alert {
	c := r.Clock(sla.Resolve)
	var all []Alert
	for i, e := range r.Escalations {
		if !e.Applies(int(r.Ticket.Priority)) || r.answeredSince(r.since(e)) {
			continue
		}
		for k, at := range e.Times(c) {
			a := r.alert(c, sla.StepName(fmt.Sprintf("%d.%d", i+1, k+1)), at)
			a.Source, a.Notify = Escalation, e.Notify
			all = append(all, a)
		}
	}
	return all
}

// since is the time from which an answer makes an escalation needless. For a step
// before the deadline it is the opening or reopening of the ticket; otherwise it is the
// deadline.
func (r Record) since(e sla.Escalation) time.Time {
	if e.Overdue() {
		return r.Clock(sla.Resolve).Awaited()
	}
	return r.Ticket.StartedAt
}

// answeredSince reports whether somebody of the desk has answered for the ticket at
// that time or later.
func (r Record) answeredSince(then time.Time) bool {
	return slices.ContainsFunc(r.Timeline, func(e ticket.Entry) bool {
		return e.Void == "" && answersFor(e) && !e.HappenedAt.Before(then)
	})
}

func answersFor(e ticket.Entry) bool {
	switch e.Kind {
	case ticket.Claimed, ticket.HandedOver, ticket.Acknowledged, ticket.Reached, ticket.Expected, ticket.Waited, ticket.Held:
		return true
	case ticket.Replied:
		return e.Role == ticket.RoleOwner || e.Role == ticket.RoleResponder
	default:
		return false
	}
}

// Escalates reports whether a step of an escalation, or of the ladder, is still called for.
func (r Record) Escalates(step Alert) bool {
	return slices.ContainsFunc(append(r.escalation(), r.ladder()...), func(a Alert) bool { return a.Key() == step.Key() })
}

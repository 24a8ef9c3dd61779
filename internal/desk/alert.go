package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"supporty/internal/sla"
)

// Alert is one step of one promise. It happens once.
type Alert struct {
	Cycle     int          `json:"cycle"`
	Clock     sla.Name     `json:"clock"`
	Promise   int          `json:"promise"`
	Step      sla.StepName `json:"step"`
	At        time.Time    `json:"at"` // when it was due
	DecidedAt time.Time    `json:"-"`
	Notified  bool         `json:"-"` // false: a more severe one was said instead
	Notify    []string     `json:"-"` // whom a step of an escalation reaches, while it is not told
}

// Key identifies the alert among those of its ticket.
func (a Alert) Key() string { return fmt.Sprintf("%d/%s/%d/%s", a.Cycle, a.Clock, a.Promise, a.Step) }

// Forewarns reports whether the alert comes before the end that is awaited.
func (a Alert) Forewarns() bool { return a.Step == sla.Warn || a.Step == StepSilent }

// Repeats reports whether the alert tells again what was told before.
func (a Alert) Repeats() bool { return slices.Contains(repetitions, a.Step) }

// severities are the steps that clocks have, the most severe first: lateness before
// warnings, the promise to solve before the promise to answer.
var severities = []struct {
	clock sla.Name
	step  sla.StepName
}{
	{sla.Resolve, sla.Late},
	{sla.Respond, sla.Late},
	{sla.Respond, repetitions[2]},
	{sla.Respond, repetitions[1]},
	{sla.Respond, repetitions[0]},
	{sla.Reply, sla.Late},
	{sla.Resolve, StepSilent},
	{sla.Resolve, sla.Warn},
	{sla.Respond, sla.Warn},
	{sla.Resolve, StepPassed},
}

// severity is the place of an alert of a clock in that table. One that has none, which a
// test looks for, comes last.
func (a Alert) severity() int {
	for i, s := range severities {
		if s.clock == a.Clock && s.step == a.Step {
			return i
		}
	}
	return len(severities)
}

// beside finds what is said together with the most severe of the steps that are due, which
// come first: that an answer does not come takes nothing from the warning that the time
// to solve it runs out. It returns its index, -1 if there is nothing.
func beside(due []Alert) int {
	if due[0].Clock == sla.Resolve {
		return -1
	}
	return slices.IndexFunc(due, func(a Alert) bool { return a.Clock == sla.Resolve && a.Step == sla.Warn })
}

// Standing is an alert as it is to be said at now: of two steps that came at once, about
// those that are not obsolete. If both are, it is about the first.
func (n Notice) Standing(r Record, now time.Time) Notice {
	if n.Also == nil {
		return n
	}
	first, second := n, n
	first.Also, second.Also, second.Alert = nil, nil, n.Also
	switch {
	case obsoleteAlert(second, r, now) != "":
		return first
	case obsoleteAlert(first, r, now) != "":
		return second
	default:
		return n
	}
}

// Absence says why others than its owner are asked to take a ticket; "" means that
// they are not.
type Absence string

// The ways in which an owner is missing.
const (
	OwnerSilent      Absence = "silent" // they have not answered a warning
	OwnerAway        Absence = "away"   // their status in Slack says so
	OwnerDeactivated Absence = "gone"   // their account is deactivated
)

// absence says why somebody else is asked to take a ticket over when these steps are
// due, the most severe first; "" if nobody is. A lateness that is told together with
// what came before it is told to the owner: they may have had no chance to answer.
func (d *Desk) absence(ctx context.Context, r Record, due []Alert) (Absence, error) {
	if !r.Ticket.Owned() {
		return "", nil
	}
	owner, err := d.people.Person(ctx, r.Ticket.Assignee)
	switch {
	case err != nil:
		return "", fmt.Errorf("looking up the owner: %w", err)
	case owner.Deactivated:
		return OwnerDeactivated, nil
	case owner.Away:
		return OwnerAway, nil
	case slices.ContainsFunc(due, func(a Alert) bool { return a.Step == StepSilent && !a.At.Before(due[0].At) }):
		return OwnerSilent, nil
	}
	return "", nil
}

// AsksOthers reports whether an alert asks others to take the ticket; not any more, once
// somebody else has it, or its owner has answered.
func (r Record) AsksOthers(n Notice) bool {
	if n.Absence == "" || r.Ticket.Assignee != n.To {
		return false
	}
	warned := r.warnedAt(r.Clock(n.Alert.Clock))
	return n.Absence != OwnerSilent || warned.IsZero() || !r.ownerActedSince(warned)
}

package desk

import (
	"fmt"
	"slices"
	"time"

	"supporty/internal/sla"
)

// Source is what an alert comes from: a clock, by its name, or one of those below.
type Source string

// The sources that are no clocks.
const (
	Pause Source = "pause" // what is paused is reminded of
	// Escalation is what is done while nobody answers. Its promise is that of the clock
	// to solve the ticket. Its steps are named by their place in the policy and by how
	// often they were taken, both from 1: "2.1".
	Escalation Source = "escalation"
	// Ladder is whom a P1 calls while the desk is closed. Its steps are named by how often
	// somebody was needed and by their place on the ladder, both from 1: "1.2".
	Ladder Source = "ladder"
	// Offer is to whom a new ticket is offered. Its promise is how often another squad got the
	// ticket; its steps begin and end the offer.
	Offer Source = "offer"
)

// Clock is the clock whose promise the source is about; empty for a pause.
func (s Source) Clock() sla.Name {
	switch s {
	case Pause, Offer:
		return ""
	case Escalation, Ladder:
		return sla.Resolve
	default:
		return sla.Name(s)
	}
}

// Alert is one step of one promise. It happens once.
type Alert struct {
	Cycle     int          `json:"cycle"`
	Source    Source       `json:"source"`
	Promise   int          `json:"promise"` // of a pause, its number
	Step      sla.StepName `json:"step"`
	At        time.Time    `json:"at"` // when it was due
	DecidedAt time.Time    `json:"-"`
	Notified  bool         `json:"-"` // false: a more severe one was said instead
	Notify    []string     `json:"-"` // whom a step of an escalation reaches, while it is not told
}

// Key identifies the alert among those of its ticket.
func (a Alert) Key() string { return fmt.Sprintf("%d/%s/%d/%s", a.Cycle, a.Source, a.Promise, a.Step) }

// beside returns the index of a step that is told together with the most severe one,
// which comes first; -1 if there is none. A missing answer takes nothing from the
// warning that the time to solve it runs out.
func beside(due []Alert) int {
	solve := Source(sla.Resolve)
	if due[0].Source == solve {
		return -1
	}
	return slices.IndexFunc(due, func(a Alert) bool { return a.Source == solve && a.Step == sla.Warn })
}

// Absence is the reason why others than the owner are asked to take a ticket; empty if
// they are not asked.
type Absence string

// The ways in which an owner is missing.
const (
	OwnerSilent      Absence = "silent"      // they have not answered a warning
	OwnerAway        Absence = "away"        // their status in Slack says so
	OwnerDeactivated Absence = "deactivated" // their account is deactivated
)

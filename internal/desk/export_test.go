package desk

import (
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// Severities are the rows of the table in which the alerts stand that time can bring to a
// ticket, and how many rows there are.
func (r Record) Severities() (rows []int, all int) {
	for _, a := range r.timers() {
		rows = append(rows, a.severity())
	}
	return rows, len(steps)
}

// Known reports whether a step of a source has a row.
func Known(source Source, step sla.StepName) bool {
	return Alert{Source: source, Step: step}.severity() < len(steps)
}

// Permit is permit, for the table of roles.
var Permit = permit

// EnqueueRoom is enqueueRoom.
func (c *Change) EnqueueRoom(before ticket.Ticket) { c.enqueueRoom(before) }

// LeadsTo is leadsTo.
var LeadsTo = leadsTo

package desk

import (
	"time"

	"supporty/internal/sla"
)

// Took is how long a ticket took from opening to solution. The time between a solution and a
// reopening is not counted.
type Took struct {
	Open   time.Duration // without pauses, all cycles
	Paused time.Duration // waiting for the requester, and on hold
	First  time.Duration // of Open, until it was solved for the first time; 0 if it was not reopened since
}

// Took returns how long an ended ticket took. For a record without clocks it is the time from
// opening to end.
func (r Record) Took() Took {
	if len(r.Cycles) == 0 {
		return Took{Open: r.Ticket.EndedAt.Sub(r.Ticket.OpenedAt)}
	}
	var t Took
	for _, c := range r.Cycles {
		clock := c.Clock(sla.Resolve)
		paused := clock.PausedFor(sla.Wait) + clock.PausedFor(sla.Hold)
		t.Paused += paused
		t.Open += clock.StoppedAt.Sub(clock.StartedAt) - paused
		if first := r.Ticket.FirstSolved; clock.StoppedAt.Equal(first) && first.Before(r.Ticket.EndedAt) {
			t.First = t.Open
		}
	}
	return t
}

package desk

import (
	"time"

	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// The steps of a pause. Each is told once for every pause.
const (
	StepNudge  sla.StepName = "nudge"  // the requester is reminded of the question
	StepClose  sla.StepName = "close"  // there was no answer
	StepReview sla.StepName = "review" // the owner is asked whether it is still on hold
)

// How long things are paused, in working days of the desk's hours.
const (
	nudgeAfter = 1
	closeAfter = 3
)

// pauseTimers is what a pause brings.
func (r Record) pauseTimers() []Alert {
	p := r.Ticket.Pause
	step := func(name sla.StepName, at time.Time) Alert {
		return Alert{Cycle: r.Ticket.Cycle, Source: Pause, Promise: p.Number, Step: name, At: at}
	}
	switch r.Ticket.State {
	case ticket.StateWaiting:
		return []Alert{step(StepNudge, r.Hours.AddDays(p.Since, nudgeAfter)), step(StepClose, r.ClosesAt())}
	case ticket.StateOnHold:
		return []Alert{step(StepReview, p.ReviewAt)}
	default:
		return nil
	}
}

// ClosesAt is when a waiting ticket is closed without an answer. Its requester has at
// least a day after the reminder, however late that came.
func (r Record) ClosesAt() time.Time {
	p := r.Ticket.Pause
	at := r.Hours.AddDays(p.Since, closeAfter)
	for _, a := range r.Alerts {
		if a.Source == Pause && a.Promise == p.Number && a.Step == StepNudge {
			at = later(at, r.Hours.AddDays(a.DecidedAt, nudgeAfter))
		}
	}
	return at
}

package desk

import (
	"context"
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

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// remindOfPause tells the one step of a pause that is due.
func (d *Desk) remindOfPause(ctx context.Context, c *Change, a Alert) error {
	a.DecidedAt, a.Notified = c.Now, true
	c.Alerts = append(c.Alerts, a)
	switch a.Step {
	case StepNudge:
		c.enqueue(c.After.notice(NoticeNudge, c.After.Ticket.Requester, c.Now, NoticeDetails{At: a.At, Alert: &a}))
	case StepReview:
		c.enqueue(c.After.notice(NoticeReview, c.After.Ticket.Assignee, c.Now, NoticeDetails{At: a.At, Alert: &a}))
	case StepClose:
		return d.closeUnanswered(ctx, c, a)
	default: // the clocks' own
	}
	return nil
}

func (d *Desk) closeUnanswered(ctx context.Context, c *Change, a Alert) error {
	e := ticket.Entry{
		Kind: ticket.Closed, Gesture: ticket.ByClock, HappenedAt: a.At, RecordedAt: c.Now,
		Details: ticket.Details{CloseReason: ticket.NoAnswer},
	}
	closing, err := d.decide(ctx, c.After, c.Now, nil, e)
	if err != nil || closing.refusal(c.After) != nil {
		return err
	}
	closing.Alerts, closing.Notices = c.Alerts, append(c.Notices, closing.Notices...)
	*c = closing
	return nil
}

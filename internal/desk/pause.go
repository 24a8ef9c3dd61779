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
	nudgeAfter  = 1
	closeAfter  = 3
	reviewAfter = 5
)

// reviewHour is when a day's reviews are asked for, where their owner lives.
const reviewHour = 9 * time.Hour

// Wait pauses the ticket until its requester answers a question of the owner's,
// who alone can say so. It is asked in the thread.
func (d *Desk) Wait(ctx context.Context, g Gesture, question string) (Record, error) {
	question = clean(question)
	if question == "" {
		return Record{}, ticket.Errorf(ticket.Invalid, "Write what you need to know.").At(FieldQuestion)
	}
	return d.do(ctx, g, ticket.Waited, ticket.Details{Text: question})
}

// Hold pauses the ticket for something outside, until it is resumed. On the
// review's day, of which only the date counts, the owner is asked about it; the
// zero time is five working days from now. It is at most a year away.
func (d *Desk) Hold(ctx context.Context, g Gesture, reason string, review time.Time) (Record, error) {
	reason = clean(reason)
	if reason == "" {
		return Record{}, ticket.Errorf(ticket.Invalid, "Say what it waits for; a link helps.").At(FieldReason)
	}
	at, err := d.reviewAt(ctx, g, review)
	if err != nil {
		return Record{}, err
	}
	return d.do(ctx, g, ticket.Held, ticket.Details{Text: reason, ReviewAt: at})
}

func (d *Desk) reviewAt(ctx context.Context, g Gesture, day time.Time) (time.Time, error) {
	if day.IsZero() {
		policy, err := d.policies.Policy(ctx, d.policies.Current())
		if err != nil {
			return time.Time{}, unavailable(err)
		}
		return micros(policy.Hours("").AddDays(g.Now, reviewAfter)), nil
	}
	owner, err := d.actor(ctx, g.Actor)
	if err != nil {
		return time.Time{}, err
	}
	at := sla.AtWallClock(day.Truncate(24*time.Hour).Add(reviewHour), zoneOf(owner))
	switch {
	case !at.After(g.Now):
		return time.Time{}, ticket.Errorf(ticket.Invalid, "Choose a day that is still to come.").At(FieldReview)
	case at.Sub(g.Now) > farthest:
		return time.Time{}, ticket.Errorf(ticket.Invalid, "That is more than a year away.").At(FieldReview)
	}
	return at.UTC(), nil
}

// zoneOf is where somebody lives; UTC if that is not known.
func zoneOf(p Person) *time.Location {
	if zone, err := time.LoadLocation(p.Zone); err == nil {
		return zone
	}
	return time.UTC
}

// Resume ends a pause.
func (d *Desk) Resume(ctx context.Context, g Gesture) (Record, error) {
	return d.do(ctx, g, ticket.Resumed, ticket.Details{})
}

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

// ClosesAt is when a ticket that waits is closed without an answer: not before its
// requester has had a day after the reminder, however late that came.
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

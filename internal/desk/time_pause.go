package desk

import (
	"context"

	"supporty/internal/ticket"
)

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

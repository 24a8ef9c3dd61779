package desk

import (
	"context"
	"slices"

	"supporty/internal/ticket"
)

// escalate enqueues the notices of the steps that are due, one a recipient. Of a flood,
// only the first ticket that has not ended is escalated.
func (d *Desk) escalate(ctx context.Context, c *Change, due []Alert) error {
	if len(due) == 0 {
		return nil
	}
	follows, err := d.follows(ctx, c.After.Ticket)
	if err != nil {
		return err
	}
	slices.SortStableFunc(due, func(a, b Alert) int { return a.At.Compare(b.At) })
	var to []string
	for i, a := range due {
		due[i].DecidedAt, due[i].Notified = c.Now, !follows
		to = append(to, a.Notify...)
	}
	c.Alerts = append(c.Alerts, due...)
	if latest := due[len(due)-1]; !follows {
		d.enqueueEscalation(ctx, c, c.Now, to, NoticeDetails{At: latest.At, Escalation: &latest})
	}
	return nil
}

// follows reports whether a ticket is part of a flood that an earlier ticket stands for.
func (d *Desk) follows(ctx context.Context, t ticket.Ticket) (bool, error) {
	similar, err := d.flood(ctx, t)
	first := slices.IndexFunc(similar, func(s Similar) bool { return s.EndedAt.IsZero() })
	return first >= 0 && similar[first].Number != t.Number, err
}

package desk

import (
	"context"
	"slices"
)

// escalate enqueues the notices of the steps that are due, one a recipient. Of a flood,
// only the first ticket that has not ended is escalated.
func (d *Desk) escalate(ctx context.Context, c *Change, due []Alert) error {
	if len(due) == 0 {
		return nil
	}
	similar, err := d.flood(ctx, c.After.Ticket)
	if err != nil {
		return err
	}
	first := slices.IndexFunc(similar, func(s Similar) bool { return s.EndedAt.IsZero() })
	follows := first >= 0 && similar[first].Number != c.After.Ticket.Number
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

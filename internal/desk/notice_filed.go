package desk

import (
	"context"
	"time"

	"supporty/internal/ticket"
)

// Whom it concerns is told that a ticket was filed, each where they are: by direct
// message, where they wrote, or below the message that it was made from.

// receipts is whom a direct message has to tell that the ticket is filed: a requester
// for whom somebody else filed it, and one who is not in the channel, for there that
// message begins the conversation with them; and who files it, unless they are told
// where they did.
func (d *Desk) receipts(ctx context.Context, t NewTicket) []string {
	var to []string
	if t.Requester != t.by() {
		to = append(to, t.Requester)
	}
	if !t.Answered {
		return append(to, t.by())
	}
	if len(to) > 0 {
		return to
	}
	if member, err := d.people.IsMember(ctx, t.Requester); err == nil && member {
		return nil
	}
	return []string{t.Requester}
}

// receipt tells somebody that a ticket of theirs is filed. However often it is enqueued
// to them, there is one.
func (r Record) receipt(to string) Notice {
	return r.notice(NoticeReceipt, to, r.Ticket.OpenedAt, NoticeDetails{At: r.Ticket.OpenedAt})
}

// EnqueueReceipt tells somebody by direct message that their ticket is filed, because
// they could not be told otherwise. Who has been told is not told again.
func (d *Desk) EnqueueReceipt(ctx context.Context, n ticket.Number, person string, now time.Time) error {
	now = micros(now)
	_, _, err := d.change(ctx, n, "owing a receipt for", func(r Record) (Change, error) {
		return Change{After: r, Now: now, NextAt: nextAt(r, now), Notices: []Notice{r.receipt(person)}}, nil
	})
	return err
}

// enqueueFiled tells who wrote a message that it was filed at once: they were not asked.
func (c *Change) enqueueFiled(t NewTicket) {
	if t.Gesture == ticket.ByMessage {
		c.enqueue(c.After.notice(NoticeFiled, t.by(), c.Now, NoticeDetails{At: c.After.Ticket.OpenedAt}))
	}
}

// enqueueMade tells the readers of a message that it has become a ticket. It has a key of
// its own: where the bot may not write, nothing else waits for that.
func (c *Change) enqueueMade(t NewTicket) {
	if t.Thread.TS == "" || t.Held.Is {
		return
	}
	n := c.After.notice(NoticeMade, "", c.Now, NoticeDetails{At: c.After.Ticket.OpenedAt, Thread: t.Thread})
	n.OrderingKey = "source:" + n.Ticket.String()
	c.enqueue(n)
}

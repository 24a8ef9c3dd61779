package desk

import (
	"context"
	"time"

	"supporty/internal/ticket"
)

// People are told that a ticket was filed where they are: by direct message, where they
// wrote, or below the message that it was made from.

// receipts returns the people who need a direct message that the ticket is filed. These
// are the requester, if somebody else filed the ticket or the requester is not in the
// channel: that message begins the conversation with them. The filer gets one as well,
// unless they are told where they filed it.
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
	if member, err := d.people.IsMember(ctx, t.Channel, t.Requester); err == nil && member {
		return nil
	}
	return []string{t.Requester}
}

// receipt tells somebody that a ticket of theirs is filed. There is one a person,
// however often it is enqueued.
func (r Record) receipt(to string) Notice {
	return r.notice(NoticeReceipt, to, r.Ticket.OpenedAt, NoticeDetails{At: r.Ticket.OpenedAt})
}

// EnqueueReceipt tells somebody by direct message that their ticket is filed, if they
// could not be told otherwise. It does nothing if they have such a message.
func (d *Desk) EnqueueReceipt(ctx context.Context, n ticket.Number, person string, now time.Time) error {
	now = micros(now)
	_, _, err := d.change(ctx, n, "enqueueing a receipt for", func(r Record) (Change, error) {
		return Change{After: r, Now: now, NextAt: nextAt(r, now), Notices: []Notice{r.receipt(person)}}, nil
	})
	return err
}

// enqueueFiled tells the author of a message that it was filed without asking them.
func (c *Change) enqueueFiled(t NewTicket) {
	if t.Gesture == ticket.ByMessage {
		c.enqueue(c.After.notice(NoticeFiledAtOnce, t.by(), c.Now, NoticeDetails{At: c.After.Ticket.OpenedAt}))
	}
}

// enqueueMade tells the readers of a message that it has become a ticket. The notice
// has an ordering key of its own: if the bot may not write there, nothing else waits.
func (c *Change) enqueueMade(t NewTicket) {
	if t.Thread.TS == "" || t.PrivateSource.Is || c.After.Ticket.Private() {
		return
	}
	n := c.After.notice(NoticeMade, "", c.Now, NoticeDetails{At: c.After.Ticket.OpenedAt, Thread: t.Thread})
	n.OrderingKey = "source:" + n.Ticket.String()
	c.enqueue(n)
}

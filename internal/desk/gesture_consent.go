package desk

import (
	"context"

	"supporty/internal/ticket"
)

// Held is a private message of somebody else than the filer. Neither its text nor its
// place is shown before its author agrees. Until then it is kept in the notice that
// asks the author, and nowhere else.
type Held struct {
	Is    bool
	By    string // who has to agree; empty if they cannot be asked: then it is not kept
	Words string // plain text
	Files []File
}

// enqueueConsent asks the author of a private message whether it may be shown.
func (c *Change) enqueueConsent(t NewTicket) {
	if t.Held.Is && t.Held.By != "" && t.Held.By != t.by() {
		c.enqueue(c.After.notice(NoticeConsent, t.Held.By, c.Now, NoticeDetails{
			Actor: t.by(), At: c.After.Ticket.OpenedAt, Text: clean(t.Held.Words), Thread: t.Source, Files: t.Held.Files,
		}))
	}
}

// Agree shows the message of the actor's that the ticket was made from.
func (d *Desk) Agree(ctx context.Context, g Gesture) (Record, error) {
	r, asked, err := d.asked(ctx, g)
	if err != nil || r.Ticket.Consent != "" {
		return r, err
	}
	return d.do(ctx, g, ticket.Agreed, ticket.Details{Text: asked.Text, Message: asked.Thread})
}

// Decline keeps the message private, and erases what was kept of it.
func (d *Desk) Decline(ctx context.Context, g Gesture) (Record, error) {
	r, _, err := d.asked(ctx, g)
	if err != nil || r.Ticket.Consent != "" {
		return r, err
	}
	return d.do(ctx, g, ticket.Declined, ticket.Details{})
}

// asked returns the notice that asks the actor whether their message may be shown.
func (d *Desk) asked(ctx context.Context, g Gesture) (Record, Posted, error) {
	r, err := d.Find(ctx, g.Ticket)
	if err != nil {
		return r, Posted{}, err
	}
	for _, p := range r.Posted {
		if p.Kind == NoticeConsent && p.To == g.Actor {
			return r, p, nil
		}
	}
	return r, Posted{}, ticket.Errorf(ticket.Forbidden, "Only who wrote a message can say whether it may be shown.")
}

// enqueueAgreed brings the files of a message into the thread, once it may be shown.
func (c *Change) enqueueAgreed(r Record, e ticket.Entry) {
	for _, p := range r.Posted {
		if p.Kind == NoticeConsent && p.To == e.Actor {
			c.enqueueAttached(r, e, e.Actor, e.Message, p.Files)
		}
	}
}

// settleConsent updates the question with its answer, and erases the kept message.
func (c *Change) settleConsent() {
	c.reword(func(p *Posted) bool {
		if p.Kind != NoticeConsent {
			return false
		}
		p.Text, p.Thread, p.Files = "", ticket.Message{}, nil
		return true
	})
}

package desk

import (
	"context"

	"supporty/internal/ticket"
)

// PrivateSource is a private message of somebody else than the filer. Neither its text nor its
// place is shown before its author agrees. Until then it is kept in the notice that
// asks the author, and nowhere else.
type PrivateSource struct {
	Is     bool
	Author string // who has to agree; empty if they cannot be asked: then it is not kept
	Text   string // plain text
	Files  []File
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

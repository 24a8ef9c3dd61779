package desk

import (
	"context"

	"supporty/internal/ticket"
)

// Amend applies the edit of a message: to its copies, and to the question that the
// ticket waits for. A message without copies changes nothing. A reply that stops being
// an aside is brought to the requester, and one that becomes an aside is removed there.
func (d *Desk) Amend(ctx context.Context, g Gesture, w Written) (Record, error) {
	r, err := d.Find(ctx, g.Ticket)
	if err != nil {
		return r, err
	}
	w.Text, w.runbooks = clean(w.Text), d.runbooks
	e := r.revised(w)
	if e.Kind == "" || r.overtook(w.Message, g.At) {
		return r, nil
	}
	g.said = words{w.Message: w}
	return d.do(ctx, g, e.Kind, e.Details)
}

// Retract applies the deletion of a message, or that its author took it back. Its
// copies are removed, and nobody waits for an answer to it. It is recorded also if the
// message is no question: the event that makes it one may still be on its way. An
// unknown message changes nothing.
func (d *Desk) Retract(ctx context.Context, g Gesture, m ticket.Message) (Record, error) {
	r, err := d.Find(ctx, g.Ticket)
	if err != nil {
		return r, err
	}
	if _, known := r.reply(m); !known && r.Ticket.Pause.Question != m {
		return r, nil
	}
	return d.do(ctx, g, ticket.Retracted, ticket.Details{Message: m})
}

// RetractOwn is Retract for the author of the message.
func (d *Desk) RetractOwn(ctx context.Context, g Gesture, m ticket.Message) (Record, error) {
	r, err := d.Find(ctx, g.Ticket)
	if err != nil {
		return r, err
	}
	if e, known := r.reply(m); !known || e.Actor != g.Actor {
		return r, ticket.Errorf(ticket.Forbidden, "Only whoever wrote this can take it back.")
	}
	return d.Retract(ctx, g, m)
}

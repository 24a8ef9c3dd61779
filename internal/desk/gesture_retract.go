package desk

import (
	"context"
	"slices"
	"time"

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
	w.Text = clean(w.Text)
	e := r.revised(w)
	if e.Kind == "" || r.overtook(w.Message, g.At) {
		return r, nil
	}
	g.said = words{w.Message: w}
	return d.do(ctx, g, e.Kind, e.Details)
}

// revised returns the entry for the new text of a message, without time and actor;
// without a kind if the text changes nothing.
func (r Record) revised(w Written) ticket.Entry {
	text, stands := r.textElsewhere(w.Message)
	asks := r.Ticket.Pause.Question == w.Message && r.question() != w.Text
	e := ticket.Entry{Details: ticket.Details{Message: w.Message}}
	switch {
	case (w.aside() || w.empty()) && stands, w.empty() && asks:
		e.Kind = ticket.Retracted
	case asks:
		e.Kind, e.Text = ticket.Amended, w.Text
	case r.reveals(w), stands && text != w.Text, r.lacksFile(w):
		e.Kind = ticket.Amended
	}
	return e
}

// question is the text of the pause, also while it is withheld.
func (r Record) question() string {
	t, _ := ticket.Fold(r.Ticket.Number, r.Timeline)
	return t.Pause.Text
}

// overtook reports whether a message was changed or removed after a time. Two edits can
// be learned of in the wrong order.
func (r Record) overtook(m ticket.Message, at time.Time) bool {
	return slices.ContainsFunc(r.Timeline, func(e ticket.Entry) bool {
		return (e.Kind == ticket.Amended || e.Kind == ticket.Retracted) && e.Message == m && e.HappenedAt.After(micros(at))
	})
}

// retracted reports whether a message was deleted or taken back.
func (r Record) retracted(m ticket.Message) bool {
	return slices.ContainsFunc(r.Timeline, func(e ticket.Entry) bool { return e.Kind == ticket.Retracted && e.Message == m })
}

// answeredBy reports whether a message, which still stands, is the answer that a
// ticket waited for.
func (r Record) answeredBy(m ticket.Message) bool {
	e, known := r.reply(m)
	if !known || e.Actor != r.Ticket.Requester || r.retracted(m) || r.Ticket.State.Ended() {
		return false
	}
	return r.upTo(e).Ticket.State == ticket.StateWaiting
}

// reveals reports whether a message was an aside until now and must be brought to a
// requester outside the channel.
func (r Record) reveals(w Written) bool {
	e, known := r.reply(w.Message)
	return known && e.Aside && e.Outside && !w.aside() && !r.repeated(w.Message) && e.Actor != r.Ticket.Requester
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

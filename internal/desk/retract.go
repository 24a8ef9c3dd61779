package desk

import (
	"context"

	"supporty/internal/ticket"
)

// Amend follows a message that was edited: what repeats it elsewhere, and the question
// that is waited for. A message of which nothing else stands changes nothing. An aside
// that is not one any more is brought to the requester now, and the other way round.
func (d *Desk) Amend(ctx context.Context, a Act, w Written) (Record, error) {
	r, err := d.Find(ctx, a.Ticket)
	if err != nil {
		return r, err
	}
	w.Text = clean(w.Text)
	text, stands := r.says(w.Message)
	asks := r.Ticket.Pause.Question == w.Message && r.Ticket.Pause.Text != w.Text
	switch {
	case (w.aside() || w.empty()) && stands:
		return d.Retract(ctx, a, w.Message)
	case !asks && !r.reveals(w) && (!stands || text == w.Text && !r.lacksFile(w)):
		return r, nil
	}
	a.said = words{w.Message: w}
	details := ticket.Details{Message: w.Message}
	if asks {
		details.Text = w.Text
	}
	return d.do(ctx, a, ticket.Amended, details)
}

// reveals reports whether a message was an aside until now, of which a requester who
// is not in the channel knows nothing.
func (r Record) reveals(w Written) bool {
	e, known := r.reply(w.Message)
	_, stands := r.says(w.Message)
	return known && e.Aside && e.Outside && !w.aside() && !stands && e.Actor != r.Ticket.Requester
}

// Retract follows a message that was deleted, or taken back by whoever wrote it: what
// repeats it goes, and nobody waits for the answer to it any more. A message of which
// nothing else stands changes nothing.
func (d *Desk) Retract(ctx context.Context, a Act, m ticket.Message) (Record, error) {
	r, err := d.Find(ctx, a.Ticket)
	if err != nil {
		return r, err
	}
	_, stands := r.says(m)
	if !stands && r.Ticket.Pause.Question != m {
		return r, nil
	}
	return d.do(ctx, a, ticket.Retracted, ticket.Details{Message: m})
}

// TakeBack is Retract for whoever wrote the message.
func (d *Desk) TakeBack(ctx context.Context, a Act, m ticket.Message) (Record, error) {
	r, err := d.Find(ctx, a.Ticket)
	if err != nil {
		return r, err
	}
	if e, known := r.reply(m); !known || e.Actor != a.Actor {
		return r, ticket.Errorf(ticket.Forbidden, "Only whoever wrote this can take it back.")
	}
	return d.Retract(ctx, a, m)
}

// EditKey is the key of an edit, by whichever way it reaches us: Slack gives each the
// time at which it was made.
func EditKey(m ticket.Message, edited string) string {
	return "edit:" + m.Channel + ":" + m.TS + ":" + edited
}

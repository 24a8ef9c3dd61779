package desk

import (
	"slices"
	"time"

	"supporty/internal/ticket"
)

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
	case r.reveals(w), stands && text != w.Text, r.lacksFile(w), r.relinks(w):
		e.Kind = ticket.Amended
	}
	if e.Kind == ticket.Amended {
		e.Links = w.links()
	}
	return e
}

// relinks reports whether a known message links to something else than before.
func (r Record) relinks(w Written) bool {
	_, known := r.reply(w.Message)
	return known && !slices.Equal(w.links(), r.Ticket.LinksOf(w.Message))
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

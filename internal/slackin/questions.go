package slackin

import (
	"context"
	"time"

	"supporty/internal/desk"
	"supporty/internal/slackout"
	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

const (
	questionWithin = time.Second
	replyWithin    = time.Second
	justNow        = time.Minute // a reply that is older is recorded, or it is none
)

// onQuestion: who has a ticket and marks what they wrote themselves in its thread
// waits for the answer. Everybody puts hourglasses on all sorts of things; on
// anything else it means nothing to us. Whether they had it then the desk decides:
// news of their claim may still be on its way.
func (h *Handler) onQuestion(ctx context.Context, e event, emoji string) error {
	question := ticket.Message{Channel: e.Item.Channel, TS: e.Item.TS}
	if e.Item.Type != "message" || e.ItemUser != e.user() {
		return errNotOurs
	}
	n, err := h.findReply(ctx, question)
	if err != nil || n == 0 {
		return err
	}
	a := h.reaction(n, e, emoji)
	if e.Type == "reaction_added" {
		var r desk.Record
		if r, err = h.Desk.Find(ctx, n); err != nil {
			return err
		}
		_, err = h.Desk.Wait(ctx, a, question, h.textOf(ctx, r, question))
	} else {
		_, err = h.Desk.Resume(ctx, a, question)
	}
	h.Changed()
	return unlessRefused(err)
}

// findReply returns the ticket in whose thread a message is, or 0. Who marks what
// they have just written may be faster than the news of it: then it is waited for,
// and after that left to Slack's next try; but not elsewhere, where nobody writes
// about tickets.
func (h *Handler) findReply(ctx context.Context, m ticket.Message) (ticket.Number, error) {
	waiting, cancel := context.WithTimeout(ctx, replyWithin)
	defer cancel()
	for {
		n, err := h.Desk.FindByReply(ctx, m)
		if err != nil || n != 0 || m.Channel != h.Support || h.Now().Sub(slackout.Time(m.TS)) > justNow {
			return n, err
		}
		if waiting.Err() != nil {
			return 0, ticket.Errorf(ticket.Unready, "This message is not recorded yet. Please try again in a minute.")
		}
		pause(waiting, cardCheck)
	}
}

// textOf is what a question says, to be repeated to who has to answer it; nothing
// if Slack does not tell in time.
func (h *Handler) textOf(ctx context.Context, r desk.Record, question ticket.Message) string {
	ctx, cancel := context.WithTimeout(ctx, questionWithin)
	defer cancel()
	text, err := h.Slack.Text(ctx, question.Channel, r.Card.TS, question.TS)
	if err != nil {
		h.Log.Warn("reading a question", "ticket", r.Ticket.Number.String(), "error", err)
		return ""
	}
	return slackview.PlainText(text, h.names(ctx))
}

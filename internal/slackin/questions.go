package slackin

import (
	"context"
	"time"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

const questionWithin = 2 * time.Second

// onQuestion handles an emoji that marks a question. An owner who marks their own message
// in the ticket's thread waits for the answer. On any other message the emoji means
// nothing to us: people use hourglasses for many things. Whether the person owned the
// ticket at that time is for the desk to decide, because the event of their claim may
// come later.
func (h *Handler) onQuestion(ctx context.Context, e event, emoji string, means ticket.Kind) error {
	question := ticket.Message{Channel: e.Item.Channel, TS: e.Item.TS}
	if e.ItemUser != e.user() {
		return errNotOurs
	}
	n, err := h.Desk.FindByReply(ctx, question)
	if err != nil {
		return err
	}
	added, text := e.Type == "reaction_added", ""
	if n == 0 || added {
		if n, text, err = h.readQuestion(ctx, question, n); n == 0 || err != nil {
			return err
		}
	}
	if !added {
		text = ""
	}
	_, err = h.Desk.React(ctx, h.reaction(n, e, emoji), means, question, text)
	h.OnEnqueued()
	return unlessRefused(err)
}

// readQuestion returns the text of a question and its ticket. The text is repeated to the person
// who has to answer; it is empty if Slack does not return it in time. If the message is
// not recorded, Slack is also asked for its thread: a person may mark a message faster
// than its event arrives. The ticket is 0 if the thread is no ticket's. Where no tickets
// live, nobody writes about them, and Slack is not asked.
func (h *Handler) readQuestion(ctx context.Context, question ticket.Message, known ticket.Number) (ticket.Number, string, error) {
	if known == 0 && (!h.hasTickets(question.Channel) || h.Now().Sub(slackformat.Time(question.TS)) > recordedWithin) {
		return 0, "", nil
	}
	asking, cancel := context.WithTimeout(ctx, h.wait(questionWithin))
	defer cancel()
	thread, said, err := h.Slack.Reply(asking, question.Channel, question.TS)
	text := slackformat.PlainText(said.Text, desk.MaxText, h.names(ctx))
	switch {
	case known != 0 && err != nil:
		h.Log.Warn("reading a question", "ticket", int64(known), "error", err)
		return known, "", nil
	case known != 0:
		return known, text, nil
	case err != nil:
		return 0, "", ticket.Errorf(ticket.Unavailable, "This message is not recorded yet. Please try again in a minute.").Because(err)
	case thread == "" || thread == question.TS:
		return 0, "", nil
	}
	n, err := h.findCard(ctx, ticket.Message{Channel: question.Channel, TS: thread}, h.Bot.UserID)
	return n, text, err
}

package slackin

import (
	"context"
	"time"

	"supporty/internal/slackapi"
	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

const questionWithin = 2 * time.Second

// onQuestion: who has a ticket and marks what they wrote themselves in its thread
// waits for the answer. Everybody puts hourglasses on all sorts of things; on
// anything else it means nothing to us. Whether they had it then the desk decides:
// news of their claim may still be on its way.
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
		if n, text, err = h.read(ctx, question, n); n == 0 || err != nil {
			return err
		}
	}
	if !added {
		text = ""
	}
	_, err = h.Desk.React(ctx, h.reaction(n, e, emoji), means, question, text)
	h.Changed()
	return unlessRefused(err)
}

// read returns what a question says, or nothing if Slack does not tell in time: it
// is repeated to who has to answer it. If the question is not recorded, Slack is
// asked as well in which ticket's thread it stands; 0 if in none. Who marks what they
// have just written may be faster than the news of it; but elsewhere than in the
// support channel nobody writes about tickets, and Slack need not be asked.
func (h *Handler) read(ctx context.Context, question ticket.Message, known ticket.Number) (ticket.Number, string, error) {
	if known == 0 && (question.Channel != h.Support || h.Now().Sub(slackapi.Time(question.TS)) > recordedWithin) {
		return 0, "", nil
	}
	asking, cancel := context.WithTimeout(ctx, h.wait(questionWithin))
	defer cancel()
	thread, said, err := h.Slack.Reply(asking, question.Channel, question.TS)
	text := slackview.PlainText(said.Text, h.names(ctx))
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

package slackin

import (
	"context"
	"strings"
	"time"

	"supporty/internal/desk"
	"supporty/internal/slackapi"
	"supporty/internal/slackformat"
	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

// searchedWithin bounds the search for people's messages with redacted words. Slack's limits
// may make it wait.
const searchedWithin = 2 * time.Minute

// redact handles a sent form about what is to disappear. Then it looks for messages of people
// that have the words, and asks their authors to delete them.
func (h *Handler) redact(ctx context.Context, g desk.Gesture, s slackview.State, sends slackview.Sends) error {
	before, err := h.Desk.Find(ctx, g.Ticket) // the card's thread is another one afterwards
	if err != nil {
		return err
	}
	if _, err := sends(ctx, h.Desk, g, s, h.Form); err != nil {
		return err
	}
	words := s.Text(desk.FieldWords)
	if words != "" && !h.beside(func() { h.askToDelete(context.WithoutCancel(ctx), g, before, words) }) {
		h.Log.Warn("too much is under way to look for messages of people with redacted words", "ticket", int64(g.Ticket))
	}
	return nil
}

// askToDelete asks people to delete their messages with the words. If Slack does not answer, or
// the process ends, the same words can be redacted again, which looks for the messages again.
func (h *Handler) askToDelete(ctx context.Context, g desk.Gesture, r desk.Record, words string) {
	ctx, cancel := context.WithTimeout(ctx, searchedWithin)
	defer cancel()
	theirs, err := h.messagesWith(ctx, r, words)
	if err == nil && len(theirs) > 0 {
		g.Key += ":theirs"
		err = h.Desk.AskToDelete(ctx, g, theirs)
		h.OnEnqueued()
	}
	if err != nil {
		h.Log.Warn("looking for messages of people with redacted words", "ticket", int64(g.Ticket), "error", err)
	}
}

// messagesWith are the messages of people with the words, by author: in the card's thread, in
// the requester's thread of direct messages, and the message of which the ticket was made.
func (h *Handler) messagesWith(ctx context.Context, r desk.Record, words string) (map[string][]ticket.Message, error) {
	theirs := map[string][]ticket.Message{}
	add := func(channel string, w slackapi.Written) {
		if w.ByPerson() && strings.Contains(slackformat.PlainText(w.Text, desk.MaxText, h.names(ctx)), words) {
			theirs[w.User] = append(theirs[w.User], ticket.Message{Channel: channel, TS: w.TS})
		}
	}
	for _, root := range []ticket.Message{r.Card, r.Direct(r.Ticket.Requester)} {
		if root.TS == "" {
			continue
		}
		t, err := h.Slack.Thread(ctx, root.Channel, root.TS, slackformat.Time(root.TS))
		if err != nil {
			return nil, err
		}
		for _, w := range t.Replies {
			add(root.Channel, w)
		}
	}
	if source := r.Ticket.Source; source.TS != "" {
		if _, w, err := h.Slack.Reply(ctx, source.Channel, source.TS); err == nil { // the bot may not be there
			add(source.Channel, w)
		}
	}
	return theirs, nil
}

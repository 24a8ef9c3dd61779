package slackin

import (
	"context"
	"errors"
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
// that have the words. If that is cut off, the search is stored and made later.
func (h *Handler) redact(ctx context.Context, g desk.Gesture, s slackview.State, sends slackview.Sends) error {
	if _, err := sends(ctx, h.Desk, g, s, h.Form); err != nil {
		return err
	}
	h.searchBeside(ctx)
	return nil
}

// SearchRedacted makes the searches for people's messages with redacted words that were cut off.
func (r *Receiver) SearchRedacted(ctx context.Context) { r.handler.Load().searchBeside(ctx) }

// searchBeside makes all stored searches while other work goes on. If too much is under way, they
// are made later.
func (h *Handler) searchBeside(ctx context.Context) {
	h.beside(func() { h.searchRedacted(context.WithoutCancel(ctx)) })
}

func (h *Handler) searchRedacted(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, searchedWithin)
	defer cancel()
	searches, dropped, err := h.Desk.DeletionSearches(ctx, h.Now())
	if err != nil || dropped > 0 {
		h.Log.Warn("looking for messages of people with redacted words", "given up", dropped, "error", err)
	}
	for _, s := range searches {
		if err := h.search(ctx, s); err != nil {
			h.Log.Warn("looking for messages of people with redacted words; it is tried again", "ticket", int64(s.Ticket), "error", err)
		}
	}
}

// search asks people to delete their messages with the words of a search.
func (h *Handler) search(ctx context.Context, s desk.DeletionSearch) error {
	theirs, err := h.messagesWith(ctx, s)
	if err != nil {
		return err
	}
	defer h.OnEnqueued()
	return h.Desk.AskToDelete(ctx, s, theirs, h.Now())
}

// messagesWith are the messages of people with the words, by author: in the threads of the
// ticket, and the message of which it was made.
func (h *Handler) messagesWith(ctx context.Context, s desk.DeletionSearch) (map[string][]ticket.Message, error) {
	theirs := map[string][]ticket.Message{}
	add := func(channel string, w slackapi.Written) {
		if w.ByPerson() && strings.Contains(slackformat.PlainText(w.Text, desk.MaxText, h.names(ctx)), s.Words) {
			theirs[w.User] = append(theirs[w.User], ticket.Message{Channel: channel, TS: w.TS})
		}
	}
	for _, root := range s.Threads {
		t, err := h.Slack.Thread(ctx, root.Channel, root.TS, slackformat.Time(root.TS))
		if mayCome(err) {
			return nil, err
		}
		for _, w := range t.Replies {
			add(root.Channel, w)
		}
	}
	r, err := h.Desk.Find(ctx, s.Ticket)
	if err != nil {
		return nil, err
	}
	if source := r.Ticket.Source; source.TS != "" {
		_, w, err := h.Slack.Reply(ctx, source.Channel, source.TS)
		if mayCome(err) {
			return nil, err
		}
		if err == nil { // the bot may not be there
			add(source.Channel, w)
		}
	}
	return theirs, nil
}

// mayCome reports whether what could not be read may be read later.
func mayCome(err error) bool {
	if err == nil {
		return false
	}
	e, ok := errors.AsType[*slackapi.Error](err)
	if !ok {
		return true
	}
	switch e.Scope {
	case slackapi.Gone, slackapi.Refused, slackapi.Channel, slackapi.Call:
		return false
	default:
		return true
	}
}

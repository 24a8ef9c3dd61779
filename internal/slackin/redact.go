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

// redact handles a sent form about what is to disappear. Then it looks for messages of people that
// are concerned. If that is cut off, the search is stored and made later.
func (h *Handler) redact(ctx context.Context, g desk.Gesture, s slackview.State, sends slackview.Sends) error {
	if _, err := sends(ctx, h.Desk, g, s, h.Form); err != nil {
		return err
	}
	h.searchBeside(ctx)
	return nil
}

// SearchRedacted makes the searches for people's messages with redacted words that were cut off. It
// does nothing once Run ends.
func (r *Receiver) SearchRedacted(ctx context.Context) {
	r.ending.Lock()
	defer r.ending.Unlock()
	if !r.ended {
		r.handler.Load().searchBeside(ctx)
	}
}

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

// search asks people to delete the messages of theirs that a search finds.
func (h *Handler) search(ctx context.Context, s desk.DeletionSearch) error {
	theirs, err := h.messagesOf(ctx, s)
	if err != nil {
		return err
	}
	defer h.OnEnqueued()
	return h.Desk.AskToDelete(ctx, s, theirs, h.Now())
}

// messagesOf are the messages of people that a search is for: in the threads of the ticket, and
// the message of which it was made.
func (h *Handler) messagesOf(ctx context.Context, s desk.DeletionSearch) (found desk.Theirs, err error) {
	add := func(channel string, w slackapi.Written) {
		if w.ByPerson() && (s.Everything() || strings.Contains(slackformat.PlainText(w.Text, desk.MaxText, h.names(ctx)), s.Words)) {
			found.Messages = append(found.Messages, desk.Word{Message: ticket.Message{Channel: channel, TS: w.TS}, Author: w.User})
		}
	}
	r, err := h.Desk.Find(ctx, s.Ticket)
	if err != nil {
		return found, err
	}
	for _, root := range s.Threads {
		if s.Everything() && r.IsRoom(root.Channel) {
			continue
		}
		t, err := h.Slack.Thread(ctx, root.Channel, root.TS, slackformat.Time(root.TS))
		if mayCome(err) {
			return found, err
		}
		found.Unread = found.Unread || isHidden(err)
		for _, w := range t.Replies {
			add(root.Channel, w)
		}
	}
	source := r.Ticket.Source
	if source.TS == "" || isDirect(source.Channel) && s.Everything() {
		return found, nil
	}
	_, w, err := h.Slack.Reply(ctx, source.Channel, source.TS)
	if mayCome(err) {
		return found, err
	}
	if err == nil { // the bot may not be there
		add(source.Channel, w)
	}
	found.Unread = found.Unread || isHidden(err)
	return found, nil
}

// isHidden reports whether there may be messages that the bot cannot read.
func isHidden(err error) bool { return err != nil && slackapi.ScopeOf(err) != slackapi.Gone }

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

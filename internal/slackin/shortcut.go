package slackin

import (
	"context"
	"fmt"
	"time"

	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

// onShortcut opens the form, with the message in it that it was used on.
func (h *Handler) onShortcut(ctx context.Context, i interaction) error {
	form := h.Form
	form.Requester, form.Hidden.Answer = i.User.ID, slackview.AnswerAt(i.ResponseURL, time.Now())
	if i.Type == "message_action" {
		form.Text = slackview.PlainText(i.Message.Text, h.names(ctx))
		form.Title = slackview.FirstLine(form.Text)
		form.Hidden.Source = ticket.Message{Channel: i.Channel.ID, TS: i.Message.TS}
		form.Requester = h.whoNeedsIt(ctx, i)
	}
	err := h.open(ctx, i.TriggerID, form)
	if err == nil || i.ResponseURL == "" {
		return err
	}
	if failed := h.Slack.Answer(ctx, i.ResponseURL, h.refusal(ctx, err), false); failed != nil {
		return fmt.Errorf("answering a shortcut: %w", failed)
	}
	return err
}

// askedWithin bounds what has to be known of a message before the form opens.
const askedWithin = 800 * time.Millisecond

// whoNeedsIt is the author of a message, if they work here, else who has used the
// shortcut on it.
func (h *Handler) whoNeedsIt(ctx context.Context, i interaction) string {
	author := i.Message.User
	if author == "" || author == i.User.ID || i.Message.BotID != "" {
		return i.User.ID
	}
	ctx, cancel := context.WithTimeout(ctx, askedWithin)
	defer cancel()
	if p, err := h.Directory.Person(ctx, author); err != nil || !p.CanRequest() {
		return i.User.ID
	}
	return author
}

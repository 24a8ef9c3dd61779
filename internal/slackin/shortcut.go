package slackin

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

// onShortcut opens the form, with the message in it that it was used on.
func (h *Handler) onShortcut(ctx context.Context, i interaction) error {
	form := h.newForm(i.User.ID, i.ResponseURL)
	if i.Type == "message_action" {
		h.fromMessage(ctx, &form, i)
	}
	id, err := h.open(ctx, i.TriggerID, form)
	if err == nil {
		h.turnIfTaken(ctx, id, form)
	}
	if err == nil || i.ResponseURL == "" {
		return err
	}
	if failed := h.Slack.Answer(ctx, i.ResponseURL, "", h.refusal(ctx, err), false); failed != nil {
		return fmt.Errorf("answering a shortcut: %w", failed)
	}
	return err
}

// askedWithin bounds what has to be known of a message before the form opens.
const askedWithin = 800 * time.Millisecond

// fromMessage fills the form from a message. What somebody else wrote in private is
// left out: the form only remembers it, until its author agrees.
func (h *Handler) fromMessage(ctx context.Context, form *slackview.FormParams, i interaction) {
	ctx, cancel := context.WithTimeout(ctx, h.wait(askedWithin))
	defer cancel()
	text := slackview.SourceText(i.Message.source(), h.names(ctx))
	form.Hidden.Source = ticket.Message{Channel: i.Channel.ID, TS: i.Message.TS}
	if i.Message.isReply() {
		form.Hidden.Thread = i.Message.ThreadTS
	}
	author, works := h.author(ctx, i)
	if works {
		form.Requester = author
	}
	public := h.isPublic(ctx, i.Channel)
	form.Hidden.Private = !public
	if author == i.User.ID || public {
		form.Text, form.Title = text, slackview.FirstLine(text)
		form.Hidden.Author, form.Hidden.Files = author, i.Message.Files.ids()
		return
	}
	form.Hidden.Held.Is = true
	if works {
		form.Hidden.Held.By, form.Hidden.Held.Words, form.Hidden.Files = author, text, i.Message.Files.ids()
	}
}

// author is who wrote a message, and whether they work here, so that a ticket can be
// for them.
func (h *Handler) author(ctx context.Context, i interaction) (string, bool) {
	author := i.Message.User
	if author == "" || i.Message.BotID != "" {
		return "", false
	}
	if author == i.User.ID {
		return author, true
	}
	p, err := h.Directory.Person(ctx, author)
	return author, err == nil && p.CanRequest()
}

// isPublic reports whether everybody may read what is written in a channel. Slack says
// in the payload where that is not so; but for a private channel that the bot is in it
// may say the channel's name instead. What is not known is private. In the support
// channel the readers of the message are those of the ticket.
// https://docs.slack.dev/reference/interaction-payloads/shortcuts-interactions-payload
func (h *Handler) isPublic(ctx context.Context, c channel) bool {
	switch {
	case c.ID == h.Support:
		return true
	case !strings.HasPrefix(c.ID, "C"), c.Name == "directmessage", c.Name == "privategroup", strings.HasPrefix(c.Name, "mpdm-"):
		return false
	}
	public, err := h.Slack.IsPublic(ctx, c.ID)
	if err != nil {
		h.Log.Warn("a channel counts as private, because Slack does not say what it is", "error", err)
	}
	return err == nil && public
}

// turnIfTaken looks whether the message has a ticket already, and if so turns the form
// that was opened, before anything is filled in: into the way to that ticket, or, if it
// has ended, into a form for what follows it. A ticket that is younger than the form turns
// nothing: it may have been typed into by now, or have made the ticket. What is missed here
// is found when the form is sent.
func (h *Handler) turnIfTaken(ctx context.Context, id string, form slackview.FormParams) {
	if form.Hidden.Source.TS == "" {
		return
	}
	h.async(ctx, func(ctx context.Context) error {
		r, err := h.Desk.FindBySource(ctx, form.Hidden.Source)
		if err != nil || r.Ticket.Number == 0 || r.Ticket.OpenedAt.After(form.Now) {
			return err
		}
		if !r.Ticket.State.Ended() {
			return h.Slack.UpdateView(ctx, id, "", slackview.AlreadyPage(h.withCard(ctx, r), h.scene(ctx)))
		}
		form.Hidden.Follows, form.Now = r.Ticket.Number, h.Now()
		return h.Slack.UpdateView(ctx, id, "", slackview.Form(form))
	})
}

// threadOf is the thread of the message that a ticket is made from, where others than
// its author read it.
func threadOf(m slackview.Metadata) ticket.Message {
	if !strings.HasPrefix(m.Source.Channel, "C") {
		return ticket.Message{}
	}
	return ticket.Message{Channel: m.Source.Channel, TS: cmp.Or(m.Thread, m.Source.TS)}
}

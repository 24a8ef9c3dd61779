package slackin

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

// onShortcut opens the form, filled with the message on which the shortcut was used.
func (h *Handler) onShortcut(ctx context.Context, i interaction) error {
	form := h.newForm(i.User.ID, i.ResponseURL)
	if i.Type == "shortcut" {
		form.Category = form.CategoryOfShortcut(i.CallbackID)
	}
	if i.Type == "message_action" {
		h.fromMessage(ctx, &form, i.Channel, i.Message)
	}
	id, err := h.openNew(ctx, i.TriggerID, form)
	if err == nil {
		h.replaceIfFiled(ctx, id, i.User.ID, form)
	}
	if err == nil || i.ResponseURL == "" {
		return err
	}
	if failed := h.Slack.Answer(ctx, i.ResponseURL, "", h.refusal(ctx, err), false); failed != nil {
		return fmt.Errorf("answering a shortcut: %w", failed)
	}
	return err
}

// askedWithin bounds the questions about a message before the form opens.
const askedWithin = 800 * time.Millisecond

// fromMessage fills a person's form from a message. A private message of another person is
// not shown: the form only stores a reference to it, until its author agrees.
func (h *Handler) fromMessage(ctx context.Context, form *slackview.FormParams, in channel, m message) {
	ctx, cancel := context.WithTimeout(ctx, h.wait(askedWithin))
	defer cancel()
	person := form.Requester
	text := slackformat.SourceText(m.source(), desk.MaxText, h.names(ctx))
	form.Hidden.Source = ticket.Message{Channel: in.ID, TS: m.TS}
	if m.isReply() {
		form.Hidden.Thread = m.ThreadTS
	}
	author, works := h.author(ctx, person, m)
	if works {
		form.Requester = author
	}
	public := h.isPublic(ctx, in)
	form.Hidden.Private = !public
	if author == person || public {
		form.Text, form.Title = text, slackview.FirstLine(text)
		form.Hidden.Author, form.Hidden.Files = author, m.Files.ids()
		return
	}
	form.Hidden.PrivateSource.Is = true
	if works {
		form.Hidden.PrivateSource.Author, form.Hidden.PrivateSource.Text, form.Hidden.Files = author, text, m.Files.ids()
	}
}

// author returns the author of a message, and whether they are a member of the workspace
// who can be a requester.
func (h *Handler) author(ctx context.Context, person string, m message) (string, bool) {
	author := m.User
	if author == "" || m.BotID != "" {
		return "", false
	}
	if author == person {
		return author, true
	}
	p, err := h.Directory.Person(ctx, author)
	return author, err == nil && p.CanRequest()
}

// isPublic reports whether everybody may read the messages of a channel. The payload
// tells this for channels that are not public. But for a private channel that the bot is
// in, the payload may hold the channel's name instead. An unknown channel counts as
// private. The support channel counts as public if all tickets live there, since its readers
// are the readers of the ticket.
// https://docs.slack.dev/reference/interaction-payloads/shortcuts-interactions-payload
func (h *Handler) isPublic(ctx context.Context, c channel) bool {
	switch {
	case c.ID == h.Support && len(h.Homes) == 0:
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

// replaceIfFiled checks whether the message has a ticket already, and if so replaces the
// form that was opened, before it is filled in. The new view leads to that ticket; if the
// ticket has ended, it is the form of a ticket that follows it. A ticket younger than the
// form replaces nothing: the person may have typed by now, or this form may have made
// that ticket. Sending the form checks again and finds a ticket that was missed here.
func (h *Handler) replaceIfFiled(ctx context.Context, id, person string, form slackview.FormParams) {
	if form.Hidden.Source.TS == "" {
		return
	}
	h.async(ctx, func(ctx context.Context) error {
		r, err := h.Desk.FindBySource(ctx, form.Hidden.Source, person)
		if ticket.CodeOf(err) == ticket.Conflict {
			return nil // not theirs to know; sending the form says so
		}
		if err != nil || r.Ticket.Number == 0 || r.Ticket.OpenedAt.After(form.Now) {
			return err
		}
		if !r.Ticket.State.Ended() {
			_, err = h.Slack.UpdateView(ctx, id, "", slackview.AlreadyPage(h.withCard(ctx, r), h.scene(ctx)))
			return err
		}
		form.Hidden.Follows, form.Now = r.Ticket.Number, h.Now()
		_, err = h.Slack.UpdateView(ctx, id, "", slackview.Form(form))
		return err
	})
}

// threadOf is the thread of the message that a ticket is made from, if others than the
// message's author read it.
func threadOf(m slackview.Metadata) ticket.Message {
	if !strings.HasPrefix(m.Source.Channel, "C") {
		return ticket.Message{}
	}
	return ticket.Message{Channel: m.Source.Channel, TS: cmp.Or(m.Thread, m.Source.TS)}
}

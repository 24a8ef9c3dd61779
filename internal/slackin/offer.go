package slackin

import (
	"context"
	"slices"
	"strings"

	"supporty/internal/desk"
	"supporty/internal/slackapi"
	"supporty/internal/slackformat"
	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

// onMention handles a mention of the bot. In a ticket's thread people speak about the
// bot, not to it. A mention outside of threads also comes as a message with the same ts;
// only one of the two is handled. https://docs.slack.dev/reference/events/app_mention
func (h *Handler) onMention(ctx context.Context, e event) error {
	m := e.asMessage()
	if !h.byPerson(m) {
		return errNotOurs
	}
	if m.isReply() {
		n, err := h.findCard(ctx, ticket.Message{Channel: e.channel(), TS: m.ThreadTS}, e.ParentUser)
		if n != 0 || err != nil {
			return err
		}
	}
	return h.onPlainMessage(ctx, e.channel(), m)
}

// onPlainMessage notes a message that belongs to no ticket, if it stands in the support channel,
// and offers to make a ticket of it. An offered message stands in the support channel and its author is no responder, or it mentions the bot.
func (h *Handler) onPlainMessage(ctx context.Context, channel string, m message) error {
	asked, inSupport := slices.Contains(slackformat.Mentions(m.Text), h.Bot.UserID), channel == h.Support && !m.isReply()
	if inSupport {
		if err := h.Desk.Ask(ctx, desk.Question{Message: ticket.Message{Channel: channel, TS: m.TS}, Author: m.User, AskedAt: slackformat.Time(m.TS)}); err != nil {
			return err
		}
	}
	if !h.Ask || !asked && !inSupport {
		return errNotOurs
	}
	p, err := h.Directory.Person(ctx, m.User)
	switch {
	case err != nil:
		return ticket.Errorf(ticket.Unavailable, "It could not be found out who you are. Please try again in a minute.").Because(err)
	case !p.CanRequest(), p.Responder && !asked:
		return errNotOurs
	}
	plain := desk.PlainMessage{Message: ticket.Message{Channel: channel, TS: m.TS}, Writer: m.User, Asked: asked}
	if m.isReply() {
		plain.Thread = m.ThreadTS
	}
	defer h.OnEnqueued()
	if text := h.wordsOf(ctx, m.Text); text != "" && h.FileUnder != "" && inSupport && !p.Responder {
		return h.fileAtOnce(ctx, plain, text, m.Files.files())
	}
	return h.Desk.Offer(ctx, plain, h.Now())
}

// wordsOf is the plain text of a message, without the mention of the bot.
func (h *Handler) wordsOf(ctx context.Context, text string) string {
	return slackformat.PlainText(slackformat.WithoutMentions(text, h.Bot.UserID), desk.MaxText, h.names(ctx))
}

// fileAtOnce files a message of the support channel, unless it has a ticket already.
func (h *Handler) fileAtOnce(ctx context.Context, m desk.PlainMessage, text string, files []desk.File) error {
	key := "message:" + m.Message.Channel + ":" + m.Message.TS
	r, err := h.Desk.Open(ctx, desk.NewTicket{
		Content:   desk.Content{Priority: ticket.P3, Title: slackview.FirstLine(text), Text: text, Category: h.FileUnder},
		Requester: m.Writer, Gesture: ticket.ByMessage, Source: m.Message, Thread: m.Message, Files: files, Answered: true,
		Key: key, At: slackformat.Time(m.Message.TS), Now: h.Now(),
	})
	if err != nil {
		return unlessRefused(err)
	}
	h.Log.Info("filed", "ticket", int64(r.Ticket.Number), "key", key)
	return nil
}

// onOffered opens the form with the message, after somebody accepted the offer.
func (h *Handler) onOffered(ctx context.Context, i interaction, ts string) error {
	form := h.newForm(i.User.ID, i.ResponseURL)
	form.Hidden.Answer.Instead = i.Container.Ephemeral
	h.fillFrom(ctx, &form, ticket.Message{Channel: i.Container.ChannelID, TS: ts})
	id, err := h.openNew(ctx, i.TriggerID, form)
	if err != nil {
		return h.explainAction(ctx, i, slackview.Action{}, h.notForOthers(ctx, i.User.ID, err))
	}
	h.replaceIfFiled(ctx, id, i.User.ID, form)
	return nil
}

// notForOthers is why a form did not open. Whether Slack opens it for people of other companies who
// press a button in a channel that is shared with them is not documented, so they are told who else
// can file. https://docs.slack.dev/apis/slack-connect
func (h *Handler) notForOthers(ctx context.Context, person string, err error) error {
	code := slackapi.CodeOf(err)
	if code == "" || strings.Contains(code, "trigger") {
		return err
	}
	if p, failed := h.Directory.Person(ctx, person); failed != nil || !p.External {
		return err
	}
	return ticket.Errorf(ticket.Forbidden, "Slack opens no form for you here. Please ask somebody of this workspace to file it for you.").Because(err)
}

// fillFrom fills the form from a message, as the message reads now. The form also opens if
// the message cannot be read in time, or was deleted.
func (h *Handler) fillFrom(ctx context.Context, form *slackview.FormParams, at ticket.Message) {
	ctx, cancel := context.WithTimeout(ctx, recordWithin)
	defer cancel()
	thread, w, err := h.Slack.Reply(ctx, at.Channel, at.TS)
	if err != nil {
		h.Log.Warn("reading a message that is to be a ticket", "error", err)
		form.Hidden.Source = at
		return
	}
	if w.User == "" || w.Gone() {
		return
	}
	text := slackformat.WithoutMentions(w.Text, h.Bot.UserID)
	h.fromMessage(ctx, form, channel{ID: at.Channel}, message{User: w.User, TS: at.TS, ThreadTS: thread, Text: text, Files: w.Files})
}

package slackin

import (
	"context"
	"strings"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

// onDirect handles a direct message to the bot. A message in a ticket's thread is for
// that ticket. Any other message answers the question that the bot just asked there, or
// else the bot asks its author where it belongs.
func (h *Handler) onDirect(ctx context.Context, channel string, m message) error {
	w := h.written(ctx, channel, m, true)
	n, others, err := h.thread(ctx, channel, m)
	if err == nil && n == 0 {
		n, err = h.Desk.Address(ctx, m.User, w.Message, others, slackformat.Time(m.TS), h.Now())
	}
	if err != nil || n == 0 {
		h.OnEnqueued()
		return err
	}
	return h.handToDesk(ctx, n, w, m)
}

// thread returns the ticket to whose direct-message thread a message belongs, or 0. Such
// a thread begins with a message of ours about the ticket, or with a message that was
// passed on to it. The ticket is others if the writer did not ask for it but, for example,
// follows it: what they write there is not for the ticket by itself.
func (h *Handler) thread(ctx context.Context, channel string, m message) (own, others ticket.Number, err error) {
	if !m.isReply() {
		return 0, 0, nil
	}
	root := ticket.Message{Channel: channel, TS: m.ThreadTS}
	n, err := h.onceRecorded(ctx, root, m.ParentUser, m.User, h.Desk.FindByNotice)
	if n == 0 && err == nil {
		n, err = h.Desk.FindByReply(ctx, root)
	}
	if n == 0 || err != nil {
		return 0, 0, err
	}
	theirs, err := h.Desk.IsOwn(ctx, n, m.User)
	if err != nil || theirs {
		return n, 0, err
	}
	return 0, n, nil
}

// about returns the ticket about which a person wrote a message, or 0. An edit or a
// deletion can arrive before the message itself. If the message stands in a ticket's
// thread, the event is then left to Slack's next try: the message is recorded by that
// time.
func (h *Handler) about(ctx context.Context, at ticket.Message, m message) (ticket.Number, error) {
	n, err := h.Desk.FindByReply(ctx, at)
	if n != 0 || err != nil || !m.isReply() {
		return n, err
	}
	if isDirect(at.Channel) {
		n, _, err = h.thread(ctx, at.Channel, m)
	} else {
		n, err = h.findCard(ctx, ticket.Message{Channel: at.Channel, TS: m.ThreadTS}, h.Bot.UserID) // the card may have been posted just now
	}
	if err == nil && n != 0 && h.Now().Sub(slackformat.Time(at.TS)) < recordedWithin {
		err = ticket.Errorf(ticket.Unavailable, "This message is not recorded yet. Please try again in a minute.")
	}
	return n, err
}

// isDirect reports whether a channel is a direct message: the ids of those begin with D.
// https://docs.slack.dev/apis/web-api/using-the-conversations-api
func isDirect(channel string) bool { return strings.HasPrefix(channel, "D") }

// onAmended follows a person who edits a message of theirs or deletes a file of it. Slack
// also sends this event for its own changes, such as an unfurled link, which leave the
// text as it was.
func (h *Handler) onAmended(ctx context.Context, e event) error {
	m := e.Message
	at := ticket.Message{Channel: e.channel(), TS: m.TS}
	if m.Text == e.Previous.Text && len(m.Files) >= len(e.Previous.Files) {
		return errNotOurs
	}
	n, err := h.about(ctx, at, m)
	if err != nil || n == 0 {
		return err
	}
	_, err = h.Desk.Amend(ctx, desk.Gesture{
		Ticket: n, Actor: m.User, By: ticket.ByReply, At: slackformat.Time(e.EventTS), Now: h.Now(), Key: desk.EditKey(at, e.EventTS),
	}, h.written(ctx, at.Channel, m, isDirect(at.Channel)))
	h.OnEnqueued()
	return err
}

// onRetracted follows a person who deletes a message of theirs.
func (h *Handler) onRetracted(ctx context.Context, e event, gone ticket.Message) error {
	n, err := h.about(ctx, gone, e.Previous)
	if err != nil {
		return err
	}
	switch {
	case n == 0 && gone.Channel == h.Support && !e.Previous.isReply():
		err = h.Desk.SettleQuestion(ctx, gone, h.Now())
	case n != 0:
		_, err = h.Desk.Retract(ctx, h.deletion(n, e.Previous.User, e, gone), gone)
	}
	if err == nil && isDirect(gone.Channel) {
		err = h.Desk.Forget(ctx, e.Previous.User, gone)
	}
	h.OnEnqueued()
	return err
}

// onBelongs handles the answer to the bot's question where a message belongs.
func (h *Handler) onBelongs(ctx context.Context, i interaction, b desk.Belongs, n ticket.Number, answer func(any)) error {
	question, err := h.Desk.Question(ctx, i.User.ID, ticket.Message{Channel: i.Container.ChannelID, TS: i.Container.MessageTS})
	if err == nil && (len(question.Messages) == 0 || question.Belongs != "") {
		err = ticket.Errorf(ticket.Conflict, "This was answered before.")
	}
	if err == nil {
		err = h.belongs(ctx, i, question.Messages, b, n, answer)
	}
	answer(nil)
	h.OnEnqueued()
	if err != nil {
		return h.explainAction(ctx, i, slackview.Action{}, err)
	}
	return nil
}

func (h *Handler) belongs(ctx context.Context, i interaction, messages []ticket.Message, b desk.Belongs, n ticket.Number, answer func(any)) error {
	person := i.User.ID
	if b == desk.BelongsNowhere {
		return h.Desk.Settle(ctx, person, messages, b, n, h.Now())
	}
	said, err := h.readMessages(ctx, person, messages)
	if err != nil {
		return err
	}
	if b == desk.BelongsToNew {
		answer(nil)
		return h.openNewFrom(ctx, i, said)
	}
	for _, m := range said {
		if err := h.handToDesk(ctx, n, h.written(ctx, i.Container.ChannelID, m, true), m); err != nil {
			return err
		}
	}
	return h.Desk.Settle(ctx, person, messages, b, n, h.Now())
}

// openNewFrom opens the form of a new ticket, filled with messages that the person wrote to
// the bot.
func (h *Handler) openNewFrom(ctx context.Context, i interaction, said []message) error {
	said = fitting(said)
	form := h.newForm(i.User.ID, "") // no receipt here: the question shows the outcome, and a receipt follows
	var texts []string
	var files attached
	for _, m := range said {
		texts = append(texts, slackformat.SourceText(m.source(), desk.MaxText, h.names(ctx)))
		files = append(files, m.Files...)
	}
	form.Text = strings.Join(texts, "\n")
	form.Title = slackview.FirstLine(form.Text)
	form.Hidden.Source = ticket.Message{Channel: i.Container.ChannelID, TS: said[0].TS}
	form.Hidden.Said, form.Hidden.Private, form.Hidden.Files = tsOf(said), true, files.ids()
	_, err := h.openNew(ctx, i.TriggerID, form)
	return err
}

// mostInAForm is how many messages one form is made of, and how many files, so that it can
// remember which. About the rest the bot asks anew.
const mostInAForm = 40

func fitting(said []message) []message {
	files := 0
	for i, m := range said {
		if files += len(m.Files); i > 0 && (i == mostInAForm || files > mostInAForm) {
			return said[:i]
		}
	}
	return said
}

// tsOf is what a form remembers of the messages of which it is made.
func tsOf(said []message) string {
	var all []string
	for _, m := range said {
		all = append(all, m.TS)
	}
	return strings.Join(all, " ")
}

// saidIn are the messages of which a form was made.
func saidIn(meta slackview.Metadata) []ticket.Message {
	all := []ticket.Message{meta.Source}
	for ts := range strings.FieldsSeq(meta.Said) {
		all = append(all, ticket.Message{Channel: meta.Source.Channel, TS: ts})
	}
	return all
}

// readMessages reads from Slack the messages that somebody wrote to the bot. We store none of
// their text until the author says where it belongs. Messages that were deleted meanwhile
// are left out; it is an error if none is left.
func (h *Handler) readMessages(ctx context.Context, person string, messages []ticket.Message) ([]message, error) {
	var said []message
	for _, at := range messages {
		m, err := h.readMessage(ctx, at)
		switch {
		case err != nil:
			return nil, err
		case m.User == person:
			said = append(said, m)
			continue
		}
		if err := h.Desk.Forget(ctx, person, at); err != nil {
			return nil, err
		}
	}
	if len(said) == 0 {
		return nil, ticket.Errorf(ticket.Conflict, "Your message was deleted.")
	}
	return said, nil
}

func (h *Handler) readMessage(ctx context.Context, at ticket.Message) (message, error) {
	ctx, cancel := context.WithTimeout(ctx, recordWithin)
	defer cancel()
	_, w, err := h.Slack.Reply(ctx, at.Channel, at.TS)
	if err != nil {
		return message{}, ticket.Errorf(ticket.Unavailable, "Slack does not answer. Please press it again in a moment.").Because(err)
	}
	return message{User: w.User, TS: at.TS, Text: w.Text, Files: w.Files}, nil
}

package slackin

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"supporty/internal/desk"
	"supporty/internal/directory"
	"supporty/internal/emoji"
	"supporty/internal/slackformat"
	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

// errNotOurs ends the handling of an event that does not concern us. The database was not
// asked, so this is no sign that the database answers.
var errNotOurs = errors.New("an event that means nothing to us")

func (h *Handler) onEvent(ctx context.Context, e event) error {
	switch e.Type {
	case "message":
		return h.onMessage(ctx, e)
	case "app_mention":
		return h.onMention(ctx, e)
	case "reaction_added", "reaction_removed":
		return h.onReaction(ctx, e)
	case "member_joined_channel", "member_left_channel":
		return h.onMembership(ctx, e)
	case "subteam_members_changed":
		return h.onGroup(ctx, e)
	case "user_change":
		return h.onProfile(ctx, e)
	case "app_home_opened":
		return h.onHomeOpened(ctx, e)
	case eventStep:
		return h.onStep(ctx, e)
	case "channel_unarchive", "group_unarchive":
		h.OnChannelsChanged()
		return h.resume(ctx)
	case "app_uninstalled", "tokens_revoked":
		h.OnRevoked()
	}
	return errNotOurs
}

func (h *Handler) onMessage(ctx context.Context, e event) error {
	switch e.Subtype {
	case "", "file_share", "thread_broadcast", "me_message":
		return h.onWritten(ctx, e)
	case "message_deleted":
		return h.onDeleted(ctx, e, e.DeletedTS)
	case "message_changed":
		return h.onChanged(ctx, e)
	}
	return errNotOurs
}

// onWritten handles a message that a person wrote: in a ticket's thread, to the bot, or
// in the channel.
func (h *Handler) onWritten(ctx context.Context, e event) error {
	m := e.asMessage()
	if !h.byPerson(m) {
		return errNotOurs
	}
	if e.ChannelType == "im" {
		return h.onDirect(ctx, e.channel(), m)
	}
	if !m.isReply() {
		return h.onPlainMessage(ctx, e.channel(), m)
	}
	n, err := h.findCard(ctx, ticket.Message{Channel: e.channel(), TS: m.ThreadTS}, e.ParentUser)
	if err == nil && n == 0 && e.channel() == h.Support && e.ParentUser != m.User {
		err = h.Desk.SettleQuestion(ctx, ticket.Message{Channel: e.channel(), TS: m.ThreadTS}, h.Now())
	}
	if err != nil || n == 0 {
		return err
	}
	return h.handToDesk(ctx, n, h.written(ctx, e.channel(), m, false), m)
}

func (h *Handler) byPerson(m message) bool {
	return m.User != "" && m.BotID == "" && m.User != h.Bot.UserID
}

// written converts a message to the desk's type.
func (h *Handler) written(ctx context.Context, channel string, m message, private bool) desk.Written {
	w := desk.Written{
		Message: ticket.Message{Channel: channel, TS: m.TS}, Private: private,
		Text: slackformat.PlainText(m.Text, desk.MaxText, h.names(ctx)), Names: slackformat.Mentions(m.Text), Files: m.Files.files(),
	}
	if private && m.isReply() {
		w.Thread = m.ThreadTS
	}
	return w
}

// handToDesk hands a person's message to the desk.
func (h *Handler) handToDesk(ctx context.Context, n ticket.Number, w desk.Written, m message) error {
	_, err := h.Desk.Reply(ctx, h.reply(n, w.Message, m), w)
	h.OnEnqueued()
	return err
}

const (
	cardWithin = time.Second
	cardCheck  = 20 * time.Millisecond

	// A message older than this is recorded already, or it is no card.
	recordedWithin = 10 * time.Minute
)

// findCard returns the ticket whose card a message is, or 0. A message of ours can be
// seen in Slack a moment before we have recorded its place. Then findCard waits a little,
// and after that leaves the event to Slack's next try.
func (h *Handler) findCard(ctx context.Context, m ticket.Message, author string) (ticket.Number, error) {
	return h.onceRecorded(ctx, m, author, "", h.Desk.FindByCard)
}

// onceRecorded finds the ticket of a message that may be ours and may not be recorded
// yet: a card, or a direct message to a person.
func (h *Handler) onceRecorded(ctx context.Context, m ticket.Message, author, to string,
	find func(context.Context, ticket.Message) (ticket.Number, error)) (ticket.Number, error) {
	ours := author == h.Bot.UserID && h.Now().Sub(slackformat.Time(m.TS)) < recordedWithin
	waiting, cancel := context.WithTimeout(ctx, cardWithin)
	defer cancel()
	for {
		n, err := find(ctx, m)
		if err != nil || n != 0 || !ours {
			return n, err
		}
		posting, err := h.Desk.Posting(ctx, to)
		switch {
		case err != nil:
			return 0, err
		case !posting:
			return find(ctx, m) // it can have been recorded between the two questions
		case waiting.Err() != nil:
			return 0, ticket.Errorf(ticket.Unavailable, "This message is not recorded yet. Please try again in a minute.")
		}
		pause(waiting, cardCheck)
	}
}

func (h *Handler) reply(n ticket.Number, at ticket.Message, m message) desk.Gesture {
	return h.logGesture(desk.Gesture{
		Ticket: n, Actor: m.User, By: ticket.ByReply,
		At: slackformat.Time(m.TS), Now: h.Now(), Key: desk.ReplyKey(at),
	})
}

// onDeleted handles a deleted message. The person who deletes a card may have a reason,
// such as a password in it. If a person deletes their own message, its copy on the other
// side is deleted too.
func (h *Handler) onDeleted(ctx context.Context, e event, ts string) error {
	gone := ticket.Message{Channel: e.channel(), TS: ts}
	if h.byPerson(e.Previous) {
		return h.onRetracted(ctx, e, gone)
	}
	n, err := h.findCard(ctx, gone, e.Previous.User)
	if err != nil || n == 0 {
		return err
	}
	_, err = h.Desk.Withhold(ctx, h.deletion(n, "", e, gone), gone)
	h.OnEnqueued()
	return err
}

func (h *Handler) deletion(n ticket.Number, by string, e event, gone ticket.Message) desk.Gesture {
	return desk.Gesture{
		Ticket: n, Actor: by, By: ticket.ByDeletion, At: slackformat.Time(e.EventTS), Now: h.Now(), Key: desk.DeletionKey(gone),
	}
}

// onChanged handles a changed message. There are three cases that matter. Slack replaces
// a deleted message with a tombstone if it has replies. A person edits what they wrote.
// Or an older version overwrote a message of ours, by a copy of the bot that was frozen
// and thawed.
func (h *Handler) onChanged(ctx context.Context, e event) error {
	switch {
	case e.Message.Subtype == "tombstone":
		return h.onDeleted(ctx, e, e.Message.TS)
	case h.byPerson(e.Message):
		return h.onAmended(ctx, e)
	}
	mark := e.Message.mark()
	if e.Message.BotID != h.Bot.BotID || mark.ID == "" {
		return errNotOurs
	}
	overwritten, err := h.Outbox.Overwritten(ctx, ticket.Message{Channel: e.channel(), TS: e.Message.TS}, mark.Version, slackformat.Time(e.EventTS))
	if overwritten {
		h.OnEnqueued()
	}
	return err
}

// onReaction handles an emoji. It counts only in the place that its ticket.Sign names:
// people tick replies all day.
func (h *Handler) onReaction(ctx context.Context, e event) error {
	name := emoji.Name(e.Reaction)
	sign, added := h.Signs[name], e.Type == "reaction_added"
	if added && slices.Contains(h.Opens, name) {
		return h.onMarked(ctx, e)
	}
	if slices.Contains(h.Thanks, name) {
		return h.onThanks(ctx, e, name)
	}
	if gesture := h.Offers[name]; gesture != "" && added {
		return h.offerGesture(ctx, e, gesture)
	}
	if e.user() == h.Bot.UserID || e.Item.Type != "message" || sign.Means(added) == "" {
		return errNotOurs
	}
	if sign.On == ticket.OnReply {
		return h.onQuestion(ctx, e, name, sign.Means(added))
	}
	n, err := h.findCard(ctx, ticket.Message{Channel: e.Item.Channel, TS: e.Item.TS}, e.ItemUser)
	if err != nil || n == 0 {
		return err
	}
	_, err = h.Desk.React(ctx, h.reaction(n, e, name), sign.Means(added), ticket.Message{}, "")
	h.OnEnqueued()
	if !added {
		err = unlessIdle(sign, err)
	}
	if err == nil || isAway(err) || ticket.CodeOf(err) == "" {
		return err
	}
	return h.explain(ctx, e.Item.Channel, e.user(), err)
}

// offerGesture offers a gesture by a button: an event cannot open a form, and most gestures ask for
// words. On anything but a card the emoji means nothing.
func (h *Handler) offerGesture(ctx context.Context, e event, gesture string) error {
	if e.user() == h.Bot.UserID || e.Item.Type != "message" {
		return errNotOurs
	}
	n, err := h.findCard(ctx, ticket.Message{Channel: e.Item.Channel, TS: e.Item.TS}, e.ItemUser)
	if err != nil || n == 0 {
		return err
	}
	r, err := h.Desk.Find(ctx, n)
	if err != nil {
		return err
	}
	h.async(ctx, func(ctx context.Context) error {
		return h.Slack.Ephemeral(ctx, nil, e.Item.Channel, "", e.user(), slackview.GestureOffer(gesture, r, h.scene(ctx)))
	})
	return nil
}

func (h *Handler) reaction(n ticket.Number, e event, emoji string) desk.Gesture {
	return h.logGesture(desk.Gesture{
		Ticket: n, Actor: e.user(), By: ticket.ByEmoji, Emoji: emoji, At: slackformat.Time(e.EventTS), Now: h.Now(),
		Key: fmt.Sprintf("%s:%s:%s:%s:%s:%s", e.Type, e.Item.Channel, e.Item.TS, emoji, e.user(), e.EventTS),
	})
}

// unlessIdle drops a refusal of taking one's own emoji away: that needs no explanation,
// unless it came too late to undo the gesture.
func unlessIdle(s ticket.Sign, err error) error {
	if s.ExplainsLate && ticket.CodeOf(err) == ticket.Conflict {
		return err
	}
	return unlessRefused(err)
}

func unlessRefused(err error) error {
	if code := ticket.CodeOf(err); code == ticket.Conflict || code == ticket.Forbidden {
		return nil
	}
	return err
}

func (h *Handler) onMembership(ctx context.Context, e event) error {
	joined := e.Type == "member_joined_channel"
	if e.user() == h.Bot.UserID {
		return h.onPresence(ctx, e, joined)
	}
	if known, err := h.knows(ctx, e.channel()); err != nil || !known {
		return cmp.Or(err, errNotOurs)
	}
	return h.Directory.Joined(ctx, e.channel(), e.user(), joined)
}

// onPresence handles that the bot itself was invited to a channel, or removed from it.
func (h *Handler) onPresence(ctx context.Context, e event, joined bool) error {
	h.OnChannelsChanged()
	known, err := h.knows(ctx, e.channel())
	if err != nil {
		return err
	}
	switch {
	case joined:
		return errors.Join(h.OnBack(ctx, e.channel()), h.resume(ctx))
	case known:
		return h.OnLeft(ctx, e.channel(), slackformat.Time(e.EventTS))
	}
	return errNotOurs
}

// knows reports whether tickets live in a channel, or a private one.
func (h *Handler) knows(ctx context.Context, channel string) (bool, error) {
	if h.hasTickets(channel) {
		return true, nil
	}
	n, err := h.Desk.FindByRoom(ctx, channel)
	return n != 0, err
}

func (h *Handler) onGroup(ctx context.Context, e event) error {
	if !slices.Contains(h.Groups, e.SubteamID) {
		return errNotOurs
	}
	for _, p := range e.AddedUsers {
		if err := h.Directory.Joined(ctx, e.SubteamID, p, true); err != nil {
			return err
		}
	}
	for _, p := range e.Removed {
		if err := h.Directory.Joined(ctx, e.SubteamID, p, false); err != nil {
			return err
		}
	}
	return nil
}

func (h *Handler) onProfile(ctx context.Context, e event) error {
	var p profile
	if err := json.Unmarshal(e.UserRaw, &p); err != nil || p.ID == "" {
		return errNotOurs // a shape that we do not know; the directory fetches the profile when it needs it
	}
	return h.Directory.Learn(ctx, directory.Profile{
		ID: p.ID, Name: slackformat.CalledName(p.Profile.DisplayName, p.Profile.RealName, p.Name), Zone: p.TZ,
		Bot: p.IsBot, Guest: p.Guest || p.Single, External: p.Foreign || h.Bot.Foreign(p.TeamID, p.Org.ID), Deactivated: p.Deleted,
		Status: emoji.Name(p.Profile.StatusEmoji), StatusEnd: slackformat.UnixTime(p.Profile.StatusExpiration),
	})
}

// resume retries the messages that a channel refused.
func (h *Handler) resume(ctx context.Context) error {
	n, err := h.Outbox.Resume(ctx)
	if n > 0 {
		h.Log.Info("messages that were parked are tried again", "messages", n)
		h.OnEnqueued()
	}
	return err
}

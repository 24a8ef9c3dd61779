package workspace

import (
	"strings"

	"supporty/internal/dev/slacksim/wire"
)

// What the workspace tells a subscribed bot. Channel events go out only where
// the bot is a member; emit decides that.
// https://docs.slack.dev/reference/events

func (tx *Tx) tellPosted(c *Channel, m *Message) {
	event := tx.messageEvent(c, m)
	if m.Broadcast {
		if parent := c.Message(m.ThreadTS); parent != nil {
			event["root"] = tx.told(parent)
		}
	}
	tx.emit(tx, event, c)
	if tx.mentionsBot(m.Text) && !c.Direct() && m.BotID == "" && (m.Subtype == "" || m.Subtype == FileShare) {
		tx.emit(tx, tx.mentionEvent(c, m), c)
	}
}

// told is a message as events show it.
func (tx *Tx) told(m *Message) wire.Object {
	o := tx.Wire(m)
	if m.Metadata != nil && tx.Beliefs.EventsLackPayload {
		o["metadata"] = EventTypeOnly(m.Metadata)
	}
	return o
}

func (tx *Tx) messageEvent(c *Channel, m *Message) wire.Object {
	event := tx.told(m)
	event["channel"], event["channel_type"], event["event_ts"] = c.ID, c.Kind(), m.TS
	return event
}

func (tx *Tx) mentionsBot(text string) bool {
	return strings.Contains(text, "<@"+tx.Bot.User+">") || strings.Contains(text, "<@"+tx.Bot.User+"|")
}

func (tx *Tx) mentionEvent(c *Channel, m *Message) wire.Object {
	event := tx.messageEvent(c, m)
	event["type"] = "app_mention"
	delete(event, "channel_type")
	delete(event, "subtype")
	return event
}

func (tx *Tx) tellChanged(c *Channel, m, previous *Message) {
	now := tx.NewTS()
	tx.emit(tx, wire.Object{
		"type": "message", "subtype": "message_changed", "hidden": true, "channel": c.ID,
		"channel_type": c.Kind(), "ts": now, "event_ts": now,
		"message": tx.told(m), "previous_message": tx.told(previous),
	}, c)
	if m.BotID == "" && !c.Direct() && tx.mentionsBot(m.Text) && !tx.mentionsBot(previous.Text) {
		tx.emit(tx, tx.mentionEvent(c, m), c)
	}
}

func (tx *Tx) tellDeleted(c *Channel, old *Message) {
	now := tx.NewTS()
	tx.emit(tx, wire.Object{
		"type": "message", "subtype": "message_deleted", "hidden": true, "channel": c.ID,
		"channel_type": c.Kind(), "ts": now, "event_ts": now, "deleted_ts": old.TS,
		"previous_message": tx.told(old),
	}, c)
}

func (tx *Tx) tellReaction(c *Channel, m *Message, userID, emoji, kind string) {
	event := wire.Object{
		"type": kind, "user": userID, "reaction": emoji, "event_ts": tx.NewTS(),
		"item": wire.Object{"type": "message", "channel": c.ID, "ts": m.TS},
	}
	wire.PutText(event, "item_user", m.User)
	tx.emit(tx, event, c)
}

func (tx *Tx) tellMember(c *Channel, userID, inviter string, joined bool) {
	kind := "member_left_channel"
	if joined {
		kind = "member_joined_channel"
	}
	event := wire.Object{
		"type": kind, "user": userID, "channel": c.ID, "channel_type": "C",
		"team": tx.Team.ID, "event_ts": tx.NewTS(),
	}
	if c.Private {
		event["channel_type"] = "G"
	}
	wire.PutText(event, "inviter", inviter)
	tx.emit(tx, event, c)
}

// tellChannel announces archive, unarchive and the like; private channels have
// event names of their own.
func (tx *Tx) tellChannel(c *Channel, what, by string) {
	prefix := "channel_"
	if c.Private {
		prefix = "group_"
	}
	tx.emit(tx, wire.Object{"type": prefix + what, "channel": c.ID, "user": by, "event_ts": tx.NewTS()}, c)
}

func (tx *Tx) tellRenamed(c *Channel) {
	kind := "channel_rename"
	if c.Private {
		kind = "group_rename"
	}
	tx.emit(tx, wire.Object{
		"type": kind, "event_ts": tx.NewTS(),
		"channel": wire.Object{"id": c.ID, "name": c.Name, "created": 1700000000},
	}, c)
}

// TellUser announces a new or changed person.
func (tx *Tx) TellUser(p *Person, kind string) {
	tx.emit(tx, wire.Object{"type": kind, "user": tx.WireUser(p), "event_ts": tx.NewTS(), "cache_ts": tx.Now().Unix()}, nil)
}

// TellHomeOpened announces that somebody looks at the app's Home tab or its messages.
func (tx *Tx) TellHomeOpened(p *Person, tab string) {
	event := wire.Object{
		"type": "app_home_opened", "user": p.ID, "tab": tab, "event_ts": tx.NewTS(),
		"channel": tx.Conversation(tx.Bot.User, p.ID).ID,
	}
	if p.Home != nil && tab == "home" {
		event["view"] = tx.WireView(p.Home)
	}
	tx.emit(tx, event, nil)
}

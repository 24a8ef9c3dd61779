package slacksim

import "strings"

// What the workspace tells a subscribed bot. Channel events go out only where
// the bot is a member; emit decides that.
// https://docs.slack.dev/reference/events

func (tx *Tx) tellPosted(c *Channel, m *Message) {
	event := tx.messageEvent(c, m)
	if m.Broadcast {
		if parent := c.find(m.ThreadTS); parent != nil {
			event["root"] = tx.told(parent)
		}
	}
	tx.emit(tx, event, c)
	if tx.mentionsBot(m.Text) && !c.direct() && m.BotID == "" && (m.Subtype == "" || m.Subtype == fileShare) {
		tx.emit(tx, tx.mentionEvent(c, m), c)
	}
}

// told is a message as events show it.
func (tx *Tx) told(m *Message) object {
	o := tx.wire(m)
	if m.Metadata != nil && tx.beliefs.EventsLackPayload {
		o["metadata"] = eventTypeOnly(m.Metadata)
	}
	return o
}

func (tx *Tx) messageEvent(c *Channel, m *Message) object {
	event := tx.told(m)
	event["channel"], event["channel_type"], event["event_ts"] = c.ID, c.kind(), m.TS
	return event
}

func (tx *Tx) mentionsBot(text string) bool {
	return strings.Contains(text, "<@"+tx.bot.user+">") || strings.Contains(text, "<@"+tx.bot.user+"|")
}

func (tx *Tx) mentionEvent(c *Channel, m *Message) object {
	event := tx.messageEvent(c, m)
	event["type"] = "app_mention"
	delete(event, "channel_type")
	delete(event, "subtype")
	return event
}

func (tx *Tx) tellChanged(c *Channel, m, previous *Message) {
	now := tx.newTS()
	tx.emit(tx, object{
		"type": "message", "subtype": "message_changed", "hidden": true, "channel": c.ID,
		"channel_type": c.kind(), "ts": now, "event_ts": now,
		"message": tx.told(m), "previous_message": tx.told(previous),
	}, c)
	if m.BotID == "" && !c.direct() && tx.mentionsBot(m.Text) && !tx.mentionsBot(previous.Text) {
		tx.emit(tx, tx.mentionEvent(c, m), c)
	}
}

func (tx *Tx) tellDeleted(c *Channel, old *Message) {
	now := tx.newTS()
	tx.emit(tx, object{
		"type": "message", "subtype": "message_deleted", "hidden": true, "channel": c.ID,
		"channel_type": c.kind(), "ts": now, "event_ts": now, "deleted_ts": old.TS,
		"previous_message": tx.told(old),
	}, c)
}

func (tx *Tx) tellReaction(c *Channel, m *Message, userID, emoji, kind string) {
	event := object{
		"type": kind, "user": userID, "reaction": emoji, "event_ts": tx.newTS(),
		"item": object{"type": "message", "channel": c.ID, "ts": m.TS},
	}
	putText(event, "item_user", m.User)
	tx.emit(tx, event, c)
}

func (tx *Tx) tellMember(c *Channel, userID, inviter string, joined bool) {
	kind := "member_left_channel"
	if joined {
		kind = "member_joined_channel"
	}
	event := object{
		"type": kind, "user": userID, "channel": c.ID, "channel_type": "C",
		"team": tx.team.ID, "event_ts": tx.newTS(),
	}
	if c.Private {
		event["channel_type"] = "G"
	}
	putText(event, "inviter", inviter)
	tx.emit(tx, event, c)
}

// tellChannel announces archive, unarchive and the like; private channels have
// event names of their own.
func (tx *Tx) tellChannel(c *Channel, what, by string) {
	prefix := "channel_"
	if c.Private {
		prefix = "group_"
	}
	tx.emit(tx, object{"type": prefix + what, "channel": c.ID, "user": by, "event_ts": tx.newTS()}, c)
}

func (tx *Tx) tellRenamed(c *Channel) {
	kind := "channel_rename"
	if c.Private {
		kind = "group_rename"
	}
	tx.emit(tx, object{
		"type": kind, "event_ts": tx.newTS(),
		"channel": object{"id": c.ID, "name": c.Name, "created": 1700000000},
	}, c)
}

func (tx *Tx) tellUser(p *Person, kind string) {
	tx.emit(tx, object{"type": kind, "user": tx.wireUser(p), "event_ts": tx.newTS(), "cache_ts": tx.now().Unix()}, nil)
}

func (tx *Tx) tellHomeOpened(p *Person, tab string) {
	event := object{
		"type": "app_home_opened", "user": p.ID, "tab": tab, "event_ts": tx.newTS(),
		"channel": tx.conversation(tx.bot.user, p.ID).ID,
	}
	if p.Home != nil && tab == "home" {
		event["view"] = tx.wireView(p.Home)
	}
	tx.emit(tx, event, nil)
}

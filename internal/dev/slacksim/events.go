package slacksim

import (
	"strings"
)

// What the workspace tells a subscribed bot. Channel events go out only where
// the bot is a member; emit decides that.
// https://docs.slack.dev/reference/events

func (w *workspace) tellPosted(c *Channel, m *Message) {
	event := w.messageEvent(c, m)
	if m.Broadcast {
		if parent := c.find(m.ThreadTS); parent != nil {
			event["root"] = w.told(parent)
		}
	}
	w.emit(event, c)
	if w.mentionsBot(m.Text) && !c.direct() && m.BotID == "" && (m.Subtype == "" || m.Subtype == fileShare) {
		w.emit(w.mentionEvent(c, m), c)
	}
}

// told is a message as events show it.
func (w *workspace) told(m *Message) object {
	o := w.wire(m)
	if m.Metadata != nil && w.beliefs.EventsLackPayload {
		o["metadata"] = eventTypeOnly(m.Metadata)
	}
	return o
}

func (w *workspace) messageEvent(c *Channel, m *Message) object {
	event := w.told(m)
	event["channel"], event["channel_type"], event["event_ts"] = c.ID, c.kind(), m.TS
	return event
}

func (w *workspace) mentionsBot(text string) bool {
	return strings.Contains(text, "<@"+w.bot.user+">") || strings.Contains(text, "<@"+w.bot.user+"|")
}

func (w *workspace) mentionEvent(c *Channel, m *Message) object {
	event := w.messageEvent(c, m)
	event["type"] = "app_mention"
	delete(event, "channel_type")
	delete(event, "subtype")
	return event
}

func (w *workspace) tellChanged(c *Channel, m, previous *Message) {
	now := w.newTS()
	w.emit(object{
		"type": "message", "subtype": "message_changed", "hidden": true, "channel": c.ID,
		"channel_type": c.kind(), "ts": now, "event_ts": now,
		"message": w.told(m), "previous_message": w.told(previous),
	}, c)
	if m.BotID == "" && !c.direct() && w.mentionsBot(m.Text) && !w.mentionsBot(previous.Text) {
		w.emit(w.mentionEvent(c, m), c)
	}
}

func (w *workspace) tellDeleted(c *Channel, old *Message) {
	now := w.newTS()
	w.emit(object{
		"type": "message", "subtype": "message_deleted", "hidden": true, "channel": c.ID,
		"channel_type": c.kind(), "ts": now, "event_ts": now, "deleted_ts": old.TS,
		"previous_message": w.told(old),
	}, c)
}

func (w *workspace) tellReaction(c *Channel, m *Message, userID, emoji, kind string) {
	event := object{
		"type": kind, "user": userID, "reaction": emoji, "event_ts": w.newTS(),
		"item": object{"type": "message", "channel": c.ID, "ts": m.TS},
	}
	putText(event, "item_user", m.User)
	w.emit(event, c)
}

func (w *workspace) tellMember(c *Channel, userID, inviter string, joined bool) {
	kind := "member_left_channel"
	if joined {
		kind = "member_joined_channel"
	}
	event := object{
		"type": kind, "user": userID, "channel": c.ID, "channel_type": "C",
		"team": w.team.ID, "event_ts": w.newTS(),
	}
	if c.Private {
		event["channel_type"] = "G"
	}
	putText(event, "inviter", inviter)
	w.emit(event, c)
}

// tellChannel announces archive, unarchive and the like; private channels have
// event names of their own.
func (w *workspace) tellChannel(c *Channel, what, by string) {
	prefix := "channel_"
	if c.Private {
		prefix = "group_"
	}
	w.emit(object{"type": prefix + what, "channel": c.ID, "user": by, "event_ts": w.newTS()}, c)
}

func (w *workspace) tellRenamed(c *Channel) {
	kind := "channel_rename"
	if c.Private {
		kind = "group_rename"
	}
	w.emit(object{
		"type": kind, "event_ts": w.newTS(),
		"channel": object{"id": c.ID, "name": c.Name, "created": 1700000000},
	}, c)
}

func (w *workspace) tellUser(p *Person, kind string) {
	w.emit(object{"type": kind, "user": w.wireUser(p), "event_ts": w.newTS(), "cache_ts": w.now().Unix()}, nil)
}

func (w *workspace) tellHomeOpened(p *Person, tab string) {
	event := object{
		"type": "app_home_opened", "user": p.ID, "tab": tab, "event_ts": w.newTS(),
		"channel": w.conversation(w.bot.user, p.ID).ID,
	}
	if p.Home != nil && tab == "home" {
		event["view"] = w.wireView(p.Home)
	}
	w.emit(event, nil)
}

// eventScopes says which scope lets an event go out; one that begins with * is
// completed by the kind of channel. Others need none.
// https://docs.slack.dev/reference/events
var eventScopes = map[string]string{
	"message": "*:history", "app_mention": "app_mentions:read",
	"reaction_added": "reactions:read", "reaction_removed": "reactions:read",
	"member_joined_channel": "*:read", "member_left_channel": "*:read",
	"channel_archive": "*:read", "channel_unarchive": "*:read", "channel_rename": "*:read",
	"group_archive": "*:read", "group_unarchive": "*:read", "group_rename": "*:read",
	"user_change": "users:read", "team_join": "users:read", "subteam_members_changed": "usergroups:read",
}

func eventScope(event object, c *Channel) string {
	scope := eventScopes[text(event, "type")]
	if suffix, byChannel := strings.CutPrefix(scope, "*"); byChannel {
		return scopePrefix[c.kind()] + suffix
	}
	return scope
}

// reaches says whether an event about that channel goes to the bot. Nil is an
// event about no channel.
func (w *workspace) reaches(event object, c *Channel) bool {
	if c == nil || c.has(w.bot.user) {
		return true
	}
	kind, _ := event["type"].(string)
	user, _ := event["user"].(string)
	if kind == "member_left_channel" && user == w.bot.user {
		return true
	}
	return !c.Private && !c.direct() && strings.HasPrefix(kind, "channel_")
}

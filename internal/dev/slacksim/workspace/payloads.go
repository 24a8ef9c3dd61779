package workspace

import (
	"encoding/json"

	"supporty/internal/dev/slacksim/wire"
)

// Wire is a message as the API and the events show it.
func (tx *Tx) Wire(m *Message) wire.Object {
	o := wire.Object{"type": "message", "text": m.Text, "ts": m.TS, "team": tx.Team.ID}
	wire.PutText(o, "user", m.User)
	wire.PutText(o, "bot_id", m.BotID)
	wire.PutText(o, "username", m.Username)
	wire.PutText(o, "subtype", m.Subtype)
	if m.Broadcast {
		o["subtype"] = "thread_broadcast"
	}
	wire.PutText(o, "client_msg_id", m.ClientMsgID)
	wire.PutText(o, "thread_ts", m.ThreadTS)
	wire.PutJSON(o, "blocks", m.Blocks)
	wire.PutJSON(o, "attachments", m.Attachments)
	wire.PutJSON(o, "metadata", m.Metadata)
	if len(m.Files) > 0 {
		o["files"], o["upload"] = wireFiles(m.Files), m.Subtype == FileShare
	}
	if m.BotID == tx.Bot.ID {
		o["app_id"], o["bot_profile"] = tx.Bot.App, tx.BotProfile()
	}
	if m.Edited != nil {
		o["edited"] = m.Edited
	}
	if m.Subtype == "tombstone" {
		o["hidden"] = true
	}
	if p := tx.Person(m.User); p != nil && p.TeamID != tx.Team.ID {
		o["user_team"], o["source_team"] = p.TeamID, p.TeamID
	}
	tx.wireThread(o, m)
	return o
}

func (tx *Tx) wireThread(o wire.Object, m *Message) {
	if m.IsReply() {
		if parent := tx.parentOf(m); parent != nil {
			wire.PutText(o, "parent_user_id", parent.User)
		}
	}
	if m.ReplyCount > 0 {
		o["reply_count"], o["reply_users"] = m.ReplyCount, m.ReplyUsers
		o["reply_users_count"], o["latest_reply"] = len(m.ReplyUsers), m.LatestReply
		o["is_locked"], o["subscribed"] = false, false
	}
	if len(m.Reactions) > 0 {
		o["reactions"] = wireReactions(m.Reactions)
	}
}

func wireReactions(reactions []Reaction) []wire.Object {
	list := []wire.Object{}
	for _, r := range reactions {
		list = append(list, wire.Object{"name": r.Name, "users": r.Users, "count": len(r.Users)})
	}
	return list
}

func (tx *Tx) parentOf(m *Message) *Message {
	if c := tx.Channel(m.Channel); c != nil {
		return c.Message(m.ThreadTS)
	}
	return nil
}

// BotProfile is the bot as its messages and bots.info show it.
func (tx *Tx) BotProfile() wire.Object {
	return wire.Object{
		"id": tx.Bot.ID, "app_id": tx.Bot.App, "user_id": tx.Bot.User, "name": tx.Bot.Name,
		"deleted": false, "updated": 1700000000, "team_id": tx.Team.ID, "icons": wire.Object{},
	}
}

// WireName is a channel's name in payloads. Samples of Slack's own libraries
// have privategroup for a private channel; whether it can be its own name is not
// documented. https://docs.slack.dev/reference/interaction-payloads
func (tx *Tx) WireName(c *Channel) string {
	switch {
	case c.IM:
		return "directmessage"
	case c.Private && !c.MPIM && !tx.Beliefs.PrivateNamed:
		return "privategroup"
	}
	return c.Name
}

// WireChannel is a channel as the API shows it.
func (tx *Tx) WireChannel(c *Channel) wire.Object {
	if c.IM {
		return wire.Object{
			"id": c.ID, "created": 1700000000, "is_im": true, "user": c.other(tx.Bot.User), "is_channel": false,
			"is_group": false, "is_archived": false, "is_private": true, "is_open": true, "context_team_id": tx.Team.ID,
		}
	}
	return wire.Object{
		"id": c.ID, "name": c.Name, "name_normalized": c.Name, "created": 1700000000, "creator": c.Creator,
		"is_channel": !c.Private, "is_group": c.Private, "is_im": false, "is_mpim": c.MPIM, "is_private": c.Private,
		"is_archived": c.Archived, "is_general": c.Name == "general", "is_member": c.Has(tx.Bot.User),
		"is_shared": c.External, "is_ext_shared": c.External, "is_org_shared": false, "unlinked": 0,
		"context_team_id": tx.Team.ID, "num_members": len(c.Members),
		"topic":   wire.Object{"value": c.Topic, "creator": "", "last_set": 0},
		"purpose": wire.Object{"value": c.Purpose, "creator": "", "last_set": 0},
	}
}

// EventTypeOnly is metadata without its payload.
func EventTypeOnly(metadata json.RawMessage) wire.Object {
	var whole wire.Object
	_ = wire.Decode(metadata, &whole) // it was read when it was posted
	return wire.Object{"event_type": whole["event_type"]}
}

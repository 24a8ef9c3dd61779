package slacksim

import "encoding/json"

// wire is a message as the API and the events show it.
func (tx *Tx) wire(m *Message) object {
	o := object{"type": "message", "text": m.Text, "ts": m.TS, "team": tx.team.ID}
	putText(o, "user", m.User)
	putText(o, "bot_id", m.BotID)
	putText(o, "username", m.Username)
	putText(o, "subtype", m.Subtype)
	if m.Broadcast {
		o["subtype"] = "thread_broadcast"
	}
	putText(o, "client_msg_id", m.ClientMsgID)
	putText(o, "thread_ts", m.ThreadTS)
	putJSON(o, "blocks", m.Blocks)
	putJSON(o, "attachments", m.Attachments)
	putJSON(o, "metadata", m.Metadata)
	if len(m.Files) > 0 {
		o["files"], o["upload"] = wireFiles(m.Files), m.Subtype == fileShare
	}
	if m.BotID == tx.bot.bot {
		o["app_id"], o["bot_profile"] = tx.bot.app, tx.botProfile()
	}
	if m.Edited != nil {
		o["edited"] = m.Edited
	}
	if m.Subtype == "tombstone" {
		o["hidden"] = true
	}
	if p := tx.person(m.User); p != nil && p.TeamID != tx.team.ID {
		o["user_team"], o["source_team"] = p.TeamID, p.TeamID
	}
	tx.wireThread(o, m)
	return o
}

func (tx *Tx) wireThread(o object, m *Message) {
	if m.IsReply() {
		if parent := tx.parentOf(m); parent != nil {
			putText(o, "parent_user_id", parent.User)
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

func wireReactions(reactions []Reaction) []object {
	list := []object{}
	for _, r := range reactions {
		list = append(list, object{"name": r.Name, "users": r.Users, "count": len(r.Users)})
	}
	return list
}

func (tx *Tx) parentOf(m *Message) *Message {
	if c := tx.channel(m.Channel); c != nil {
		return c.find(m.ThreadTS)
	}
	return nil
}

func (tx *Tx) botProfile() object {
	return object{
		"id": tx.bot.bot, "app_id": tx.bot.app, "user_id": tx.bot.user, "name": tx.bot.name,
		"deleted": false, "updated": 1700000000, "team_id": tx.team.ID, "icons": object{},
	}
}

func putText(o object, key, value string) {
	if value != "" {
		o[key] = value
	}
}

func putJSON(o object, key string, value json.RawMessage) {
	if len(value) > 0 {
		o[key] = value
	}
}

// wireName is a channel's name in payloads. Samples of Slack's own libraries
// have privategroup for a private channel; whether it can be its own name is not
// documented. https://docs.slack.dev/reference/interaction-payloads
func (tx *Tx) wireName(c *Channel) string {
	switch {
	case c.IM:
		return "directmessage"
	case c.Private && !c.MPIM && !tx.beliefs.PrivateNamed:
		return "privategroup"
	}
	return c.Name
}

// wireChannel is a channel as the API shows it.
func (tx *Tx) wireChannel(c *Channel) object {
	if c.IM {
		return object{
			"id": c.ID, "created": 1700000000, "is_im": true, "user": c.other(tx.bot.user), "is_channel": false,
			"is_group": false, "is_archived": false, "is_private": true, "is_open": true, "context_team_id": tx.team.ID,
		}
	}
	return object{
		"id": c.ID, "name": c.Name, "name_normalized": c.Name, "created": 1700000000, "creator": tx.bot.user,
		"is_channel": !c.Private, "is_group": c.Private, "is_im": false, "is_mpim": c.MPIM, "is_private": c.Private,
		"is_archived": c.Archived, "is_general": c.Name == "general", "is_member": c.has(tx.bot.user),
		"is_shared": c.External, "is_ext_shared": c.External, "is_org_shared": false, "unlinked": 0,
		"context_team_id": tx.team.ID, "num_members": len(c.Members),
		"topic":   object{"value": c.Topic, "creator": "", "last_set": 0},
		"purpose": object{"value": "", "creator": "", "last_set": 0},
	}
}

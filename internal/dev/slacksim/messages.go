package slacksim

import (
	"cmp"
	"encoding/json"
	"slices"
)

// post adds a message, notifies people and tells the bot. The draft's TS, Seq and Channel are
// set here; a reply updates its parent.
func (w *workspace) post(c *Channel, draft Message) *Message {
	draft.TS = w.newTS()
	draft.Channel = c.ID
	draft.Seq = w.journal.last() + 1
	m := w.finished(draft)
	c.Messages = append(c.Messages, m)
	w.journal.add(Entry{Kind: KindMessage, What: "posted", Channel: c.ID, User: m.User, Message: m})
	if m.IsReply() {
		w.countReplies(c, m.ThreadTS)
	}
	w.notify(c, m)
	w.tellPosted(c, m)
	return m
}

// finished fills in what Slack adds to whatever is posted.
func (w *workspace) finished(m Message) *Message {
	m.Blocks = withIDs(m.Blocks)
	if string(m.Metadata) == noMetadata {
		m.Metadata = nil
	}
	m.Names = w.names(m.Text, string(m.Blocks), m.User)
	return &m
}

// whisper shows a message to one person only.
func (w *workspace) whisper(c *Channel, reader string, draft Message) *Message {
	draft.TS = w.newTS()
	draft.Channel = c.ID
	draft.OnlyFor = reader
	draft.Seq = w.journal.last() + 1
	m := w.finished(draft)
	c.Ephemerals = append(c.Ephemerals, m)
	w.journal.add(Entry{Kind: KindMessage, What: "whispered", Channel: c.ID, User: reader, Message: m})
	return m
}

// change replaces a message by an edited copy and tells the bot.
func (w *workspace) change(c *Channel, old *Message, edit func(*Message)) *Message {
	m := w.swap(c, old, func(m *Message) {
		edit(m)
		*m = *w.finished(*m)
	})
	w.journal.add(Entry{Kind: KindMessage, What: "changed", Channel: c.ID, User: m.User, Message: m})
	w.tellChanged(c, m, old)
	return m
}

// swap replaces a message by a changed copy and tells nobody.
func (w *workspace) swap(c *Channel, old *Message, edit func(*Message)) *Message {
	m := new(Message)
	*m = *old
	edit(m)
	if i, ok := findMessage(c.Messages, old.TS); ok {
		c.Messages[i] = m
	}
	return m
}

// remove deletes a message. A parent with replies leaves a tombstone, and the
// last reply of a tombstone takes it along.
func (w *workspace) remove(c *Channel, old *Message) {
	w.journal.add(Entry{Kind: KindMessage, What: "deleted", Channel: c.ID, User: old.User, Message: old})
	if old.ReplyCount > 0 && !old.IsReply() {
		m := w.swap(c, old, bury)
		w.tellChanged(c, m, old)
		return
	}
	w.drop(c, old.TS)
	w.tellDeleted(c, old)
	if !old.IsReply() {
		return
	}
	w.countReplies(c, old.ThreadTS)
	if parent := c.find(old.ThreadTS); parent != nil && parent.Subtype == "tombstone" && parent.ReplyCount == 0 {
		w.drop(c, parent.TS)
	}
}

func bury(m *Message) {
	m.Subtype, m.Text, m.User, m.BotID, m.Username = "tombstone", "This message was deleted.", "USLACKBOT", "", ""
	m.Blocks, m.Attachments, m.Metadata, m.Reactions, m.Edited, m.Files = nil, nil, nil, nil, nil, nil
}

func (w *workspace) drop(c *Channel, ts string) {
	if i, ok := findMessage(c.Messages, ts); ok {
		c.Messages = slices.Delete(slices.Clone(c.Messages), i, i+1)
	}
}

// countReplies brings a parent's figures up to date.
func (w *workspace) countReplies(c *Channel, parentTS string) {
	i, ok := findMessage(c.Messages, parentTS)
	if !ok {
		return
	}
	count, latest, users := 0, "", []string(nil)
	for _, m := range c.Messages[i+1:] {
		if m.ThreadTS != parentTS {
			continue
		}
		count, latest = count+1, m.TS
		if author := cmp.Or(m.User, m.BotID); !slices.Contains(users, author) {
			users = append(users, author)
		}
	}
	w.swap(c, c.Messages[i], func(m *Message) {
		m.ReplyCount, m.LatestReply, m.ReplyUsers, m.ThreadTS = count, latest, users, ""
		if count > 0 {
			m.ThreadTS = m.TS
		}
	})
}

// react adds or takes back an emoji; false if it was so already.
func (w *workspace) react(c *Channel, m *Message, userID, emoji string, add bool) bool {
	if m.ReactedBy(userID, emoji) == add {
		return false
	}
	w.swap(c, m, func(m *Message) { m.Reactions = reacted(m.Reactions, userID, emoji, add) })
	kind := "reaction_removed"
	if add {
		kind = "reaction_added"
	}
	w.journal.add(Entry{Kind: KindReaction, What: kind, Detail: emoji, Channel: c.ID, User: userID, Message: m})
	w.tellReaction(c, m, userID, emoji, kind)
	return true
}

// reacted returns a new list: messages that were handed out keep theirs.
func reacted(old []Reaction, userID, emoji string, add bool) []Reaction {
	var list []Reaction
	found := false
	for _, r := range old {
		if r.Name == emoji {
			found = true
			r.Users = slices.DeleteFunc(slices.Clone(r.Users), func(u string) bool { return u == userID })
			if add {
				r.Users = append(r.Users, userID)
			}
		}
		if len(r.Users) > 0 {
			list = append(list, r)
		}
	}
	if add && !found {
		list = append(list, Reaction{Name: emoji, Users: []string{userID}})
	}
	return list
}

// wire is a message as the API and the events show it.
func (w *workspace) wire(m *Message) object {
	o := object{"type": "message", "text": m.Text, "ts": m.TS, "team": w.team.ID}
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
	if m.BotID == w.bot.bot {
		o["app_id"], o["bot_profile"] = w.bot.app, w.botProfile()
	}
	if m.Edited != nil {
		o["edited"] = m.Edited
	}
	if m.Subtype == "tombstone" {
		o["hidden"] = true
	}
	if p := w.person(m.User); p != nil && p.TeamID != w.team.ID {
		o["user_team"], o["source_team"] = p.TeamID, p.TeamID
	}
	w.wireThread(o, m)
	return o
}

func (w *workspace) wireThread(o object, m *Message) {
	if m.IsReply() {
		if parent := w.parentOf(m); parent != nil {
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

func (w *workspace) parentOf(m *Message) *Message {
	if c := w.channel(m.Channel); c != nil {
		return c.find(m.ThreadTS)
	}
	return nil
}

func (w *workspace) botProfile() object {
	return object{
		"id": w.bot.bot, "app_id": w.bot.app, "user_id": w.bot.user, "name": w.bot.name,
		"deleted": false, "updated": 1700000000, "team_id": w.team.ID, "icons": object{},
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

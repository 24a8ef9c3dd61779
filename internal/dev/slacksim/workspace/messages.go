package workspace

import (
	"cmp"
	"slices"

	"supporty/internal/dev/slacksim/layout"
)

// Post adds a message, notifies people and tells the bot. The draft's TS, Seq and Channel are
// set here; a reply updates its parent.
func (tx *Tx) Post(c *Channel, draft Message) *Message {
	draft.TS = tx.NewTS()
	draft.Channel = c.ID
	draft.Seq = tx.Journal.Last() + 1
	m := tx.finished(draft)
	c.Messages = append(c.Messages, m)
	tx.Journal.Add(Entry{Kind: KindMessage, What: "posted", Channel: c.ID, User: m.User, Message: m})
	if m.IsReply() {
		tx.countReplies(c, m.ThreadTS)
	}
	tx.notify(c, m)
	tx.tellPosted(c, m)
	return m
}

// finished fills in what Slack adds to whatever is posted.
func (tx *Tx) finished(m Message) *Message {
	m.Blocks = layout.WithIDs(m.Blocks)
	if string(m.Metadata) == NoMetadata {
		m.Metadata = nil
	}
	m.Names = tx.names(m.Text, string(m.Blocks), m.User)
	return &m
}

// PostEphemeral shows a message to one person only.
func (tx *Tx) PostEphemeral(c *Channel, reader string, draft Message) *Message {
	draft.TS = tx.NewTS()
	draft.Channel = c.ID
	draft.OnlyFor = reader
	draft.Seq = tx.Journal.Last() + 1
	m := tx.finished(draft)
	c.Ephemerals = append(c.Ephemerals, m)
	tx.Journal.Add(Entry{Kind: KindMessage, What: "ephemeral", Channel: c.ID, User: reader, Message: m})
	return m
}

// RemoveEphemeral takes away what its reader alone was shown.
func (tx *Tx) RemoveEphemeral(c *Channel, old *Message) {
	c.Ephemerals = slices.DeleteFunc(slices.Clone(c.Ephemerals), func(m *Message) bool { return m == old })
	tx.Journal.Add(Entry{Kind: KindMessage, What: "deleted", Channel: c.ID, User: old.OnlyFor, Message: old})
}

// ReplaceEphemeral shows the draft where its reader alone was shown another.
func (tx *Tx) ReplaceEphemeral(c *Channel, old *Message, draft Message) {
	draft.TS, draft.Channel, draft.Seq, draft.OnlyFor = old.TS, old.Channel, tx.Journal.Last()+1, old.OnlyFor
	m := tx.finished(draft)
	if i, ok := FindMessage(c.Ephemerals, old.TS); ok {
		c.Ephemerals = slices.Clone(c.Ephemerals)
		c.Ephemerals[i] = m
	}
	tx.Journal.Add(Entry{Kind: KindMessage, What: "changed", Channel: c.ID, User: old.OnlyFor, Message: m})
}

// Change replaces a message by an edited copy and tells the bot.
func (tx *Tx) Change(c *Channel, old *Message, edit func(*Message)) *Message {
	m := tx.Swap(c, old, func(m *Message) {
		edit(m)
		*m = *tx.finished(*m)
	})
	tx.Journal.Add(Entry{Kind: KindMessage, What: "changed", Channel: c.ID, User: m.User, Message: m})
	tx.tellChanged(c, m, old)
	return m
}

// Swap replaces a message by a changed copy and tells nobody.
func (tx *Tx) Swap(c *Channel, old *Message, edit func(*Message)) *Message {
	m := new(Message)
	*m = *old
	edit(m)
	if i, ok := FindMessage(c.Messages, old.TS); ok {
		c.Messages[i] = m
	}
	return m
}

// Remove deletes a message. A parent with replies leaves a tombstone, and the
// last reply of a tombstone takes it along.
func (tx *Tx) Remove(c *Channel, old *Message) {
	tx.Journal.Add(Entry{Kind: KindMessage, What: "deleted", Channel: c.ID, User: old.User, Message: old})
	if old.ReplyCount > 0 && !old.IsReply() {
		m := tx.Swap(c, old, bury)
		tx.tellChanged(c, m, old)
		return
	}
	tx.drop(c, old.TS)
	tx.tellDeleted(c, old)
	if !old.IsReply() {
		return
	}
	tx.countReplies(c, old.ThreadTS)
	if parent := c.Message(old.ThreadTS); parent != nil && parent.Subtype == "tombstone" && parent.ReplyCount == 0 {
		tx.drop(c, parent.TS)
	}
}

func bury(m *Message) {
	m.Subtype, m.Text, m.User, m.BotID, m.Username = "tombstone", "This message was deleted.", "USLACKBOT", "", ""
	m.Blocks, m.Attachments, m.Metadata, m.Reactions, m.Edited, m.Files = nil, nil, nil, nil, nil, nil
}

func (tx *Tx) drop(c *Channel, ts string) {
	if i, ok := FindMessage(c.Messages, ts); ok {
		c.Messages = slices.Delete(slices.Clone(c.Messages), i, i+1)
	}
}

// countReplies brings a parent's figures up to date.
func (tx *Tx) countReplies(c *Channel, parentTS string) {
	i, ok := FindMessage(c.Messages, parentTS)
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
	tx.Swap(c, c.Messages[i], func(m *Message) {
		m.ReplyCount, m.LatestReply, m.ReplyUsers, m.ThreadTS = count, latest, users, ""
		if count > 0 {
			m.ThreadTS = m.TS
		}
	})
}

// React adds or takes back an emoji; false if it was so already.
func (tx *Tx) React(c *Channel, m *Message, userID, emoji string, add bool) bool {
	if m.ReactedBy(userID, emoji) == add {
		return false
	}
	tx.Swap(c, m, func(m *Message) { m.Reactions = reacted(m.Reactions, userID, emoji, add) })
	kind := "reaction_removed"
	if add {
		kind = "reaction_added"
	}
	tx.Journal.Add(Entry{Kind: KindReaction, What: kind, Detail: emoji, Channel: c.ID, User: userID, Message: m})
	tx.tellReaction(c, m, userID, emoji, kind)
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

// NoMetadata is how metadata is cleared.
const NoMetadata = "{}"

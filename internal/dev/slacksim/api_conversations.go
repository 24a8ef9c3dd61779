package slacksim

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
)

func (api *API) conversationsInfo(tx *Tx, a args) (object, error) {
	c, err := visible(tx, a["channel"])
	if err != nil {
		return nil, err
	}
	info := tx.wireChannel(c)
	if a.flag("include_num_members") {
		info["num_members"] = len(c.Members)
	}
	return object{"channel": info}, nil
}

func (api *API) conversationsList(tx *Tx, a args) (object, error) {
	return listChannels(tx, a, func(*Channel) bool { return true })
}

// usersConversations lists where the bot is, or where both it and a person are.
func (api *API) usersConversations(tx *Tx, a args) (object, error) {
	whose := cmp.Or(a["user"], tx.bot.user)
	if tx.personByID(whose) == nil {
		return nil, refuse("user_not_found")
	}
	return listChannels(tx, a, func(c *Channel) bool { return c.has(whose) && c.has(tx.bot.user) })
}

func listChannels(tx *Tx, a args, wanted func(*Channel) bool) (object, error) {
	types := splitTypes(a["types"])
	list := []object{}
	for _, c := range tx.channels {
		hidden := (c.Private || c.IM) && !c.has(tx.bot.user)
		if !slices.Contains(types, listType[c.kind()]) || hidden || !wanted(c) || (c.Archived && a.flag("exclude_archived")) {
			continue
		}
		list = append(list, tx.wireChannel(c))
	}
	part, next, err := page(list, a, 100)
	if err != nil {
		return nil, err
	}
	return object{"channels": part, "response_metadata": nextCursor(next)}, nil
}

func (api *API) conversationsMembers(tx *Tx, a args) (object, error) {
	c, err := visible(tx, a["channel"])
	if err != nil {
		return nil, err
	}
	part, next, err := page(c.Members, a, 100)
	if err != nil {
		return nil, err
	}
	return object{"members": part, "response_metadata": nextCursor(next)}, nil
}

// readable finds a channel whose messages the bot may read.
func readable(tx *Tx, ref string) (*Channel, error) {
	c, err := visible(tx, ref)
	if err != nil {
		return nil, err
	}
	if !c.has(tx.bot.user) {
		return nil, refuse("not_in_channel")
	}
	return c, nil
}

// conversationsHistory lists what stands in the channel, newest first.
func (api *API) conversationsHistory(tx *Tx, a args) (object, error) {
	c, err := readable(tx, a["channel"])
	if err != nil {
		return nil, err
	}
	var list []*Message
	for _, m := range slices.Backward(c.Messages) {
		if (!m.IsReply() || m.Broadcast) && within(m.TS, a) {
			list = append(list, m)
		}
	}
	part, next, err := messagePage(list, a["cursor"], a.number("limit", 100, 999), true)
	if err != nil {
		return nil, err
	}
	return wirePage(tx, part, next, a), nil
}

// messagePage cuts messages to one page. Its cursor is a ts, so that a page
// stays where it is while messages come and go.
func messagePage(list []*Message, cursor string, limit int, newestFirst bool) ([]*Message, string, error) {
	start := 0
	if cursor != "" {
		ts, err := readCursor(cursor)
		if err != nil {
			return nil, "", refuse("invalid_cursor")
		}
		for start < len(list) && list[start].TS != ts && (list[start].TS > ts) == newestFirst {
			start++
		}
	}
	end := start + limit
	if end >= len(list) {
		return list[start:], "", nil
	}
	return list[start:end], writeCursor(list[end].TS), nil
}

// within applies oldest and latest; inclusive takes the bounds in.
func within(ts string, a args) bool {
	oldest, latest := padTS(a["oldest"]), padTS(a["latest"])
	if a.flag("inclusive") && (ts == oldest || ts == latest) {
		return true
	}
	return (oldest == "" || ts > oldest) && (latest == "" || ts < latest)
}

// padTS brings a bound such as 0 or 1700000000 to the form of a ts.
func padTS(bound string) string {
	if bound == "" {
		return ""
	}
	secs, micros, _ := strings.Cut(bound, ".")
	secs = strings.Repeat("0", max(0, 10-len(secs))) + secs
	return secs + "." + (micros + "000000")[:6]
}

func wirePage(tx *Tx, part []*Message, next string, a args) object {
	list := []object{}
	for _, m := range part {
		o := tx.wire(m)
		switch {
		case tx.beliefs.ReadsLackMetadata:
			delete(o, "metadata")
		case m.Metadata != nil && !a.flag("include_all_metadata"):
			o["metadata"] = eventTypeOnly(m.Metadata)
		}
		list = append(list, o)
	}
	body := object{"messages": list, "has_more": next != "", "pin_count": 0}
	if next != "" {
		body["response_metadata"] = nextCursor(next)
	}
	return body
}

func eventTypeOnly(metadata json.RawMessage) object {
	var whole object
	_ = decodeInto(metadata, &whole) // it was read when it was posted
	return object{"event_type": whole["event_type"]}
}

// conversationsReplies lists a thread, its parent first on every page. The ts
// of a reply gives that reply alone.
func (api *API) conversationsReplies(tx *Tx, a args) (object, error) {
	c, err := readable(tx, a["channel"])
	if err != nil {
		return nil, err
	}
	parent := c.find(a["ts"])
	if parent == nil {
		return nil, refuse("thread_not_found")
	}
	var replies []*Message
	for _, m := range c.Messages {
		if m.ThreadTS == parent.TS && m.IsReply() && within(m.TS, a) {
			replies = append(replies, m)
		}
	}
	part, next, err := messagePage(replies, a["cursor"], a.number("limit", 1000, 1000)-1, false)
	if err != nil {
		return nil, err
	}
	return wirePage(tx, append([]*Message{parent}, part...), next, a), nil
}

func (api *API) conversationsOpen(tx *Tx, a args) (object, error) {
	if a["channel"] != "" {
		c, err := visible(tx, a["channel"])
		if err != nil {
			return nil, err
		}
		return object{"channel": tx.wireChannel(c), "no_op": true, "already_open": true}, nil
	}
	users := strings.Split(a["users"], ",")
	switch {
	case a["users"] == "":
		return nil, refuse("users_list_not_supplied")
	case len(users) > 8:
		return nil, refuse("too_many_users")
	}
	for _, id := range users {
		switch p := tx.personByID(id); {
		case p == nil:
			return nil, refuse("user_not_found")
		case p.Deactivated:
			return nil, refuse("user_disabled")
		}
	}
	c := tx.conversation(append(users, tx.bot.user)...)
	if a.flag("return_im") {
		return object{"channel": tx.wireChannel(c)}, nil
	}
	return object{"channel": object{"id": c.ID}}, nil
}

func (api *API) conversationsJoin(tx *Tx, a args) (object, error) {
	c, err := visible(tx, a["channel"])
	switch {
	case err != nil:
		return nil, err
	case c.Private || c.direct():
		return nil, refuse("method_not_supported_for_channel_type")
	case c.Archived:
		return nil, refuse("is_archived")
	case c.has(tx.bot.user):
		return object{"channel": tx.wireChannel(c), "warning": "already_in_channel"}, nil
	}
	tx.join(c, tx.bot.user, "")
	return object{"channel": tx.wireChannel(c)}, nil
}

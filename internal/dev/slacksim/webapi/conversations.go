package webapi

import (
	"cmp"
	"slices"
	"strings"

	"supporty/internal/dev/slacksim/wire"
	"supporty/internal/dev/slacksim/workspace"
)

func (api *API) conversationsInfo(tx *workspace.Tx, a args) (wire.Object, error) {
	c, err := visible(tx, a["channel"])
	if err != nil {
		return nil, err
	}
	info := tx.WireChannel(c)
	if a.flag("include_num_members") {
		info["num_members"] = len(c.Members)
	}
	return wire.Object{"channel": info}, nil
}

func (api *API) conversationsList(tx *workspace.Tx, a args) (wire.Object, error) {
	return listChannels(tx, a, func(*workspace.Channel) bool { return true })
}

// usersConversations lists where the bot is, or where both it and a person are.
func (api *API) usersConversations(tx *workspace.Tx, a args) (wire.Object, error) {
	whose := cmp.Or(a["user"], tx.Bot.User)
	if tx.PersonByID(whose) == nil {
		return nil, refuse("user_not_found")
	}
	return listChannels(tx, a, func(c *workspace.Channel) bool { return c.Has(whose) && c.Has(tx.Bot.User) })
}

func listChannels(tx *workspace.Tx, a args, wanted func(*workspace.Channel) bool) (wire.Object, error) {
	types := splitTypes(a["types"])
	list := []wire.Object{}
	for _, c := range tx.Channels {
		hidden := (c.Private || c.IM) && !c.Has(tx.Bot.User)
		if !slices.Contains(types, listType[c.Kind()]) || hidden || !wanted(c) || (c.Archived && a.flag("exclude_archived")) {
			continue
		}
		list = append(list, tx.WireChannel(c))
	}
	part, next, err := page(list, a, 100)
	if err != nil {
		return nil, err
	}
	return wire.Object{"channels": part, "response_metadata": nextCursor(next)}, nil
}

func (api *API) conversationsMembers(tx *workspace.Tx, a args) (wire.Object, error) {
	c, err := visible(tx, a["channel"])
	if err != nil {
		return nil, err
	}
	part, next, err := page(c.Members, a, 100)
	if err != nil {
		return nil, err
	}
	return wire.Object{"members": part, "response_metadata": nextCursor(next)}, nil
}

// readable finds a channel whose messages the bot may read.
func readable(tx *workspace.Tx, ref string) (*workspace.Channel, error) {
	c, err := visible(tx, ref)
	if err != nil {
		return nil, err
	}
	if !c.Has(tx.Bot.User) {
		return nil, refuse("not_in_channel")
	}
	return c, nil
}

// conversationsHistory lists what stands in the channel, newest first.
func (api *API) conversationsHistory(tx *workspace.Tx, a args) (wire.Object, error) {
	c, err := readable(tx, a["channel"])
	if err != nil {
		return nil, err
	}
	limit := a.number("limit", 100, 999)
	part, next, err := messagePage(newest(c, a, limit+1), a["cursor"], limit, true)
	if err != nil {
		return nil, err
	}
	return wirePage(tx, part, next, a), nil
}

// newest lists so many messages of the channel itself, from the cursor or the latest on. It
// looks at no more of the channel than it must: a channel may have many messages.
func newest(c *workspace.Channel, a args, limit int) (list []*workspace.Message) {
	end, from := len(c.Messages), padTS(a["latest"])
	if ts, err := readCursor(a["cursor"]); err == nil && ts != "" {
		from = ts
	}
	if from != "" {
		at, found := workspace.FindMessage(c.Messages, from)
		if end = at; found {
			end++
		}
	}
	oldest := padTS(a["oldest"])
	for _, m := range slices.Backward(c.Messages[:end]) {
		if len(list) == limit || m.TS < oldest {
			break
		}
		if (!m.IsReply() || m.Broadcast) && within(m.TS, a) {
			list = append(list, m)
		}
	}
	return list
}

// messagePage cuts messages to one page. Its cursor is a ts, so that a page
// stays where it is while messages come and go.
func messagePage(list []*workspace.Message, cursor string, limit int, newestFirst bool) ([]*workspace.Message, string, error) {
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

func wirePage(tx *workspace.Tx, part []*workspace.Message, next string, a args) wire.Object {
	list := []wire.Object{}
	for _, m := range part {
		o := tx.Wire(m)
		switch {
		case tx.Beliefs.ReadsLackMetadata:
			delete(o, "metadata")
		case m.Metadata != nil && !a.flag("include_all_metadata"):
			o["metadata"] = workspace.EventTypeOnly(m.Metadata)
		}
		list = append(list, o)
	}
	body := wire.Object{"messages": list, "has_more": next != "", "pin_count": 0}
	if next != "" {
		body["response_metadata"] = nextCursor(next)
	}
	return body
}

// conversationsReplies lists a thread, its parent first on every page. The ts
// of a reply gives that reply alone.
func (api *API) conversationsReplies(tx *workspace.Tx, a args) (wire.Object, error) {
	c, err := readable(tx, a["channel"])
	if err != nil {
		return nil, err
	}
	parent := c.Message(a["ts"])
	if parent == nil {
		return nil, refuse("thread_not_found")
	}
	var replies []*workspace.Message
	for _, m := range c.Messages {
		if m.ThreadTS == parent.TS && m.IsReply() && within(m.TS, a) {
			replies = append(replies, m)
		}
	}
	part, next, err := messagePage(replies, a["cursor"], a.number("limit", 1000, 1000)-1, false)
	if err != nil {
		return nil, err
	}
	return wirePage(tx, append([]*workspace.Message{parent}, part...), next, a), nil
}

func (api *API) conversationsOpen(tx *workspace.Tx, a args) (wire.Object, error) {
	if a["channel"] != "" {
		c, err := visible(tx, a["channel"])
		if err != nil {
			return nil, err
		}
		return wire.Object{"channel": tx.WireChannel(c), "no_op": true, "already_open": true}, nil
	}
	users := strings.Split(a["users"], ",")
	switch {
	case a["users"] == "":
		return nil, refuse("users_list_not_supplied")
	case len(users) > 8:
		return nil, refuse("too_many_users")
	}
	for _, id := range users {
		switch p := tx.PersonByID(id); {
		case p == nil:
			return nil, refuse("user_not_found")
		case p.Deactivated:
			return nil, refuse("user_disabled")
		}
	}
	c := tx.Conversation(append(users, tx.Bot.User)...)
	if a.flag("return_im") {
		return wire.Object{"channel": tx.WireChannel(c)}, nil
	}
	return wire.Object{"channel": wire.Object{"id": c.ID}}, nil
}

func (api *API) conversationsJoin(tx *workspace.Tx, a args) (wire.Object, error) {
	c, err := visible(tx, a["channel"])
	switch {
	case err != nil:
		return nil, err
	case c.Private || c.Direct():
		return nil, refuse("method_not_supported_for_channel_type")
	case c.Archived:
		return nil, refuse("is_archived")
	case c.Has(tx.Bot.User):
		return wire.Object{"channel": tx.WireChannel(c), "warning": "already_in_channel"}, nil
	}
	tx.Join(c, tx.Bot.User, "")
	return wire.Object{"channel": tx.WireChannel(c)}, nil
}

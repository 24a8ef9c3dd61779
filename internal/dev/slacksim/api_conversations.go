package slacksim

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
)

func (s *Server) conversationsInfo(a args) (object, error) {
	c, err := s.visible(a["channel"])
	if err != nil {
		return nil, err
	}
	info := s.ws.wireChannel(c)
	if a.flag("include_num_members") {
		info["num_members"] = len(c.Members)
	}
	return object{"channel": info}, nil
}

func (w *workspace) wireChannel(c *Channel) object {
	if c.IM {
		return object{
			"id": c.ID, "created": 1700000000, "is_im": true, "user": c.other(w.bot.user), "is_channel": false,
			"is_group": false, "is_archived": false, "is_private": true, "is_open": true, "context_team_id": w.team.ID,
		}
	}
	return object{
		"id": c.ID, "name": c.Name, "name_normalized": c.Name, "created": 1700000000, "creator": w.bot.user,
		"is_channel": !c.Private, "is_group": c.Private, "is_im": false, "is_mpim": c.MPIM, "is_private": c.Private,
		"is_archived": c.Archived, "is_general": c.Name == "general", "is_member": c.has(w.bot.user),
		"is_shared": c.External, "is_ext_shared": c.External, "is_org_shared": false, "unlinked": 0,
		"context_team_id": w.team.ID, "num_members": len(c.Members),
		"topic":   object{"value": c.Topic, "creator": "", "last_set": 0},
		"purpose": object{"value": "", "creator": "", "last_set": 0},
	}
}

func (s *Server) conversationsList(a args) (object, error) {
	return s.listChannels(a, func(*Channel) bool { return true })
}

// usersConversations lists where the bot is, or where both it and a person are.
func (s *Server) usersConversations(a args) (object, error) {
	whose := cmp.Or(a["user"], s.ws.bot.user)
	if s.user(whose) == nil {
		return nil, refuse("user_not_found")
	}
	return s.listChannels(a, func(c *Channel) bool { return c.has(whose) && c.has(s.ws.bot.user) })
}

func (s *Server) listChannels(a args, wanted func(*Channel) bool) (object, error) {
	types := splitTypes(a["types"])
	list := []object{}
	for _, c := range s.ws.channels {
		hidden := (c.Private || c.IM) && !c.has(s.ws.bot.user)
		if !slices.Contains(types, listType[c.kind()]) || hidden || !wanted(c) || (c.Archived && a.flag("exclude_archived")) {
			continue
		}
		list = append(list, s.ws.wireChannel(c))
	}
	part, next, err := page(list, a, 100)
	if err != nil {
		return nil, err
	}
	return object{"channels": part, "response_metadata": nextCursor(next)}, nil
}

func (s *Server) conversationsMembers(a args) (object, error) {
	c, err := s.visible(a["channel"])
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
func (s *Server) readable(ref string) (*Channel, error) {
	c, err := s.visible(ref)
	if err != nil {
		return nil, err
	}
	if !c.has(s.ws.bot.user) {
		return nil, refuse("not_in_channel")
	}
	return c, nil
}

// conversationsHistory lists what stands in the channel, newest first.
func (s *Server) conversationsHistory(a args) (object, error) {
	c, err := s.readable(a["channel"])
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
	return s.wirePage(part, next, a), nil
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

func (s *Server) wirePage(part []*Message, next string, a args) object {
	list := []object{}
	for _, m := range part {
		o := s.ws.wire(m)
		switch {
		case s.ws.beliefs.ReadsLackMetadata:
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
func (s *Server) conversationsReplies(a args) (object, error) {
	c, err := s.readable(a["channel"])
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
	return s.wirePage(append([]*Message{parent}, part...), next, a), nil
}

func (s *Server) conversationsOpen(a args) (object, error) {
	if a["channel"] != "" {
		c, err := s.visible(a["channel"])
		if err != nil {
			return nil, err
		}
		return object{"channel": s.ws.wireChannel(c), "no_op": true, "already_open": true}, nil
	}
	users := strings.Split(a["users"], ",")
	switch {
	case a["users"] == "":
		return nil, refuse("users_list_not_supplied")
	case len(users) > 8:
		return nil, refuse("too_many_users")
	}
	for _, id := range users {
		switch p := s.user(id); {
		case p == nil:
			return nil, refuse("user_not_found")
		case p.Deactivated:
			return nil, refuse("user_disabled")
		}
	}
	c := s.ws.conversation(append(users, s.ws.bot.user)...)
	if a.flag("return_im") {
		return object{"channel": s.ws.wireChannel(c)}, nil
	}
	return object{"channel": object{"id": c.ID}}, nil
}

func (s *Server) conversationsJoin(a args) (object, error) {
	c, err := s.visible(a["channel"])
	switch {
	case err != nil:
		return nil, err
	case c.Private || c.direct():
		return nil, refuse("method_not_supported_for_channel_type")
	case c.Archived:
		return nil, refuse("is_archived")
	case c.has(s.ws.bot.user):
		return object{"channel": s.ws.wireChannel(c), "warning": "already_in_channel"}, nil
	}
	s.ws.join(c, s.ws.bot.user, "")
	return object{"channel": s.ws.wireChannel(c)}, nil
}

package slacksim

import "regexp"

// emojiName is a short name, with a skin tone or without.
var emojiName = regexp.MustCompile(`^[a-z0-9_+'-]+(::skin-tone-[2-6])?$`)

// reactable finds the message that a reactions method is about.
func (s *Server) reactable(a args) (*Channel, *Message, error) {
	if a["channel"] == "" || a["timestamp"] == "" {
		return nil, nil, refuse("no_item_specified")
	}
	c, err := s.readable(a["channel"])
	if err != nil {
		return nil, nil, err
	}
	m := c.find(a["timestamp"])
	if m == nil || m.Subtype == "tombstone" {
		return nil, nil, refuse("message_not_found")
	}
	return c, m, nil
}

func (s *Server) reactionsAdd(a args) (object, error) {
	c, m, err := s.reactable(a)
	switch {
	case err != nil:
		return nil, err
	case c.Archived:
		return nil, refuse("is_archived")
	case !emojiName.MatchString(a["name"]):
		return nil, refuse("invalid_name")
	case !s.ws.react(c, m, s.ws.bot.user, a["name"], true):
		return nil, refuse("already_reacted")
	}
	return object{}, nil
}

func (s *Server) reactionsRemove(a args) (object, error) {
	c, m, err := s.reactable(a)
	switch {
	case err != nil:
		return nil, err
	case !emojiName.MatchString(a["name"]):
		return nil, refuse("invalid_name")
	case !s.ws.react(c, m, s.ws.bot.user, a["name"], false):
		return nil, refuse("no_reaction")
	}
	return object{}, nil
}

func (s *Server) reactionsGet(a args) (object, error) {
	c, m, err := s.reactable(a)
	if err != nil {
		return nil, err
	}
	return object{"type": "message", "channel": c.ID, "message": s.ws.wire(m)}, nil
}

package slacksim

import "regexp"

// emojiName is a short name, with a skin tone or without.
var emojiName = regexp.MustCompile(`^[a-z0-9_+'-]+(::skin-tone-[2-6])?$`)

// reactable finds the message that a reactions method is about.
func reactable(tx *Tx, a args) (*Channel, *Message, error) {
	if a["channel"] == "" || a["timestamp"] == "" {
		return nil, nil, refuse("no_item_specified")
	}
	c, err := readable(tx, a["channel"])
	if err != nil {
		return nil, nil, err
	}
	m := c.find(a["timestamp"])
	if m == nil || m.Subtype == "tombstone" {
		return nil, nil, refuse("message_not_found")
	}
	return c, m, nil
}

func (api *API) reactionsAdd(tx *Tx, a args) (object, error) {
	c, m, err := reactable(tx, a)
	switch {
	case err != nil:
		return nil, err
	case c.Archived:
		return nil, refuse("is_archived")
	case !emojiName.MatchString(a["name"]):
		return nil, refuse("invalid_name")
	case !tx.react(c, m, tx.bot.user, a["name"], true):
		return nil, refuse("already_reacted")
	}
	return object{}, nil
}

func (api *API) reactionsRemove(tx *Tx, a args) (object, error) {
	c, m, err := reactable(tx, a)
	switch {
	case err != nil:
		return nil, err
	case !emojiName.MatchString(a["name"]):
		return nil, refuse("invalid_name")
	case !tx.react(c, m, tx.bot.user, a["name"], false):
		return nil, refuse("no_reaction")
	}
	return object{}, nil
}

func (api *API) reactionsGet(tx *Tx, a args) (object, error) {
	c, m, err := reactable(tx, a)
	if err != nil {
		return nil, err
	}
	return object{"type": "message", "channel": c.ID, "message": tx.wire(m)}, nil
}

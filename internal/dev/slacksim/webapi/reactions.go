package webapi

import (
	"regexp"

	"supporty/internal/dev/slacksim/wire"
	"supporty/internal/dev/slacksim/workspace"
)

// emojiName is a short name, with a skin tone or without.
var emojiName = regexp.MustCompile(`^[a-z0-9_+'-]+(::skin-tone-[2-6])?$`)

// reactable finds the message that a reactions method is about.
func reactable(tx *workspace.Tx, a args) (*workspace.Channel, *workspace.Message, error) {
	if a["channel"] == "" || a["timestamp"] == "" {
		return nil, nil, refuse("no_item_specified")
	}
	c, err := readable(tx, a["channel"])
	if err != nil {
		return nil, nil, err
	}
	m := c.Message(a["timestamp"])
	if m == nil || m.Subtype == "tombstone" {
		return nil, nil, refuse("message_not_found")
	}
	return c, m, nil
}

func (api *API) reactionsAdd(tx *workspace.Tx, a args) (wire.Object, error) {
	c, m, err := reactable(tx, a)
	switch {
	case err != nil:
		return nil, err
	case c.Archived:
		return nil, refuse("is_archived")
	case !emojiName.MatchString(a["name"]):
		return nil, refuse("invalid_name")
	case !tx.React(c, m, tx.Bot.User, a["name"], true):
		return nil, refuse("already_reacted")
	}
	return wire.Object{}, nil
}

func (api *API) reactionsRemove(tx *workspace.Tx, a args) (wire.Object, error) {
	c, m, err := reactable(tx, a)
	switch {
	case err != nil:
		return nil, err
	case !emojiName.MatchString(a["name"]):
		return nil, refuse("invalid_name")
	case !tx.React(c, m, tx.Bot.User, a["name"], false):
		return nil, refuse("no_reaction")
	}
	return wire.Object{}, nil
}

func (api *API) reactionsGet(tx *workspace.Tx, a args) (wire.Object, error) {
	c, m, err := reactable(tx, a)
	if err != nil {
		return nil, err
	}
	return wire.Object{"type": "message", "channel": c.ID, "message": tx.Wire(m)}, nil
}

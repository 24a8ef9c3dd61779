package webapi

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"supporty/internal/dev/slacksim/wire"
	"supporty/internal/dev/slacksim/workspace"
)

// Channels that the app makes and looks after. Each refusal is on the page of its method,
// unless STRICTNESS.md names another source.

const longestName = 80

var (
	channelName = regexp.MustCompile(`^[\p{Ll}\p{Lo}\p{N}_-]+$`)
	namesThings = regexp.MustCompile(`[\p{L}\p{N}]`)
)

// conversationsCreate makes a channel with the bot in it. A name is taken by any channel,
// also by one that is archived or that the bot cannot see.
func (api *API) conversationsCreate(tx *workspace.Tx, a args) (wire.Object, error) {
	name := a["name"]
	switch {
	case name == "":
		return nil, refuse("invalid_name_required")
	case utf8.RuneCountInString(name) > longestName:
		return nil, refuse("invalid_name_maxlength")
	case !channelName.MatchString(name):
		return nil, refuse("invalid_name_specials")
	case !namesThings.MatchString(name):
		return nil, refuse("invalid_name_punctuation")
	case tx.Channel(name) != nil:
		return nil, refuse("name_taken")
	}
	c := tx.CreateChannel(workspace.Channel{Name: name, Private: a.flag("is_private")}, tx.Bot.User)
	return wire.Object{"channel": tx.WireChannel(c)}, nil
}

const mostInvited = 100

// conversationsInvite adds all, or nobody if one of them cannot be added, unless force is set.
func (api *API) conversationsInvite(tx *workspace.Tx, a args) (wire.Object, error) {
	c, err := managed(tx, a["channel"])
	if err != nil {
		return nil, err
	}
	users := strings.Split(a["users"], ",")
	switch {
	case a["users"] == "":
		return nil, refuse("no_user")
	case c.Archived:
		return nil, refuse("is_archived")
	case len(users) > mostInvited:
		return nil, refuse("invalid_arguments")
	}
	var welcome []string
	refused := []wire.Object{}
	for _, id := range users {
		if code := uninvited(tx, c, id); code != "" {
			refused = append(refused, wire.Object{"user": id, "ok": false, "error": code})
			continue
		}
		welcome = append(welcome, id)
	}
	if len(refused) > 0 && (len(welcome) == 0 || !a.flag("force")) {
		return nil, &apiError{wire.Text(refused[0], "error"), wire.Object{"errors": refused}}
	}
	for _, id := range welcome {
		tx.Join(c, id, tx.Bot.User)
	}
	return wire.Object{"channel": tx.WireChannel(c), "errors": refused}, nil
}

// uninvited says why somebody cannot be invited; "" if they can.
func uninvited(tx *workspace.Tx, c *workspace.Channel, id string) string {
	p := tx.PersonByID(id)
	switch {
	case p == nil:
		return "user_not_found"
	case p.ID == tx.Bot.User:
		return "cant_invite_self"
	case p.Deactivated:
		return "cant_invite"
	case c.Has(id):
		return "already_in_channel"
	case p.TeamID != tx.Team.ID:
		return "no_external_invite_permission"
	case p.UltraRestricted:
		return "ura_max_channels"
	case p.Restricted && !tx.Beliefs.GuestsInvited:
		return "user_is_restricted"
	}
	return ""
}

func (api *API) conversationsKick(tx *workspace.Tx, a args) (wire.Object, error) {
	c, err := managed(tx, a["channel"])
	if err != nil {
		return nil, err
	}
	switch p := tx.PersonByID(a["user"]); {
	case p == nil:
		return nil, refuse("user_not_found")
	case p.ID == tx.Bot.User:
		return nil, refuse("cant_kick_self")
	case c.Name == general:
		return nil, refuse("cant_kick_from_general")
	case !c.Has(p.ID):
		return nil, refuse("not_in_channel")
	}
	tx.Leave(c, a["user"])
	return wire.Object{"errors": wire.Object{}}, nil
}

const general = "general"

func (api *API) conversationsArchive(tx *workspace.Tx, a args) (wire.Object, error) {
	c, err := managed(tx, a["channel"])
	switch {
	case err != nil:
		return nil, err
	case c.Name == general:
		return nil, refuse("cant_archive_general")
	case c.Archived:
		return nil, refuse("already_archived")
	}
	tx.Archive(c, tx.Bot.User, true)
	return wire.Object{}, nil
}

// conversationsUnarchive refuses: bot tokens cannot do it.
func (api *API) conversationsUnarchive(tx *workspace.Tx, a args) (wire.Object, error) {
	switch c, err := visible(tx, a["channel"]); {
	case err != nil:
		return nil, err
	case !c.Archived:
		return nil, refuse("not_archived")
	}
	return nil, refuse("not_in_channel")
}

func (api *API) conversationsSetTopic(tx *workspace.Tx, a args) (wire.Object, error) {
	return describe(tx, a, "topic")
}

func (api *API) conversationsSetPurpose(tx *workspace.Tx, a args) (wire.Object, error) {
	return describe(tx, a, "purpose")
}

const longestDescription = 250

func describe(tx *workspace.Tx, a args, what string) (wire.Object, error) {
	c, err := managed(tx, a["channel"])
	switch {
	case err != nil:
		return nil, err
	case c.Archived:
		return nil, refuse("is_archived")
	case utf8.RuneCountInString(a[what]) > longestDescription:
		return nil, refuse("too_long")
	}
	tx.Describe(c, tx.Bot.User, what, a[what])
	return wire.Object{"channel": tx.WireChannel(c)}, nil
}

// managed finds a channel of which the bot may change who is in it and what it is.
func managed(tx *workspace.Tx, ref string) (*workspace.Channel, error) {
	c, err := visible(tx, ref)
	switch {
	case err != nil:
		return nil, err
	case c.Direct():
		return nil, refuse("method_not_supported_for_channel_type")
	case !c.Has(tx.Bot.User):
		return nil, refuse("not_in_channel")
	}
	return c, nil
}

// toMake and toManage stand for the scopes to make a channel and to change one.
const (
	toMake   = "make"
	toManage = "manage"
)

func scopesToMake(a args) []string {
	if a.flag("is_private") {
		return []string{manages["group"]}
	}
	return []string{manages["channel"]}
}

func scopesToManage(tx *workspace.Tx, a args) []string {
	var scopes []string
	for _, kind := range kindsOf(tx, a["channel"]) {
		scopes = append(scopes, manages[kind])
	}
	return scopes
}

// manages says by kind which scope changes a conversation.
var manages = map[string]string{"channel": "channels:manage", "group": "groups:write", "im": "im:write", "mpim": "mpim:write"}

package webapi

import (
	"slices"
	"strings"

	"supporty/internal/dev/slacksim/wire"
	"supporty/internal/dev/slacksim/workspace"
)

func (api *API) usersInfo(tx *workspace.Tx, a args) (wire.Object, error) {
	p := tx.PersonByID(a["user"])
	if p == nil {
		return nil, refuse("user_not_found")
	}
	return wire.Object{"user": api.profiled(tx, p)}, nil
}

// profiled is a person as the granted scopes let the bot see them.
func (api *API) profiled(tx *workspace.Tx, p *workspace.Person) wire.Object {
	user := tx.WireUser(p)
	if profile, ok := user["profile"].(wire.Object); ok && !api.granted("users:read.email") {
		delete(profile, "email")
	}
	return user
}

// usersList leaves strangers out, as Slack does.
func (api *API) usersList(tx *workspace.Tx, a args) (wire.Object, error) {
	list := []wire.Object{}
	for _, p := range tx.People {
		if p.TeamID == tx.Team.ID {
			list = append(list, api.profiled(tx, p))
		}
	}
	part, next, err := page(list, a, 999)
	if err != nil {
		return nil, err
	}
	return wire.Object{"members": part, "cache_ts": tx.Now().Unix(), "response_metadata": nextCursor(next)}, nil
}

func (api *API) usergroupsList(tx *workspace.Tx, a args) (wire.Object, error) {
	list := []wire.Object{}
	for _, g := range tx.Groups {
		if g.Disabled && !a.flag("include_disabled") {
			continue
		}
		list = append(list, wireGroup(tx, g, a.flag("include_users")))
	}
	return wire.Object{"usergroups": list}, nil
}

func wireGroup(tx *workspace.Tx, g *workspace.Usergroup, withUsers bool) wire.Object {
	o := wire.Object{
		"id": g.ID, "team_id": tx.Team.ID, "is_usergroup": true, "name": g.Name, "handle": g.Handle,
		"description": "", "is_external": false, "date_create": 1700000000, "date_update": 1700000000,
		"date_delete": 0, "user_count": len(g.Members), "prefs": wire.Object{"channels": []string{}, "groups": []string{}},
	}
	if g.Disabled {
		o["date_delete"] = 1700000001
	}
	if withUsers {
		o["users"] = slices.Clone(g.Members)
	}
	return o
}

func (api *API) usergroupsUsersList(tx *workspace.Tx, a args) (wire.Object, error) {
	g := tx.Group(a["usergroup"])
	if g == nil || g.ID != a["usergroup"] || (g.Disabled && !a.flag("include_disabled")) {
		return nil, refuse("no_such_subteam")
	}
	return wire.Object{"users": slices.Clone(g.Members)}, nil
}

// usergroupsUsersUpdate replaces all members. It cannot leave nobody, and takes neither bots nor guests.
// https://docs.slack.dev/reference/methods/usergroups.users.update
func (api *API) usergroupsUsersUpdate(tx *workspace.Tx, a args) (wire.Object, error) {
	g := tx.Group(a["usergroup"])
	switch {
	case g == nil || g.ID != a["usergroup"] || g.Disabled:
		return nil, refuse("no_such_subteam")
	case g.Admins:
		return nil, refuse("permission_denied")
	case a["users"] == "":
		return nil, refuse("no_users_provided")
	}
	users := strings.Split(a["users"], ",")
	for _, id := range users {
		p := tx.PersonByID(id)
		switch {
		case p == nil || p.Deactivated || p.TeamID != tx.Team.ID:
			return nil, refuse("invalid_users")
		case p.UltraRestricted:
			return nil, refuse("single_channel_guests_cannot_be_added")
		case p.Bot || p.Restricted:
			return nil, refuse("invalid_user")
		}
	}
	tx.Regroup(g, users, false)
	return wire.Object{"usergroup": wireGroup(tx, g, true)}, nil
}

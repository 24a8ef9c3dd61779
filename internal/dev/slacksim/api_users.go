package slacksim

import "slices"

func (api *API) usersInfo(tx *Tx, a args) (object, error) {
	p := tx.personByID(a["user"])
	if p == nil {
		return nil, refuse("user_not_found")
	}
	return object{"user": api.profiled(tx, p)}, nil
}

// profiled is a person as the granted scopes let the bot see them.
func (api *API) profiled(tx *Tx, p *Person) object {
	user := tx.wireUser(p)
	if profile, ok := user["profile"].(object); ok && !api.granted("users:read.email") {
		delete(profile, "email")
	}
	return user
}

// usersList leaves strangers out, as Slack does.
func (api *API) usersList(tx *Tx, a args) (object, error) {
	list := []object{}
	for _, p := range tx.people {
		if p.TeamID == tx.team.ID {
			list = append(list, api.profiled(tx, p))
		}
	}
	part, next, err := page(list, a, 999)
	if err != nil {
		return nil, err
	}
	return object{"members": part, "cache_ts": tx.now().Unix(), "response_metadata": nextCursor(next)}, nil
}

func (api *API) usergroupsList(tx *Tx, a args) (object, error) {
	list := []object{}
	for _, g := range tx.groups {
		if g.Disabled && !a.flag("include_disabled") {
			continue
		}
		list = append(list, wireGroup(tx, g, a.flag("include_users")))
	}
	return object{"usergroups": list}, nil
}

func wireGroup(tx *Tx, g *Usergroup, withUsers bool) object {
	o := object{
		"id": g.ID, "team_id": tx.team.ID, "is_usergroup": true, "name": g.Name, "handle": g.Handle,
		"description": "", "is_external": false, "date_create": 1700000000, "date_update": 1700000000,
		"date_delete": 0, "user_count": len(g.Members), "prefs": object{"channels": []string{}, "groups": []string{}},
	}
	if g.Disabled {
		o["date_delete"] = 1700000001
	}
	if withUsers {
		o["users"] = slices.Clone(g.Members)
	}
	return o
}

func (api *API) usergroupsUsersList(tx *Tx, a args) (object, error) {
	g := tx.group(a["usergroup"])
	if g == nil || g.ID != a["usergroup"] || (g.Disabled && !a.flag("include_disabled")) {
		return nil, refuse("no_such_subteam")
	}
	return object{"users": slices.Clone(g.Members)}, nil
}

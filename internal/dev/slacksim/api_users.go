package slacksim

import "slices"

func (s *Server) usersInfo(a args) (object, error) {
	p := s.user(a["user"])
	if p == nil {
		return nil, refuse("user_not_found")
	}
	return object{"user": s.profiled(p)}, nil
}

// profiled is a person as the granted scopes let the bot see them.
func (s *Server) profiled(p *Person) object {
	user := s.ws.wireUser(p)
	if profile, ok := user["profile"].(object); ok && !s.granted("users:read.email") {
		delete(profile, "email")
	}
	return user
}

// usersList leaves strangers out, as Slack does.
func (s *Server) usersList(a args) (object, error) {
	list := []object{}
	for _, p := range s.ws.people {
		if p.TeamID == s.ws.team.ID {
			list = append(list, s.profiled(p))
		}
	}
	part, next, err := page(list, a, 999)
	if err != nil {
		return nil, err
	}
	return object{"members": part, "cache_ts": s.ws.now().Unix(), "response_metadata": nextCursor(next)}, nil
}

func (s *Server) usergroupsList(a args) (object, error) {
	list := []object{}
	for _, g := range s.ws.groups {
		if g.Disabled && !a.flag("include_disabled") {
			continue
		}
		list = append(list, s.wireGroup(g, a.flag("include_users")))
	}
	return object{"usergroups": list}, nil
}

func (s *Server) wireGroup(g *Usergroup, withUsers bool) object {
	o := object{
		"id": g.ID, "team_id": s.ws.team.ID, "is_usergroup": true, "name": g.Name, "handle": g.Handle,
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

func (s *Server) usergroupsUsersList(a args) (object, error) {
	g := s.ws.group(a["usergroup"])
	if g == nil || g.ID != a["usergroup"] || (g.Disabled && !a.flag("include_disabled")) {
		return nil, refuse("no_such_subteam")
	}
	return object{"users": slices.Clone(g.Members)}, nil
}

package slacksim

import (
	"slices"
	"strings"
)

// wireUser is a person as users.info and user events show them.
func (tx *Tx) wireUser(p *Person) object {
	tz := p.TZ
	if tz == "" {
		tz = "UTC"
	}
	user := object{
		"id": p.ID, "team_id": p.TeamID, "name": p.Name, "real_name": p.RealName, "deleted": p.Deactivated,
		"tz": tz, "tz_label": tz, "tz_offset": tzOffset(tz, tx.now()), "color": "9f69e7",
		"is_admin": p.Admin, "is_owner": false, "is_primary_owner": false, "is_bot": p.Bot,
		"is_restricted": p.Restricted || p.UltraRestricted, "is_ultra_restricted": p.UltraRestricted,
		"is_app_user": false, "updated": tx.now().Unix(), "who_can_share_contact_card": "EVERYONE",
		"profile": tx.wireProfile(p),
	}
	if p.TeamID != tx.team.ID {
		user["is_stranger"] = true
	}
	return user
}

func (tx *Tx) wireProfile(p *Person) object {
	profile := object{
		"real_name": p.RealName, "real_name_normalized": p.RealName, "display_name": p.RealName,
		"display_name_normalized": p.RealName, "first_name": p.RealName, "last_name": "", "title": "", "phone": "", "skype": "",
		"status_text": p.StatusText, "status_emoji": p.StatusEmoji, "status_expiration": 0,
		"team": p.TeamID, "image_24": "", "image_48": "",
	}
	switch {
	case p.Bot:
		profile["bot_id"], profile["api_app_id"] = tx.bot.bot, tx.bot.app
	case p.TeamID == tx.team.ID:
		profile["email"] = p.Email
	}
	return profile
}

// alter changes a person and tells the bot.
func (tx *Tx) alter(p *Person, what string, change func(*Person)) {
	change(p)
	tx.journal.add(Entry{Kind: KindPeople, What: what, User: p.ID})
	tx.tellUser(p, "user_change")
}

// join adds somebody to a channel; the channel notes it in a message.
func (tx *Tx) join(c *Channel, userID, inviter string) {
	if c.has(userID) {
		return
	}
	c.Members = append(slices.Clone(c.Members), userID)
	tx.journal.add(Entry{Kind: KindPeople, What: "joined", Channel: c.ID, User: userID})
	tx.tellMember(c, userID, inviter, true)
	tx.post(c, Message{User: userID, Subtype: channelSubtype(c, "join"), Text: "<@" + userID + "> has joined the channel"})
}

func (tx *Tx) leave(c *Channel, userID string) {
	if !c.has(userID) {
		return
	}
	c.Members = slices.DeleteFunc(slices.Clone(c.Members), func(id string) bool { return id == userID })
	tx.journal.add(Entry{Kind: KindPeople, What: "left", Channel: c.ID, User: userID})
	tx.tellMember(c, userID, "", false)
	tx.post(c, Message{User: userID, Subtype: channelSubtype(c, "leave"), Text: "<@" + userID + "> has left the channel"})
}

func (tx *Tx) archive(c *Channel, by string, archived bool) {
	if c.Archived == archived {
		return
	}
	c.Archived = archived
	what := "unarchive"
	if archived {
		what = "archive"
	}
	tx.journal.add(Entry{Kind: KindPeople, What: what, Channel: c.ID, User: by})
	tx.tellChannel(c, what, by)
}

func (tx *Tx) rename(c *Channel, name string) {
	c.Name = strings.TrimPrefix(name, "#")
	tx.journal.add(Entry{Kind: KindPeople, What: "renamed", Channel: c.ID})
	tx.tellRenamed(c)
}

// regroup sets the members of a user group.
func (tx *Tx) regroup(g *Usergroup, members []string, disabled bool) {
	added, removed := missingFrom(g.Members, members), missingFrom(members, g.Members)
	g.Members, g.Disabled = members, disabled
	tx.journal.add(Entry{Kind: KindPeople, What: "group changed", Detail: g.ID})
	tx.emit(tx, object{
		"type": "subteam_members_changed", "subteam_id": g.ID, "team_id": tx.team.ID, "event_ts": tx.newTS(),
		"date_update": tx.now().Unix(), "added_users": added, "removed_users": removed,
		"added_users_count": len(added), "removed_users_count": len(removed),
	}, nil)
}

// missingFrom lists who is in the second list and not in the first.
func missingFrom(list, wanted []string) []string {
	return slices.DeleteFunc(slices.Clone(wanted), func(id string) bool { return slices.Contains(list, id) })
}

func channelSubtype(c *Channel, what string) string {
	if c.Private {
		return "group_" + what
	}
	return "channel_" + what
}

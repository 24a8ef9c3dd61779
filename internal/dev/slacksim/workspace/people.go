package workspace

import (
	"slices"
	"strings"
	"time"

	"supporty/internal/dev/slacksim/wire"
)

// WireUser is a person as users.info and user events show them.
func (tx *Tx) WireUser(p *Person) wire.Object {
	tz := p.TZ
	if tz == "" {
		tz = "UTC"
	}
	user := wire.Object{
		"id": p.ID, "team_id": p.TeamID, "name": p.Name, "real_name": p.RealName, "deleted": p.Deactivated,
		"tz": tz, "tz_label": tz, "tz_offset": tzOffset(tz, tx.Now()), "color": "9f69e7",
		"is_admin": p.Admin, "is_owner": false, "is_primary_owner": false, "is_bot": p.Bot,
		"is_restricted": p.Restricted || p.UltraRestricted, "is_ultra_restricted": p.UltraRestricted,
		"is_app_user": false, "updated": tx.Now().Unix(), "who_can_share_contact_card": "EVERYONE",
		"profile": tx.wireProfile(p),
	}
	if p.TeamID != tx.Team.ID {
		user["is_stranger"] = true
	}
	return user
}

func (tx *Tx) wireProfile(p *Person) wire.Object {
	profile := wire.Object{
		"real_name": p.RealName, "real_name_normalized": p.RealName, "display_name": p.RealName,
		"display_name_normalized": p.RealName, "first_name": p.RealName, "last_name": "", "title": "", "phone": "", "skype": "",
		"status_text": p.StatusText, "status_emoji": p.StatusEmoji, "status_expiration": 0,
		"team": p.TeamID, "image_24": "", "image_48": "",
	}
	switch {
	case p.Bot:
		profile["bot_id"], profile["api_app_id"] = tx.Bot.ID, tx.Bot.App
	case p.TeamID == tx.Team.ID:
		profile["email"] = p.Email
	}
	return profile
}

// Alter changes a person and tells the bot.
func (tx *Tx) Alter(p *Person, what string, change func(*Person)) {
	change(p)
	tx.Journal.Add(Entry{Kind: KindPeople, What: what, User: p.ID})
	tx.TellUser(p, "user_change")
}

// Join adds somebody to a channel; the channel notes it in a message.
func (tx *Tx) Join(c *Channel, userID, inviter string) {
	if c.Has(userID) {
		return
	}
	c.Members = append(slices.Clone(c.Members), userID)
	tx.Journal.Add(Entry{Kind: KindPeople, What: "joined", Channel: c.ID, User: userID})
	tx.tellMember(c, userID, inviter, true)
	tx.Post(c, Message{User: userID, Subtype: channelSubtype(c, "join"), Text: "<@" + userID + "> has joined the channel"})
}

// Leave takes somebody out of a channel; the channel notes it in a message.
func (tx *Tx) Leave(c *Channel, userID string) {
	if !c.Has(userID) {
		return
	}
	c.Members = slices.DeleteFunc(slices.Clone(c.Members), func(id string) bool { return id == userID })
	tx.Journal.Add(Entry{Kind: KindPeople, What: "left", Channel: c.ID, User: userID})
	tx.tellMember(c, userID, "", false)
	tx.Post(c, Message{User: userID, Subtype: channelSubtype(c, "leave"), Text: "<@" + userID + "> has left the channel"})
}

// CreateChannel makes a channel with its creator in it.
func (tx *Tx) CreateChannel(draft Channel, creator string) *Channel {
	draft.Creator = creator
	c := tx.AddChannel(draft)
	tx.Journal.Add(Entry{Kind: KindPeople, What: "created", Channel: c.ID, User: creator})
	tx.Join(c, creator, "")
	return c
}

// Archive archives a channel, or brings it back. The channel notes it in a message.
func (tx *Tx) Archive(c *Channel, by string, archived bool) {
	if c.Archived == archived {
		return
	}
	c.Archived = archived
	what := "unarchive"
	if archived {
		what = "archive"
	}
	tx.Journal.Add(Entry{Kind: KindPeople, What: what, Channel: c.ID, User: by})
	tx.Post(c, Message{User: by, Subtype: channelSubtype(c, what), Text: "<@" + by + "> " + what + "d the channel"})
	tx.tellChannel(c, what, by)
	if archived && tx.Beliefs.ArchiveTakesOut {
		c.Members = slices.DeleteFunc(slices.Clone(c.Members), func(id string) bool { return id == tx.Bot.User })
	}
}

// Describe sets the topic or the purpose of a channel, which notes it in a message.
func (tx *Tx) Describe(c *Channel, by, what, text string) {
	into := map[string]*string{"topic": &c.Topic, "purpose": &c.Purpose}[what]
	if *into == text {
		return
	}
	*into = text
	tx.Journal.Add(Entry{Kind: KindPeople, What: what, Channel: c.ID, User: by})
	tx.Post(c, Message{User: by, Subtype: channelSubtype(c, what), Text: "<@" + by + "> set the channel " + what + ": " + text})
}

// Rename gives a channel another name.
func (tx *Tx) Rename(c *Channel, name string) {
	c.Name = strings.TrimPrefix(name, "#")
	tx.Journal.Add(Entry{Kind: KindPeople, What: "renamed", Channel: c.ID})
	tx.tellRenamed(c)
}

// Regroup sets the members of a user group.
func (tx *Tx) Regroup(g *Usergroup, members []string, disabled bool) {
	added, removed := missingFrom(g.Members, members), missingFrom(members, g.Members)
	g.Members, g.Disabled = members, disabled
	tx.Journal.Add(Entry{Kind: KindPeople, What: "group changed", Detail: g.ID})
	tx.emit(tx, wire.Object{
		"type": "subteam_members_changed", "subteam_id": g.ID, "team_id": tx.Team.ID, "event_ts": tx.NewTS(),
		"date_update": tx.Now().Unix(), "added_users": added, "removed_users": removed,
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

func tzOffset(zone string, at time.Time) int {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		return 0
	}
	_, offset := at.In(loc).Zone()
	return offset
}

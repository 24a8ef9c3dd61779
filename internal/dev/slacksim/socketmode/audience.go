package socketmode

import (
	"strings"

	"supporty/internal/dev/slacksim/wire"
	"supporty/internal/dev/slacksim/workspace"
)

// eventScopes says which scope lets an event go out; one that begins with * is
// completed by the kind of channel. Others need none.
// https://docs.slack.dev/reference/events
var eventScopes = map[string]string{
	"message": "*:history", "app_mention": "app_mentions:read",
	"reaction_added": "reactions:read", "reaction_removed": "reactions:read",
	"member_joined_channel": "*:read", "member_left_channel": "*:read",
	"channel_archive": "*:read", "channel_unarchive": "*:read", "channel_rename": "*:read",
	"group_archive": "*:read", "group_unarchive": "*:read", "group_rename": "*:read",
	"user_change": "users:read", "team_join": "users:read", "subteam_members_changed": "usergroups:read",
}

func eventScope(event wire.Object, c *workspace.Channel) string {
	scope := eventScopes[wire.Text(event, "type")]
	if suffix, byChannel := strings.CutPrefix(scope, "*"); byChannel {
		return workspace.ScopePrefix[c.Kind()] + suffix
	}
	return scope
}

// reaches says whether an event about that channel goes to the bot. Nil is an
// event about no channel.
func reaches(tx *workspace.Tx, event wire.Object, c *workspace.Channel) bool {
	if c == nil || c.Has(tx.Bot.User) {
		return true
	}
	kind, _ := event["type"].(string)
	user, _ := event["user"].(string)
	if kind == "member_left_channel" && user == tx.Bot.User {
		return true
	}
	return !c.Private && !c.Direct() && strings.HasPrefix(kind, "channel_")
}

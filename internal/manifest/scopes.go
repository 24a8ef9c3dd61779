package manifest

// Scope is a permission of the bot.
type Scope struct {
	// Name is the scope in Slack (docs.slack.dev/reference/scopes).
	Name string
	// Why is the use of the scope, in a few words for an administrator.
	Why string
}

// Scopes are all permissions of the bot, and no more than it uses. After a new scope
// every installation has to be approved again. Read only.
var Scopes = []Scope{
	{"commands", "offer the slash command and both shortcuts"},
	{"chat:write", "post tickets and keep them up to date"},
	{"app_mentions:read", "answer who mentions the bot, wherever it is"},
	{"channels:history", "follow a ticket's thread in a public channel"},
	{"groups:history", "follow a ticket's thread in a private channel"},
	{"im:history", "take answers that people send to the bot directly"},
	{"channels:read", "find the support channel and its members, notice when it is open again"},
	{"groups:read", "the same if the support channel is private"},
	{"reactions:read", "claim and resolve with an emoji"},
	{"users:read", "know names, time zones, guests and people who have left"},
	{"usergroups:read", "know who is in the groups named in the settings"},
	{"files:read", "bring screenshots and other files of a message to the other side, take them in the form"},
	{"files:write", "put them there, and delete them when the message is deleted"},
	{"im:write", "tell requesters who are not in the channel"},
}

// PrivateScopes are those that private tickets need besides: the bot makes a private channel
// for each. docs.slack.dev/reference/methods/conversations.create, .invite, .kick, .archive
// and .setTopic ask for no other. Reading there needs what Scopes has. Read only.
var PrivateScopes = []Scope{
	{"groups:write", "make a private channel for a private ticket, invite its people, archive it afterwards"},
}

// BookmarkScopes are those that runbooks as bookmarks need besides.
// docs.slack.dev/reference/methods/bookmarks.list, .add, .edit and .remove. Read only.
var BookmarkScopes = []Scope{
	{"bookmarks:read", "find the bookmarks that the bot has made"},
	{"bookmarks:write", "put runbooks at the top of the channel, and take them away"},
}

// GroupScopes are those that user groups of who is on duty need besides.
// docs.slack.dev/reference/methods/usergroups.users.update. Read only.
var GroupScopes = []Scope{
	{"usergroups:write", "keep who is on duty in the user groups that the settings name for that, and change no others"},
}

// Events are the events that Slack sends to the bot (docs.slack.dev/reference/events).
// Each is covered by a scope above or needs none. Read only.
var Events = []string{
	"message.channels",
	"message.groups",
	"message.im",
	"app_mention",
	"app_home_opened",
	"reaction_added",
	"reaction_removed",
	"member_joined_channel",
	"member_left_channel",
	"user_change",
	"channel_unarchive",
	"group_unarchive",
	"subteam_members_changed",
	"app_uninstalled",
	"tokens_revoked",
}

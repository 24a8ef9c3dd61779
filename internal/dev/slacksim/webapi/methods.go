package webapi

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"supporty/internal/dev/slacksim/wire"
	"supporty/internal/dev/slacksim/workspace"
)

// method is one Web API method.
type method struct {
	tier     int    // of the rate limits; 0 means none
	scope    string // needed; one that begins with * is completed by the kind of channel
	appToken bool   // wants the app-level token
	formOnly bool   // takes nothing from a JSON body
	run      func(*API, *workspace.Tx, args) (wire.Object, error)
}

// methods are those that the simulated Slack knows, with tiers and scopes from
// their pages under https://docs.slack.dev/reference/methods.
var methods = map[string]method{
	"auth.test":             {run: (*API).authTest},
	"apps.connections.open": {tier: 3, appToken: true, run: (*API).connectionsOpen},
	"team.info":             {tier: 3, scope: "team:read", run: (*API).teamInfo},
	"bots.info":             {tier: 3, scope: "users:read", run: (*API).botsInfo},

	"chat.postMessage":   {scope: "chat:write", run: (*API).postMessage},
	"chat.update":        {tier: 3, scope: "chat:write", run: (*API).updateMessage},
	"chat.delete":        {tier: 3, scope: "chat:write", run: (*API).deleteMessage},
	"chat.postEphemeral": {tier: 4, scope: "chat:write", run: (*API).postEphemeral},
	"chat.getPermalink":  {run: (*API).getPermalink},

	"conversations.info":    {tier: 3, scope: "*:read", run: (*API).conversationsInfo},
	"conversations.list":    {tier: 2, scope: byTypes, run: (*API).conversationsList},
	"conversations.members": {tier: 4, scope: "*:read", run: (*API).conversationsMembers},
	"conversations.history": {tier: 3, scope: "*:history", run: (*API).conversationsHistory},
	"conversations.replies": {tier: 3, scope: "*:history", run: (*API).conversationsReplies},
	"conversations.open":    {tier: 3, scope: "im:write", run: (*API).conversationsOpen},
	"conversations.join":    {tier: 3, scope: "channels:join", run: (*API).conversationsJoin},

	"conversations.create":     {tier: 2, scope: toMake, run: (*API).conversationsCreate},
	"conversations.invite":     {tier: 3, scope: toManage, run: (*API).conversationsInvite},
	"conversations.kick":       {tier: 3, scope: toManage, run: (*API).conversationsKick},
	"conversations.archive":    {tier: 2, scope: toManage, run: (*API).conversationsArchive},
	"conversations.unarchive":  {tier: 2, scope: toManage, run: (*API).conversationsUnarchive},
	"conversations.setTopic":   {tier: 2, scope: toManage, run: (*API).conversationsSetTopic},
	"conversations.setPurpose": {tier: 2, scope: toManage, run: (*API).conversationsSetPurpose},

	"bookmarks.add":    {tier: 2, scope: "bookmarks:write", run: (*API).bookmarksAdd},
	"bookmarks.edit":   {tier: 2, scope: "bookmarks:write", run: (*API).bookmarksEdit},
	"bookmarks.list":   {tier: 3, scope: "bookmarks:read", run: (*API).bookmarksList},
	"bookmarks.remove": {tier: 2, scope: "bookmarks:write", run: (*API).bookmarksRemove},

	"users.conversations":   {tier: 3, scope: byTypes, run: (*API).usersConversations},
	"users.info":            {tier: 4, scope: "users:read", run: (*API).usersInfo},
	"users.list":            {tier: 2, scope: "users:read", run: (*API).usersList},
	"usergroups.list":       {tier: 2, scope: "usergroups:read", run: (*API).usergroupsList},
	"usergroups.users.list": {tier: 2, scope: "usergroups:read", run: (*API).usergroupsUsersList},

	"usergroups.users.update": {tier: 2, scope: "usergroups:write", run: (*API).usergroupsUsersUpdate},

	// JSON bodies are not read by the first, and the last was retired in 2025.
	"files.getUploadURLExternal":   {tier: 4, scope: "files:write", formOnly: true, run: (*API).getUploadURL},
	"files.completeUploadExternal": {tier: 4, scope: "files:write", run: (*API).completeUpload},
	"files.info":                   {tier: 4, scope: "files:read", run: (*API).filesInfo},
	"files.delete":                 {tier: 3, scope: "files:write", run: (*API).filesDelete},
	"files.upload":                 {run: func(*API, *workspace.Tx, args) (wire.Object, error) { return nil, refuse("method_deprecated") }},

	"reactions.add":    {tier: 3, scope: "reactions:write", run: (*API).reactionsAdd},
	"reactions.remove": {tier: 2, scope: "reactions:write", run: (*API).reactionsRemove},
	"reactions.get":    {tier: 3, scope: "reactions:read", run: (*API).reactionsGet},

	"functions.completeSuccess": {tier: 3, run: (*API).stepCompleted},
	"functions.completeError":   {tier: 3, run: (*API).stepFailed},

	"views.open":    {tier: 4, run: (*API).viewsOpen},
	"views.push":    {tier: 4, run: (*API).viewsPush},
	"views.update":  {tier: 4, run: (*API).viewsUpdate},
	"views.publish": {tier: 4, run: (*API).viewsPublish},
}

func (api *API) authTest(tx *workspace.Tx, _ args) (wire.Object, error) {
	return wire.Object{
		"url": "https://" + tx.Team.Domain + ".slack.com/", "team": tx.Team.Name, "team_id": tx.Team.ID,
		"user": tx.Bot.Name, "user_id": tx.Bot.User, "bot_id": tx.Bot.ID, "is_enterprise_install": false,
	}, nil
}

func (api *API) connectionsOpen(tx *workspace.Tx, _ args) (wire.Object, error) {
	return wire.Object{"url": api.hub.NewTicket(tx)}, nil
}

func (api *API) teamInfo(tx *workspace.Tx, _ args) (wire.Object, error) {
	team := tx.Team
	return wire.Object{"team": wire.Object{
		"id": team.ID, "name": team.Name, "domain": team.Domain, "email_domain": team.Domain + ".example",
		"icon": wire.Object{"image_default": true},
	}}, nil
}

func (api *API) botsInfo(tx *workspace.Tx, a args) (wire.Object, error) {
	if a["bot"] != "" && a["bot"] != tx.Bot.ID {
		return nil, refuse("bot_not_found")
	}
	return wire.Object{"bot": tx.BotProfile()}, nil
}

// page cuts a list to one page and makes the cursor of the next, "" at the end.
func page[T any](list []T, a args, usual int) ([]T, string, error) {
	start := 0
	if a["cursor"] != "" {
		position, err := readCursor(a["cursor"])
		if err == nil {
			start, err = strconv.Atoi(position)
		}
		if err != nil || start < 0 || start > len(list) {
			return nil, "", refuse("invalid_cursor")
		}
	}
	end := min(len(list), start+a.number("limit", usual, 999))
	part := slices.Clone(list[start:end]) // an answer that is late tells of the moment when it was made
	if end == len(list) {
		return part, "", nil
	}
	return part, writeCursor(strconv.Itoa(end)), nil
}

func writeCursor(position string) string {
	return base64.StdEncoding.EncodeToString([]byte("next:" + position))
}

func readCursor(cursor string) (string, error) {
	decoded, err := base64.StdEncoding.DecodeString(cursor)
	if err != nil {
		return "", fmt.Errorf("reading a cursor: %w", err)
	}
	return strings.TrimPrefix(string(decoded), "next:"), nil
}

func nextCursor(cursor string) wire.Object { return wire.Object{"next_cursor": cursor} }

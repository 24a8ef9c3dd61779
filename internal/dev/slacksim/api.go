package slacksim

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// method is one Web API method. run is called with the server's lock held.
type method struct {
	tier     int    // of the rate limits; 0 means none
	scope    string // needed; one that begins with * is completed by the kind of channel
	appToken bool   // wants the app-level token
	formOnly bool   // takes nothing from a JSON body
	run      func(*Server, args) (object, error)
}

// methods are those that the simulated Slack knows, with tiers and scopes from
// their pages under https://docs.slack.dev/reference/methods.
var methods = map[string]method{
	"auth.test":             {run: (*Server).authTest},
	"apps.connections.open": {tier: 3, appToken: true, run: (*Server).connectionsOpen},
	"team.info":             {tier: 3, scope: "team:read", run: (*Server).teamInfo},
	"bots.info":             {tier: 3, scope: "users:read", run: (*Server).botsInfo},

	"chat.postMessage":   {scope: "chat:write", run: (*Server).postMessage},
	"chat.update":        {tier: 3, scope: "chat:write", run: (*Server).updateMessage},
	"chat.delete":        {tier: 3, scope: "chat:write", run: (*Server).deleteMessage},
	"chat.postEphemeral": {tier: 4, scope: "chat:write", run: (*Server).postEphemeral},
	"chat.getPermalink":  {run: (*Server).getPermalink},

	"conversations.info":    {tier: 3, scope: "*:read", run: (*Server).conversationsInfo},
	"conversations.list":    {tier: 2, scope: byTypes, run: (*Server).conversationsList},
	"conversations.members": {tier: 4, scope: "*:read", run: (*Server).conversationsMembers},
	"conversations.history": {tier: 3, scope: "*:history", run: (*Server).conversationsHistory},
	"conversations.replies": {tier: 3, scope: "*:history", run: (*Server).conversationsReplies},
	"conversations.open":    {tier: 3, scope: "im:write", run: (*Server).conversationsOpen},
	"conversations.join":    {tier: 3, scope: "channels:join", run: (*Server).conversationsJoin},

	"users.conversations":   {tier: 3, scope: byTypes, run: (*Server).usersConversations},
	"users.info":            {tier: 4, scope: "users:read", run: (*Server).usersInfo},
	"users.list":            {tier: 2, scope: "users:read", run: (*Server).usersList},
	"usergroups.list":       {tier: 2, scope: "usergroups:read", run: (*Server).usergroupsList},
	"usergroups.users.list": {tier: 2, scope: "usergroups:read", run: (*Server).usergroupsUsersList},

	// JSON bodies are not read by the first, and the last was retired in 2025.
	"files.getUploadURLExternal":   {tier: 4, scope: "files:write", formOnly: true, run: (*Server).getUploadURL},
	"files.completeUploadExternal": {tier: 4, scope: "files:write", run: (*Server).completeUpload},
	"files.info":                   {tier: 4, scope: "files:read", run: (*Server).filesInfo},
	"files.delete":                 {tier: 3, scope: "files:write", run: (*Server).filesDelete},
	"files.upload":                 {run: func(*Server, args) (object, error) { return nil, refuse("method_deprecated") }},

	"reactions.add":    {tier: 3, scope: "reactions:write", run: (*Server).reactionsAdd},
	"reactions.remove": {tier: 2, scope: "reactions:write", run: (*Server).reactionsRemove},
	"reactions.get":    {tier: 3, scope: "reactions:read", run: (*Server).reactionsGet},

	"views.open":    {tier: 4, run: (*Server).viewsOpen},
	"views.push":    {tier: 4, run: (*Server).viewsPush},
	"views.update":  {tier: 4, run: (*Server).viewsUpdate},
	"views.publish": {tier: 4, run: (*Server).viewsPublish},
}

func (s *Server) authTest(args) (object, error) {
	w := s.ws
	return object{
		"url": "https://" + w.team.Domain + ".slack.com/", "team": w.team.Name, "team_id": w.team.ID,
		"user": w.bot.name, "user_id": w.bot.user, "bot_id": w.bot.bot, "is_enterprise_install": false,
	}, nil
}

func (s *Server) connectionsOpen(args) (object, error) {
	return object{"url": s.newTicket()}, nil
}

func (s *Server) teamInfo(args) (object, error) {
	team := s.ws.team
	return object{"team": object{
		"id": team.ID, "name": team.Name, "domain": team.Domain, "email_domain": team.Domain + ".example",
		"icon": object{"image_default": true},
	}}, nil
}

func (s *Server) botsInfo(a args) (object, error) {
	if a["bot"] != "" && a["bot"] != s.ws.bot.bot {
		return nil, refuse("bot_not_found")
	}
	return object{"bot": s.ws.botProfile()}, nil
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

func nextCursor(cursor string) object { return object{"next_cursor": cursor} }

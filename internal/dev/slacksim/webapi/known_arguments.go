package webapi

import (
	"maps"
	"slices"
	"strings"

	"supporty/internal/dev/slacksim/wire"
)

// knownArguments are what a method knows, by its page at
// https://docs.slack.dev/reference/methods. Slack documents invalid_arg_name for others,
// and does not say when it gives it: here it always does. A method that is not listed
// takes anything.
var knownArguments = map[string]string{
	"chat.postMessage": "channel as_user attachments blocks icon_emoji icon_url link_names markdown_text metadata mrkdwn parse " +
		"reply_broadcast text thread_ts unfurl_links unfurl_media username",
	"chat.update":               "channel ts as_user attachments blocks file_ids link_names markdown_text metadata parse reply_broadcast text",
	"chat.postEphemeral":        "channel user as_user attachments blocks icon_emoji icon_url link_names markdown_text parse text thread_ts username",
	"chat.delete":               "channel ts as_user",
	"conversations.history":     "channel cursor include_all_metadata inclusive latest limit oldest",
	"conversations.replies":     "channel ts cursor include_all_metadata inclusive latest limit oldest",
	"conversations.open":        "channel prevent_creation return_im users",
	"conversations.create":      "is_private name team_id",
	"conversations.invite":      "channel force users",
	"conversations.kick":        "channel user",
	"conversations.archive":     "channel",
	"users.conversations":       "cursor exclude_archived limit team_id types user",
	"functions.completeSuccess": "function_execution_id outputs",
	"functions.completeError":   "function_execution_id error",
	"views.open":                "interactivity_pointer trigger_id view",
	"views.push":                "interactivity_pointer trigger_id view",
	"views.update":              "external_id hash view view_id",
}

// checkArguments refuses what a method does not know.
func checkArguments(method string, a args) error {
	known, listed := knownArguments[method]
	if !listed {
		return nil
	}
	names := strings.Fields(known)
	for _, name := range slices.Sorted(maps.Keys(a)) {
		if !slices.Contains(names, name) {
			return &apiError{"invalid_arg_name", wire.Object{"response_metadata": wire.Object{"messages": []string{"[ERROR] no such argument: " + name}}}}
		}
	}
	return nil
}

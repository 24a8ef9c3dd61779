package slackformat

import (
	"strings"

	"supporty/internal/ticket"
)

// Permalink is the address of a message in a workspace ("https://acme.slack.com/"); "" if the
// message or the workspace is not known.
// https://docs.slack.dev/reference/methods/chat.getPermalink
func Permalink(workspace string, m ticket.Message) string {
	if workspace == "" || m.Channel == "" || m.TS == "" {
		return ""
	}
	return strings.TrimSuffix(workspace, "/") + "/archives/" + m.Channel + "/p" + strings.ReplaceAll(m.TS, ".", "")
}

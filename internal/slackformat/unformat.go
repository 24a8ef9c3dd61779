package slackformat

import (
	"regexp"
	"strings"
)

// formats match text that Slack shows bold, struck out and italic: its marks are at the edges
// of words. Alerts in Markdown double the first two marks.
// https://docs.slack.dev/messaging/formatting-message-text#basic-formatting
var formats = []*regexp.Regexp{
	regexp.MustCompile(`(^|[^\pL\pN*])\*{1,2}([^\s*]|[^\s*][^*\n]*[^\s*])\*{1,2}($|[^\pL\pN*])`),
	regexp.MustCompile(`(^|[^\pL\pN~])~{1,2}([^\s~]|[^\s~][^~\n]*[^\s~])~{1,2}($|[^\pL\pN~])`),
	regexp.MustCompile(`(^|[^\pL\pN_])_([^\s_]|[^\s_][^\n]*?[^\s_])_($|[^\pL\pN_])`),
}

// unformatted is mrkdwn as its readers see it: without the marks that format. In code all
// marks stay, and so do the marks around code.
func unformatted(mrkdwn string) string {
	parts := strings.Split(mrkdwn, "`")
	for i := 0; i < len(parts); i += 2 {
		parts[i] = withoutFormats(parts[i])
	}
	return strings.Join(parts, "`")
}

// mostNested is how many nested or adjacent marks are removed.
const mostNested = 4

func withoutFormats(text string) string {
	for range mostNested {
		before := text
		for _, f := range formats {
			text = f.ReplaceAllString(text, "$1$2$3")
		}
		if text == before {
			break
		}
	}
	return text
}

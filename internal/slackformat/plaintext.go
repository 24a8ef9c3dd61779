package slackformat

import (
	"cmp"
	"regexp"
	"strings"
)

var (
	codes     = regexp.MustCompile(`<([^<>]*)>`)
	unescaper = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
)

// Names returns a person's name, in plain text and never as a mention. It has an answer
// for every id.
type Names func(id string) string

// PlainText turns the text of a Slack message into what its readers saw: entities are
// unescaped, and people, channels, groups, dates and links are written out. The text is
// clipped to a number of characters. It is not safe as mrkdwn: it is for forms and tickets.
// https://docs.slack.dev/messaging/formatting-message-text#retrieving-messages
func PlainText(slackText string, most int, names Names) string {
	text := codes.ReplaceAllStringFunc(slackText, func(code string) string {
		return readable(strings.Trim(code, "<>"), names)
	})
	return Clip(strings.TrimSpace(unescaper.Replace(text)), most)
}

// commandCodes matches the codes that Slack makes of people, groups, channels and addresses
// after a command, if the app asks for it. Any other text between < and > was typed.
// https://docs.slack.dev/interactivity/implementing-slash-commands
var commandCodes = regexp.MustCompile(`<(@[UW][A-Z0-9]+(\|[^<>|]*)?|#[CG][A-Z0-9]+\|[^<>|]*|!(?:here|channel|everyone|subteam\^S[A-Z0-9]+)(\|[^<>|]*)?|https?://[^\s<>|]+(\|[^<>|]*)?)>`)

// CommandText is the text after a command, as PlainText. Slack does not document whether it
// escapes entities there. They are decoded once in either case.
func CommandText(text string, most int, names Names) string {
	var said strings.Builder
	last := 0
	for _, at := range commandCodes.FindAllStringIndex(text, -1) {
		said.WriteString(unescaper.Replace(text[last:at[0]]))
		said.WriteString(unescaper.Replace(readable(text[at[0]+1:at[1]-1], names)))
		last = at[1]
	}
	said.WriteString(unescaper.Replace(text[last:]))
	return Clip(strings.TrimSpace(said.String()), most)
}

// readable replaces one code with the text that people see. The result stays escaped.
func readable(code string, names Names) string {
	target, label, _ := strings.Cut(code, "|")
	if target == "" {
		return label
	}
	rest := target[1:]
	switch target[0] {
	case '@':
		return "@" + escapeEntities(names(rest))
	case '#':
		return "#" + cmp.Or(label, rest)
	case '!':
		return special(rest, label)
	}
	if name, ok := strings.CutPrefix(target, "mailto:"); ok {
		return cmp.Or(label, name)
	}
	if label == "" || strings.HasSuffix(target, label) {
		return target
	}
	return label + " (" + target + ")"
}

// special handles the codes that begin with an exclamation mark: groups, dates, and
// mentions of everybody.
func special(target, label string) string {
	if name, _, ok := strings.Cut(target, "^"); ok {
		return cmp.Or(label, "@"+name)
	}
	return "@" + target
}

// escapeEntities escapes text that was not escaped, so that unescaper restores it.
func escapeEntities(text string) string { return strings.ReplaceAll(text, "&", "&amp;") }

var mentioned = regexp.MustCompile(`<@([UW][A-Z0-9]+)(\|[^>]*)?>`)

// Mentions returns the people who are mentioned in the text of a Slack message.
// https://docs.slack.dev/messaging/formatting-message-text#mentioning-users
func Mentions(slackText string) []string {
	var people []string
	for _, found := range mentioned.FindAllStringSubmatch(slackText, -1) {
		people = append(people, found[1])
	}
	return people
}

// WithoutMentions is the text of a Slack message without mentions of a person.
func WithoutMentions(slackText, person string) string {
	return mentioned.ReplaceAllStringFunc(slackText, func(code string) string {
		if mentioned.FindStringSubmatch(code)[1] == person {
			return ""
		}
		return code
	})
}

package workspace

import (
	"regexp"
	"strings"

	"supporty/internal/dev/slacksim/layout"
)

var (
	token    = regexp.MustCompile(`<[@#!][^<>]+>|https?://[^\s<>]+|[@#][a-zA-Z0-9][\w.-]*`)
	trailing = ".,;:!?"
)

// Markup is what Slack makes of text that a person types: names become mention
// codes, addresses links, and the three special characters are escaped.
// A code such as <@U…> that names something real is kept.
func (tx *Tx) Markup(text string) string {
	var out strings.Builder
	last := 0
	for _, at := range token.FindAllStringIndex(text, -1) {
		out.WriteString(layout.Escaper.Replace(text[last:at[0]]))
		out.WriteString(tx.markupToken(text[at[0]:at[1]]))
		last = at[1]
	}
	out.WriteString(layout.Escaper.Replace(text[last:]))
	return out.String()
}

func (tx *Tx) markupToken(word string) string {
	if strings.HasPrefix(word, "<") {
		if tx.isCode(word) {
			return word
		}
		return layout.Escaper.Replace(word)
	}
	bare := strings.TrimRight(word, trailing)
	tail := word[len(bare):]
	if code := tx.codeFor(bare); code != "" {
		return code + tail
	}
	return layout.Escaper.Replace(word)
}

func (tx *Tx) codeFor(word string) string {
	switch {
	case strings.HasPrefix(word, "http"):
		return "<" + strings.ReplaceAll(word, "&", "&amp;") + ">"
	case word == "@here" || word == "@channel" || word == "@everyone":
		return "<!" + word[1:] + ">"
	case strings.HasPrefix(word, "#"):
		if c := tx.Channel(word); c != nil && c.Name == word[1:] {
			return "<#" + c.ID + "|" + c.Name + ">"
		}
	case tx.Person(word) != nil:
		return "<@" + tx.Person(word).ID + ">"
	case tx.Group(word) != nil:
		return "<!subteam^" + tx.Group(word).ID + ">"
	}
	return ""
}

func (tx *Tx) isCode(word string) bool {
	inner := strings.Trim(word, "<>")
	id, _, _ := strings.Cut(strings.TrimLeft(inner, "@#!"), "|")
	id = strings.TrimPrefix(id, "subteam^")
	switch inner[0] {
	case '@':
		return tx.Person(id) != nil
	case '#':
		return tx.Channel(id) != nil
	}
	return id == "here" || id == "channel" || id == "everyone" || tx.Group(id) != nil
}

package slacksim

import (
	"encoding/json"
	"regexp"
	"strings"
	"time"
)

var (
	escaper  = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	token    = regexp.MustCompile(`<[@#!][^<>]+>|https?://[^\s<>]+|[@#][a-zA-Z0-9][\w.-]*`)
	trailing = ".,;:!?"
)

// typed is what Slack makes of text that a person types: names become mention
// codes, addresses links, and the three special characters are escaped.
// A code such as <@U…> that names something real is kept.
func (tx *Tx) typed(text string) string {
	var out strings.Builder
	last := 0
	for _, at := range token.FindAllStringIndex(text, -1) {
		out.WriteString(escaper.Replace(text[last:at[0]]))
		out.WriteString(tx.typedToken(text[at[0]:at[1]]))
		last = at[1]
	}
	out.WriteString(escaper.Replace(text[last:]))
	return out.String()
}

func (tx *Tx) typedToken(word string) string {
	if strings.HasPrefix(word, "<") {
		if tx.isCode(word) {
			return word
		}
		return escaper.Replace(word)
	}
	bare := strings.TrimRight(word, trailing)
	tail := word[len(bare):]
	if code := tx.codeFor(bare); code != "" {
		return code + tail
	}
	return escaper.Replace(word)
}

func (tx *Tx) codeFor(word string) string {
	switch {
	case strings.HasPrefix(word, "http"):
		return "<" + strings.ReplaceAll(word, "&", "&amp;") + ">"
	case word == "@here" || word == "@channel" || word == "@everyone":
		return "<!" + word[1:] + ">"
	case strings.HasPrefix(word, "#"):
		if c := tx.channel(word); c != nil && c.Name == word[1:] {
			return "<#" + c.ID + "|" + c.Name + ">"
		}
	case tx.person(word) != nil:
		return "<@" + tx.person(word).ID + ">"
	case tx.group(word) != nil:
		return "<!subteam^" + tx.group(word).ID + ">"
	}
	return ""
}

func (tx *Tx) isCode(word string) bool {
	inner := strings.Trim(word, "<>")
	id, _, _ := strings.Cut(strings.TrimLeft(inner, "@#!"), "|")
	id = strings.TrimPrefix(id, "subteam^")
	switch inner[0] {
	case '@':
		return tx.person(id) != nil
	case '#':
		return tx.channel(id) != nil
	}
	return id == "here" || id == "channel" || id == "everyone" || tx.group(id) != nil
}

// spoken is richText, and nothing for no words.
func spoken(words string) json.RawMessage {
	if words == "" {
		return nil
	}
	return richText(words)
}

// richText is the block that Slack makes of a person's text.
func richText(text string) json.RawMessage {
	var elements []object
	last := 0
	plain := func(s string) {
		if s != "" {
			elements = append(elements, object{"type": "text", "text": unescape(s)})
		}
	}
	for _, at := range code.FindAllStringIndex(text, -1) {
		plain(text[last:at[0]])
		elements = append(elements, richElement(text[at[0]+1:at[1]-1]))
		last = at[1]
	}
	plain(text[last:])
	section := object{"type": "rich_text_section", "elements": elements}
	return encode([]object{{"type": "rich_text", "block_id": randomHex(3), "elements": []object{section}}})
}

func richElement(inner string) object {
	target, label, _ := strings.Cut(inner, "|")
	switch {
	case strings.HasPrefix(target, "@"):
		return object{"type": "user", "user_id": target[1:]}
	case strings.HasPrefix(target, "#"):
		return object{"type": "channel", "channel_id": target[1:]}
	case strings.HasPrefix(target, "!subteam^"):
		return object{"type": "usergroup", "usergroup_id": strings.TrimPrefix(target, "!subteam^")}
	case strings.HasPrefix(target, "!"):
		return object{"type": "broadcast", "range": target[1:]}
	}
	link := object{"type": "link", "url": unescape(target)}
	putText(link, "text", unescape(label))
	return link
}

func tzOffset(zone string, at time.Time) int {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		return 0
	}
	_, offset := at.In(loc).Zone()
	return offset
}

// encode makes JSON of values that are known to have a JSON form.
func encode(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic("slacksim: encoding its own value: " + err.Error())
	}
	return b
}

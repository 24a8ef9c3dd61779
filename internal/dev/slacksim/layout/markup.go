package layout

import (
	"cmp"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"time"

	"supporty/internal/dev/slacksim/wire"
)

var (
	code      = regexp.MustCompile(`<([^<>]+)>`)
	dateToken = regexp.MustCompile(`\{[a-z_]+\}`)
	unescaper = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
)

func unescape(s string) string { return unescaper.Replace(s) }

// Joined puts those parts together that are not empty.
func Joined(separator string, parts ...string) string {
	var kept []string
	for _, part := range parts {
		if part != "" {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, separator)
}

// Plain resolves the codes between < and > and leaves the rest.
func Plain(text string, names map[string]string) string {
	resolved := code.ReplaceAllStringFunc(text, func(found string) string {
		return reading(found[1:len(found)-1], names)
	})
	return unescape(resolved)
}

// reading is what a person reads in place of one code.
func reading(inner string, names map[string]string) string {
	target, label, _ := strings.Cut(inner, "|")
	switch {
	case strings.HasPrefix(target, "!date^"):
		return dateReading(target, label)
	case strings.HasPrefix(target, "!subteam^"):
		id := strings.TrimPrefix(target, "!subteam^")
		return cmp.Or(names[id], label, "@"+id)
	case strings.HasPrefix(target, "!"):
		return "@" + target[1:]
	case strings.HasPrefix(target, "@"):
		return cmp.Or(names[target[1:]], label, target)
	case strings.HasPrefix(target, "#"):
		return cmp.Or(names[target[1:]], "#"+cmp.Or(label, target[1:]))
	case label != "" && label != target:
		return label + " (" + target + ")"
	}
	return target
}

// dateReading renders <!date^seconds^format|fallback>.
func dateReading(target, fallback string) string {
	parts := strings.Split(target, "^")
	if len(parts) < 3 {
		return fallback
	}
	seconds, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		return fallback
	}
	return dateText(parts[2], seconds, fallback)
}

var dateForms = map[string]string{
	"{date_num}": "2006-01-02", "{date}": "January 2, 2006", "{date_long}": "Monday, January 2, 2006",
	"{date_short}": "Jan 2, 2006", "{date_pretty}": "Mon", "{date_short_pretty}": "Mon", "{date_long_pretty}": "Mon",
	"{time}": "15:04", "{time_secs}": "15:04:05",
}

func dateText(format string, seconds int64, fallback string) string {
	known := true
	text := dateToken.ReplaceAllStringFunc(format, func(token string) string {
		form, ok := dateForms[token]
		known = known && ok
		return time.Unix(seconds, 0).UTC().Format(form)
	})
	if !known {
		return fallback
	}
	return text
}

// Escaper escapes the three special characters of Slack's markup.
var Escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// RichText is the block that Slack makes of a person's text; nothing for no text.
func RichText(text string) json.RawMessage {
	if text == "" {
		return nil
	}
	var elements []wire.Object
	last := 0
	plain := func(s string) {
		if s != "" {
			elements = append(elements, wire.Object{"type": "text", "text": unescape(s)})
		}
	}
	for _, at := range code.FindAllStringIndex(text, -1) {
		plain(text[last:at[0]])
		elements = append(elements, richElement(text[at[0]+1:at[1]-1]))
		last = at[1]
	}
	plain(text[last:])
	section := wire.Object{"type": "rich_text_section", "elements": elements}
	return wire.Encode([]wire.Object{{"type": "rich_text", "block_id": wire.RandomHex(3), "elements": []wire.Object{section}}})
}

func richElement(inner string) wire.Object {
	target, label, _ := strings.Cut(inner, "|")
	switch {
	case strings.HasPrefix(target, "@"):
		return wire.Object{"type": "user", "user_id": target[1:]}
	case strings.HasPrefix(target, "#"):
		return wire.Object{"type": "channel", "channel_id": target[1:]}
	case strings.HasPrefix(target, "!subteam^"):
		return wire.Object{"type": "usergroup", "usergroup_id": strings.TrimPrefix(target, "!subteam^")}
	case strings.HasPrefix(target, "!"):
		return wire.Object{"type": "broadcast", "range": target[1:]}
	}
	link := wire.Object{"type": "link", "url": unescape(target)}
	wire.PutText(link, "text", unescape(label))
	return link
}

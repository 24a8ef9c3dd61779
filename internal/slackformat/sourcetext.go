package slackformat

import (
	"cmp"
	"encoding/json"
	"strings"
)

// Source is a message from which a ticket is made, as Slack sends it. Alerts of other
// apps may have no text: their content is in blocks or in attachments.
type Source struct {
	Text        string // mrkdwn
	Blocks      json.RawMessage
	Attachments json.RawMessage
	Files       []string // their names
}

// SourceText is the plain text that the readers of a message saw: the message's text, or else
// the text of its blocks, followed by its attachments. Previews of links count only if there
// is nothing else, and the names of files only if there is no preview either. The text is
// clipped to a number of characters.
func SourceText(m Source, most int, names Names) string {
	said := formattedText(m.Text, names)
	if said == "" {
		said = blocksText(m.Blocks, names)
	}
	said = Join("\n", said, attachmentsText(m.Attachments, said == "", names))
	if said == "" {
		said = strings.Join(m.Files, "\n")
	}
	return Clip(strings.TrimSpace(strings.ToValidUTF8(said, "\uFFFD")), most)
}

// formattedText is the PlainText of a formatted text, without the marks that format.
func formattedText(mrkdwn string, names Names) string {
	return PlainText(unformatted(mrkdwn), longestRead, names)
}

// plainText is the PlainText of a text that is not formatted.
func plainText(text string, names Names) string { return PlainText(text, longestRead, names) }

// attachment is one of Slack's older kind of blocks.
// https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments
type attachment struct {
	Pretext  string          `json:"pretext"`
	Title    string          `json:"title"`
	Text     string          `json:"text"`
	Fallback string          `json:"fallback"`
	FromURL  string          `json:"from_url"` // set if it is a preview
	Blocks   json.RawMessage `json:"blocks"`
	Fields   []struct {
		Title string `json:"title"`
		Value string `json:"value"`
	} `json:"fields"`
}

func attachmentsText(raw json.RawMessage, previews bool, names Names) string {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		return ""
	}
	var all []string
	for _, one := range list {
		var a attachment
		if json.Unmarshal(one, &a) == nil && (previews || a.FromURL == "") {
			all = append(all, a.said(names))
		}
	}
	return Join("\n", all...)
}

func (a attachment) said(names Names) string {
	parts := []string{formattedText(a.Pretext, names), plainText(a.Title, names), formattedText(a.Text, names)}
	for _, f := range a.Fields {
		label := plainText(f.Title, names)
		if label != "" {
			label += ": "
		}
		parts = append(parts, strings.TrimSpace(label+formattedText(f.Value, names)))
	}
	parts = append(parts, blocksText(a.Blocks, names))
	return cmp.Or(Join("\n", parts...), plainText(a.Fallback, names))
}

// blocksText is the text of blocks of every kind, known or not.
func blocksText(raw json.RawMessage, names Names) string {
	var blocks any
	if json.Unmarshal(raw, &blocks) != nil {
		return ""
	}
	r := reading{names: names}
	r.read(blocks, 0)
	return strings.TrimSpace(r.said.String())
}

// reading walks through blocks, which are nested objects, and collects their text.
type reading struct {
	names Names
	said  strings.Builder
}

const (
	deepest     = 24      // levels of nesting; Slack's own have a few
	longestRead = 1 << 16 // bytes: a ticket holds less
)

// saying are the keys of a block, or of an object in it, that contain text, in the order
// in which they are shown. Elements for pressing or filling in contribute no text.
var saying = []string{"title", "subtitle", "text", "body", "description", "fields", "accessory", "elements", "rows", "blocks", "alt_text"}

func (r *reading) read(v any, depth int) {
	if depth > deepest || r.said.Len() > longestRead {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			r.read(one, depth+1)
		}
	case map[string]any:
		r.object(v, depth)
	}
}

func (r *reading) object(o map[string]any, depth int) {
	kind, _ := o["type"].(string)
	if text, ok := r.inline(kind, o); ok {
		r.said.WriteString(text)
		return
	}
	switch kind {
	case "actions", "input", "button", "overflow", "datepicker", "timepicker", "datetimepicker", "checkboxes", "radio_buttons":
		return
	}
	if strings.HasSuffix(kind, "_select") {
		return
	}
	worded := plainText
	if kind == "mrkdwn" || kind == "markdown" {
		worded = formattedText
	}
	for _, part := range saying {
		if text, ok := o[part].(string); ok {
			r.line(worded(text, r.names))
		} else {
			r.read(o[part], depth+1)
		}
	}
	r.line("")
}

// inline writes an object within a line of rich text.
// https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
func (r *reading) inline(kind string, o map[string]any) (string, bool) {
	get := func(key string) string { s, _ := o[key].(string); return s }
	switch kind {
	case "text":
		return unescaper.Replace(get("text")), true
	case "link":
		return cmp.Or(get("text"), get("url")), true
	case "user":
		return "@" + r.names(get("user_id")), true
	case "channel":
		return "#" + get("channel_id"), true
	case "usergroup":
		return "@" + get("usergroup_id"), true
	case "broadcast":
		return "@" + get("range"), true
	case "emoji":
		return ":" + get("name") + ":", true
	case "date":
		return get("fallback"), true
	case "color":
		return get("value"), true
	}
	return "", false
}

// line adds a line; an empty one ends the line before.
func (r *reading) line(text string) {
	if s := r.said.String(); s != "" && !strings.HasSuffix(s, "\n") {
		r.said.WriteString("\n")
	}
	if text != "" {
		r.said.WriteString(text + "\n")
	}
}

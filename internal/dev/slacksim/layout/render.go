package layout

import (
	"cmp"
	"fmt"
	"strings"

	"supporty/internal/dev/slacksim/wire"
)

// Renderer turns blocks into the text that a person reads.
type Renderer struct {
	Names  map[string]string
	Values StateValues
	Errors map[string]string
}

// Blocks renders blocks, one under the other.
func (r Renderer) Blocks(blocks []any) string {
	var lines []string
	for _, b := range blocks {
		if block, ok := b.(wire.Object); ok {
			lines = append(lines, r.block(block))
		}
	}
	return Joined("\n", lines...)
}

func (r Renderer) block(block wire.Object) string {
	switch wire.Text(block, "type") {
	case "header":
		return r.text(block["text"])
	case "section":
		return r.section(block)
	case "context":
		return r.list(block["elements"], " ")
	case "actions", "context_actions":
		return r.list(block["elements"], " ")
	case "divider":
		return "---"
	case "image":
		return "[image: " + wire.Text(block, "alt_text") + "]"
	case "input":
		return r.input(block)
	case "markdown":
		return wire.Text(block, "text")
	case "rich_text":
		return r.richBlock(block)
	}
	children, _ := block["child_blocks"].([]any)
	return Joined("\n", r.text(block["title"]), r.text(block["text"]), r.Blocks(children))
}

func (r Renderer) section(block wire.Object) string {
	return Joined("\n", r.text(block["text"]), r.list(block["fields"], "\n"), r.part(block["accessory"]))
}

// text renders a text object: mrkdwn with its codes, plain text as it is.
func (r Renderer) text(v any) string {
	o, _ := v.(wire.Object)
	if wire.Text(o, "type") == "mrkdwn" {
		return Plain(wire.Text(o, "text"), r.Names)
	}
	return wire.Text(o, "text")
}

func (r Renderer) list(v any, separator string) string {
	items, _ := v.([]any)
	var parts []string
	for _, item := range items {
		parts = append(parts, r.part(item))
	}
	return Joined(separator, parts...)
}

// part renders an element or a text object.
func (r Renderer) part(v any) string {
	o, ok := v.(wire.Object)
	if !ok {
		return ""
	}
	switch kind := wire.Text(o, "type"); kind {
	case "mrkdwn", "plain_text":
		return r.text(o)
	case "button", "workflow_button":
		return "[" + wire.TextOf(o, "text") + "]"
	case "image":
		return "[image: " + wire.Text(o, "alt_text") + "]"
	case "overflow":
		return "[… " + strings.Join(labels(o), " | ") + "]"
	case "static_select", "radio_buttons", "checkboxes":
		return "[" + Joined(": ", wire.TextOf(o, "placeholder"), strings.Join(labels(o), " | ")) + "]"
	default:
		return "[" + Joined(" ", wire.TextOf(o, "placeholder"), kind) + "]"
	}
}

func labels(o wire.Object) []string {
	var list []string
	for _, option := range Offered(o) {
		list = append(list, wire.TextOf(option, "text"))
	}
	return list
}

func (r Renderer) input(block wire.Object) string {
	raw, _ := block["element"].(wire.Object)
	el := NewElement(block, raw)
	line := wire.TextOf(block, "label") + ": " + r.value(el)
	if offer := labels(raw); len(offer) > 0 {
		line += " [" + strings.Join(offer, " | ") + "]"
	}
	return Joined("\n", line, wire.TextOf(block, "hint"), r.Errors[el.Block])
}

// value is what is filled into a field, as its reader sees it.
func (r Renderer) value(el Element) string {
	value := r.Values[el.Block][el.Action]
	switch v := value[kinds[el.Kind].field].(type) {
	case nil:
		return ""
	case wire.Object:
		return wire.TextOf(v, "text")
	case []any:
		var parts []string
		for _, item := range v {
			if option, ok := item.(wire.Object); ok {
				parts = append(parts, wire.TextOf(option, "text"))
			} else {
				parts = append(parts, fmt.Sprint(item))
			}
		}
		return strings.Join(parts, ", ")
	default:
		return fmt.Sprint(v)
	}
}

// richBlock renders rich text: what people type, quotes and lists.
func (r Renderer) richBlock(block wire.Object) string {
	items, _ := block["elements"].([]any)
	var lines []string
	for _, item := range items {
		o, _ := item.(wire.Object)
		lines = append(lines, r.richPart(o))
	}
	return Joined("\n", lines...)
}

func (r Renderer) richPart(o wire.Object) string {
	inline := r.richInline(o["elements"])
	switch wire.Text(o, "type") {
	case "rich_text_quote":
		return "> " + strings.ReplaceAll(inline, "\n", "\n> ")
	case "rich_text_preformatted":
		return "```\n" + inline + "\n```"
	case "rich_text_list":
		items, _ := o["elements"].([]any)
		var lines []string
		for _, item := range items {
			section, _ := item.(wire.Object)
			lines = append(lines, "• "+r.richInline(section["elements"]))
		}
		return strings.Join(lines, "\n")
	}
	return inline
}

func (r Renderer) richInline(v any) string {
	items, _ := v.([]any)
	var out strings.Builder
	for _, item := range items {
		o, _ := item.(wire.Object)
		out.WriteString(r.richElement(o))
	}
	return out.String()
}

func (r Renderer) richElement(o wire.Object) string {
	switch wire.Text(o, "type") {
	case "text":
		return wire.Text(o, "text")
	case "link":
		return reading(Joined("|", wire.Text(o, "url"), wire.Text(o, "text")), r.Names)
	case "user":
		return reading("@"+wire.Text(o, "user_id"), r.Names)
	case "channel":
		return reading("#"+wire.Text(o, "channel_id"), r.Names)
	case "usergroup":
		return reading("!subteam^"+wire.Text(o, "usergroup_id"), r.Names)
	case "broadcast":
		return "@" + wire.Text(o, "range")
	case "emoji":
		return ":" + wire.Text(o, "name") + ":"
	case "date":
		return dateReading(fmt.Sprintf("!date^%v^%s", o["timestamp"], wire.Text(o, "format")), wire.Text(o, "fallback"))
	}
	return ""
}

// Attachment renders an attachment, or its fallback.
func (r Renderer) Attachment(a wire.Object) string {
	blocks, _ := a["blocks"].([]any)
	lines := []string{wire.Text(a, "pretext"), wire.Text(a, "title"), wire.Text(a, "text")}
	fields, _ := a["fields"].([]any)
	for _, f := range fields {
		field, _ := f.(wire.Object)
		lines = append(lines, Joined(": ", wire.Text(field, "title"), wire.Text(field, "value")))
	}
	written := Joined("\n", Plain(Joined("\n", lines...), r.Names), r.Blocks(blocks))
	return cmp.Or(written, wire.Text(a, "fallback"))
}

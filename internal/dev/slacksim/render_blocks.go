package slacksim

import (
	"fmt"
	"strings"
)

// renderer turns blocks into the text that a person reads.
type renderer struct {
	names  map[string]string
	values ViewValues
	errors map[string]string
}

func (r renderer) blocks(blocks []any) string {
	var lines []string
	for _, b := range blocks {
		if block, ok := b.(object); ok {
			lines = append(lines, r.block(block))
		}
	}
	return joined("\n", lines...)
}

func (r renderer) block(block object) string {
	switch text(block, "type") {
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
		return "[image: " + text(block, "alt_text") + "]"
	case "input":
		return r.input(block)
	case "markdown":
		return text(block, "text")
	case "rich_text":
		return r.richBlock(block)
	}
	children, _ := block["child_blocks"].([]any)
	return joined("\n", r.text(block["title"]), r.text(block["text"]), r.blocks(children))
}

func (r renderer) section(block object) string {
	return joined("\n", r.text(block["text"]), r.list(block["fields"], "\n"), r.part(block["accessory"]))
}

// text renders a text object: mrkdwn with its codes, plain text as it is.
func (r renderer) text(v any) string {
	o, _ := v.(object)
	if text(o, "type") == "mrkdwn" {
		return mrkdwn(text(o, "text"), r.names)
	}
	return text(o, "text")
}

func (r renderer) list(v any, separator string) string {
	items, _ := v.([]any)
	var parts []string
	for _, item := range items {
		parts = append(parts, r.part(item))
	}
	return joined(separator, parts...)
}

// part renders an element or a text object.
func (r renderer) part(v any) string {
	o, ok := v.(object)
	if !ok {
		return ""
	}
	switch kind := text(o, "type"); kind {
	case "mrkdwn", "plain_text":
		return r.text(o)
	case "button", "workflow_button":
		return "[" + textOf(o, "text") + "]"
	case "image":
		return "[image: " + text(o, "alt_text") + "]"
	case "overflow":
		return "[… " + strings.Join(labels(o), " | ") + "]"
	case "static_select", "radio_buttons", "checkboxes":
		return "[" + joined(": ", textOf(o, "placeholder"), strings.Join(labels(o), " | ")) + "]"
	default:
		return "[" + joined(" ", textOf(o, "placeholder"), kind) + "]"
	}
}

func labels(o object) []string {
	var list []string
	for _, option := range offered(o) {
		list = append(list, textOf(option, "text"))
	}
	return list
}

func (r renderer) input(block object) string {
	raw, _ := block["element"].(object)
	el := newElement(block, raw)
	line := textOf(block, "label") + ": " + r.value(el)
	if offer := labels(raw); len(offer) > 0 {
		line += " [" + strings.Join(offer, " | ") + "]"
	}
	return joined("\n", line, textOf(block, "hint"), r.errors[el.block])
}

// value is what is filled into a field, as its reader sees it.
func (r renderer) value(el element) string {
	value := r.values[el.block][el.action]
	switch v := value[kinds[el.kind].field].(type) {
	case nil:
		return ""
	case object:
		return textOf(v, "text")
	case []any:
		var parts []string
		for _, item := range v {
			if option, ok := item.(object); ok {
				parts = append(parts, textOf(option, "text"))
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
func (r renderer) richBlock(block object) string {
	items, _ := block["elements"].([]any)
	var lines []string
	for _, item := range items {
		o, _ := item.(object)
		lines = append(lines, r.richPart(o))
	}
	return joined("\n", lines...)
}

func (r renderer) richPart(o object) string {
	inline := r.richInline(o["elements"])
	switch text(o, "type") {
	case "rich_text_quote":
		return "> " + strings.ReplaceAll(inline, "\n", "\n> ")
	case "rich_text_preformatted":
		return "```\n" + inline + "\n```"
	case "rich_text_list":
		items, _ := o["elements"].([]any)
		var lines []string
		for _, item := range items {
			section, _ := item.(object)
			lines = append(lines, "• "+r.richInline(section["elements"]))
		}
		return strings.Join(lines, "\n")
	}
	return inline
}

func (r renderer) richInline(v any) string {
	items, _ := v.([]any)
	var out strings.Builder
	for _, item := range items {
		o, _ := item.(object)
		out.WriteString(r.richElement(o))
	}
	return out.String()
}

func (r renderer) richElement(o object) string {
	switch text(o, "type") {
	case "text":
		return text(o, "text")
	case "link":
		return reading(joined("|", text(o, "url"), text(o, "text")), r.names)
	case "user":
		return reading("@"+text(o, "user_id"), r.names)
	case "channel":
		return reading("#"+text(o, "channel_id"), r.names)
	case "usergroup":
		return reading("!subteam^"+text(o, "usergroup_id"), r.names)
	case "broadcast":
		return "@" + text(o, "range")
	case "emoji":
		return ":" + text(o, "name") + ":"
	case "date":
		return dateReading(fmt.Sprintf("!date^%v^%s", o["timestamp"], text(o, "format")), text(o, "fallback"))
	}
	return ""
}

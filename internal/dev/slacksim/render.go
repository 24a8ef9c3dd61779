package slacksim

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	code      = regexp.MustCompile(`<([^<>]+)>`)
	dateToken = regexp.MustCompile(`\{[a-z_]+\}`)
	unescaper = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
)

func unescape(s string) string { return unescaper.Replace(s) }

// Rendered is the message as a person reads it, as plain text: blocks one under
// the other, mentions by name, buttons as [Label], dates in UTC and short
// ("Mon 11:50"), since viewers in tests have no zone of their own. Attachments
// follow, and files as [file: name].
func (m *Message) Rendered() string {
	r := renderer{names: m.Names}
	lines := []string{r.body(m)}
	for _, a := range decodeBlocks(m.Attachments) {
		if attachment, ok := a.(object); ok {
			lines = append(lines, r.attachment(attachment))
		}
	}
	for _, f := range m.Files {
		lines = append(lines, f.rendered())
	}
	return joined("\n", lines...)
}

func (f File) rendered() string {
	switch f.Mode {
	case modeDeleted:
		return "[deleted file]"
	case modeHidden:
		return "[hidden file]"
	}
	return "[file: " + f.Name + "]"
}

func (r renderer) body(m *Message) string {
	if blocks := decodeBlocks(m.Blocks); len(blocks) > 0 {
		return r.blocks(blocks)
	}
	return mrkdwn(m.Text, m.Names)
}

func (r renderer) attachment(a object) string {
	blocks, _ := a["blocks"].([]any)
	lines := []string{text(a, "pretext"), text(a, "title"), text(a, "text")}
	fields, _ := a["fields"].([]any)
	for _, f := range fields {
		field, _ := f.(object)
		lines = append(lines, joined(": ", text(field, "title"), text(field, "value")))
	}
	written := joined("\n", mrkdwn(joined("\n", lines...), r.names), r.blocks(blocks))
	return cmp.Or(written, text(a, "fallback"))
}

// Rendered is the view as a person reads it: title, blocks, fields with what is
// filled in, errors, and the buttons at the bottom.
func (v *View) Rendered() string {
	body := v.body()
	blocks, _ := body["blocks"].([]any)
	r := renderer{names: v.Names, values: v.Values, errors: v.Errors}
	lines := []string{textOf(body, "title"), v.Banner, r.blocks(blocks)}
	if submit := textOf(body, "submit"); submit != "" {
		lines = append(lines, "["+cmp.Or(textOf(body, "close"), "Cancel")+"] ["+submit+"]")
	}
	return joined("\n", lines...)
}

// Summary tells in a few lines what is in the workspace.
func (s State) Summary() string {
	var lines []string
	for _, c := range s.Channels {
		for _, m := range append(c.Messages[max(0, len(c.Messages)-5):len(c.Messages):len(c.Messages)], c.Ephemerals...) {
			first, _, _ := strings.Cut(m.Rendered(), "\n")
			lines = append(lines, fmt.Sprintf("%s %s %s: %s", cmp.Or(c.Name, c.ID), m.TS, s.Person(m.User).Name, first))
		}
	}
	for _, p := range s.People {
		if v := p.Modal(); v != nil {
			lines = append(lines, p.Name+" has open: "+strings.ReplaceAll(v.Rendered(), "\n", " / "))
		}
	}
	lines = append(lines, fmt.Sprintf("entry %d, %d sockets", s.Seq, s.Sockets))
	return strings.Join(lines, "\n")
}

func joined(separator string, parts ...string) string {
	var kept []string
	for _, part := range parts {
		if part != "" {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, separator)
}

// mrkdwn resolves the codes between < and > and leaves the rest.
func mrkdwn(text string, names map[string]string) string {
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

// decodeInto reads JSON and keeps numbers as they are written.
func decodeInto(raw json.RawMessage, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		return fmt.Errorf("reading JSON: %w", err)
	}
	return nil
}

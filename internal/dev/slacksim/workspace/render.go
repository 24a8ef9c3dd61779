package workspace

import (
	"cmp"
	"fmt"
	"strings"

	"supporty/internal/dev/slacksim/layout"
	"supporty/internal/dev/slacksim/wire"
)

// Rendered is the message as a person reads it, as plain text: blocks one under
// the other, mentions by name, buttons as [Label], dates in UTC and short
// ("Mon 11:50"), since viewers in tests have no zone of their own. Attachments
// follow, and files as [file: name].
func (m *Message) Rendered() string {
	r := layout.Renderer{Names: m.Names}
	lines := []string{body(r, m)}
	for _, a := range layout.Decode(m.Attachments) {
		if attachment, ok := a.(wire.Object); ok {
			lines = append(lines, r.Attachment(attachment))
		}
	}
	for _, f := range m.Files {
		lines = append(lines, f.rendered())
	}
	return layout.Joined("\n", lines...)
}

func (f File) rendered() string {
	switch f.Mode {
	case modeDeleted:
		return "[deleted file]"
	case ModeHidden:
		return "[hidden file]"
	}
	return "[file: " + f.Name + "]"
}

func body(r layout.Renderer, m *Message) string {
	if blocks := layout.Decode(m.Blocks); len(blocks) > 0 {
		return r.Blocks(blocks)
	}
	return layout.Plain(m.Text, m.Names)
}

// Rendered is the view as a person reads it: title, blocks, fields with what is
// filled in, errors, and the buttons at the bottom.
func (v *View) Rendered() string {
	body := v.Decoded()
	blocks, _ := body["blocks"].([]any)
	r := layout.Renderer{Names: v.Names, Values: v.Values, Errors: v.Errors}
	lines := []string{wire.TextOf(body, "title"), v.Banner, r.Blocks(blocks)}
	if submit := wire.TextOf(body, "submit"); submit != "" {
		lines = append(lines, "["+cmp.Or(wire.TextOf(body, "close"), "Cancel")+"] ["+submit+"]")
	}
	return layout.Joined("\n", lines...)
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

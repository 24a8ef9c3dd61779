package workspace

import (
	"regexp"
	"slices"
	"strings"

	"supporty/internal/dev/slacksim/layout"
	"supporty/internal/dev/slacksim/wire"
)

var calling = regexp.MustCompile(`<(@|!subteam\^|!)([A-Za-z0-9]+)(?:\|[^<>]*)?>`)

// calls are whom a message calls: people and groups by id, and here, channel
// or everyone.
type calls struct {
	people, groups, ranges []string
}

// callsIn reads the mentions of a message from its text and its blocks, not
// from attachments, in which they do not notify.
// https://docs.slack.dev/messaging/formatting-message-text#mentioning-users
func callsIn(m *Message) calls {
	var found calls
	found.read(m.Text)
	found.walk(layout.Decode(m.Blocks))
	return found
}

func (c *calls) read(text string) {
	for _, code := range calling.FindAllStringSubmatch(text, -1) {
		c.add(code[1], code[2])
	}
}

func (c *calls) add(kind, id string) {
	switch kind {
	case "@", "user":
		c.people = append(c.people, id)
	case "!subteam^", "usergroup":
		c.groups = append(c.groups, id)
	case "!", "broadcast":
		c.ranges = append(c.ranges, id)
	}
}

// walk looks through blocks, however deep: text objects with mrkdwn, and the
// elements of rich text. Plain text mentions nobody.
func (c *calls) walk(v any) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			c.walk(item)
		}
	case wire.Object:
		kind := wire.Text(v, "type")
		if kind == "mrkdwn" || kind == "markdown" {
			c.read(wire.Text(v, "text"))
		}
		c.add(kind, wire.Text(v, "user_id")+wire.Text(v, "usergroup_id")+wire.Text(v, "range"))
		for key, inner := range v {
			if !strings.HasPrefix(key, "confirm") {
				c.walk(inner)
			}
		}
	}
}

// called lists the people whom the mentions of a message name, members of the
// channel or not. In a reply, here and channel call nobody.
// https://slack.com/help/articles/202009646
func (tx *Tx) called(c *Channel, m *Message, by calls) []string {
	ids := slices.Clone(by.people)
	for _, ref := range by.groups {
		if g := tx.Group(ref); g != nil && !g.Disabled {
			ids = append(ids, g.Members...)
		}
	}
	if m.IsReply() && !m.Broadcast {
		return ids
	}
	for _, audience := range by.ranges {
		for _, id := range c.Members {
			if p := tx.Person(id); audience != "here" || p != nil && p.Presence == "active" {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

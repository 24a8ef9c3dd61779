package desk

import (
	"slices"

	"supporty/internal/ticket"
)

// reword has posted notices, and those on their way, posted anew as they are now. It
// applies to those for which change returns true; change may alter their details.
func (c *Change) reword(changed func(*Posted) bool) {
	c.After.Posted = slices.Clone(c.After.Posted)
	for i := range c.After.Posted {
		p := &c.After.Posted[i]
		if p.Gone || !changed(p) {
			continue
		}
		c.Reworded = slices.DeleteFunc(c.Reworded, func(r Posted) bool { return r.ID == p.ID })
		c.Reworded = append(c.Reworded, *p)
	}
}

// rewordOne has one notice posted anew as change alters it.
func (c *Change) rewordOne(id string, change func(*Posted)) {
	c.reword(func(p *Posted) bool {
		if p.ID != id {
			return false
		}
		change(p)
		return true
	})
}

// Direct returns the beginning of the thread of direct messages to a person about the
// ticket. It is the first message to them that can lead a thread and stands outside the
// ticket's channel, in their newest conversation. It is zero if there is none yet.
func (r Record) Direct(person string) ticket.Message {
	var root ticket.Message
	in := ""
	for _, p := range r.Posted {
		if p.To != person || !p.Stands() || p.At.Channel == r.Card.Channel {
			continue
		}
		if p.At.Channel != in {
			in, root = p.At.Channel, ticket.Message{}
		}
		if root.TS == "" && p.Kind.Leads() {
			root = p.At
		}
	}
	return root
}

// FollowsDirect reports whether the person has written in such a thread. Then Slack
// notifies them of messages in it.
func (r Record) FollowsDirect(person string, root ticket.Message) bool {
	return slices.ContainsFunc(r.Timeline, func(e ticket.Entry) bool {
		return e.Kind == ticket.Replied && e.Actor == person && e.Message.Channel == root.Channel && e.Thread == root.TS
	})
}

package desk

import (
	"slices"
	"time"

	"supporty/internal/ticket"
)

// Posted is a notice of a ticket as it was stored: it stands in Slack, or it is on
// its way there.
type Posted struct {
	ID       string // of the notice
	Kind     NoticeKind
	To       string
	At       ticket.Message // where it stands; zero while it does not, and for what leaves no trace
	PostedAt time.Time      // when it was first said there; zero while it was not
	NoticeDetails
}

// Stands reports whether the notice can be read in Slack.
func (p Posted) Stands() bool { return p.At.TS != "" && !p.Gone }

// reword has notices of the ticket that stand, or are on their way, said anew as
// they are now: what change returns true for. It may change their details.
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

// rewordOne has one notice said anew as change makes it.
func (c *Change) rewordOne(id string, change func(*Posted)) {
	c.reword(func(p *Posted) bool {
		if p.ID != id {
			return false
		}
		change(p)
		return true
	})
}

// Direct returns where the thread begins in which somebody is told about the ticket by
// direct message: the first message to them that can lead one and stands outside of the
// ticket's channel, in the conversation with them that is the newest. It is zero if there
// is none yet.
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

// FollowsDirect reports whether somebody has written in such a thread: then Slack
// notifies them of what is said in it.
func (r Record) FollowsDirect(person string, root ticket.Message) bool {
	return slices.ContainsFunc(r.Timeline, func(e ticket.Entry) bool {
		return e.Kind == ticket.Replied && e.Actor == person && e.Message.Channel == root.Channel && e.Thread == root.TS
	})
}

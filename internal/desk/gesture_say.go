package desk

import (
	"context"
	"strings"

	"supporty/internal/ticket"
)

// Say posts a saved answer in the ticket's thread, in the actor's name. It counts as an
// answer of theirs, and reaches the requester like one. {requester} and {number} in it are
// filled in.
func (d *Desk) Say(ctx context.Context, g Gesture, answer string) (Record, error) {
	r, err := d.Find(ctx, g.Ticket)
	if err != nil {
		return r, err
	}
	requester, err := d.people.Person(ctx, r.Ticket.Requester)
	if err != nil {
		return r, unavailable(err)
	}
	text := strings.NewReplacer("{requester}", requester.Name, "{number}", r.Ticket.Number.String()).Replace(answer)
	g.said = Written{Text: text, Names: []string{requester.ID}}.words()
	return d.do(ctx, g, ticket.Replied, ticket.Details{Reply: ticket.Reply{Saved: true}})
}

// enqueueSaved posts a saved answer in the thread, where it mentions a requester who is
// there. A requester elsewhere has it brought to them.
func (c *Change) enqueueSaved(r Record, e ticket.Entry, w Written) {
	to := r.Ticket.Requester
	if e.Outside {
		to = ""
	}
	c.enqueue(r.notice(NoticeQuote, to, e.RecordedAt, NoticeDetails{Actor: e.Actor, At: e.HappenedAt, Text: w.Text}))
	if e.Carried {
		c.enqueueCarried(r, e, w)
	}
}

package desk

import (
	"slices"

	"supporty/internal/ticket"
)

// enqueueStandIns handles the removal of an emoji while another person's emoji still
// stands. The new owner is told that the ticket is theirs, and the message of a
// resolution names the other resolver. The change is found by comparison, because the
// two emoji can be learned of in any order.
func (c *Change) enqueueStandIns(before ticket.Ticket) {
	t := c.After.Ticket
	if back, passed := c.After.inherited(); passed && t.Assignee != before.Assignee {
		c.Card = max(c.Card, CardEdited)
		c.enqueue(c.After.notice(NoticeInherited, t.Assignee, back.RecordedAt,
			NoticeDetails{Actor: back.Actor, At: back.HappenedAt, Emoji: back.Emoji}))
		c.enqueueClaim(c.After, back)
	}
	if t.State == ticket.StateResolved && t.EndedAt.Equal(before.EndedAt) && t.EndedBy != before.EndedBy {
		c.Card = max(c.Card, CardEdited)
		c.Reword = append(c.Reword, NoticeResolved)
	}
}

// inherited returns the entry that made the present owner the owner, if somebody put
// the ticket back while the owner's emoji still claimed it.
func (r Record) inherited() (ticket.Entry, bool) {
	i := slices.IndexFunc(r.Timeline, func(e ticket.Entry) bool {
		return e.Kind == ticket.PutBack && e.Void == "" && e.HappenedAt.Equal(r.Ticket.ClaimedAt)
	})
	if i < 0 || !r.Ticket.Owned() {
		return ticket.Entry{}, false
	}
	return r.Timeline[i], true
}

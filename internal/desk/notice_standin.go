package desk

import (
	"slices"

	"supporty/internal/ticket"
)

// enqueueStandIns tells of what holds by another's emoji than before, because one that
// held it is gone: the new owner that it is theirs, and who reads of a resolution whose
// it is. It is found by comparison: news of both emoji can come in any order.
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

// inherited returns the entry by which the present owner got the ticket, if it put the
// ticket back and their emoji still claimed it.
func (r Record) inherited() (ticket.Entry, bool) {
	i := slices.IndexFunc(r.Timeline, func(e ticket.Entry) bool {
		return e.Kind == ticket.PutBack && e.Void == "" && e.HappenedAt.Equal(r.Ticket.ClaimedAt)
	})
	if i < 0 || !r.Ticket.Owned() {
		return ticket.Entry{}, false
	}
	return r.Timeline[i], true
}

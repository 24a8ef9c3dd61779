package desk

import (
	"slices"

	"supporty/internal/ticket"
)

// enqueueForestalled tells who had the ticket that somebody else claimed it before, of which
// we learned later; and those who claimed it since that it is another who has it. A claim by
// a button that was refused is not stored: that was answered where it was made.
func (c *Change) enqueueForestalled() {
	t := c.After.Ticket
	lost := func(e ticket.Entry) bool { return e.Kind == ticket.Claimed && e.Void != "" && e.ID != 0 }
	if !t.Owned() || t.State.Ended() || !slices.ContainsFunc(c.Revoid, lost) {
		return
	}
	told := []string{t.Assignee}
	for _, e := range c.After.Timeline {
		if lost(e) && !e.HappenedAt.Before(t.ClaimedAt) && !slices.Contains(told, e.Actor) {
			told = append(told, e.Actor)
			c.enqueue(c.After.notice(NoticeForestalled, e.Actor, c.Now, NoticeDetails{Actor: t.Assignee, At: t.ClaimedAt}))
		}
	}
}

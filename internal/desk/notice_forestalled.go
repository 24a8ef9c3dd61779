package desk

import (
	"slices"

	"supporty/internal/ticket"
)

// enqueueForestalled handles a claim that arrived late but was made first. It tells the
// person who had the ticket, and everybody who claimed it since, who has it. A refused
// claim by button is not stored: its maker was answered at once.
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

package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"supporty/internal/ticket"
)

// Change is what one use case stores, whole or not at all.
type Change struct {
	Key       string   // of the input; empty if it needs none
	Keys      []string // of inputs that are part of it, whether they were given before or not
	Now       time.Time
	After     Record         // Version is that of the record it was made from
	New       []ticket.Entry // to be added to the timeline
	Revoid    []ticket.Entry // stored entries whose Void has changed
	Alerts    []Alert        // to be added
	Untrue    []Alert        // to be forgotten; what was said of them is to be said anew
	Notices   []Notice       // to be enqueued
	Paged     []DutyPage     // whom the ladder called
	Card      CardChange
	Reword    []NoticeKind // messages of these kinds about the present cycle, if said, are to be said anew
	Reworded  []Posted     // notices with other details than before, to be said anew as they are now
	Redaction *Redaction   // what is removed for good; nil for nothing
	NextAt    time.Time    // when the ticket wants to be swept; zero for never
}

// Numbered returns the change that opens a ticket, with the number that the ticket got.
func (c Change) Numbered(n ticket.Number) Change {
	c.After.Ticket.Number = n
	c.Notices = slices.Clone(c.Notices)
	for i := range c.Notices {
		c.Notices[i] = c.Notices[i].Numbered(n)
	}
	return c
}

// CardChange is how a change alters the ticket's card.
type CardChange int

// The ways a card can change.
const (
	CardSame    CardChange = iota
	CardEdited             // it shows something else now
	CardNew                // it has to be posted, for the first time or again
	CardErased             // it has to be posted again, and the one before is deleted
	CardRemoved            // it is deleted, and none takes its place
)

// attempts bounds how often a change is decided again because the ticket was
// changed by somebody else in between. In a crowd all but one start over in
// every round.
const attempts = 64

// change is the one way from an event to the database. It has the change decided on the
// ticket as it is remembered, or loaded, and saves it. It starts over if somebody else was
// faster, and if a remembered ticket gives no change: nobody is refused by what may be old.
// The zero Change saves nothing. It returns the ticket as it is afterwards, and whether the
// change was saved: not if its key was used before.
func (d *Desk) change(ctx context.Context, n ticket.Number, doing string, decide func(before Record) (Change, error)) (Record, bool, error) {
	for range attempts {
		before, remembered, err := d.latest(ctx, n)
		if err != nil {
			return Record{}, false, err
		}
		c, err := decide(before)
		if err != nil || c.After.Ticket.Number == 0 {
			if remembered {
				d.recent.forget(n)
				continue
			}
			return before, false, err
		}
		ids, err := d.tickets.Save(ctx, c)
		if err == nil {
			after := c.stored(ids)
			d.remember(c, after)
			return after, true, nil
		}
		d.recent.forget(n)
		switch {
		case errors.Is(err, ErrDuplicate):
			r, err := d.Find(ctx, n)
			return r, false, err
		case !errors.Is(err, ErrStale):
			return before, false, unavailable(fmt.Errorf("%s %s: %w", doing, n, err))
		}
	}
	return Record{}, false, unavailable(fmt.Errorf("%s %s: %w", doing, n, ErrStale))
}

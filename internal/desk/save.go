package desk

import (
	"context"
	"errors"
	"fmt"

	"supporty/internal/ticket"
)

// attempts bounds how often a change is decided again because the ticket was
// changed by somebody else in between. In a crowd all but one start over in
// every round.
const attempts = 64

// change is the one road from what happened to what is stored: it loads a ticket, has
// the change decided and saves it, all of it again if somebody else was faster. The zero
// Change saves nothing. It returns the ticket as it is afterwards, and whether the change
// was saved: not if its key was used before.
func (d *Desk) change(ctx context.Context, n ticket.Number, doing string, decide func(before Record) (Change, error)) (Record, bool, error) {
	for range attempts {
		before, err := d.Find(ctx, n)
		if err != nil {
			return Record{}, false, err
		}
		c, err := decide(before)
		if err != nil || c.After.Ticket.Number == 0 {
			return before, false, err
		}
		err = d.store.Save(ctx, c)
		switch {
		case err == nil:
			return c.After, true, nil
		case errors.Is(err, ErrDuplicate):
			r, err := d.Find(ctx, n)
			return r, false, err
		case !errors.Is(err, ErrStale):
			return before, false, unavailable(fmt.Errorf("%s %s: %w", doing, n, err))
		}
	}
	return Record{}, false, unavailable(fmt.Errorf("%s %s: %w", doing, n, ErrStale))
}

package desk

import (
	"context"
	"errors"

	"supporty/internal/ticket"
)

// MostFolded is how many tickets are folded into another at once.
const MostFolded = 20

// Foldable is a ticket and the open ones that were opened with it in a flood.
type Foldable struct {
	Into  Record
	Flood []Summary // at most MostFolded
}

// Foldable returns what somebody probably wants to fold into a ticket.
func (d *Desk) Foldable(ctx context.Context, n ticket.Number, reader string) (Foldable, error) {
	r, err := d.Read(ctx, n, reader)
	if err != nil {
		return Foldable{}, err
	}
	p, err := d.actor(ctx, reader)
	if err != nil {
		return Foldable{}, err
	}
	flood, err := d.flood(ctx, r.Ticket)
	if err != nil {
		return Foldable{}, unavailable(err)
	}
	var numbers []ticket.Number
	for _, o := range flood {
		if o.Number != n && o.EndedAt.IsZero() {
			numbers = append(numbers, o.Number)
		}
	}
	open, _ := d.visibleTo(p, Filter{Scope: ScopeOpen})
	open.Private = nil
	list, err := d.search.Summaries(ctx, numbers[:min(len(numbers), MostFolded)], open)
	hideWithheld(list)
	return Foldable{Into: r, Flood: list}, orUnavailable(err, "reading the tickets of a flood")
}

// FoldIn closes tickets as duplicates of the gesture's ticket, all of them or none. Those
// that have ended meanwhile are left out.
func (d *Desk) FoldIn(ctx context.Context, g Gesture, duplicates []ticket.Number) (Record, error) {
	switch {
	case len(duplicates) == 0:
		return Record{}, ticket.Errorf(ticket.Invalid, "Choose at least one ticket.").At(FieldDuplicate)
	case len(duplicates) > MostFolded:
		return Record{}, ticket.Errorf(ticket.Invalid, "Choose at most %d tickets at once.", MostFolded).At(FieldDuplicate)
	}
	return d.together(ctx, g, func(person Person, before Record) ([]Change, error) {
		if before.Ticket.State.Ended() {
			return nil, ticket.Errorf(ticket.Conflict, "%s is already %s. Reopen it first.", g.Ticket, before.Ticket.State).At(FieldDuplicate)
		}
		if err := foldable(person, before.Ticket); err != nil {
			return nil, err
		}
		var closed []Change
		for _, n := range duplicates {
			c, err := d.closeInto(ctx, person, g, n)
			if err != nil {
				return nil, err
			}
			if c.After.Ticket.Number != 0 {
				closed = append(closed, c)
			}
		}
		if len(closed) == 0 {
			return nil, ticket.Errorf(ticket.Conflict, "These have ended already.").At(FieldDuplicate)
		}
		into, err := d.foldInto(ctx, before, person, g, closed...)
		into.Key = g.Key
		return append([]Change{into}, closed...), err
	})
}

// closeInto returns the change that closes a ticket as a duplicate of the gesture's ticket;
// the zero Change if it has ended.
func (d *Desk) closeInto(ctx context.Context, person Person, g Gesture, n ticket.Number) (Change, error) {
	r, err := d.Find(ctx, n)
	if err == nil {
		err = foldable(person, r.Ticket)
	}
	if err != nil || r.Ticket.State.Ended() || n == g.Ticket {
		return Change{}, err
	}
	c, refusal, err := d.decideGesture(ctx, r, person, g, ticket.Closed, ticket.Details{CloseReason: ticket.Duplicate, DuplicateOf: g.Ticket})
	c.Key = "" // the key is the original's
	return c, errors.Join(err, refusal)
}

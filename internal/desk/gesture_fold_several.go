package desk

import (
	"context"
	"errors"
	"slices"

	"supporty/internal/ticket"
)

// MostFolded is how many tickets are folded into another at once.
const MostFolded = 20

// mostFoldable is how many are offered.
const mostFoldable = 100

// Foldable is the open tickets that may be about the same as one.
type Foldable struct {
	Into    Record
	Tickets []Summary       // of the same category, without it
	Flood   []ticket.Number // those of them that were opened with it in a flood
}

// Foldable returns the open tickets that somebody could fold into one.
func (d *Desk) Foldable(ctx context.Context, n ticket.Number, reader string) (Foldable, error) {
	r, err := d.Read(ctx, n, reader)
	if err != nil {
		return Foldable{}, err
	}
	p, err := d.actor(ctx, reader)
	if err != nil {
		return Foldable{}, err
	}
	others, _ := d.visibleTo(p, Filter{Category: r.Ticket.Category, Limit: mostFoldable})
	others.Private = nil
	list, _, err := d.list(ctx, others)
	if err != nil {
		return Foldable{}, orUnavailable(err, "listing tickets")
	}
	flood, err := d.flood(ctx, r.Ticket)
	if err != nil {
		return Foldable{}, unavailable(err)
	}
	f := Foldable{Into: r}
	for _, s := range list {
		if s.Number == n {
			continue
		}
		f.Tickets = append(f.Tickets, s)
		if slices.ContainsFunc(flood, func(o Similar) bool { return o.Number == s.Number }) && len(f.Flood) < MostFolded {
			f.Flood = append(f.Flood, s.Number)
		}
	}
	return f, nil
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

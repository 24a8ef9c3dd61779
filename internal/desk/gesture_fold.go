package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// A duplicate is closed, and its people follow the original, which keeps the promise that was
// made to them. Both tickets change together or not at all, so two people who fold at once
// cannot fold in a circle: the second finds what the first has done.

// fold closes a ticket as a duplicate of another.
func (d *Desk) fold(ctx context.Context, g Gesture, of ticket.Number, note string) (Record, error) {
	return d.together(ctx, g, func(person Person, before Record) ([]Change, error) {
		original, err := d.original(ctx, g.Ticket, of)
		if err == nil {
			err = cmp.Or(foldable(person, before.Ticket), foldable(person, original.Ticket))
		}
		if err != nil {
			return nil, err
		}
		closed := ticket.Details{CloseReason: ticket.Duplicate, DuplicateOf: original.Ticket.Number, Note: note}
		c, refusal, err := d.decideGesture(ctx, before, person, g, ticket.Closed, closed)
		if err != nil || refusal != nil || c.After.Ticket.Number == 0 {
			return nil, errors.Join(err, unlessSame(refusal))
		}
		into, err := d.foldInto(ctx, original, person, g, c)
		return []Change{c, into}, err
	})
}

// part makes a duplicate a ticket of its own again.
func (d *Desk) part(ctx context.Context, g Gesture) (Record, error) {
	return d.together(ctx, g, func(person Person, before Record) ([]Change, error) {
		c, refusal, err := d.decideGesture(ctx, before, person, g, ticket.Reopened, ticket.Details{Policy: d.policies.Current()})
		if err != nil || refusal != nil || c.After.Ticket.Number == 0 {
			return nil, errors.Join(err, unlessSame(refusal))
		}
		changes := []Change{c}
		leaves := ticket.Details{Folded: append([]ticket.FoldedTicket{foldOf(before)}, before.Ticket.Folded...)}
		for of := before.Ticket.DuplicateOf; of != 0; {
			from, err := d.Find(ctx, of)
			if err != nil {
				return nil, err
			}
			left, err := d.decide(ctx, from, micros(g.Now), nil, entryAfter(from, g, person, ticket.Parted, leaves))
			if err != nil {
				return nil, err
			}
			changes, of = append(changes, left), from.Ticket.DuplicateOf
		}
		return changes, nil
	})
}

// together decides and saves changes of several tickets that belong to one gesture; the first
// is of the gesture's own ticket.
func (d *Desk) together(ctx context.Context, g Gesture, decide func(Person, Record) ([]Change, error)) (Record, error) {
	person, err := d.actor(ctx, g.Actor)
	if err != nil {
		return Record{}, err
	}
	for range attempts {
		before, err := d.Find(ctx, g.Ticket)
		if err != nil {
			return Record{}, err
		}
		changes, err := decide(person, before)
		if err != nil || len(changes) == 0 {
			return before, err
		}
		err = d.saveAll(ctx, changes)
		switch {
		case err == nil, errors.Is(err, ErrDuplicate):
			return d.Find(ctx, g.Ticket)
		case !errors.Is(err, ErrStale):
			return before, unavailable(fmt.Errorf("changing %s and others: %w", g.Ticket, err))
		}
	}
	return Record{}, unavailable(fmt.Errorf("changing %s and others: %w", g.Ticket, ErrStale))
}

func (d *Desk) saveAll(ctx context.Context, changes []Change) error {
	for _, c := range changes {
		d.recent.forget(c.After.Ticket.Number)
	}
	return d.tickets.SaveAll(ctx, changes)
}

// original returns the ticket into which a duplicate is folded. If that is a duplicate
// itself, it is the one at the end.
func (d *Desk) original(ctx context.Context, n, of ticket.Number) (Record, error) {
	for next := of; ; {
		if next <= 0 || next == n {
			return Record{}, notInto(n, of)
		}
		r, err := d.Find(ctx, next)
		switch {
		case ticket.CodeOf(err) == ticket.Unknown:
			return Record{}, noDuplicateOf(next)
		case err != nil:
			return Record{}, err
		case r.Ticket.CloseReason != ticket.Duplicate || r.Ticket.DuplicateOf == 0:
			return r, nil
		}
		next = r.Ticket.DuplicateOf
	}
}

func noDuplicateOf(n ticket.Number) error {
	return ticket.Errorf(ticket.Invalid, "There is no ticket %s.", n).At(FieldDuplicate)
}

// foldable returns an error if a ticket is private: as a duplicate it would be told to the
// people of another ticket, or would tell of itself.
func foldable(p Person, t ticket.Ticket) error {
	switch {
	case !t.Private():
		return nil
	case !MayRead(p, t):
		return noDuplicateOf(t.Number)
	}
	return ticket.Errorf(ticket.Conflict, "%s is private: it can neither be a duplicate nor have one.", t.Number).At(FieldDuplicate)
}

// notInto tells why a ticket cannot be folded into another.
func notInto(n, of ticket.Number) error {
	if of <= 0 || of == n {
		return ticket.Errorf(ticket.Invalid, "Choose another ticket, by its number or its words.").At(FieldDuplicate)
	}
	return ticket.Errorf(ticket.Conflict, "%s is already a duplicate of %s.", of, n).At(FieldDuplicate)
}

// foldInto returns the change of the original, given those that close its duplicates. If a
// responder folds, it takes the higher priority, and the earlier promise if that is still to
// come: what is late already was told in the duplicate, and is not late again from the
// beginning.
func (d *Desk) foldInto(ctx context.Context, original Record, person Person, g Gesture, closed ...Change) (Change, error) {
	var in ticket.Details
	raise := ticket.Details{Priority: original.Ticket.Priority, Policy: d.policies.Current()}
	for _, c := range closed {
		t := c.After.Ticket
		in.Folded = append(append(in.Folded, foldOf(c.After)), t.Folded...)
		in.People = append(append(in.People, t.Requester), t.Followers...)
		if due := promisedStill(c.After, g.Now); in.DueAt.IsZero() || !due.IsZero() && due.Before(in.DueAt) {
			in.DueAt = due
		}
		if t.Priority < raise.Priority {
			raise.Priority, raise.Note = t.Priority, fmt.Sprintf("%s is about the same.", t.Number)
		}
	}
	if !person.In(original.Ticket.Channel).Responder {
		in.DueAt, raise.Note = time.Time{}, ""
	}
	entries := []ticket.Entry{entryAfter(original, g, person, ticket.FoldedIn, in)}
	if raise.Note != "" && !original.Ticket.State.Ended() {
		entries = append(entries, entryAfter(original, g, person, ticket.Reprioritised, raise))
	}
	return d.decide(ctx, original, micros(g.Now), nil, entries...)
}

// promisedStill is by when a ticket was to be solved; zero if it was late, or had no target.
func promisedStill(r Record, now time.Time) time.Time {
	c := r.Clock(sla.Resolve)
	if !c.Promised() || !c.DueAt.After(now) {
		return time.Time{}
	}
	return c.DueAt
}

func foldOf(r Record) ticket.FoldedTicket {
	t := r.Ticket
	delayed := slices.ContainsFunc(r.Posted, func(p Posted) bool {
		return (p.Kind == NoticeDelayed || p.Kind == NoticeExpected) && p.To == t.Requester && p.Cycle == t.Cycle && p.Stands()
	})
	return ticket.FoldedTicket{Ticket: t.Number, Requester: t.Requester, OpenedAt: t.OpenedAt, Delayed: delayed}
}

// entryAfter is an entry that a gesture makes in another ticket than its own, after all that
// is known there.
func entryAfter(r Record, g Gesture, p Person, kind ticket.Kind, details ticket.Details) ticket.Entry {
	g.At = time.Time{}
	return ticket.Entry{
		Kind: kind, Actor: g.Actor, Role: roleOf(p, r.Ticket), Gesture: g.By,
		HappenedAt: moment(g, r), RecordedAt: micros(g.Now), Details: details,
	}
}

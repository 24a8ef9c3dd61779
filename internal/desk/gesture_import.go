package desk

import (
	"context"
	"fmt"
	"time"

	"supporty/internal/ticket"
)

// Imported is a ticket of another desk that has ended there. It becomes history: it has no thread, it
// was never promised anything, and nobody is told of it.
type Imported struct {
	Content
	Key         string // what identifies it there
	Requester   string
	Owner       string
	OpenedAt    time.Time
	AnsweredAt  time.Time // when its owner had it; zero if that is not known
	EndedAt     time.Time
	Closed      bool // without a solution
	Solution    ticket.Solution
	CloseReason ticket.CloseReason // of Closed; may be empty
}

// importKey is the key under which an import is known for good: like those of messages that became
// tickets, it is never forgotten.
func importKey(key string) string { return "source:import:" + key }

// FindImported returns the ticket that was imported under a key; 0 if there is none.
func (d *Desk) FindImported(ctx context.Context, key string) (ticket.Number, error) {
	n, err := d.index.ByInput(ctx, importKey(key))
	return n, orUnavailable(err, "looking for an imported ticket")
}

// CheckImported says why a ticket cannot be imported, in a sentence; nil if it can.
func (d *Desk) CheckImported(i Imported, now time.Time) error {
	if !i.Priority.Valid() {
		return ticket.Errorf(ticket.Invalid, "Its priority is none of P1, P2 and P3.")
	}
	content, err := d.checkContent(i.Content)
	switch {
	case err != nil && ticket.CodeOf(err) == ticket.Invalid && !d.knows(i.Category):
		return ticket.Errorf(ticket.Invalid, "The settings have no category %q.", i.Category)
	case err != nil:
		return err
	case d.isPrivate(content.Category):
		return ticket.Errorf(ticket.Invalid, "Tickets of the private category %q are not imported: they would need a channel of their own.", content.Category)
	}
	return i.checkTimes(now)
}

func (d *Desk) knows(category string) bool {
	_, ok := d.category(category)
	return ok
}

// checkTimes refuses times that cannot be, and an end that could still be taken back: a ticket without
// a thread cannot be reopened.
func (i Imported) checkTimes(now time.Time) error {
	switch {
	case i.EndedAt.IsZero():
		return ticket.Errorf(ticket.Invalid, "It has not ended. File it anew in Slack: there it gets a thread and targets.")
	case i.EndedAt.Before(i.OpenedAt):
		return ticket.Errorf(ticket.Invalid, "It ended before it was opened.")
	case !i.AnsweredAt.IsZero() && (i.AnsweredAt.Before(i.OpenedAt) || i.AnsweredAt.After(i.EndedAt)):
		return ticket.Errorf(ticket.Invalid, "It was answered before it was opened, or after it ended.")
	case i.EndedAt.After(now):
		return ticket.Errorf(ticket.Invalid, "It ended in the future.")
	case now.Sub(i.EndedAt) <= ticket.ReopenWindow:
		return ticket.Errorf(ticket.Invalid, "It ended less than 7 days ago, and could still be reopened where it is. Import it again later.")
	}
	return nil
}

// Import stores a ticket that CheckImported lets through, with its own times. Under a key that was
// imported before it stores nothing: fresh is false.
func (d *Desk) Import(ctx context.Context, i Imported, now time.Time) (n ticket.Number, fresh bool, err error) {
	if err := d.CheckImported(i, now); err != nil {
		return 0, false, err
	}
	i.Content, _ = d.checkContent(i.Content)
	now = micros(now)
	after, err := d.compute(ctx, Record{Timeline: i.timeline(now)})
	if err != nil {
		return 0, false, err
	}
	in := Submission{Key: "import:" + i.Key, Source: importKey(i.Key), Now: now}
	out, err := d.tickets.Open(ctx, in, Change{Now: now, After: after, New: after.Timeline})
	if err != nil {
		return 0, false, unavailable(fmt.Errorf("importing a ticket: %w", err))
	}
	return out.Number, out.Fresh, nil
}

// timeline is what is known of it. No entry names a policy, so no clock has a target.
func (i Imported) timeline(now time.Time) []ticket.Entry {
	entry := func(kind ticket.Kind, who string, role ticket.Role, at time.Time, d ticket.Details) ticket.Entry {
		return ticket.Entry{Kind: kind, Actor: who, Role: role, Gesture: ticket.ByOperator, HappenedAt: micros(at), RecordedAt: now, Details: d}
	}
	all := []ticket.Entry{entry(ticket.Opened, i.Requester, ticket.RoleRequester, i.OpenedAt, ticket.Details{
		Title: i.Title, Text: i.Text, Category: i.Category, Priority: i.Priority,
	})}
	if !i.AnsweredAt.IsZero() {
		all = append(all, entry(ticket.Claimed, i.Owner, ticket.RoleResponder, i.AnsweredAt, ticket.Details{}))
	}
	if i.Closed {
		return append(all, entry(ticket.Closed, i.Owner, ticket.RoleOwner, i.EndedAt, ticket.Details{CloseReason: i.CloseReason}))
	}
	return append(all, entry(ticket.Resolved, i.Owner, ticket.RoleOwner, i.EndedAt, ticket.Details{Solution: i.Solution}))
}

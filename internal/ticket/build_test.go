package ticket_test

import (
	"testing"
	"time"

	"supporty/internal/ticket"
)

// The people of the tests: Alice asks, Bob and Carol answer, Dan passes by.
const (
	alice = "UALICE"
	bob   = "UBOB"
	carol = "UCAROL"
	dan   = "UDAN"
)

var morning = time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)

func after(d time.Duration) time.Time { return morning.Add(d) }

func minute(n int) time.Time { return after(time.Duration(n) * time.Minute) }

// entry builds an entry of the timeline; changes fill in the details of its kind.
func entry(kind ticket.Kind, actor string, at time.Time, changes ...func(*ticket.Entry)) ticket.Entry {
	e := ticket.Entry{Kind: kind, Actor: actor, Gesture: ticket.ByButton, HappenedAt: at, RecordedAt: at}
	for _, change := range changes {
		change(&e)
	}
	return e
}

func by(g ticket.Gesture) func(*ticket.Entry) { return func(e *ticket.Entry) { e.Gesture = g } }

func to(person string) func(*ticket.Entry) { return func(e *ticket.Entry) { e.Assignee = person } }

func as(r ticket.Role) func(*ticket.Entry) { return func(e *ticket.Entry) { e.Role = r } }

func at(p ticket.Priority) func(*ticket.Entry) { return func(e *ticket.Entry) { e.Priority = p } }

func with(d ticket.Details) func(*ticket.Entry) { return func(e *ticket.Entry) { e.Details = d } }

// opened is the first entry of every ticket of the tests.
func opened() ticket.Entry {
	return entry(ticket.Opened, alice, morning, by(ticket.ByForm), with(ticket.Details{
		Title: "Checkout fails", Text: "For US cards", Category: "payments", Priority: ticket.P2, Policy: 1,
		Message: ticket.Message{Channel: "C1", TS: "1772442000.000100"},
	}))
}

// play applies entries, all of which must be possible.
func play(t *testing.T, entries ...ticket.Entry) ticket.Ticket {
	t.Helper()
	folded := ticket.Ticket{Number: 42}
	for _, e := range entries {
		next, err := folded.Apply(e)
		if err != nil {
			t.Fatalf("%s by %s: %v", e.Kind, e.Actor, err)
		}
		folded = next
	}
	folded, _ = ticket.Fold(42, entries)
	return folded
}

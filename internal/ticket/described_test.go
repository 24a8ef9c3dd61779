package ticket_test

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"testing"

	"supporty/internal/ticket"
)

var arrow = regexp.MustCompile(`(?m)^ +([a-z_]+) --> ([a-z_]+) :`)

// TestStatesAreDescribed: the first diagram of docs/states.md has exactly the transitions of the
// code.
func TestStatesAreDescribed(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/states.md")
	if err != nil {
		t.Fatal(err)
	}
	diagram := regexp.MustCompile("(?s)```mermaid(.*?)```").Find(text)
	told := map[string]bool{}
	for _, found := range arrow.FindAllStringSubmatch(string(diagram), -1) {
		told[found[1]+" to "+found[2]] = true
	}
	there := map[string]bool{}
	explore(play(t, opened()), 1, there)
	if !maps.Equal(told, there) {
		t.Errorf("docs/states.md has\n%q, and there are\n%q", slices.Sorted(maps.Keys(told)), slices.Sorted(maps.Keys(there)))
	}
}

// explore notes the transitions between states that a few gestures of two people make.
func explore(from ticket.Ticket, n int, steps map[string]bool) {
	if n > 4 {
		return
	}
	tries := []ticket.Entry{
		entry(ticket.Claimed, bob, minute(n)), entry(ticket.PutBack, bob, minute(n)), entry(ticket.Replied, alice, minute(n)),
		entry(ticket.HandedOver, bob, minute(n), to(carol)), entry(ticket.Waited, bob, minute(n)), entry(ticket.Held, bob, minute(n)),
		entry(ticket.Resumed, bob, minute(n)), entry(ticket.Resolved, bob, minute(n), by(ticket.ByEmoji)),
		entry(ticket.Undone, bob, minute(n), by(ticket.ByEmoji)), entry(ticket.Closed, bob, minute(n)), entry(ticket.Reopened, alice, minute(n)),
	}
	for _, e := range tries {
		next, err := from.Apply(e)
		if err != nil {
			continue
		}
		if next.State != from.State {
			steps[string(from.State)+" to "+string(next.State)] = true
		}
		explore(next, n+1, steps)
	}
}

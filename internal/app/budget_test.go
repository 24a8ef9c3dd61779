package app_test

import (
	"strings"
	"testing"
	"time"

	"supporty/internal/dev/slacksim"
)

// A ticket that is opened, claimed and resolved by emoji may cost five calls to
// Slack: the card, its two changes, the resolution, and the question how it was
// solved.
func TestCallsToSlackForOneLife(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card := w.as("alice").opens(usual("Cheap"))
	w.as("bob").reacts(card, "eyes")
	w.reads("support", "Bob has it")
	w.as("bob").reacts(card, "white_check_mark")
	w.reads("support", "@Alice, Bob resolved #1")
	w.as("bob").hears("How was #1 solved?")
	w.advance(2 * time.Minute) // the claim note would be due
	w.until(`SELECT count(*) = 0 FROM outbox WHERE owed`)
	entries, err := w.slack.Journal(w.ctx, 0)
	if err != nil {
		t.Fatal(err)
	}
	var calls []string
	for _, e := range entries {
		if e.Kind == slacksim.KindCall && strings.HasPrefix(e.Method, "chat.") {
			calls = append(calls, e.Method)
		}
	}
	if len(calls) > 5 {
		t.Errorf("%d calls: %v", len(calls), calls)
	}
}

package app_test

import (
	"strings"
	"testing"
	"time"

	"supporty/internal/dev/slacksim"
)

// A ticket that is opened, claimed and resolved by emoji may take five calls to Slack:
// the card, its two edits, the resolution, and the question how it was solved.
func TestCallsToSlackForOneLife(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Cheap"))
	h.as("bob").reacts(card, "eyes")
	h.reads("support", "Bob has it")
	h.as("bob").reacts(card, "white_check_mark")
	h.reads("support", "@Alice, Bob resolved #1")
	h.as("bob").hears("How was #1 solved?")
	h.advance(2 * time.Minute) // past the time of a claim note
	h.until(`SELECT count(*) = 0 FROM outbox WHERE pending`)
	entries, err := h.slack.Journal(h.ctx, 0)
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

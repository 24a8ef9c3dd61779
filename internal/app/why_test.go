package app_test

import (
	"strings"
	"testing"
	"time"
)

// A person who asks, by command or on the card, is told why a ticket has its times.
// Nobody else sees the answer.
func TestWhy(t *testing.T) {
	t.Parallel()
	h := setup(t, func(c *config_, _ *simConfig) { c.Hours = settings(t, "Mon-Fri 09:00-18:00 UTC").Hours })
	h.advance(untilFriday(h.clock.Now()))
	alice, bob := h.as("alice"), h.as("bob")
	card := alice.opens(usual("Checkout fails"))
	bob.reacts(card, "eyes")
	h.reads("support", "Bob has it")

	dana := h.as("dana")
	dana.chooses(card, "why:1")
	page, err := dana.actor.View(h.ctx)
	if err != nil {
		t.Fatal(err)
	}
	says(t, page.Rendered(), "Alice filed it as P2. To be solved within 3 h of opening hours", "Bob claimed it. Answered after", "The desk closes until", "Due")

	h.advance(4 * 24 * time.Hour)
	bob.reacts(card, "white_check_mark")
	h.reads("support", "Bob resolved it")
	h.allPosted() // the alert says so before the card does
	bob.chooses(card, "why:1")
	alice.ok(alice.actor.Command(h.ctx, "general", "/support", "why #1"))
	says(t, alice.hears("Why #1 has these times").Rendered(), "The target of 3 h of opening hours had passed", "Bob resolved it. Late by")

	alice.ok(alice.actor.Command(h.ctx, "general", "/support", "why 9"))
	alice.hears("There is no ticket #9.")
	alice.ok(alice.actor.Command(h.ctx, "general", "/support", "why is the sky blue"))
	alice.seesForm() // a text that does not begin with a number is a title
	if said := first(h.thread(card), "these times"); said != nil {
		t.Errorf("everybody reads it: %s", said.Rendered())
	}
}

func says(t *testing.T, text string, all ...string) {
	t.Helper()
	for _, part := range all {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in:\n%s", part, text)
		}
	}
}

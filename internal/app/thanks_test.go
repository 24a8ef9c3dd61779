package app_test

import (
	"strings"
	"testing"
	"time"

	"supporty/internal/config"
)

// Thanks for a solution, on the card or on a message about it, reach everybody who helped: on Friday, in one
// message, and only once. A request before the solution is none.
func TestThanksAreDelivered(t *testing.T) {
	t.Parallel()
	h := setup(t)
	alice, bob, dana := h.as("alice"), h.as("bob"), h.as("dana")
	first := alice.opens(usual("Checkout fails"))
	alice.reacts(first, "pray") // please
	h.until(`SELECT count(*) = 1 FROM entries WHERE kind = 'thanked'`)
	alice.unreacts(first, "pray")
	second := alice.opens(usual("Reports are slow"))
	dana.replies(first, "Look at the queue.")
	bob.reacts(first, tick)
	told := h.reads("support", "Bob resolved #1")
	bob.reacts(second, tick)
	h.reads("support", "Bob resolved #2")
	alice.reacts(told, "pray")
	alice.reacts(second, "pray")
	bob.reacts(second, "pray") // to himself
	h.until(`SELECT count(*) = 4 FROM entries WHERE kind = 'thanked'`)
	h.advance(time.Minute)
	h.until(`SELECT count(*) = 1 FROM schedules WHERE name = 'thanks' AND next_at IS NOT NULL`)
	h.advance(5 * 24 * time.Hour)
	h.until(`SELECT count(*) = 2 FROM outbox WHERE kind = 'thanks'`)
	m := bob.gets("People said thanks for your help:")
	if text := m.Rendered(); !strings.Contains(text, "Checkout fails · Alice") || !strings.Contains(text, "Reports are slow · Alice") || strings.Contains(text, "Bob") {
		t.Error(text)
	}
	if text := dana.gets("People said thanks").Rendered(); strings.Contains(text, "Reports") {
		t.Error(text)
	}
	h.advance(7 * 24 * time.Hour)
	h.allPosted()
	h.until(`SELECT count(*) = 2 FROM outbox WHERE kind = 'thanks'`)
}

// Without an emoji for it, nobody says thanks.
func TestThanksAreSwitchedOff(t *testing.T) {
	t.Parallel()
	h := setup(t, func(c *config_, _ *simConfig) { c.Emoji = config.Emoji{"claim": {eyes}, "resolve": {tick}} })
	card := h.as("alice").opens(usual("Checkout fails"))
	h.as("alice").reacts(card, "pray")
	h.as("bob").reacts(card, tick)
	h.reads("support", "Bob resolved #1")
	h.until(`SELECT count(*) = 0 FROM entries WHERE kind = 'thanked'`)
}

package app_test

import (
	"strings"
	"testing"

	"supporty/internal/config"
)

// Erin is a guest who is in the support channel. She finds what she asked for alone; with
// `guests: channel`, all that is there. She answers nothing either way.
func TestWhatGuestsSee(t *testing.T) {
	t.Parallel()
	for guests, all := range map[config.Guests]bool{config.GuestsOwn: false, config.GuestsChannel: true} {
		t.Run(string(guests), func(t *testing.T) {
			t.Parallel()
			h := setup(t, func(c *config_, _ *simConfig) { c.Guests = guests })
			erin, card := h.as("erin"), h.as("alice").opens(usual("Checkout fails"))
			erin.ok(erin.actor.Command(h.ctx, "support", "/support", ""))
			erin.submits(usual("Refund fails").values())
			h.reads("support", "Refund fails")
			erin.ok(erin.actor.Command(h.ctx, "support", "/support", "find fails"))
			found := erin.hears("Found for “fails”").Rendered()
			if !strings.Contains(found, "Refund fails") || strings.Contains(found, "Checkout fails") != all {
				t.Errorf("Erin finds: %s", found)
			}
			erin.reacts(card, "eyes")
			erin.hears("Only people who answer")
		})
	}
}

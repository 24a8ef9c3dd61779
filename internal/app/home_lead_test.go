package app_test

import (
	"strings"
	"testing"
	"time"

	"supporty/internal/config"
)

// A lead sees on Home what of their squad is late, has no owner or waits; others do not.
func TestHomeOfALead(t *testing.T) {
	t.Parallel()
	h := newHarness(t, func(c *config_, _ *simConfig) {
		c.Squads = []config.Squad{{Name: "Checkout"}}
		c.Categories[0].Squad = "Checkout"
	})
	h.cfg.Squads[0].Lead, h.cfg.Squads[0].Members = h.sim.State().Person("bob").ID, []string{h.sim.State().Person("dana").ID}
	h.start()
	alice, bob, dana := h.as("alice"), h.as("bob"), h.as("dana")
	late := alice.opens(usual("Checkout fails"))
	dana.reacts(late, "eyes")
	h.reads("support", "Dana has it")
	h.passes(4 * time.Hour)
	alice.opens(usual("Refund fails"))
	alice.opens(newTicket{"P2", "Search is slow", "x", "Product"})
	view := bob.home("Your squad · 2", "Checkout · *2 open* · 1 without an owner · 1 late · 0 waiting or on hold")
	body := string(view.Body)
	squad := body[strings.Index(body, "Your squad"):]
	if late, open := strings.Index(squad, "Checkout fails"), strings.Index(squad, "Refund fails"); late < 0 || late > open {
		t.Errorf("what is late does not stand first: %s", squad)
	}
	if got := string(dana.home("Refund fails").Body); strings.Contains(got, "Your squad") {
		t.Errorf("who does not lead it sees %s", got)
	}

	// Other people of the squad see what somebody else has.
	bob.types("/support claim 2")
	bob.types("/support claim 3")
	says(t, dana.homeBecomes("What others of your squad have · 1", "Bob has it").Rendered(), "Refund fails")
	if got := string(dana.home("Refund fails").Body); strings.Contains(got, "Search is slow") {
		t.Errorf("she sees what is not of her squad: %s", got)
	}
}

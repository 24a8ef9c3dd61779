package app_test

import (
	"testing"

	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
)

// What a squad owns, it answers for: its people claim tickets though they are not in the
// responders' group. Who joins its user group does so at once.
func TestPeopleOfASquadAnswer(t *testing.T) {
	t.Parallel()
	checkout := slacksim.Usergroup{Handle: "checkout", Members: []string{"erin"}}
	h := before(t, func(h *harness) { h.sets(checkout) }, escalates(), func(c *config_, _ *simConfig) {
		c.Responders.Group = "oncall"
		c.Squads = []config.Squad{{Name: "Checkout", Group: "checkout", Lead: "U0BOB", Members: []string{"U0NOBODY"}}}
	})
	h.start()
	says(t, h.log.String(), "setting=squads[0].members[0]", "they are not in the squad")
	card := h.as("alice").opens(usual("Checkout fails"))
	h.as("dana").reacts(card, "eyes")
	h.as("dana").hears("Only people who answer")
	checkout.Members = append(checkout.Members, "dana")
	h.sets(checkout)
	h.until(`SELECT count(*) = 2 FROM members JOIN known_names ON id = place WHERE name LIKE '%checkout'`)
	h.as("dana").clicks(card, "claim")
	h.reads("support", "Dana has it")
	h.as("bob").reacts(h.as("alice").opens(usual("Refund fails")), "eyes")
	h.reads("support", "Bob has it")
}

// Who joins the group of a squad while the bot is not connected answers for it soon afterwards.
func TestAGroupThatChangesInAGap(t *testing.T) {
	t.Parallel()
	checkout := slacksim.Usergroup{Handle: "checkout", Members: []string{"erin"}}
	h := before(t, func(h *harness) { h.sets(checkout) }, escalates(), func(c *config_, _ *simConfig) {
		c.Responders.Group = "oncall"
		c.Squads = []config.Squad{{Name: "Checkout", Group: "checkout"}}
	})
	h.start()
	h.fault(slacksim.Fault{Kind: slacksim.FaultLose, Event: "subteam_members_changed", Count: 1})
	checkout.Members = append(checkout.Members, "dana")
	h.sets(checkout)
	h.reconnects(slacksim.Fault{Kind: slacksim.FaultCutSockets, Count: 1})
	h.until(`SELECT count(*) = 2 FROM members JOIN known_names ON id = place WHERE name LIKE '%checkout'`)
	h.as("dana").reacts(h.as("alice").opens(usual("Checkout fails")), "eyes")
	h.reads("support", "Dana has it")
}

package app_test

import (
	"fmt"
	"strings"
	"testing"

	"supporty/internal/dev/slacksim"
)

// A person who is not in the support channel sees only their own tickets by command.
func TestCommandsShowOutsidersTheirOwn(t *testing.T) {
	t.Parallel()
	h := setup(t)
	alice, carol := h.as("alice"), h.as("carol")
	alice.opens(usual("Salaries are wrong"))
	carol.opens(usual("Checkout fails"))

	carol.types("/support list")
	mine := carol.hears("Your tickets: 1")
	says(t, mine.Rendered(), "Checkout fails", "You see the tickets that you asked for.")
	carol.types("/support show 2")
	carol.hears("It does not work.")
	for i, line := range []string{"/support show 1", "/support why 1"} {
		carol.types(line)
		h.await("a refusal of "+line, func(s slacksim.State) bool {
			return strings.Count(texts(s.Ephemerals("carol")), "Only people in the support channel, and who asked for the ticket, can see it.") == i+1
		})
	}
	if all := texts(carol.ephemerals()); first(carol.ephemerals(), "Salaries") != nil {
		t.Errorf("Carol reads of a ticket that is not hers: %s", all)
	}
	alice.types("/support list")
	says(t, alice.hears("Open tickets: 2").Rendered(), "Salaries are wrong", "Checkout fails")
}

// A list says how many tickets there are, includes paused ones, and can be filtered.
func TestLongList(t *testing.T) {
	t.Parallel()
	h := setup(t)
	alice, bob := h.as("alice"), h.as("bob")
	card := alice.opens(usual("Which one is it"))
	bob.reacts(card, "eyes")
	h.reads("support", "Bob has it")
	bob.types("/support wait 1 Which card?")
	bob.hears("Which one is it")
	for i := range 24 {
		h.as([]string{"alice", "carol", "dana"}[i%3]).opens(newTicket{"P3", fmt.Sprintf("Ticket %d", i), "x", "Payments"})
	}
	bob.types("/support list")
	says(t, bob.hears("Open tickets: 25").Rendered(), "Which one is it", "Ticket 23")
	bob.types("/support list paused")
	bob.hears("Open tickets · paused: 1")
	bob.types("/support list p3 unowned")
	bob.hears("Open tickets · P3 · without an owner: 24")
	bob.types("/support list payments")
	bob.hears("Open tickets · Payments: 25")
	bob.types("/support list of what is broken")
	bob.seesForm() // a text that is no filter is a title
}

package app_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"supporty/internal/dev/slacksim"
)

// A ticket is found by its words, with its state, owner and link, page by page, by those who
// may see it.
func TestFind(t *testing.T) {
	t.Parallel()
	h := setup(t, func(_ *config_, s *simConfig) { s.Commands = []slacksim.Command{{Name: "/support", Escape: true}} })
	alice, bob, carol := h.as("alice"), h.as("bob"), h.as("carol")
	card := alice.opens(usual("Checkout fails for US cards"))
	bob.reacts(card, "eyes")
	h.reads("support", "Bob has it")
	carol.opens(newTicket{"P3", "Salaries are wrong", "The checkout of my payslip.", "Data"})
	for i := range 11 {
		alice.opens(newTicket{"P3", fmt.Sprintf("Printer %d", i), "Paper jam.", "Product"})
	}
	bob.types("/support find failing checkouts")
	found := bob.hears("Found for “failing checkouts”: 1")
	says(t, found.Rendered(), "#1", "Checkout fails for US cards · Bob has it", "/archives/"+card.Channel)
	bob.types("/support find checkout state:unowned by:@carol")
	says(t, bob.hears("Found for “checkout state:unowned by:").Rendered(), "Salaries are wrong · open, no owner")
	bob.types("/support find state:broken")
	bob.hears("There is no state")
	bob.types("/support find 2")
	bob.hears("Found for “2”: 1")
	bob.types("/support find")
	bob.hears("Write what to look for")

	bob.types("/support find paper")
	page := bob.hears("Page 1 of 2.")
	says(t, page.Rendered(), "Found for “paper”: 11")
	bob.clicks(page, "found_next")
	second := bob.hears("Page 2 of 2.")
	if n := strings.Count(second.Rendered(), "Printer"); n != 1 || second.TS != page.TS {
		t.Errorf("%d tickets on the second page, in the place of the first: %v", n, second.TS == page.TS)
	}

	carol.types("/support find checkout")
	says(t, carol.hears("Found for “checkout”: 1").Rendered(), "Salaries are wrong", "You see the tickets that you asked for.")
	carol.types("/support find 1")
	carol.hears("Found for “1”: none")
	if first(carol.ephemerals(), "US cards") != nil {
		t.Errorf("Carol reads of a ticket that is not hers: %s", texts(carol.ephemerals()))
	}
}

// What people type is searched, whatever it is.
func TestFindAnything(t *testing.T) {
	t.Parallel()
	h := setup(t)
	bob := h.as("bob")
	bob.opens(usual("O'Reilly's checkout"))
	for _, line := range []string{
		strings.Repeat("🔥", 120), "' & | ! <-> :* \\", "^.*(a|b)+$", "%_\x00", "colour:red", `"`, strings.Repeat("x", 2900), "#9223372036854775807",
	} {
		bob.types("/support find " + line)
	}
	h.await("an answer to each", func(s slacksim.State) bool {
		said := texts(s.Ephemerals("bob"))
		return strings.Count(said, ": none") == 4 && strings.Count(said, "Write what to look for") == 4
	})
}

// Mine has what a person has, what they asked for, and what has ended a short while ago.
func TestMine(t *testing.T) {
	t.Parallel()
	h := setup(t)
	alice, bob := h.as("alice"), h.as("bob")
	bob.reacts(alice.opens(usual("Cards fail")), "eyes")
	bob.opens(usual("Printer jams"))
	done := bob.opens(usual("Lamp is broken"))
	bob.reacts(done, "white_check_mark")
	h.reads("support", "Bob resolved it")
	h.reads("support", "Bob has it")
	bob.types("/support mine")
	says(t, bob.hears("Your tickets: 3").Rendered(), "You have", "Cards fail", "You asked for", "Printer jams", "Ended in the last 7 days", "Lamp is broken")
	bob.types("/support list state:resolved")
	says(t, bob.hears("Ended tickets · resolved: 1").Rendered(), "Lamp is broken", "resolved")
	h.advance(8 * 24 * time.Hour)
	bob.types("/support mine")
	bob.hears("Your tickets: 2")
}

// What is typed into Home opens what find finds, page by page, in a view of its own.
func TestFindOnHome(t *testing.T) {
	t.Parallel()
	h := setup(t)
	alice, bob, carol := h.as("alice"), h.as("bob"), h.as("carol")
	bob.reacts(alice.opens(usual("Checkout fails")), "eyes")
	carol.opens(usual("Salaries are wrong"))
	for i := range 11 {
		alice.opens(newTicket{"P3", fmt.Sprintf("Printer %d", i), "Paper jam.", "Product"})
	}
	finds := func(p *person, words string, says ...string) *slacksim.View {
		t.Helper()
		p.ok(p.actor.TypeHome(h.ctx, slacksim.FormValues{"home_find": words}))
		return p.suggested(says...)
	}
	bob.home("Find a ticket")
	h.reads("support", "Bob has it")
	finds(bob, "failing checkouts", "Found for “failing checkouts”: 1", "Checkout fails · Bob has it")
	finds(bob, "state:broken", "There is no state")
	finds(bob, "paper", "Found for “paper”: 11", "Page 1 of 2.")
	bob.ok(bob.actor.ClickModal(h.ctx, "found_next"))
	if n := strings.Count(bob.suggested("Page 2 of 2.").Rendered(), "Printer"); n != 1 {
		t.Errorf("%d tickets on the second page", n)
	}
	bob.ok(bob.actor.ClickModal(h.ctx, "found_back"))
	bob.suggested("Page 1 of 2.")
	carol.home("What you asked for", "Find a ticket")
	finds(carol, "salaries", "Found for “salaries”: 1", "You see the tickets that you asked for.")
	if v := finds(carol, "checkout", "Found for “checkout”: none."); strings.Contains(v.Rendered(), "fails") {
		t.Errorf("Carol reads of a ticket that is not hers: %s", v.Rendered())
	}
}

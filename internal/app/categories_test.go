package app_test

import (
	"strings"
	"testing"
	"time"

	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
)

// quickPayments gives the category of one squad a target of an hour for P2, and gardening
// no targets.
func quickPayments(c *config_, _ *simConfig) {
	hour := config.Target{Open: time.Hour}
	c.Squads = []config.Squad{{Name: "Checkout", Override: config.Override{Targets: []config.TargetChange{{Name: "P2", Resolve: hour}}}}}
	c.Categories = []config.Category{{Name: "Payments", Squad: "Checkout"}, {Name: "Product"}, {Name: "Gardening", NoClock: true}}
}

// The form shows the targets of the chosen category and keeps its content.
func TestFormShowsTheTargetsOfACategory(t *testing.T) {
	t.Parallel()
	h := setup(t, quickPayments)
	alice := h.as("alice")
	alice.ok(alice.actor.Command(h.ctx, "general", "/support", "Checkout fails"))
	alice.seesForm()
	shows := func(category, want string) {
		t.Helper()
		alice.ok(alice.actor.Type(h.ctx, slacksim.FormValues{"priority": "P2", "text": "For US cards.", "category": category}))
		if _, err := alice.actor.AwaitView(h.ctx, func(v *slacksim.View) bool { return v != nil && strings.Contains(v.Rendered(), want) }); err != nil {
			t.Fatalf("%s: waiting for %q: %v", category, want, err)
		}
	}
	shows("Gardening", "P2 · Business affected · no target")
	shows("Product", "P2 · Business affected · solved within 3 h")
	shows("Payments", "P2 · Business affected · solved within 1 h")
	alice.submits(nil)
	card := h.reads("support", "#1 · P2 · Checkout fails")
	if got := card.Rendered(); !strings.Contains(got, "For US cards.") || !strings.Contains(got, "solve by") {
		t.Errorf("the card reads:\n%s", got)
	}
	h.advance(time.Hour + time.Second)
	h.reads("support", "#1 Checkout fails (Alice) passed its 1 h target")
}

// aboutAccess has a category that tells people what helps, and suggests a priority.
func aboutAccess(c *config_, _ *simConfig) {
	c.Categories = []config.Category{{Name: "Product"}, {Name: "Access", Filing: config.Filing{
		Description: "Accounts and passwords", Priority: "P2", Runbook: "https://wiki.example.com/access", Help: "Write your user name.",
	}}}
}

// Choosing a category shows what helps there and preselects its priority. The card leads
// to the runbook.
func TestFormTellsOfACategory(t *testing.T) {
	t.Parallel()
	h := setup(t, aboutAccess)
	alice := h.as("alice")
	alice.types("/support Locked out")
	alice.seesForm()
	alice.ok(alice.actor.Type(h.ctx, slacksim.FormValues{"text": "Since Monday.", "category": "Access"}))
	if _, err := alice.actor.AwaitView(h.ctx, func(v *slacksim.View) bool {
		return v != nil && strings.Contains(v.Rendered(), "Write your user name.")
	}); err != nil {
		t.Fatal(err)
	}
	alice.submits(nil)
	card := h.reads("support", "#1 · P2 · Locked out")
	if got := card.Rendered(); !strings.Contains(got, "Since Monday.") || !strings.Contains(got, "Runbook (https://wiki.example.com/access)") {
		t.Errorf("the card reads:\n%s", got)
	}
	h.as("bob").reacts(card, "white_check_mark")
	h.reads("support", "Bob resolved it")
	if got := h.asItIs(card).Rendered(); strings.Contains(got, "Runbook") {
		t.Errorf("a ticket that has ended still leads to the runbook:\n%s", got)
	}
}

// A priority that somebody has chosen stays, whatever the category suggests.
func TestFormKeepsAChosenPriority(t *testing.T) {
	t.Parallel()
	h := setup(t, aboutAccess)
	alice := h.as("alice")
	alice.types("/support Nobody can log in")
	alice.seesForm()
	alice.ok(alice.actor.Type(h.ctx, slacksim.FormValues{"priority": "P1", "text": "All of us.", "category": "Access"}))
	if _, err := alice.actor.AwaitView(h.ctx, func(v *slacksim.View) bool {
		return v != nil && strings.Contains(v.Rendered(), "Write your user name.")
	}); err != nil {
		t.Fatal(err)
	}
	alice.submits(nil)
	h.reads("support", "#1 · P1 · Nobody can log in")
}

func TestHelpOfACategory(t *testing.T) {
	t.Parallel()
	h := setup(t, aboutAccess)
	bob := h.as("bob")
	bob.types("/support help access")
	bob.hears("Write your user name.")
	bob.types("/support help")
	bob.hears("Access: Accounts and passwords. What helps: Write your user name. Runbook")
}

func TestGardeningHasNoClock(t *testing.T) {
	t.Parallel()
	h := setup(t, quickPayments)
	card := h.as("alice").opens(newTicket{priority: "P2", title: "Flaky test", text: "Once a day.", category: "Gardening"})
	if got := card.Rendered(); !strings.Contains(got, "Open, no owner · no target") {
		t.Errorf("the card reads:\n%s", got)
	}
	h.until(`SELECT count(*) = 1 FROM ticket_threads`) // the bot does not wait for a card that looks old
	h.advance(30 * 24 * time.Hour)
	h.as("bob").reacts(card, "eyes")
	h.reads("support", "Bob has it · no target")
	if said := h.thread(card); len(said) != 0 {
		t.Errorf("it spoke:\n%s", texts(said))
	}

	alice := h.as("alice")
	alice.chooses(card, "edit:1")
	alice.submits(slacksim.FormValues{"category": "Payments"})
	h.reads("support", "Bob has it · solve by")
	h.advance(time.Hour + time.Second)
	h.reads("support", "#1 Flaky test (Alice) passed its 1 h target")
}

func TestHelpShowsTheTargetsOfCategories(t *testing.T) {
	t.Parallel()
	h := setup(t, quickPayments)
	bob := h.as("bob")
	bob.ok(bob.actor.Command(h.ctx, "general", "/support", "help"))
	help := bob.hears("What is promised").Rendered()
	for _, want := range []string{"Payments: P2 solved within 1 h, answered within 45 min.", "Gardening: no target."} {
		if !strings.Contains(help, want) {
			t.Errorf("help does not say %q:\n%s", want, help)
		}
	}
}

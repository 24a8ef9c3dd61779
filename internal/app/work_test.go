package app_test

import (
	"testing"

	"supporty/internal/dev/slacksim"
)

// Who leads a squad says that a ticket is another kind of work than its category; nobody else is offered it, and nobody
// is told. The numbers follow in Slack and on the page.
func TestALeadCorrectsTheKindOfWork(t *testing.T) {
	t.Parallel()
	h := led(t, func(c *config_, _ *simConfig) { c.Categories[0].Work = "operational" })
	alice, bob, dana := h.as("alice"), h.as("bob"), h.as("dana")
	category := h.cfg.Categories[0].Name
	card := alice.opens(newTicket{"P3", "Slow reports", "Very.", category})
	second := alice.opens(newTicket{"P3", "Slower reports", "Very.", category})
	bob.ok(bob.actor.Choose(h.ctx, card.Channel, card.TS, "menu", "more:1"))
	bob.awaitsForm("more")
	if out, err := bob.actor.ClickModal(h.ctx, "work"); err == nil {
		t.Errorf("who leads nobody is offered it: %+v", out)
	}
	dana.chooses(second, "work:2")
	dana.seesIn("As its category: operational")
	dana.submits(slacksim.FormValues{"work": "tactical"})
	h.until(`SELECT work = 'tactical' FROM tickets WHERE number = 2`)
	h.advance(1)
	page := h.visitor().signsIn("Dana").text()
	says(t, page, "Operational 1 1 of 2", "Tactical 1 1 of 2", "Strategic 0 0 of 2")
}

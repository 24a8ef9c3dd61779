package app_test

import (
	"strings"
	"testing"
	"time"

	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
)

// offering has Bob, Carol and Dana in the squad of all categories, to whom tickets are offered.
func offering(assign config.Assign) choice {
	return func(c *config_, sim *simConfig) {
		rota(c, sim)
		sim.Workspace.People[2].ID = "U0CAROL"
		c.Squads[0].Members = []string{"U0BOB1", "U0CAROL", "U0DANA"}
		c.Squads[0].Rota = nil
		c.Squads[0].Assign = assign
	}
}

// A new ticket is offered to one person after the other. Who takes it has it, and the buttons go; who passes it
// on is nowhere mentioned.
func TestATicketIsOffered(t *testing.T) {
	t.Parallel()
	h := setup(t, offering(config.AssignRoundRobin))
	card := h.as("alice").opens(usual("Checkout fails"))
	h.advance(time.Second)
	bob, carol := h.as("bob"), h.as("carol")
	offer := bob.gets("P2 #1 Checkout fails (Alice) is new. Do you take it?")
	h.allPosted()
	if count(carol.directs(), "Checkout fails")+count(h.as("dana").directs(), "Checkout fails") != 0 {
		t.Error("it is offered to several people at once")
	}
	bob.clicks(offer, "pass_on")
	bob.gets("You passed P2 #1 Checkout fails (Alice) on.")
	next := carol.gets("P2 #1 Checkout fails (Alice) is new. Do you take it?")
	carol.clicks(next, "claim")
	h.until(`SELECT assignee = 'U0CAROL' FROM tickets`)
	done := carol.gets("P2 #1 Checkout fails (Alice) was offered to you. Carol has it.")
	if strings.Contains(string(done.Blocks), "pass_on") {
		t.Error("what is taken is still offered")
	}
	h.until(`SELECT count(*) = 0 FROM entries WHERE actor = 'U0BOB1'`)
	if said := texts(h.thread(card)); strings.Contains(said, "Bob") || strings.Contains(said, "pass") {
		t.Errorf("the thread says\n%s", said)
	}
	h.as("alice").opens(usual("Refund fails"))
	h.advance(time.Second)
	h.as("dana").gets("P2 #2 Refund fails (Alice) is new.")
}

// If nobody answers, the offer ends after 30 open minutes, also if the bot is restarted meanwhile.
// If all pass, there is nobody left to ask.
func TestAnOfferEnds(t *testing.T) {
	t.Parallel()
	h := newHarness(t, offering(config.AssignRoundRobin))
	stop := h.startOne()
	h.as("alice").opens(usual("Checkout fails"))
	h.advance(time.Second)
	bob := h.as("bob")
	bob.gets("P2 #1 Checkout fails (Alice) is new.")
	h.allPosted()
	stop()
	h.passes(31 * time.Minute)
	t.Cleanup(h.startOne())
	h.advance(time.Second)
	h.await("the offer without buttons", func(slacksim.State) bool {
		m := first(bob.directs(), "was offered to you. It has no owner")
		return m != nil && !strings.Contains(string(m.Blocks), "pass_on")
	})
	h.as("alice").opens(usual("Refund fails"))
	h.advance(time.Second)
	for _, name := range []string{"carol", "dana", "bob"} {
		who := h.as(name)
		who.clicks(who.gets("P2 #2 Refund fails (Alice) is new."), "pass_on")
	}
	bob.gets("You passed P2 #2 Refund fails (Alice) on.")
	h.until(`SELECT assignee = '' FROM tickets WHERE number = 2`)
	h.until(`SELECT count(*) = 3 FROM outbox WHERE kind = 'offered' AND ticket = 2`)
}

// The one with fewest open tickets is asked first. Nobody is asked for a ticket of their own, who is away, or
// who has left. What was opened before the desk opens is offered then.
func TestWhoIsAsked(t *testing.T) {
	t.Parallel()
	h := setup(t, offering(config.AssignLeastLoaded), func(c *config_, _ *simConfig) {
		c.Owners = []config.StandingOwner{{Requester: "U0DANA", Owner: "U0CAROL"}}
	})
	has := h.as("alice").opens(usual("Checkout fails"))
	h.as("bob").clicks(has, "claim")
	h.until(`SELECT assignee = 'U0BOB1' FROM tickets`)
	h.as("dana").opens(usual("Mine"))
	h.advance(time.Second)
	h.as("carol").gets("P2 #2 Mine (Dana) is new.")
	h.deactivates("dana")
	h.as("alice").opens(usual("Refund fails"))
	h.advance(time.Second)
	h.as("carol").clicks(h.as("carol").gets("P2 #3 Refund fails (Alice) is new."), "claim")
	h.until(`SELECT assignee = 'U0CAROL' FROM tickets WHERE number = 3`)
	h.as("alice").opens(usual("Login fails")) // Bob and Carol have one each, and Carol was asked last
	h.advance(time.Second)
	h.as("bob").gets("P2 #4 Login fails (Alice) is new.")
}

// Without somebody on duty, the gardener is offered tickets and is called where nobody has them; the
// deputy stands in.
func TestTheGardener(t *testing.T) {
	t.Parallel()
	h := setup(t, offering(config.AssignDuty), func(c *config_, _ *simConfig) {
		c.Squads[0].Gardener, c.Squads[0].Deputy = "U0DANA", "U0BOB1"
	})
	h.as("alice").types("/support duty")
	h.as("alice").hears("Checkout: no rota. In opening hours, what nobody is on duty for goes to Dana, or else to Bob.")
	h.as("alice").opens(usual("Checkout fails"))
	h.advance(time.Second)
	dana := h.as("dana")
	dana.clicks(dana.gets("P2 #1 Checkout fails (Alice) is new."), "pass_on")
	h.as("bob").gets("P2 #1 Checkout fails (Alice) is new.")
	h.advance(2*time.Hour + 15*time.Minute)
	h.reads("support", "@Dana, #1 Checkout fails (Alice) has no owner and is to be solved by")
}

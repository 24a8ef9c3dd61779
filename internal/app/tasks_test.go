package app_test

import (
	"testing"
	"time"

	"supporty/internal/config"
)

// withTasks has Dana look after Bob's squad, which has a task every Tuesday.
func withTasks(c *config_, sim *simConfig) {
	rota(c, sim)
	sim.Workspace.People[2].ID = "U0CAROL"
	s := &c.Squads[0]
	s.Rota, s.Lead, s.Gardener, s.Deputy = nil, "U0CAROL", "U0DANA", "U0BOB1"
	s.Tasks = []config.Task{{Title: "Flaky tests", Text: "Look at the list.", Cron: "0 9 * * 2"}}
	c.Categories = append(c.Categories, config.Category{Name: "Garden", Squad: "Checkout", NoClock: true})
}

// A task's ticket is opened when its time has come, once by however many copies, and is the gardener's. While
// it is open there is no other; after a gap there is one, whatever was missed.
func TestTasks(t *testing.T) {
	t.Parallel()
	h := newHarness(t, withTasks)
	stop := h.startOne()
	second := h.startOne()
	h.advance(time.Second)
	h.advance(24 * time.Hour) // Tuesday
	dana := h.as("dana")
	dana.gets("A task of Checkout is due, and yours: #1 Flaky tests.")
	h.until(`SELECT count(*) = 1 AND min(assignee) = 'U0DANA' AND min(category) = 'Garden' AND min(resolve_due_at) IS NULL FROM tickets`)
	h.advance(7 * 24 * time.Hour)
	h.allPosted()
	h.until(`SELECT count(*) = 1 FROM tickets`)
	h.as("dana").reacts(h.reads("support", "Flaky tests"), "white_check_mark")
	h.until(`SELECT state = 'resolved' FROM tickets`)
	h.allPosted()
	second()
	stop()
	h.passes(5 * 7 * 24 * time.Hour)
	t.Cleanup(h.startOne())
	h.advance(time.Second)
	dana.gets("A task of Checkout is due, and yours: #2 Flaky tests.")
	h.advance(time.Minute)
	h.allPosted()
	h.until(`SELECT count(*) = 2 FROM tickets`)
	if n := count(dana.directs(), "A task of Checkout"); n != 2 {
		t.Errorf("told %d times", n)
	}
}

// Who stands in has a task while the gardener has left. How much gardeners took of the last month is told to
// who leads the squad; the gardener alone reads of the week.
func TestWhatGardenersTook(t *testing.T) {
	t.Parallel()
	h := setup(t, withTasks)
	h.deactivates("dana")
	h.advance(time.Second)
	h.advance(24 * time.Hour)
	h.as("bob").gets("A task of Checkout is due, and yours: #1 Flaky tests.")
	for _, title := range []string{"Checkout fails", "Refund fails", "Login fails", "Search fails"} {
		card := h.as("alice").opens(usual(title))
		h.as("carol").clicks(card, "claim")
	}
	h.until(`SELECT count(*) = 4 FROM tickets WHERE assignee = 'U0CAROL'`)
	h.advance(48 * time.Hour)
	h.as("bob").home("You took 1 of 5 tickets of Checkout in the last 7 days. Nobody else reads this.")
	h.advance(15 * 24 * time.Hour)
	h.as("carol").home("Checkout: the gardener took 1 of 5 tickets last month.")
}

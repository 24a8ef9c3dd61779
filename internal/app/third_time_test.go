package app_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
)

// gardening has saved answers, and a category of Bob's squad without targets.
func gardening(c *config_, s *simConfig) {
	answering(c, s)
	c.Categories = append(c.Categories, config.Category{Name: "Gardening", Squad: "Checkout", NoClock: true})
}

// says answers tickets with a saved answer, by a command.
func (p *person) saysOn(answer string, numbers ...int) {
	p.h.t.Helper()
	for _, n := range numbers {
		p.types("/support say " + strconv.Itoa(n) + " " + answer)
		p.h.until("SELECT count(*) = 1 FROM entries WHERE ticket = " + strconv.Itoa(n) + " AND details ->> 'answer' ILIKE '" + answer + "'")
	}
}

// offered is how many offers to write something down there are.
func (h *harness) offered() (n int) {
	h.ask(&n, `SELECT count(*) FROM outbox WHERE kind = 'third_time'`)
	return n
}

// Who gives the same answer for the third time is asked alone, once and at most once a week,
// whether to write it down. That files a ticket for their squad, with links to the three.
func TestTheThirdTime(t *testing.T) {
	t.Parallel()
	h := newHarness(t, gardening)
	h.cfg.Squads[0].Members = []string{h.sim.State().Person("bob").ID}
	h.start()
	alice, bob, dana := h.as("alice"), h.as("bob"), h.as("dana")
	for n := range 8 {
		alice.opens(usual("Question " + strconv.Itoa(n)))
	}
	dana.saysOn("logs", 8)
	bob.saysOn("Logs", 1, 2)
	bob.types("/support say 3")
	bob.awaitsForm("say")
	bob.submits(slacksim.FormValues{"answer": "Logs"})
	asked := bob.hears("Third time: #1, #2 and #3 got the same answer from you.")
	bob.saysOn("logs", 4)
	bob.saysOn("refund", 1, 2, 3)

	bob.clicks(asked, "write_down")
	bob.hears("Filed as #9 in Gardening: write it down.")
	card := h.reads("support", "Write down: Logs")
	for _, part := range []string{"#1 https://acme.slack.com/archives/", "#3 https://"} {
		if !strings.Contains(card.Rendered(), part) {
			t.Errorf("%q is not in %s", part, card.Rendered())
		}
	}
	h.allPosted()
	if n := h.offered(); n != 1 {
		t.Errorf("there are %d offers within a week", n)
	}
	if got := texts(h.look().Ephemerals("dana")); strings.Contains(got, "Third time") {
		t.Errorf("Dana is asked: %s", got)
	}

	h.passes(8 * 24 * time.Hour)
	for _, n := range []string{"5", "6", "7"} {
		bob.types("/support resolve " + n + " Restarted the payment worker")
		h.until("SELECT state = 'resolved' FROM tickets WHERE number = " + n)
	}
	bob.hears("Third time: #5, #6 and #7 got the same answer from you.")
}

// Nothing about private tickets, or tickets from which something was redacted, is offered.
func TestTheThirdTimeWithAPrivateTicket(t *testing.T) {
	t.Parallel()
	h := confidential(t, answering)
	alice, bob := h.as("alice"), h.as("bob")
	alice.confides("A key leaked")
	for n := range 4 {
		alice.opens(usual("Question " + strconv.Itoa(n)))
	}
	bob.saysOn("logs", 1, 2)
	alice.chooses(h.reads("support", "Question 0"), "redact:2")
	alice.submits(slacksim.FormValues{"words": "does not work"})
	h.until(`SELECT count(*) = 1 FROM entries WHERE kind = 'redacted'`)
	bob.saysOn("logs", 3, 4)
	bob.types("/support say 4")
	bob.seesIn("Posted: ")
	bob.ok(bob.actor.ClickModal(h.ctx, "take_back"))
	h.until(`SELECT count(*) = 1 FROM entries WHERE kind = 'retracted'`)
	bob.saysOn("logs", 5)
	h.allPosted()
	if n := h.offered(); n != 0 {
		t.Errorf("there are %d offers", n)
	}
}

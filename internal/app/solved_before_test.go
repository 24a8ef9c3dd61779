package app_test

import (
	"strconv"
	"strings"
	"testing"

	"supporty/internal/dev/slacksim"
)

// solved opens a ticket and has Bob resolve it with a note.
func (h *harness) solved(number int, title, note string) *slacksim.Message {
	h.t.Helper()
	card := h.as("alice").opens(usual(title))
	h.as("bob").types("/support resolve " + strconv.Itoa(number) + " " + note)
	h.reads("support", note)
	return card
}

// How tickets like one were solved is offered as an answer, with their numbers; what is chosen
// stands in the thread in the name of who chose it.
func TestTheLastSolutionIsOfferedAsAnAnswer(t *testing.T) {
	t.Parallel()
	h := setup(t)
	alice, bob := h.as("alice"), h.as("bob")
	h.solved(1, "Checkout fails for US cards", "card rule lifted")
	h.solved(2, "Invoice has a wrong date", "zone set")
	h.solved(3, "Checkout fails for old cards", "key is "+secret)
	card := alice.opens(usual("Checkout fails for my cards"))
	bob.types("/support say 4")
	bob.seesIn("#1: card rule lifted")
	if v, err := bob.actor.View(h.ctx); err != nil || strings.Contains(string(v.Body), "zone set") {
		t.Errorf("what is not alike is offered, or %v", err)
	}
	bob.submits(slacksim.FormValues{"answer": "#3"})
	h.reads("support", "As in #3: key is "+secret)

	alice.opens(usual("Checkout fails for gift cards"))
	bob.chooses(card, "say:4")
	bob.seesIn("#3: key is")
	h.as("dana").types("/support say 5")
	h.as("dana").seesIn("#3: key is")
	bob.types("/support reopen 3")
	h.until(`SELECT ended_at IS NULL FROM tickets WHERE number = 3`)
	out := h.as("dana").sends(slacksim.FormValues{"answer": "#3"})
	says(t, out.Errors["answer"], "#3 does not tell any more how it was solved")
}

// Nobody is offered how a private ticket was solved, nor what was redacted, nor what they may not
// read.
func TestASolutionThatIsNotForAllIsNotOffered(t *testing.T) {
	t.Parallel()
	h := confidential(t)
	alice, bob, carol := h.as("alice"), h.as("bob"), h.as("carol")
	alice.confides("Checkout fails for US cards")
	bob.types("/support resolve 1 rotated the key")
	h.reads("ticket-1", "rotated the key")
	card := h.solved(2, "Checkout fails for US cards", "the password is "+secret)
	alice.chooses(card, "redact:2")
	alice.submits(slacksim.FormValues{"words": secret})
	h.reads("support", "the password is [redacted]")
	bob.opens(newTicket{"P2", "Checkout fails for US cards", "x", "Payments"})
	bob.types("/support say 3")
	bob.hears("no ticket like it tells how it was solved")
	h.solved(4, "Checkout fails for UK cards", "card rule lifted")
	carol.types("/support")
	carol.submits(usual("Checkout fails for US cards").values())
	h.reads("support", "#5")
	carol.types("/support say 5")
	carol.hears("no ticket like it tells how it was solved")
}

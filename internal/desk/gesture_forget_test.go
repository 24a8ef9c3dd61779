package desk_test

import (
	"strings"
	"testing"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// What a ticket says is its requester's, whoever edits it; what others wrote is theirs, but for
// what repeats the requester and for the name. Done again, nothing changes.
func TestForgettingAPersonsWords(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	f := h.newTicket(ticket.P2)
	f.Text = "The card of the customer is declined."
	r, err := h.Open(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	n := r.Ticket.Number
	h.do(n, claim(ann, 1), edit(ann, "Cards fail in the shop", 2), hold(ann, "@Rita says: The card of the customer is declined. Wait.", 3), resolve(rita, "", "Mine works now", 4))
	h.enqueued()
	rita := desk.Forgetting{Person: rita, Name: "Rita", Named: true}
	listed, err := h.Traces(t.Context(), n, rita, minutes(9))
	if err != nil || !listed.Any() || h.number(`SELECT count(*) FROM entries WHERE kind = 'redacted'`) != 0 {
		t.Fatalf("listed %+v, %v", listed, err)
	}
	found, err := h.ForgetPerson(t.Context(), n, rita, minutes(9))
	if err != nil || found != listed {
		t.Errorf("removed %+v, %v; listed %+v", found, err, listed)
	}
	if got := h.textOf(`SELECT string_agg(concat_ws(' ', kind, details->>'title', details->>'text', details->>'note'), '; ' ORDER BY happened_at, id) FROM entries`); got !=
		"opened [redacted] [redacted]; claimed; edited [redacted] [redacted]; held @a colleague says: [redacted] Wait.; resolved [redacted]; redacted" {
		t.Errorf("the timeline: %s", got)
	}
	for _, word := range []string{"declined", "Mine works", "in the shop", "Rita"} {
		if got := h.textOf(`SELECT string_agg(r, '') FROM (SELECT e::text AS r FROM entries e UNION ALL SELECT o::text FROM outbox o UNION ALL SELECT t::text FROM tickets t) AS rows`); strings.Contains(got, word) {
			t.Errorf("%q is stored still: %s", word, got)
		}
	}
	version := h.find(n).Version
	rita.Named = false
	found, err = h.ForgetPerson(t.Context(), n, rita, minutes(10))
	if err != nil || found.Any() || h.find(n).Version != version {
		t.Errorf("again: %+v, %v", found, err)
	}
}

// Who only did something has no words there: messages that name them are rendered anew, and the
// card is edited.
func TestForgettingANameAlone(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	n := h.open(ticket.P2)
	h.do(n, claim(ann, 1), handOver(bob, ann, "", 2))
	found, err := h.ForgetPerson(t.Context(), n, desk.Forgetting{Person: ann, Named: true}, minutes(9))
	if err != nil || found.Texts+found.Messages != 0 || found.Naming == 0 {
		t.Errorf("%+v, %v", found, err)
	}
	if got := h.number(`SELECT desired FROM outbox WHERE kind = 'card'`); got < 2 {
		t.Errorf("the card is at %d", got)
	}
	if got := h.number(`SELECT count(*) FROM entries WHERE kind = 'redacted'`); got != 0 {
		t.Errorf("%d entries say that something was removed", got)
	}
}

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

// What somebody wrote about how they solved a ticket goes from answers in other tickets that repeat
// it, also when its words are stored there no more. What others wrote stays.
func TestForgettingWhereASolutionIsRepeated(t *testing.T) {
	t.Parallel()
	for name, note := range map[string]string{"long": "The rule for cards of the US is lifted.", "short": "Off"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			repeating, solved, old := h.open(ticket.P2), h.open(ticket.P2), h.open(ticket.P2)
			h.do(solved, claim(bob, 1), resolve(bob, ticket.SolvedByData, note, 2))
			for i, n := range []ticket.Number{repeating, old} {
				if _, err := h.SayAsBefore(t.Context(), h.gesture(n, ann, float64(3+i)), solved); err != nil {
					t.Fatal(err)
				}
			}
			h.do(repeating, say(ann, "Did this help?", 5))
			h.exec(`UPDATE outbox SET details = details - 'text' WHERE ticket = $1 AND kind = 'quote'`, old)
			quotes := h.number(`SELECT count(*) FROM outbox WHERE ticket = $1 AND kind = 'quote'`, old)
			h.enqueued()
			f := desk.Forgetting{Person: bob, Named: true}
			listed, err := h.Traces(t.Context(), solved, f, minutes(9))
			if err != nil || listed.Messages < 3 || len(h.enqueued()) > 0 {
				t.Fatalf("listed %+v, %v", listed, err)
			}
			if found, err := h.ForgetPerson(t.Context(), solved, f, minutes(9)); err != nil || found != listed {
				t.Errorf("removed %+v, %v; listed %+v", found, err, listed)
			}
			if got := h.number(`SELECT count(*) FROM outbox WHERE details::text LIKE '%' || $1 || '%' AND NOT details ? 'gone'`, note); got != 0 {
				t.Errorf("%d messages say it still", got)
			}
			if got := h.number(`SELECT count(*) FROM outbox WHERE ticket = $1 AND kind = 'quote' AND details ? 'gone'`, old); got != quotes || quotes == 0 {
				t.Errorf("of %d quotes without their words %d go", quotes, got)
			}
			if r := h.find(repeating); r.Ticket.Title == "" || r.Timeline[len(r.Timeline)-1].Kind != ticket.Redacted {
				t.Errorf("the ticket that repeats it: %+v", r.Ticket)
			}
			version := h.find(repeating).Version
			f.Named = false
			if found, err := h.ForgetPerson(t.Context(), solved, f, minutes(10)); err != nil || found.Any() || h.find(repeating).Version != version {
				t.Errorf("again: %+v, %v", found, err)
			}
		})
	}
}

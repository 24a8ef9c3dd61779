package desk_test

import (
	"testing"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// What was told, became void by news that came late, and is true again by later
// news still, is told by the message that is there.
func TestToldOnceThoughItWasVoidInBetween(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	n := h.open(ticket.P2)
	h.do(n, claim(ann, 10))
	h.send(`UPDATE outbox SET posted_in = 'CSUPPORT', posted_ts = '1.1', posted = desired WHERE ticket = $1 AND kind = 'claimed'`, n)
	h.do(n, tick(bob, 5), untick(bob, 6))
	if r := h.find(n); r.Ticket.Assignee != ann || r.Ticket.State != ticket.StateClaimed {
		t.Fatalf("%s has it, which is %s", r.Ticket.Assignee, r.Ticket.State)
	}
	if told := h.number(`SELECT count(*) FROM outbox WHERE ticket = $1 AND kind = 'claimed'`, n); told != 1 {
		t.Errorf("told %d times that Ann has it", told)
	}

	late := h.open(ticket.P2)
	h.do(late, claim(ann, 1))
	h.sweep(181)
	h.send(`UPDATE outbox SET posted_in = 'CSUPPORT', posted_ts = '1.' || id, posted = desired WHERE ticket = $1 AND kind = 'alert'`, late)
	h.do(late, tick(bob, 170), untick(bob, 171))
	h.sweep(182)
	told := h.number(`SELECT count(*) FROM outbox WHERE ticket = $1 AND kind = 'alert' AND details->'alert'->>'step' = 'late'`, late)
	enqueued := h.number(`SELECT count(*) FROM outbox WHERE ticket = $1 AND kind = 'alert' AND pending`, late)
	if told != 1 || enqueued != 1 {
		t.Errorf("%d messages of the lateness, %d to be said anew; want one of each", told, enqueued)
	}
}

// An alert that is told already calls nobody by being said anew: whom an escalation
// calls together with it is told apart.
func TestCallOfAnAlertThatWasToldBefore(t *testing.T) {
	t.Parallel()
	h := newHarnessWith(t, escalating(step(120, "duty")))
	n := h.open(ticket.P2)
	h.sweep(181)
	h.send(`UPDATE outbox SET posted_in = 'CSUPPORT', posted_ts = '1.' || id, posted = desired WHERE kind = 'alert'`)
	h.do(n, tick(bob, 170), untick(bob, 171))
	h.enqueued()
	h.sweep(217)
	h.sweep(218)
	enqueued := h.enqueued()
	if len(enqueued) != 1 || enqueued[0].Kind != desk.NoticeEscalation || len(enqueued[0].Call) != 1 || enqueued[0].Escalation == nil {
		t.Fatalf("enqueued are %+v, want the call alone", enqueued)
	}
	if obsolete := desk.Obsolete(enqueued[0], h.find(n), minutes(218)); obsolete != "" {
		t.Errorf("the call is obsolete: %s", obsolete)
	}
	if anew := h.number(`SELECT count(*) FROM outbox WHERE kind = 'alert' AND pending`); anew != 1 {
		t.Errorf("the lateness is said anew %d times", anew)
	}
}

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
	o := newOffice(t)
	n := o.open(ticket.P2)
	o.do(n, claim(ann, 10))
	o.exec(`UPDATE outbox SET posted_in = 'CSUPPORT', posted_ts = '1.1', posted = desired WHERE ticket = $1 AND kind = 'claimed'`, n)
	o.do(n, tick(bob, 5), untick(bob, 6))
	if r := o.find(n); r.Ticket.Assignee != ann || r.Ticket.State != ticket.StateClaimed {
		t.Fatalf("%s has it, which is %s", r.Ticket.Assignee, r.Ticket.State)
	}
	if told := o.number(`SELECT count(*) FROM outbox WHERE ticket = $1 AND kind = 'claimed'`, n); told != 1 {
		t.Errorf("told %d times that Ann has it", told)
	}

	late := o.open(ticket.P2)
	o.do(late, claim(ann, 1))
	o.sweep(181)
	o.exec(`UPDATE outbox SET posted_in = 'CSUPPORT', posted_ts = '1.' || id, posted = desired WHERE ticket = $1 AND kind = 'alert'`, late)
	o.do(late, tick(bob, 170), untick(bob, 171))
	o.sweep(182)
	told := o.number(`SELECT count(*) FROM outbox WHERE ticket = $1 AND kind = 'alert' AND details->'alert'->>'step' = 'late'`, late)
	enqueued := o.number(`SELECT count(*) FROM outbox WHERE ticket = $1 AND kind = 'alert' AND pending`, late)
	if told != 1 || enqueued != 1 {
		t.Errorf("%d messages of the lateness, %d to be said anew; want one of each", told, enqueued)
	}
}

// An alert that is told already calls nobody by being said anew: whom an escalation
// calls together with it is told apart.
func TestCallOfAnAlertThatWasToldBefore(t *testing.T) {
	t.Parallel()
	o := newOfficeWith(t, escalating(step(120, "duty")))
	n := o.open(ticket.P2)
	o.sweep(181)
	o.exec(`UPDATE outbox SET posted_in = 'CSUPPORT', posted_ts = '1.' || id, posted = desired WHERE kind = 'alert'`)
	o.do(n, tick(bob, 170), untick(bob, 171))
	o.enqueued()
	o.sweep(217)
	o.sweep(218)
	enqueued := o.enqueued()
	if len(enqueued) != 1 || enqueued[0].Kind != desk.NoticeEscalation || len(enqueued[0].Call) != 1 || enqueued[0].Escalation == nil {
		t.Fatalf("enqueued are %+v, want the call alone", enqueued)
	}
	if obsolete := desk.Obsolete(enqueued[0], o.find(n), minutes(218)); obsolete != "" {
		t.Errorf("the call is obsolete: %s", obsolete)
	}
	if anew := o.number(`SELECT count(*) FROM outbox WHERE kind = 'alert' AND pending`); anew != 1 {
		t.Errorf("the lateness is said anew %d times", anew)
	}
}

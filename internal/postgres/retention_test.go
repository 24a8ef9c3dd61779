package postgres_test

import (
	"testing"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

func TestForgetInputs(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	f := b.newTicket(ticket.P2, "U1")
	f.Source = ticket.Message{Channel: "C1", TS: "1.1"}
	r, err := b.desk.Open(t.Context(), f)
	b.must(r, err)
	a := b.gesture(r.Ticket.Number, "U2")
	b.must(b.desk.Claim(t.Context(), a))
	b.must(b.db.ForgetInputs(t.Context(), a.Now, 10))
	if got := b.text(`SELECT array_agg(key ORDER BY key) FROM inputs`); got != `("{`+a.Key+`,source:C1:1.1}")` {
		t.Errorf("kept %s, want the newer one and the source", got)
	}
	if _, err := b.desk.Open(t.Context(), f); ticket.CodeOf(err) != ticket.Conflict {
		t.Errorf("filed again from the same message: %v, want a conflict", err)
	}
}

// Text that people wrote is kept as long as they may edit it, or continue with the ticket.
func TestWordsAreForgottenAfterTheEnd(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	n := b.open(ticket.P2, "U1")
	b.must(b.desk.Reply(t.Context(), b.gesture(n, "U1"), desk.Written{Private: true, Text: "It works."}))
	b.exec(`DELETE FROM outbox WHERE kind <> 'quote'`)
	i := b.take(b.acquire("A"))
	if i.Text != "It works." {
		t.Errorf("quote %q", i.Text)
	}
	b.post(i, "1.1")
	kept := func(want string) {
		t.Helper()
		b.must(b.db.ForgetWords(t.Context(), at(1), 10))
		if got := b.text(`SELECT details ? 'text', details ? 'actor' FROM outbox`); got != want {
			t.Errorf("text and actor are kept: %s, want %s", got, want)
		}
	}
	kept("(t,t)")
	b.exec(`UPDATE tickets SET ended_at = $1`, at(1))
	kept("(t,t)")
	b.exec(`UPDATE tickets SET ended_at = $1`, at(0.9))
	kept("(f,t)")
}

// If a ticket ended long ago, its messages that do not stand are deleted. Messages that stand
// are kept: they can be edited, and replies to them find the ticket.
func TestWhatIsSpentGoes(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	ended, recent, open := b.open(ticket.P2, "U1"), b.open(ticket.P2, "U1"), b.open(ticket.P2, "U1")
	b.exec(`DELETE FROM outbox`)
	b.exec(`UPDATE tickets SET ended_at = $2 WHERE number = $1`, ended, at(1))
	b.exec(`UPDATE tickets SET ended_at = $2 WHERE number = $1`, recent, at(3))
	for name, change := range map[string]string{
		"shown to one person": `kind = 'how', posted = 1`,
		"not worth posting":   `kind = 'claimed', posted = 1, state = 'dropped'`,
		"standing":            `posted = 1, posted_in = 'C1', posted_ts = '1.1'`,
		"its old card":        `kind = 'card', posted = 1, state = 'dropped', posted_ts = '1.2'`,
		"pending":             `posted = 0`,
		"parked":              `posted = 0, state = 'parked'`,
		"undeliverable":       `posted = 0, state = 'undeliverable'`,
	} {
		t.Run(name, func(t *testing.T) {
			for of, n := range map[string]any{"ended": ended, "recent": recent, "open": open, "none": nil} {
				id := b.enqueue(row{name: of + ": " + name, key: name})
				b.exec(`UPDATE outbox SET ticket = $2, `+change+` WHERE id = $1`, id, n)
			}
		})
	}
	b.exec(`INSERT INTO outbox (ordering_key, queue, kind, recipient, urgency, due_at, posted) VALUES ('offer:U1', 'support', 'offer', 'due later', 6, $1, 1)`, at(2))
	if n, err := b.db.ForgetSpent(t.Context(), at(2), 3); n != 3 || err != nil {
		t.Errorf("%d are gone at first, %v", n, err)
	}
	if n, err := b.db.ForgetSpent(t.Context(), at(2), 3); n != 1 || err != nil {
		t.Errorf("%d are gone then, %v", n, err)
	}
	want := `("due later,ended: its old card,ended: parked,ended: pending,ended: standing,ended: undeliverable,` +
		`none: its old card,none: parked,none: pending,none: standing,none: undeliverable")`
	if got := b.text(`SELECT string_agg(recipient, ',' ORDER BY recipient) FROM outbox WHERE recipient NOT LIKE 'open%' AND recipient NOT LIKE 'recent%'`); got != want {
		t.Errorf("kept %s\nwant %s", got, want)
	}
	if got := b.text(`SELECT count(*) FROM outbox WHERE recipient LIKE 'open%' OR recipient LIKE 'recent%'`); got != "(14)" {
		t.Errorf("%s messages of the others are kept, want 14", got)
	}
}

func TestAlertsOfEndedTicketsGo(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	ended, open := b.open(ticket.P2, "U1"), b.open(ticket.P2, "U1")
	b.must(b.desk.Sweep(t.Context(), at(4)))
	b.must(b.desk.Resolve(t.Context(), desk.Gesture{Ticket: ended, Actor: "U2", By: ticket.ByEmoji, Key: b.key(), At: at(5), Now: at(5)}, "", ""))
	count := func() string {
		return b.text(`SELECT count(*) FILTER (WHERE ticket = $1), count(*) FILTER (WHERE ticket = $2) FROM alerts`, ended, open)
	}
	before := count()
	b.must(b.db.ForgetAlerts(t.Context(), at(5), 10))
	if got := count(); got != before || before == "(0,0)" {
		t.Fatalf("%s alerts are left of %s", got, before)
	}
	b.must(b.db.ForgetAlerts(t.Context(), at(6), 10))
	if got, want := count(), "(0"+before[2:]; got != want {
		t.Errorf("%s alerts are left, want %s", got, want)
	}
	differ, looked, err := b.desk.Audit(t.Context(), b.db, at(6))
	if len(differ) > 0 || looked != 2 || err != nil {
		t.Errorf("of %d tickets these disagree: %v, %v", looked, differ, err)
	}
	if n, err := b.desk.Sweep(t.Context(), at(6)); n != 0 || err != nil {
		t.Errorf("%d are due again, %v", n, err)
	}
}

package postgres_test

import (
	"slices"
	"testing"
	"time"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// What somebody answered, the newest first: saved answers that stand, and notes on solutions, but
// of no ticket that is private or has redacted words.
func TestGiven(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	var n []ticket.Number
	for range 6 {
		n = append(n, b.open(ticket.P2, "U2"))
	}
	say := func(i int, who string) {
		b.must(b.desk.Say(t.Context(), b.later(n[i], who, float64(i+1)), "logs", "Please add the log."))
	}
	for i := range 3 {
		say(i, "U1")
	}
	say(5, "U3")
	b.must(b.desk.Resolve(t.Context(), b.later(n[3], "U1", 4), "", "Restarted the worker"))
	b.must(b.desk.Resolve(t.Context(), b.later(n[4], "U1", 5), "", ""))
	b.exec(`UPDATE tickets SET private = true WHERE number = $1`, n[1])
	b.must(b.desk.Redact(t.Context(), b.later(n[2], "U2", 6), "Cards", ""))
	b.exec(`INSERT INTO outbox (ordering_key, queue, kind, ticket, recipient, urgency, due_at) VALUES ('k', 'support', 'third_time', $1, 'U1', 6, $2)`, n[0], at(9))
	given := func() []desk.Given {
		all, err := b.db.Given(t.Context(), "U1", at(0))
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	want := []desk.Given{
		{Ticket: n[3], Category: given()[0].Category, Note: "Restarted the worker"},
		{Ticket: n[0], Category: given()[0].Category, Answer: "logs", Offered: at(9).UTC()},
	}
	if got := given(); !slices.Equal(got, want) {
		t.Errorf("given: %+v, want %+v", got, want)
	}
	if late, err := b.db.Given(t.Context(), "U1", at(0).Add(24*time.Hour)); len(late) > 0 || err != nil {
		t.Errorf("since the next day: %+v, %v", late, err)
	}
	r := b.find(n[0])
	b.must(b.desk.RetractOwn(t.Context(), b.later(n[0], "U1", 7), r.SavedAnswersOf("U1")[0].Message))
	if got := given(); len(got) != 1 {
		t.Errorf("after one was taken back: %+v", got)
	}
}

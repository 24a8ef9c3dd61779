package postgres_test

import (
	"testing"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// If a ticket turns out not to be late, the alert is forgotten, and posted anew in place.
func TestRetractedAlert(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	n := b.open(ticket.P2, "U2")
	card, reply := ticket.Message{Channel: "C1", TS: "1.1"}, ticket.Message{Channel: "C1", TS: "1.2"}
	b.exec(`INSERT INTO ticket_threads VALUES ($1, $2, $3, true)`, card.Channel, card.TS, n)
	b.must(b.desk.Sweep(t.Context(), at(2.5)))
	b.must(b.desk.Sweep(t.Context(), at(4)))
	b.exec(`UPDATE outbox SET posted = desired`)
	seen := desk.Observation{
		Ticket: n, From: at(1), Until: at(4), Now: at(4.1), Card: card,
		Emoji:   []desk.ObservedEmoji{{Emoji: "white_check_mark", Asks: ticket.Resolved, People: []string{"U1"}}},
		Replies: []desk.ObservedReply{{Written: desk.Written{Message: reply}, Author: "U1", At: at(1.5)}},
	}
	for i, want := range []bool{true, false} {
		if news, err := b.desk.CatchUp(t.Context(), seen); err != nil || news != want {
			t.Fatalf("%d: news: %t, %v", i, news, err)
		}
	}
	if got := b.text(`SELECT string_agg(step, ',' ORDER BY step) FROM alerts`); got != "(warn)" {
		t.Errorf("alerts that count: %s", got)
	}
	if got := b.text(`SELECT string_agg(details->'alert'->>'step', ',') FROM outbox WHERE kind = 'alert' AND pending`); got != "(late)" {
		t.Errorf("alerts that are posted anew: %s", got)
	}
	if got, err := b.db.ByInput(t.Context(), desk.ReplyKey(reply)); got != n || err != nil {
		t.Errorf("the reply's key is of %s, %v", got, err)
	}
}

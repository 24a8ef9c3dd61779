package postgres_test

import (
	"testing"

	"supporty/internal/desk"
	"supporty/internal/slackout"
	"supporty/internal/ticket"
)

// What stands in Slack about a ticket is known where something is decided on it, and
// can be said anew in place.
func TestPostedNoticesAreReworded(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	n := b.open(ticket.P2, "U1")
	b.must(b.desk.Reply(t.Context(), b.act(n, "U1"), desk.Written{Private: true, Text: "It works."}))
	b.exec(`DELETE FROM outbox WHERE kind <> 'quote'`)
	turn := b.turn("A")
	b.must(nil, b.db.RecordSaid(t.Context(), b.take(turn), slackout.Sent{Channel: "C1", TS: "1.1"}, at(0.2)))

	r, err := b.db.Load(t.Context(), n)
	if err != nil || len(r.Posted) != 1 {
		t.Fatalf("posted: %+v, %v", r.Posted, err)
	}
	p := r.Posted[0]
	if where := (ticket.Message{Channel: "C1", TS: "1.1"}); p.Kind != desk.NoticeQuote || p.At != where || !p.SaidAt.Equal(at(0.2)) || p.Text != "It works." || !p.Stands() {
		t.Errorf("posted: %+v", p)
	}
	p.Text = "It works now."
	r = b.find(n)
	b.must(nil, b.db.Save(t.Context(), desk.Change{Now: at(0.3), After: r, Reworded: []desk.Posted{p}}))
	if i := b.take(turn); i.Text != "It works now." || i.Wanted != 2 || !i.Standing() {
		t.Errorf("said anew: %+v", i)
	}
}

package postgres_test

import (
	"testing"

	"supporty/internal/desk"
	"supporty/internal/outbox"
	"supporty/internal/ticket"
)

// A decision on a ticket knows the messages that stand in Slack about it, and can have them
// posted anew in place.
func TestPostedNoticesAreReworded(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	n := b.open(ticket.P2, "U1")
	b.must(b.desk.Reply(t.Context(), b.gesture(n, "U1"), desk.Written{Private: true, Text: "It works."}))
	b.exec(`DELETE FROM outbox WHERE kind <> 'quote'`)
	epoch := b.acquire("A")
	b.must(nil, b.record(b.take(epoch), ticket.Message{Channel: "C1", TS: "1.1"}, at(0.2)))

	r, err := b.db.Load(t.Context(), n)
	if err != nil || len(r.Posted) != 1 {
		t.Fatalf("posted: %+v, %v", r.Posted, err)
	}
	p := r.Posted[0]
	if where := (ticket.Message{Channel: "C1", TS: "1.1"}); p.Kind != desk.NoticeQuote || p.At != where || !p.PostedAt.Equal(at(0.2)) || p.Text != "It works." || !p.Stands() {
		t.Errorf("posted: %+v", p)
	}
	p.Text = "It works now."
	r = b.find(n)
	b.must(b.db.Save(t.Context(), desk.Change{Now: at(0.3), After: r, Reworded: []desk.Posted{p}}))
	if i := b.take(epoch); i.Text != "It works now." || i.Desired != 2 || !i.Standing() {
		t.Errorf("posted anew: %+v", i)
	}
}

// Operators are told of a channel once, until a card stands in it.
func TestUnreachableIsToldOnce(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	epoch := b.acquire("A")
	tell := func(to ...string) {
		t.Helper()
		b.must(nil, b.desk.TellUnreachable(t.Context(), "C1", "is_archived", to, monday.AddDate(1, 0, 0)))
		b.must(nil, b.db.RecordFailure(t.Context(), b.take(epoch), outbox.Failure{State: outbox.Parked}))
	}
	told := func(want string) {
		t.Helper()
		if got := b.text(`SELECT count(*), count(*) FILTER (WHERE details ? 'over' AND desired = 2) FROM outbox WHERE kind = 'unreachable'`); got != want {
			t.Errorf("told, over: %s, want %s", got, want)
		}
	}
	for range 3 {
		b.open(ticket.P2, "U1")
	}
	b.exec(`DELETE FROM outbox WHERE kind <> 'card'`)
	tell("U8")
	tell("U8")
	told("(1,0)")
	tell("U8", "U9")
	told("(2,0)")
	b.must(b.db.Resume(t.Context()))
	b.must(nil, b.record(b.take(epoch), ticket.Message{Channel: "C1", TS: "1.1"}, monday))
	told("(2,2)")
	tell("U8")
	told("(3,2)")
}

// The filer is told once of a parked card. When the card stands, that notice links to it.
func TestParkedIsToldOnceAndReworded(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	n, epoch := b.open(ticket.P2, "U1"), b.acquire("A")
	b.exec(`DELETE FROM outbox WHERE kind <> 'card'`)
	card := b.take(epoch)
	b.must(nil, b.db.RecordFailure(t.Context(), card, outbox.Failure{State: outbox.Parked, Enqueue: b.find(n).Parked("C1", monday)}))
	r := b.find(n)
	if !r.CardWaits() || len(r.Parked("C1", monday)) != 0 || r.Posted[0].To != "U1" || r.Posted[0].Channel != "C1" {
		t.Errorf("told: %+v", r.Posted)
	}
	i := b.take(epoch)
	b.must(nil, b.record(i, ticket.Message{Channel: "D1", TS: "1.1"}, monday))
	b.must(b.db.Resume(t.Context()))
	b.must(nil, b.record(b.take(epoch), ticket.Message{Channel: "C1", TS: "2.1"}, monday))
	if again := b.take(epoch); again.ID != i.ID || !again.Standing() || b.find(n).CardWaits() {
		t.Errorf("posted anew: %+v", again)
	}
}

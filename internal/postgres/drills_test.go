package postgres_test

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// Of drills the newest come first; a P1 that is none is found.
func TestDrills(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	first, second, real := b.open(ticket.P1, "U9"), b.open(ticket.P1, "U9"), b.open(ticket.P1, "U9")
	b.exec(`INSERT INTO drills VALUES ($1, 'Checkout', $2, $3, $3), ($4, 'Checkout', $3, NULL, NULL)`, first, at(1), at(2), second)
	got, err := b.db.Drills(t.Context(), []string{"Checkout"}, 5)
	want := []desk.Drill{{Ticket: second, Squad: "Checkout", BeganAt: at(2)}, {Ticket: first, Squad: "Checkout", BeganAt: at(1), AnsweredAt: at(2), EndedAt: at(2)}}
	if diff := gocmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v, %s", err, diff)
	}
	got, err = b.db.OpenDrills(t.Context())
	if diff := gocmp.Diff(want[:1], got); err != nil || diff != "" {
		t.Errorf("that go on: %v, %s", err, diff)
	}
	b.exec(`UPDATE tickets SET category = 'Payments'`)
	if n, err := b.db.RealP1(t.Context(), []string{"Payments"}); n != real || err != nil {
		t.Errorf("%s, %v", n, err)
	}
	if n, err := b.db.RealP1(t.Context(), []string{"Other"}); n != 0 || err != nil {
		t.Errorf("of another category %s, %v", n, err)
	}
}

// Who agrees twice agrees once, and can take it back.
func TestAgreeingToDrills(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	agreed := func(want ...string) {
		t.Helper()
		got, err := b.db.AgreedToDrills(t.Context(), []string{"U1", "U2"})
		if diff := gocmp.Diff(append([]string{}, want...), append([]string{}, got...)); err != nil || diff != "" {
			t.Errorf("%v, %s", err, diff)
		}
	}
	agreed()
	for range 2 {
		b.must(nil, b.db.AgreeToDrills(t.Context(), "U1", true, at(1)))
	}
	agreed("U1")
	b.must(nil, b.db.AgreeToDrills(t.Context(), "U1", false, at(2)))
	agreed()
}

// A drill is stored with its change: nothing counts it, and its own row knows when it was answered and was over.
func TestADrillIsStored(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	drill := b.newTicket(ticket.P1, "U9")
	drill.Drill = "Checkout"
	r, err := b.desk.Open(t.Context(), drill)
	if err != nil {
		t.Fatal(err)
	}
	if got := b.text(`SELECT squad, answered_at IS NULL, ended_at IS NULL FROM drills`); got != "(Checkout,t,t)" {
		t.Errorf("stored %s", got)
	}
	b.must(b.desk.Claim(t.Context(), b.gesture(r.Ticket.Number, "U2")))
	if got := b.text(`SELECT answered_at = $1, ended_at > answered_at FROM drills`, at(0.1)); got != "(t,t)" {
		t.Errorf("answered: %s", got)
	}
	if got := b.text(`SELECT (SELECT count(*) FROM cycles), (SELECT bool_and(private) FROM tickets)`); got != "(0,t)" {
		t.Errorf("counted: %s", got)
	}
}

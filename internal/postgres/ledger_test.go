package postgres_test

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"supporty/internal/sla"
	"supporty/internal/ticket"
)

func TestLedger(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	first, open, last := b.open(ticket.P2, "URITA"), b.open(ticket.P1, "URITA"), b.open(ticket.P3, "URITA")
	for _, n := range []ticket.Number{first, last} {
		a := b.gesture(n, "UANN")
		b.must(b.desk.Resolve(t.Context(), a, "", ""))
	}
	b.exec(`UPDATE tickets SET ended_at = ended_at + interval '1 hour' WHERE number = $1`, last)
	numbers, err := b.db.Auditable(t.Context(), 1)
	if diff := gocmp.Diff([]ticket.Number{open, last}, numbers); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	stored, err := b.db.Stored(t.Context(), []ticket.Number{open, 99})
	if err != nil || len(stored) != 1 {
		t.Fatalf("%d stored, %v", len(stored), err)
	}
	r, err := b.desk.Find(t.Context(), open)
	b.must(nil, err)
	s, c := stored[0], r.Clock(sla.Resolve)
	if !s.ResolveDueAt.Equal(c.DueAt) || s.NextAt.IsZero() || len(s.Cycles) != 1 || !s.Cycles[0].ResolveDueAt.Equal(c.DueAt) || len(s.Record.Timeline) != 1 {
		t.Errorf("%+v", s)
	}
}

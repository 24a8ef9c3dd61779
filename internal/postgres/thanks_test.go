package postgres_test

import (
	"testing"
	"time"

	"supporty/internal/ticket"
)

// Everybody who helped is told once for what people said thanks, each copy and each instant once.
func TestThanksAreDeliveredOnce(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	n := b.open(ticket.P2, "U1")
	b.must(b.desk.Resolve(t.Context(), b.when(n, "U2", 1), ticket.SolvedByCode, ""))
	b.must(b.desk.Thank(t.Context(), b.when(n, "U1", 2), false))
	weekly := func(after time.Time) time.Time { return monday.Add((after.Sub(monday)/week + 1) * week) }
	for _, hours := range []float64{0, 24*7 + 1, 24*7 + 1, 24*14 + 1} {
		b.must(nil, b.desk.DeliverThanks(t.Context(), "weekly", weekly, at(hours)))
	}
	if got := b.text(`SELECT count(*), min(recipient), min(details->'thanked'->0->>'ticket'), min(details->'thanked'->0->>'people') FROM outbox WHERE kind = 'thanks'`); got != `(1,U2,1,"[""U1""]")` {
		t.Error(got)
	}
}

const week = 7 * 24 * time.Hour

package postgres_test

import (
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"supporty/internal/duty"
	"supporty/internal/ticket"
)

// Candidates have their open tickets, and the time at which one was offered to them last.
func TestCandidates(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	first, second := b.open(ticket.P1, "U9"), b.open(ticket.P2, "U9")
	b.exec(`UPDATE tickets SET assignee = 'U1'`)
	b.exec(`UPDATE tickets SET ended_at = opened_at WHERE number = $1`, second)
	b.exec(`INSERT INTO outbox (ordering_key, queue, kind, ticket, recipient, urgency, due_at) VALUES
		('a', 'support', 'offered', $1, 'U2', 3, $2), ('b', 'support', 'offered', $1, 'U2', 3, $3), ('c', 'support', 'receipt', $1, 'U1', 3, $3)`, first, at(1), at(2))
	got, err := b.db.Candidates(t.Context(), []string{"U3", "U2", "U1"})
	want := []duty.Candidate{{Person: "U3", Asked: time.Time{}}, {Person: "U2", Asked: at(2)}, {Person: "U1", Open: 1, Asked: time.Time{}}}
	if diff := gocmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v, %s", err, diff)
	}
}

// Of the tickets that somebody has, those count that were opened in the period and are of the categories, without
// private ones.
func TestTook(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	for range 5 {
		b.open(ticket.P2, "U9")
	}
	b.exec(`UPDATE tickets SET private = true WHERE number = 5`) // as drills are
	b.exec(`UPDATE tickets SET category = 'Payments', assignee = CASE number % 3 WHEN 0 THEN '' WHEN 1 THEN 'U1' ELSE 'U2' END`)
	opened := monday
	took, of, err := b.db.Took(t.Context(), []string{"U1", "U3"}, []string{"Payments"}, opened.Add(-time.Hour), opened.Add(time.Hour))
	if err != nil || took != 2 || of != 3 {
		t.Errorf("%d of %d, %v", took, of, err)
	}
	if _, of, err = b.db.Took(t.Context(), nil, []string{"Other"}, opened.Add(-time.Hour), opened.Add(time.Hour)); err != nil || of != 0 {
		t.Errorf("of another category %d, %v", of, err)
	}
}

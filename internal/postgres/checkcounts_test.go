package postgres_test

import (
	"slices"
	"testing"
	"time"

	"supporty/internal/ticket"
)

// The counts of days are compared with the tickets, and a day that differs is named. Nothing changes by it.
func TestCheckCounts(t *testing.T) {
	t.Parallel()
	db, conn := insightDB(t)
	lives := []life{
		{number: 1, category: "Billing", solution: ticket.SolvedByData, cycles: []cycle{{priority: 2, started: at(24), responded: at(25), due: at(240), ended: at(72), resolved: true}}},
		{number: 2, category: "a", cycles: []cycle{{priority: 3, started: at(30), due: at(40)}}},
	}
	fill(t, conn, lives)
	countAll(t, db, at(400))
	for range 2 {
		if wrong, looked, err := db.CheckCounts(t.Context(), pause); err != nil || len(wrong) > 0 || looked < 7 {
			t.Fatalf("%d days looked at, %v differ, %v", looked, wrong, err)
		}
	}
	var changed time.Time
	const changes = `UPDATE day_counts SET n = n + 1 WHERE (day, kind, priority, name) = (SELECT day, kind, priority, name FROM day_counts WHERE n > 0 ORDER BY day, kind LIMIT 1) RETURNING day`
	if err := conn.QueryRow(t.Context(), changes).Scan(&changed); err != nil {
		t.Fatal(err)
	}
	if wrong, _, err := db.CheckCounts(t.Context(), pause); err != nil || !slices.EqualFunc(wrong, []time.Time{changed}, time.Time.Equal) {
		t.Errorf("%v differ, %v; want %s", wrong, err, changed)
	}
}

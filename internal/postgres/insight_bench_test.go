package postgres_test

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/insight"
)

// A desk's history: one ticket a minute for about two years, every second of
// the newest 100,000 not ended, one in fifty reopened once.
const (
	generateTickets = `
		INSERT INTO tickets (number, version, title, body, category, priority, state, requester, cycle,
			opened_at, ended_at, solution, replies, people, resolve_due_at)
		SELECT n, 1, 'Ticket ' || n, repeat('what happened ', 20), 'Category ' || n % 12, 1 + n % 3,
			CASE WHEN n > @total - @backlog AND n % 2 = 0 THEN 'open' WHEN n % 20 = 0 THEN 'closed' ELSE 'resolved' END,
			'U' || n % 500, CASE WHEN n % 50 = 0 THEN 2 ELSE 1 END, at,
			CASE WHEN n <= @total - @backlog OR n % 2 > 0 THEN at + took END,
			CASE WHEN (n <= @total - @backlog OR n % 2 > 0) AND n % 20 <> 0 THEN (ARRAY['code', 'data', 'no_change'])[1 + n % 3] ELSE '' END,
			n % 15, n % 5, at + interval '3 hours'
		FROM (SELECT n, @end::timestamptz - (@total - n) * interval '1 minute' AS at,
			(1 + n * 7919 % 400) * interval '1 minute' AS took FROM generate_series(1, @total::bigint) AS n) AS t`
	generateCycles = `
		INSERT INTO cycles (ticket, cycle, priority, category, started_at, responded_at, respond_due_at,
			resolve_due_at, ended_at, resolved, owner_at_due)
		SELECT number, c, priority, category, at, CASE WHEN number % 7 > 0 OR ended_at IS NOT NULL THEN at + took / 4 END,
			at + interval '45 minutes', at + interval '3 hours',
			CASE WHEN c < cycle OR ended_at IS NOT NULL THEN at + took END,
			c < cycle OR state = 'resolved', CASE WHEN number % 4 > 0 THEN 'U1' ELSE '' END
		FROM (SELECT *, opened_at + (c - 1) * interval '1 day' AS at,
				coalesce(ended_at - opened_at, interval '5 hours') AS took
			FROM tickets, generate_series(1, cycle) AS c) AS t`
)

// BenchmarkNumbers asks for numbers of a desk with a million tickets. The
// budget of a digest, which asks for two periods, is one second.
func BenchmarkNumbers(b *testing.B) {
	db, conn := insightDB(b)
	end := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	args := pgx.NamedArgs{"total": 1_000_000, "backlog": 100_000, "end": end}
	for _, sql := range []string{generateTickets, generateCycles, "VACUUM ANALYZE tickets, cycles"} {
		a := []any{args}
		if sql[0] == 'V' {
			a = nil
		}
		if _, err := conn.Exec(b.Context(), sql, a...); err != nil {
			b.Fatal(err)
		}
	}
	for _, bench := range []struct {
		name string
		from time.Time
		days int
	}{
		{"week", end.AddDate(0, 0, -7), 7},
		{"week of a year ago", end.AddDate(-1, 0, 0), 7},
		{"quarter", end.AddDate(0, 0, -91), 91},
	} {
		b.Run(bench.name, func(b *testing.B) {
			p := insight.Period{From: bench.from, To: bench.from.AddDate(0, 0, bench.days)}
			for b.Loop() {
				if _, err := db.Numbers(b.Context(), p); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

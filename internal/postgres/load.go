package postgres

import (
	"slices"

	"github.com/jackc/pgx/v5"

	"supporty/internal/duty"
	"supporty/internal/insight"
)

// countCarried counts the tickets that were open at a moment by who has them now, or had them when they
// ended: who had them at the moment is in no column. Of all tickets, these are the open ones of now, which an index
// has, without what began since and with what ended since. Each ticket is looked up by its number: where there are
// many, the database would read all tickets instead, which takes ten times as long.
const countCarried = `
	WITH parts AS (
		SELECT assignee, count(*) AS n FROM tickets WHERE ended_at IS NULL AND assignee <> '' AND @categories::text[] IS NULL GROUP BY 1
		UNION ALL
		SELECT t.assignee, -count(*) FROM cycles c ` + lookedUp + `
		WHERE c.started_at >= @to AND c.ended_at IS NULL AND @categories::text[] IS NULL GROUP BY 1
		UNION ALL
		SELECT t.assignee, count(*) FROM cycles c ` + lookedUp + `
		WHERE c.started_at < @to AND c.ended_at >= @to AND @categories::text[] IS NULL GROUP BY 1
		UNION ALL
		SELECT t.assignee, count(*) FROM cycles c ` + lookedUp + `
		WHERE c.started_at < @to AND (c.ended_at IS NULL OR c.ended_at >= @to) AND c.category = ANY (@categories) AND NOT t.private GROUP BY 1
	)
	SELECT assignee, sum(n)::int FROM parts GROUP BY assignee HAVING sum(n) > 0`

const lookedUp = `CROSS JOIN LATERAL (SELECT assignee, private FROM tickets WHERE number = c.ticket AND assignee <> '' OFFSET 0) AS t`

const selectCalled = `SELECT squad, person, called_at FROM duty_pages WHERE called_at >= @from AND called_at < @until ORDER BY called_at, id`

// carried is what people carried in a period.
type carried struct {
	open    map[string]int
	records []duty.Record
	called  []duty.Called
}

func queueCarried(b *pgx.Batch, q insight.Question, into *carried) {
	into.open = map[string]int{}
	b.Queue(countCarried, pgx.NamedArgs{"to": q.Period.To, "categories": q.Of.Categories}).Query(func(rows pgx.Rows) error {
		var person string
		var n int
		_, err := pgx.ForEachRow(rows, []any{&person, &n}, func() error { into.open[person] = n; return nil })
		return err
	})
	span := pgx.NamedArgs{"from": q.Period.From, "until": q.Period.To}
	b.Queue(selectChanges, span).Query(func(rows pgx.Rows) (err error) {
		into.records, _, err = collectServed(rows)
		return err
	})
	b.Queue(selectCalled, span).Query(func(rows pgx.Rows) (err error) {
		into.called, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (c duty.Called, err error) {
			return c, row.Scan(&c.Squad, &c.Person, &c.At)
		})
		return err
	})
}

// load is how it was spread. Of a squad, its own duty and calls count, and a category has none.
func (c carried) load(q insight.Question) insight.Load {
	var called []duty.Called
	for _, p := range c.called {
		if q.Of.All() || p.Squad == q.Of.Name {
			called = append(called, p)
		}
	}
	records := c.records
	if !q.Of.All() {
		records = slices.DeleteFunc(records, func(r duty.Record) bool { return r.Squad != q.Of.Name })
	}
	return insight.LoadOf(duty.Burdens(records, called, c.open, q.Hours, q.Period.From, q.Period.To))
}

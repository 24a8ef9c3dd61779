package postgres

import (
	"slices"

	"github.com/jackc/pgx/v5"

	"supporty/internal/desk"
	"supporty/internal/duty"
	"supporty/internal/insight"
)

// countCarried counts the tickets that were open at a moment by who has them now, or had them when they
// ended: who had them at the moment is in no column. Each ticket is looked up by its number: where many are
// open, the database would read all tickets instead, which takes ten times as long.
const countCarried = `
	SELECT t.assignee, count(*)
	FROM cycles c CROSS JOIN LATERAL (
		SELECT assignee FROM tickets WHERE number = c.ticket AND assignee <> '' AND (@categories::text[] IS NULL OR NOT private) OFFSET 0) AS t
	WHERE c.started_at < @to AND (c.ended_at IS NULL OR c.ended_at >= @to) AND (@categories::text[] IS NULL OR c.category = ANY (@categories))
	GROUP BY t.assignee`

// carried is what people carried in a period.
type carried struct {
	open    map[string]int
	records []duty.Record
	called  []desk.DutyPage
}

func queueCarried(b *pgx.Batch, q insight.Question, into *carried) {
	into.open = map[string]int{}
	b.Queue(countCarried, pgx.NamedArgs{"to": q.Period.To, "categories": q.Of.Categories}).Query(func(rows pgx.Rows) error {
		var person string
		var n int
		_, err := pgx.ForEachRow(rows, []any{&person, &n}, func() error { into.open[person] = n; return nil })
		return err
	})
	span := pgx.NamedArgs{"from": q.Period.From, "until": q.Period.To, "person": ""}
	b.Queue(selectChanges, span).Query(func(rows pgx.Rows) (err error) {
		into.records, _, err = collectServed(rows)
		return err
	})
	b.Queue(dutyPagesBetween, span).Query(func(rows pgx.Rows) (err error) {
		into.called, err = pgx.CollectRows(rows, scanDutyPage)
		return err
	})
}

// load is how it was spread. Of a squad, its own duty and calls count, and a category has none.
func (c carried) load(q insight.Question) insight.Load {
	var called []duty.Called
	for _, p := range c.called {
		if q.Of.All() || p.Squad == q.Of.Name {
			called = append(called, duty.Called{Squad: p.Squad, Person: p.Person, At: p.At, Woke: p.Woke})
		}
	}
	records := c.records
	if !q.Of.All() {
		records = slices.DeleteFunc(records, func(r duty.Record) bool { return r.Squad != q.Of.Name })
	}
	return insight.LoadOf(duty.Burdens(records, called, c.open, q.Hours, q.Period.From, q.Period.To))
}

package postgres

import (
	"github.com/jackc/pgx/v5"

	"supporty/internal/insight"
)

// Answers are few, and an index has their times, so that no counts of days are kept.
const (
	countRated = `SELECT count(*) FROM cycles WHERE rated_at >= @from AND rated_at < @to AND ` + ofSelection

	// Each ticket is looked up by its number, as in countCarried. Groups are cut of all answers: the categories that are asked for are chosen afterwards. The groups are
	// those of insight.ratings.
	selectRated = `
		SELECT c.rated_at AS at, t.category, c.first_stars AS first, c.stars, t.requester AS rater, t.assignee AS helper
		FROM cycles c CROSS JOIN LATERAL (
			SELECT category, requester, assignee FROM tickets WHERE number = c.ticket AND NOT private OFFSET 0) AS t
		WHERE c.rated_at >= @from AND c.rated_at < @to`
)

func queueSatisfaction(b *pgx.Batch, q insight.Question, into *insight.Satisfaction) {
	given := 0
	b.Queue(countRated, pgx.NamedArgs{"from": q.Period.From, "to": q.Period.To, "categories": q.Of.Categories}).
		QueryRow(func(row pgx.Row) error { return row.Scan(&given) })
	in := insight.RatedIn(q.Period)
	b.Queue(selectRated, pgx.NamedArgs{"from": in.From, "to": in.To}).Query(func(rows pgx.Rows) error {
		all, err := pgx.CollectRows(rows, pgx.RowToStructByName[insight.Answer])
		*into = insight.SatisfactionOf(given, all, q.Period, q.Of)
		return err
	})
}

package postgres

import (
	"github.com/jackc/pgx/v5"

	"supporty/internal/insight"
)

// Answers are few, and an index has their times, so that no counts of days are kept.
const (
	countRated = `SELECT count(*) FROM cycles WHERE rated_at >= @from AND rated_at < @to AND ` + ofSelection

	// Groups are cut of all answers, by how their tickets were when they were rated: the categories that are asked for
	// are chosen afterwards. The groups are those of insight.ratings.
	selectRated = `
		SELECT rated_at AS at, rated_category AS category, first_stars AS first, stars, rated_requester AS rater, rated_owner AS helper
		FROM cycles WHERE rated_at >= @from AND rated_at < @to AND NOT rated_private`
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

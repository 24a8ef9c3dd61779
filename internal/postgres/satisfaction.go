package postgres

import (
	"github.com/jackc/pgx/v5"

	"supporty/internal/insight"
)

// selectSatisfaction counts answers that are alike. There are few answers, and an index has their times,
// so that no counts of days are kept. How many different people they are of is looked for among some of
// them only: nobody is asked often, so that these are of enough people if all of them are.
const selectSatisfaction = `
	WITH given AS MATERIALIZED (
		SELECT ticket, first_stars, stars, rated_at FROM cycles
		WHERE rated_at >= @from AND rated_at < @to AND ` + ofSelection + `
	), people AS (
		SELECT count(DISTINCT requester) AS raters, count(DISTINCT nullif(assignee, '')) AS helpers
		FROM tickets WHERE number IN (SELECT ticket FROM given ORDER BY rated_at LIMIT 200)
	)
	SELECT first_stars AS first, stars, count(*) AS count, raters, helpers
	FROM given CROSS JOIN people GROUP BY first_stars, stars, raters, helpers`

type answersRow struct {
	insight.Answers
	Raters, Helpers int
}

func scanSatisfaction(rows pgx.Rows, s *insight.Satisfaction) error {
	read, err := pgx.CollectRows(rows, pgx.RowToStructByName[answersRow])
	var all []insight.Answers
	raters, helpers := 0, 0
	for _, r := range read {
		all, raters, helpers = append(all, r.Answers), r.Raters, r.Helpers
	}
	*s = insight.SatisfactionOf(all, raters, helpers)
	return err
}

package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/insight"
	"supporty/internal/ticket"
)

// selectLessons has the last tickets that were solved in a period. An answer is written down if documentation
// solved the ticket, if it got a saved answer, or if a ticket that is solved was about writing down the answer
// to it: those name it at the beginning of a line.
const selectLessons = `
	WITH solved AS MATERIALIZED (
		SELECT number, category, title, channel, solution, ended_at FROM tickets
		WHERE state = 'resolved' AND NOT private AND NOT withheld AND ended_at >= @from AND ended_at < @to AND ` + ofSelection + `
		ORDER BY ended_at DESC, number DESC LIMIT @most
	), written AS MATERIALIZED (
		SELECT DISTINCT named[1]::bigint AS number FROM tickets CROSS JOIN LATERAL regexp_matches(body, '^#(\d{1,15})', 'gn') AS named
		WHERE title LIKE 'Write down: %' AND state = 'resolved' AND NOT private
	)
	SELECT s.number, s.category, s.title, s.channel, coalesce(t.channel, ''), coalesce(t.ts, ''), took.micros,
		s.solution = 'documentation' OR said.answered OR s.number IN (SELECT number FROM written), said.guided
	FROM solved s LEFT JOIN ticket_threads t ON t.ticket = s.number AND t.current
	CROSS JOIN LATERAL (
		SELECT coalesce(sum((extract(epoch FROM ended_at - started_at - waited - held) * 1000000)::bigint), 0)::bigint AS micros
		FROM cycles WHERE ticket = s.number AND ended_at IS NOT NULL) AS took
	CROSS JOIN LATERAL (
		SELECT coalesce(bool_or(details->>'answer' <> ''), false) AS answered,
			coalesce(bool_or(details->'links' @> '[{"kind": "runbook"}]'), false) AS guided
		FROM entries WHERE ticket = s.number AND kind IN ('replied', 'amended') AND void = '') AS said
	ORDER BY s.ended_at, s.number`

// Lessons implements insight.Source.
func (db *DB) Lessons(ctx context.Context, q insight.Question) ([]insight.Lesson, error) {
	solved, err := all(ctx, db, scanSolved, selectLessons, pgx.NamedArgs{
		"from": q.Period.From, "to": q.Period.To, "categories": q.Of.Categories, "most": insight.MostLearnt,
	})
	if err != nil {
		return nil, fmt.Errorf("reading what was solved in a period: %w", err)
	}
	return insight.LessonsOf(solved), nil
}

func scanSolved(row pgx.CollectableRow) (t insight.SolvedTicket, err error) {
	var took int64
	var card ticket.Message
	err = row.Scan(&t.Number, &t.Category, &t.Title, &t.Channel, &card.Channel, &card.TS, &took, &t.Written, &t.Guided)
	t.Card, t.Took = card, time.Duration(took)*time.Microsecond
	return t, err
}

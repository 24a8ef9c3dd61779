package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// The condition on kind and details is that of an index. A search looks at the newest answers of
// one person only.
const selectGiven = `
	SELECT e.ticket, t.category, coalesce(e.details ->> 'answer', ''),
		CASE WHEN e.kind = 'resolved' THEN coalesce(e.details ->> 'note', '') ELSE '' END,
		(SELECT max(o.due_at) FROM outbox o WHERE o.ticket = e.ticket AND o.kind = @offer AND o.recipient = e.actor)
	FROM entries e JOIN tickets t ON t.number = e.ticket
	WHERE e.actor = @person AND e.happened_at >= @since AND e.void = ''
		AND (e.kind = 'replied' AND e.details ? 'answer' OR e.kind = 'resolved' AND e.details ? 'note')
		AND NOT t.private AND NOT t.withheld
		AND NOT EXISTS (SELECT FROM entries x WHERE x.ticket = e.ticket
			AND (x.kind = 'redacted' OR x.kind = 'retracted' AND x.details -> 'message' = e.details -> 'message'))
	ORDER BY e.happened_at DESC, e.id DESC LIMIT 500`

// The condition on kind is that of an index. An answer that was taken back still stands in outbox.
const selectRepeating = `SELECT DISTINCT ticket FROM entries WHERE kind = 'replied' AND details ->> 'answer' = $1 AND details ? 'answer' AND ticket <> $2 ORDER BY ticket`

// Repeating implements desk.Store.
func (db *DB) Repeating(ctx context.Context, solved ticket.Number) ([]ticket.Number, error) {
	numbers, err := all(ctx, db, pgx.RowTo[ticket.Number], selectRepeating, solved.String(), solved)
	if err != nil {
		return nil, notSaved(err, "looking for answers that repeat a solution")
	}
	return numbers, nil
}

// Given implements desk.Store.
func (db *DB) Given(ctx context.Context, person string, since time.Time) ([]desk.Given, error) {
	given, err := all(ctx, db, scanGiven, selectGiven, pgx.NamedArgs{"person": person, "since": since, "offer": desk.NoticeThirdTime})
	if err != nil {
		return nil, notSaved(err, "looking for answers of somebody")
	}
	return given, nil
}

func scanGiven(row pgx.CollectableRow) (desk.Given, error) {
	var g desk.Given
	var offered *time.Time
	err := row.Scan(&g.Ticket, &g.Category, &g.Answer, &g.Note, &offered)
	g.Offered = orZero(offered)
	return g, err
}

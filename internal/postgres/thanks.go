package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/ticket"
)

const selectThanked = `
	SELECT number FROM tickets WHERE thanked_at >= $1 ORDER BY number`

// Thanked implements desk.Store.
func (db *DB) Thanked(ctx context.Context, since time.Time) ([]ticket.Number, error) {
	rows, err := db.pool.Query(ctx, selectThanked, since)
	if err != nil {
		return nil, notSaved(err, "looking for thanks")
	}
	numbers, err := pgx.CollectRows(rows, pgx.RowTo[ticket.Number])
	if err != nil {
		return nil, notSaved(err, "looking for thanks")
	}
	return numbers, nil
}

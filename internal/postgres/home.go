package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// shelfStatements select a page of a shelf, and count all of it. Each reads only what has not
// ended, or what one person asked for, by an index of its own.
var shelfStatements = map[desk.ShelfName]string{
	desk.ShelfAsked: `
		SELECT number, count(*) OVER () FROM tickets
		WHERE requester = @reader AND coalesce(ended_at, 'infinity') >= @since
		ORDER BY coalesce(ended_at, 'infinity') DESC, number DESC LIMIT @page OFFSET @from`,
}

// Shelves implements desk.Store.
func (db *DB) Shelves(ctx context.Context, queries []desk.ShelfQuery) ([]desk.ShelfIndex, error) {
	found := make([]desk.ShelfIndex, len(queries))
	b := &pgx.Batch{}
	for i, q := range queries {
		b.Queue(shelfStatements[q.Name], pgx.NamedArgs{
			"reader": q.Reader, "since": q.Now.Add(-desk.EndedLately), "page": desk.ShelfPage, "from": q.From,
		}).Query(func(rows pgx.Rows) error {
			var n ticket.Number
			_, err := pgx.ForEachRow(rows, []any{&n, &found[i].Total}, func() error {
				found[i].Numbers = append(found[i].Numbers, n)
				return nil
			})
			return err
		})
	}
	if err := db.pool.SendBatch(ctx, b).Close(); err != nil {
		return nil, notSaved(err, "looking for what Home shows")
	}
	return found, nil
}

// LoadAll implements desk.Store.
func (db *DB) LoadAll(ctx context.Context, numbers []ticket.Number) ([]desk.Record, error) {
	if len(numbers) == 0 {
		return nil, nil
	}
	records, err := load(ctx, db.pool, numbers)
	if err != nil {
		return nil, notSaved(err, "loading several tickets")
	}
	return records, nil
}

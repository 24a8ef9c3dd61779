package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

const (
	selectAuditable = `
		(SELECT number FROM tickets WHERE ended_at IS NULL)
		UNION ALL
		(SELECT number FROM tickets WHERE ended_at IS NOT NULL ORDER BY ended_at DESC LIMIT $1)`
	selectCached       = `SELECT number, resolve_due_at, next_at FROM tickets WHERE number = ANY ($1)`
	selectCachedCycles = `
		SELECT ticket, cycle, respond_due_at, resolve_due_at
		FROM cycles WHERE ticket = ANY ($1) ORDER BY ticket, cycle`
)

// Auditable implements desk.Ledger.
func (db *DB) Auditable(ctx context.Context, ended int) ([]ticket.Number, error) {
	numbers, err := all(ctx, db, pgx.RowTo[ticket.Number], selectAuditable, ended)
	if err != nil {
		return nil, notSaved(err, "looking for tickets to check")
	}
	return numbers, nil
}

// Stored implements desk.Ledger.
func (db *DB) Stored(ctx context.Context, numbers []ticket.Number) ([]desk.Stored, error) {
	cached := map[ticket.Number]*desk.Stored{}
	b := &pgx.Batch{}
	b.Queue("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
	records := queueLoad(b, numbers)
	b.Queue(selectCached, numbers).Query(func(rows pgx.Rows) error { return scanCached(rows, cached) })
	b.Queue(selectCachedCycles, numbers).Query(func(rows pgx.Rows) error { return scanCachedCycles(rows, cached) })
	b.Queue("COMMIT")
	if err := db.pool.SendBatch(ctx, b).Close(); err != nil {
		return nil, notSaved(err, "reading what is stored of tickets")
	}
	var all []desk.Stored
	for _, n := range numbers {
		if s, ok := cached[n]; ok {
			s.Record = *records[n]
			all = append(all, *s)
		}
	}
	return all, nil
}

func scanCached(rows pgx.Rows, cached map[ticket.Number]*desk.Stored) error {
	for rows.Next() {
		var n ticket.Number
		var due, next *time.Time
		if err := rows.Scan(&n, &due, &next); err != nil {
			return err
		}
		cached[n] = &desk.Stored{ResolveDueAt: orZero(due), NextAt: orZero(next)}
	}
	return rows.Err()
}

func scanCachedCycles(rows pgx.Rows, cached map[ticket.Number]*desk.Stored) error {
	for rows.Next() {
		var n ticket.Number
		var c desk.StoredCycle
		var respond, resolve *time.Time
		if err := rows.Scan(&n, &c.Cycle, &respond, &resolve); err != nil {
			return err
		}
		c.RespondDueAt, c.ResolveDueAt = orZero(respond), orZero(resolve)
		if s, ok := cached[n]; ok {
			s.Cycles = append(s.Cycles, c)
		}
	}
	return rows.Err()
}

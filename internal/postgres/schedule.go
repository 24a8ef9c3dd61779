package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/desk"
)

const (
	ensureSchedule = `INSERT INTO schedules (name, spec) VALUES ($1, '') ON CONFLICT DO NOTHING`
	lockSchedule   = `SELECT spec, next_at, last_at FROM schedules WHERE name = $1 FOR UPDATE SKIP LOCKED`
	updateSchedule = `UPDATE schedules SET spec = $2, next_at = $3, last_at = $4 WHERE name = $1`
)

// Schedule implements desk.Store.
func (db *DB) Schedule(ctx context.Context, name string, decide func(desk.Schedule) (desk.Schedule, []desk.Notice)) error {
	err := pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		before, err := readSchedule(ctx, tx, name)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil // another copy handles it
		}
		if err != nil {
			return err
		}
		after, notices := decide(before)
		if after == before {
			return nil
		}
		b := &pgx.Batch{}
		b.Queue(updateSchedule, name, after.Spec, nullTime(after.NextAt), nullTime(after.LastAt))
		for _, n := range notices {
			queueNotice(b, n)
		}
		return tx.SendBatch(ctx, b).Close()
	})
	if err != nil {
		return notSaved(err, "running a schedule")
	}
	return nil
}

// readSchedule locks a schedule. Only the first time it is not there, so it is made after it was not
// found. The error is pgx.ErrNoRows while another copy has it.
func readSchedule(ctx context.Context, tx pgx.Tx, name string) (s desk.Schedule, err error) {
	if s, err = scanSchedule(tx.QueryRow(ctx, lockSchedule, name)); !errors.Is(err, pgx.ErrNoRows) {
		return s, err
	}
	if _, err := tx.Exec(ctx, ensureSchedule, name); err != nil {
		return desk.Schedule{}, err
	}
	return scanSchedule(tx.QueryRow(ctx, lockSchedule, name))
}

func scanSchedule(row pgx.Row) (s desk.Schedule, err error) {
	var next, last *time.Time
	err = row.Scan(&s.Spec, &next, &last)
	s.NextAt, s.LastAt = orZero(next), orZero(last)
	return s, err
}

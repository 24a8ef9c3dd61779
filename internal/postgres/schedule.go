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

func readSchedule(ctx context.Context, tx pgx.Tx, name string) (desk.Schedule, error) {
	if _, err := tx.Exec(ctx, ensureSchedule, name); err != nil {
		return desk.Schedule{}, err
	}
	s := desk.Schedule{}
	var next, last *time.Time
	if err := tx.QueryRow(ctx, lockSchedule, name).Scan(&s.Spec, &next, &last); err != nil {
		return desk.Schedule{}, err
	}
	s.NextAt, s.LastAt = orZero(next), orZero(last)
	return s, nil
}

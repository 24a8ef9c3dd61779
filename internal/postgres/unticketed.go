package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"supporty/internal/desk"
)

const (
	lockKey          = `SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`
	claimOnce        = `INSERT INTO inputs (key, ticket, seen_at) VALUES ($1, 0, $2) ON CONFLICT (key) DO NOTHING`
	selectUnticketed = `
		SELECT id::text, kind, recipient, posted_in, posted_ts, posted_at, details
		FROM outbox WHERE ordering_key = $1 AND ticket IS NULL AND state <> 'dropped' ORDER BY outbox.id`
)

// ChangeUnticketed implements desk.Store. The lock belongs to the transaction, because a
// pooler may give each transaction another session.
func (db *DB) ChangeUnticketed(ctx context.Context, orderingKey, key string, now time.Time, decide func([]desk.Posted) desk.UnticketedChange) error {
	err := pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		posted, fresh, err := readUnticketed(ctx, tx, orderingKey, key, now)
		if err != nil || !fresh {
			return err
		}
		change := decide(posted)
		b := &pgx.Batch{}
		for _, n := range change.Notices {
			queueNotice(b, n)
		}
		for _, p := range change.Reworded {
			b.Queue(rewordNotice, rowID(p.ID), p.NoticeDetails)
		}
		return tx.SendBatch(ctx, b).Close()
	})
	if err != nil {
		return notSaved(err, "changing messages that are about no ticket")
	}
	return nil
}

// readUnticketed locks an ordering key and returns its messages. fresh is false if the
// input's key was used before.
func readUnticketed(ctx context.Context, tx pgx.Tx, orderingKey, key string, now time.Time) (posted []desk.Posted, fresh bool, err error) {
	b := &pgx.Batch{}
	b.Queue(lockKey, orderingKey)
	fresh = true
	if key != "" {
		b.Queue(claimOnce, key, now).Exec(func(tag pgconn.CommandTag) error {
			fresh = tag.RowsAffected() == 1
			return nil
		})
	}
	b.Queue(selectUnticketed, orderingKey).Query(func(rows pgx.Rows) error {
		var err error
		posted, err = pgx.CollectRows(rows, scanUnticketed)
		return err
	})
	return posted, fresh, tx.SendBatch(ctx, b).Close()
}

func scanUnticketed(row pgx.CollectableRow) (desk.Posted, error) {
	var p desk.Posted
	var posted *time.Time
	err := row.Scan(&p.ID, &p.Kind, &p.To, &p.At.Channel, &p.At.TS, &posted, &p.NoticeDetails)
	p.PostedAt = orZero(posted)
	return p, err
}

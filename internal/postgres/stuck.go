package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"supporty/internal/outbox"
)

const selectStuck = `
	SELECT id::text, coalesce(ticket, 0) AS ticket, kind, state, attempts, pending_since AS since, reason
	FROM outbox WHERE state = 'undeliverable'
	UNION ALL
	SELECT id::text, coalesce(ticket, 0), kind, state, attempts, pending_since, reason
	FROM outbox WHERE pending AND (state = 'parked' OR attempts >= $1)
	ORDER BY since, id`

// Stuck returns the messages that do not get into Slack, the oldest first.
func (db *DB) Stuck(ctx context.Context) ([]outbox.Stuck, error) {
	list, err := all(ctx, db, pgx.RowToStructByName[outbox.Stuck], selectStuck, outbox.ManyTries)
	if err != nil {
		return nil, fmt.Errorf("looking for messages that are stuck: %w", err)
	}
	return list, nil
}

// What may have been posted already is still looked for before it is posted again.
const retryStuck = `
	UPDATE outbox SET ` + resumed + `, attempts = 0, pending_since = clock_timestamp()
	WHERE id = ANY ($1) AND (state = 'undeliverable' OR pending AND state <> 'sending')
	RETURNING id::text`

// Retry has messages tried again at once. It returns which: those that are
// neither pending nor undeliverable are left as they are.
func (db *DB) Retry(ctx context.Context, ids []string) ([]string, error) {
	return db.unstick(ctx, retryStuck, ids)
}

// A ticket without its card could not be seen at all.
const dropStuck = `
	UPDATE outbox SET state = 'dropped', posted = desired, reason = $2
	WHERE id = ANY ($1) AND kind <> 'card' AND (state = 'undeliverable' OR pending AND state <> 'sending')
	RETURNING id::text`

// Drop gives messages up, for a reason that is kept. It returns which: cards, and
// those that are neither pending nor undeliverable, are left as they are.
func (db *DB) Drop(ctx context.Context, ids []string, reason string) ([]string, error) {
	return db.unstick(ctx, dropStuck, ids, reason)
}

func (db *DB) unstick(ctx context.Context, sql string, ids []string, more ...any) ([]string, error) {
	done, err := all(ctx, db, pgx.RowTo[string], sql, append([]any{rowIDs(ids)}, more...)...)
	if err != nil {
		return nil, fmt.Errorf("changing what is stuck: %w", err)
	}
	return done, nil
}

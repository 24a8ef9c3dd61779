package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"supporty/internal/outbox"
)

const selectStuck = `
	SELECT id::text, coalesce(ticket, 0) AS ticket, kind, state, attempts, pending_since AS since, reason
	FROM outbox WHERE state = 'undeliverable' AND NOT pending AND posted < desired
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

// A message that may have been posted is looked for before it is posted again.
const retryStuck = `
	UPDATE outbox SET ` + resumed + `, attempts = 0, pending_since = clock_timestamp()
	WHERE id = ANY ($1) AND (state = 'undeliverable' OR pending AND state <> 'sending')
	RETURNING id::text`

// Retry has messages tried again at once, and returns their ids. Messages that are neither
// pending nor undeliverable stay as they are.
func (db *DB) Retry(ctx context.Context, ids []string) ([]string, error) {
	return db.unstick(ctx, retryStuck, ids)
}

// Cards are not dropped, because nobody sees a ticket without its card. The tickets are
// locked before their messages, as changes do.
const dropStuck = `
	WITH changed AS (
		UPDATE tickets SET version = version + 1
		WHERE number IN (SELECT ticket FROM outbox WHERE id = ANY ($1) AND kind <> 'card')
		RETURNING 1)
	UPDATE outbox SET state = 'dropped', posted = desired, reason = $2
	WHERE (SELECT count(*) FROM changed) >= 0
		AND id = ANY ($1) AND kind <> 'card' AND (state = 'undeliverable' OR pending AND state <> 'sending')
	RETURNING id::text`

// Drop gives messages up, stores the reason, and returns their ids. Cards, and messages that
// are neither pending nor undeliverable, stay as they are.
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

package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// What matters for a while only goes in batches, each short, and leaves out what somebody
// else is at. The conditions are those of partial indexes, so that a batch costs what
// goes and not what stays; each row's ticket is looked up by itself, because a join may
// read all of them. A message is due before its ticket ends, or because it does.
const (
	// The keys of messages that became tickets stay: one message never makes two.
	forgetInputs = `
		DELETE FROM inputs WHERE key = ANY (ARRAY (
			SELECT key FROM inputs WHERE seen_at < @before AND key NOT LIKE 'source:%'
			ORDER BY seen_at LIMIT @limit FOR UPDATE SKIP LOCKED))`
	forgetWords = `
		UPDATE outbox SET details = details - ARRAY['text', 'words'] WHERE id = ANY (ARRAY (
			SELECT id FROM outbox o WHERE NOT pending AND details ?| ARRAY['text', 'words'] AND due_at < @before
				AND (SELECT ended_at FROM tickets WHERE number = o.ticket) < @before
			ORDER BY due_at LIMIT @limit FOR UPDATE SKIP LOCKED))`
	forgetAlerts = `
		DELETE FROM alerts WHERE ctid = ANY (ARRAY (
			SELECT ctid FROM alerts a WHERE decided_at < @before
				AND (SELECT ended_at FROM tickets WHERE number = a.ticket) < @before
			ORDER BY decided_at LIMIT @limit FOR UPDATE SKIP LOCKED))`
	// What stands in Slack stays: it is edited later, and what is written below it
	// belongs to its ticket.
	forgetSpent = `
		DELETE FROM outbox WHERE id = ANY (ARRAY (
			SELECT id FROM outbox o WHERE NOT pending AND posted_ts = '' AND state <> 'undeliverable' AND due_at < @before
				AND (ticket IS NULL OR (SELECT ended_at FROM tickets WHERE number = o.ticket) < @before)
			ORDER BY due_at LIMIT @limit FOR UPDATE SKIP LOCKED))`
)

// ForgetInputs drops the keys of what came in and was last seen before a time. Like the
// others it takes so many at most, and returns how many there were.
func (db *DB) ForgetInputs(ctx context.Context, before time.Time, limit int) (int, error) {
	return db.forget(ctx, "inputs", forgetInputs, before, limit)
}

// ForgetWords drops what people wrote from the messages of tickets that ended before a
// time. In Slack they stay as they are.
func (db *DB) ForgetWords(ctx context.Context, before time.Time, limit int) (int, error) {
	return db.forget(ctx, "what people wrote", forgetWords, before, limit)
}

// ForgetAlerts drops what the clocks told of tickets that ended before a time.
func (db *DB) ForgetAlerts(ctx context.Context, before time.Time, limit int) (int, error) {
	return db.forget(ctx, "alerts", forgetAlerts, before, limit)
}

// ForgetSpent drops messages that stand nowhere and will not: of tickets that ended
// before a time, and those of no ticket that were due before it.
func (db *DB) ForgetSpent(ctx context.Context, before time.Time, limit int) (int, error) {
	return db.forget(ctx, "spent messages", forgetSpent, before, limit)
}

func (db *DB) forget(ctx context.Context, what, sql string, before time.Time, limit int) (int, error) {
	tag, err := db.pool.Exec(ctx, sql, pgx.NamedArgs{"before": before, "limit": limit})
	if err != nil {
		return 0, fmt.Errorf("forgetting %s: %w", what, err)
	}
	return int(tag.RowsAffected()), nil
}

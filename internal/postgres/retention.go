package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Rows that are kept for a limited time are deleted in short batches, which leave out locked
// rows. The conditions are those of partial indexes, so that the cost of a batch depends on
// the rows to delete and not on the others. Each row's ticket is looked up by a subquery,
// because a join may read all tickets. A message is due before its ticket ends, or when it
// ends.
const (
	// The keys of messages that became tickets stay, so that no message becomes two tickets, and those of
	// tasks, by which their tickets are found.
	forgetInputs = `
		DELETE FROM inputs WHERE key = ANY (ARRAY (
			SELECT key FROM inputs WHERE seen_at < @before AND key NOT LIKE 'source:%' AND key NOT LIKE 'task:%'
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
	// The row of a message that stands in Slack stays: the message may be edited later, and
	// replies below it belong to its ticket.
	forgetSpent = `
		DELETE FROM outbox WHERE id = ANY (ARRAY (
			SELECT id FROM outbox o WHERE NOT pending AND posted_ts = '' AND posted >= desired AND due_at < @before
				AND (ticket IS NULL OR (SELECT ended_at FROM tickets WHERE number = o.ticket) < @before)
			ORDER BY due_at LIMIT @limit FOR UPDATE SKIP LOCKED))`
)

// ForgetInputs drops the keys of inputs that were last seen before a time. Like the others it
// drops limit rows at most, and returns their number.
func (db *DB) ForgetInputs(ctx context.Context, before time.Time, limit int) (int, error) {
	return db.forget(ctx, "inputs", forgetInputs, before, limit)
}

// ForgetWords drops text that people wrote from the messages of tickets that ended before a
// time. The messages in Slack stay as they are.
func (db *DB) ForgetWords(ctx context.Context, before time.Time, limit int) (int, error) {
	return db.forget(ctx, "what people wrote", forgetWords, before, limit)
}

// ForgetAlerts drops the alerts of tickets that ended before a time.
func (db *DB) ForgetAlerts(ctx context.Context, before time.Time, limit int) (int, error) {
	return db.forget(ctx, "alerts", forgetAlerts, before, limit)
}

// ForgetSpent drops messages that do not stand and will not be posted: those of tickets that
// ended before a time, and those about no ticket that were due before it.
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

package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// ReleaseLease implements outbox.Store.
func (db *DB) ReleaseLease(ctx context.Context, holder string) error {
	_, err := db.pool.Exec(ctx,
		`UPDATE leases SET until = clock_timestamp() WHERE name = 'sender' AND holder = $1`, holder)
	if err != nil {
		return fmt.Errorf("giving the lease back: %w", err)
	}
	return nil
}

// failedTries are the tries of a message whose sender stopped in the middle. Its looks are
// none, and if it was being looked for, the unfinished one is none either. Only a file may be
// what stops its senders.
const failedTries = `greatest(attempts - looked - CASE WHEN doubted AND kind NOT IN ('file', 'picture') THEN 1 ELSE 0 END, 0)`

// Nobody can tell whether the sender stopped in the middle of a look or of a new call. So the
// search begins anew: Slack may still carry out the call.
const recoverSending = `
	UPDATE outbox SET state = 'unsure', reason = 'its sender stopped in the middle', not_before = tried_at + @wait,
		attempts = ` + failedTries + `, looked = 0
	WHERE state = 'sending' AND epoch < @epoch AND pending`

// Recover implements outbox.Store.
func (db *DB) Recover(ctx context.Context, epoch int64, after time.Duration) error {
	_, err := db.pool.Exec(ctx, recoverSending, pgx.NamedArgs{"epoch": epoch, "wait": after})
	if err != nil {
		return fmt.Errorf("marking what was left in the middle: %w", err)
	}
	return nil
}

// SaveLimit implements slackapi.Memory.
func (db *DB) SaveLimit(ctx context.Context, method string, until time.Time) error {
	_, err := db.pool.Exec(ctx, `
		INSERT INTO slack_limits (method, not_before) VALUES ($1, $2)
		ON CONFLICT (method) DO UPDATE SET not_before = greatest(slack_limits.not_before, excluded.not_before)`,
		method, until)
	if err != nil {
		return fmt.Errorf("saving a limit: %w", err)
	}
	return nil
}

// Limits implements slackapi.Memory.
func (db *DB) Limits(ctx context.Context) (map[string]time.Time, error) {
	rows, err := db.pool.Query(ctx, `SELECT method, not_before FROM slack_limits`)
	if err != nil {
		return nil, fmt.Errorf("reading the limits: %w", err)
	}
	limits := map[string]time.Time{}
	var method string
	var until time.Time
	_, err = pgx.ForEachRow(rows, []any{&method, &until}, func() error {
		limits[method] = until
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the limits: %w", err)
	}
	return limits, nil
}

package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/clock"
)

// Clock returns the setting of the business clock of all copies.
func (db *DB) Clock(ctx context.Context) (clock.Setting, error) {
	return db.clock(ctx, `SELECT real_at, business_at, rate FROM business_clock`, nil)
}

// BeginClock sets the business clock of all copies to a time, if there are no tickets that
// it could contradict. The time may lie in the past. It returns the resulting setting.
func (db *DB) BeginClock(ctx context.Context, at time.Time) (clock.Setting, error) {
	_, err := db.pool.Exec(ctx, `
		UPDATE business_clock SET rate = 1, real_at = clock_timestamp(), business_at = $1
		WHERE NOT EXISTS (SELECT FROM tickets)`, at)
	if err != nil {
		return clock.Setting{}, fmt.Errorf("beginning the business clock: %w", err)
	}
	return db.Clock(ctx)
}

// MoveClock moves the business clock of all copies forward and sets its rate. It returns the
// resulting setting. The clock never runs back: by and rate must not be negative.
func (db *DB) MoveClock(ctx context.Context, by time.Duration, rate float64) (clock.Setting, error) {
	return db.clock(ctx, `
		UPDATE business_clock SET rate = @rate, real_at = clock_timestamp(),
			business_at = business_at + (clock_timestamp() - real_at) * rate + greatest(@by::interval, '0')
		RETURNING real_at, business_at, rate`, pgx.NamedArgs{"by": by, "rate": rate})
}

func (db *DB) clock(ctx context.Context, sql string, args pgx.NamedArgs) (clock.Setting, error) {
	var s clock.Setting
	if err := db.pool.QueryRow(ctx, sql, args).Scan(&s.Real, &s.Business, &s.Rate); err != nil {
		return clock.Setting{}, fmt.Errorf("reading or moving the business clock: %w", err)
	}
	return s, nil
}

// Skew returns how far this machine's clock is ahead of the database's.
func (db *DB) Skew(ctx context.Context) (time.Duration, error) {
	before := time.Now()
	var theirs time.Time
	if err := db.pool.QueryRow(ctx, `SELECT clock_timestamp()`).Scan(&theirs); err != nil {
		return 0, fmt.Errorf("reading the database's clock: %w", err)
	}
	half := time.Since(before) / 2
	return before.Add(half).Sub(theirs), nil
}

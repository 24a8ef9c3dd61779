package postgres

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/ticket"
)

const (
	// Who is to be forgotten, and whether it was done before.
	selectForgotten = `SELECT name, forgotten = 'done' FROM people WHERE id = $1`
	// Both tables are read from the beginning to the end: it is seldom done.
	selectTraces = `
		SELECT ticket FROM entries WHERE actor = @person OR strpos(details::text, '"' || @person || '"') > 0
			OR @name <> '' AND strpos(details::text, '@' || @name) > 0
		UNION SELECT ticket FROM outbox WHERE ticket IS NOT NULL AND (recipient = @person
			OR strpos(details::text, '"' || @person || '"') > 0 OR @name <> '' AND strpos(details::text, '@' || @name) > 0)
		ORDER BY ticket`
	forgetProfile = `
		INSERT INTO people (id, name, fetched_at, forgotten) VALUES ($1, '', 'epoch', 'begun')
		ON CONFLICT (id) DO UPDATE SET name = '', zone = '', status = '', status_end = NULL,
			forgotten = CASE people.forgotten WHEN 'done' THEN 'done' ELSE 'begun' END`
	forgetHome     = `DELETE FROM homes WHERE person = $1`
	forgetSessions = `DELETE FROM web_sessions WHERE person = $1`
	forgetNights   = `DELETE FROM drill_nights WHERE person = $1`
	forgetDone     = `UPDATE people SET forgotten = 'done' WHERE id = $1`
)

// Messages about duty are about no ticket. Those are found that name somebody, in which their notes are too.
const (
	ofDuty = `
		ticket IS NULL AND ordering_key LIKE 'duty:%' AND NOT details ? 'gone'
			AND (strpos(details::text, '"' || @person || '"') > 0 OR @name <> '' AND strpos(details::text, '@' || @name) > 0)`
	countDutyWords  = `SELECT count(*) FROM outbox WHERE ` + ofDuty
	forgetDutyWords = `
		UPDATE outbox SET details = (details - ARRAY['text', 'note']) || '{"gone": true}',
			state = CASE WHEN state = 'undeliverable' AND posted_ts <> '' THEN 'waiting' ELSE state END,
			desired = CASE WHEN posted_ts <> '' OR pending THEN desired + 1 ELSE desired END,
			pending_since = CASE WHEN pending THEN pending_since ELSE clock_timestamp() END
		WHERE state <> 'dropped' AND ` + ofDuty
)

// DutyWords counts the messages about duty that name somebody, or have words of theirs.
func (db *DB) DutyWords(ctx context.Context, person, name string) (n int, err error) {
	err = db.pool.QueryRow(ctx, countDutyWords, pgx.NamedArgs{"person": person, "name": name}).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("counting a person's messages about duty: %w", err)
	}
	return n, nil
}

// ForgetDutyWords has these messages deleted, and their words, and returns their number. Who was on duty when, and
// who was called, stays.
func (db *DB) ForgetDutyWords(ctx context.Context, person, name string) (int, error) {
	tag, err := db.pool.Exec(ctx, forgetDutyWords, pgx.NamedArgs{"person": person, "name": name})
	if err != nil {
		return 0, fmt.Errorf("forgetting a person's messages about duty: %w", err)
	}
	return int(tag.RowsAffected()), nil
}

// Forgotten returns the stored name of a person, and whether they were forgotten before.
func (db *DB) Forgotten(ctx context.Context, person string) (name string, done bool, err error) {
	err = db.pool.QueryRow(ctx, selectForgotten, person).Scan(&name, &done)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return "", false, fmt.Errorf("reading a profile: %w", err)
	}
	return name, done, nil
}

// TicketsOf returns the tickets that may have something of a person. name is how others mention
// them; empty if it is not known.
func (db *DB) TicketsOf(ctx context.Context, person, name string) ([]ticket.Number, error) {
	numbers, err := all(ctx, db, pgx.RowTo[ticket.Number], selectTraces, pgx.NamedArgs{"person": person, "name": name})
	if err != nil {
		return nil, fmt.Errorf("looking for a person's tickets: %w", err)
	}
	return numbers, nil
}

// ForgetProfile drops a person's profile, what they chose to see, and their sessions of the web page. Their name is not stored
// again when Slack tells it.
func (db *DB) ForgetProfile(ctx context.Context, person string) error {
	b := &pgx.Batch{}
	b.Queue(forgetProfile, person)
	b.Queue(forgetHome, person)
	b.Queue(forgetSessions, person)
	b.Queue(forgetNights, person)
	if err := db.pool.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("forgetting a profile: %w", err)
	}
	return nil
}

// ForgetDone notes that nothing of a person is left.
func (db *DB) ForgetDone(ctx context.Context, person string) error {
	if _, err := db.pool.Exec(ctx, forgetDone, person); err != nil {
		return fmt.Errorf("noting that somebody is forgotten: %w", err)
	}
	return nil
}

// selectSilence reads for how long no copy has given a sign: none was connected, and none sent.
const selectSilence = `
	SELECT extract(epoch FROM clock_timestamp() - max(sign))::float8
	FROM (SELECT alive_at FROM connected_copies UNION ALL SELECT least(until, clock_timestamp()) FROM leases) AS signs (sign)
	WHERE sign > '-infinity'`

// Silence returns for how long no copy of the program has given a sign; a very long time if none
// ever did.
func (db *DB) Silence(ctx context.Context) (time.Duration, error) {
	var seconds *float64
	if err := db.pool.QueryRow(ctx, selectSilence).Scan(&seconds); err != nil {
		return 0, fmt.Errorf("looking for running copies: %w", err)
	}
	if seconds == nil {
		return math.MaxInt64, nil
	}
	return time.Duration(*seconds * float64(time.Second)), nil
}

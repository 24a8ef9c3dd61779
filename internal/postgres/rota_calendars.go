package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
)

// RotaCalendar is a calendar of another program that says who is on duty, as it was read last.
type RotaCalendar struct {
	Key      string // stands for its address
	Version  int64  // goes up with each other content; 0 if it was never read
	ReadAt   time.Time
	Failure  string // why it could not be read at the last try; empty if it could
	ETag     string
	Modified string
}

const selectCalendars = `SELECT key, version, coalesce(read_at, 'epoch'), failure, etag, modified FROM rota_calendars`

// RotaCalendars lists the calendars, without their contents.
func (db *DB) RotaCalendars(ctx context.Context) ([]RotaCalendar, error) {
	list, err := all(ctx, db, scanCalendar, selectCalendars)
	if err != nil {
		return nil, notSaved(err, "listing calendars of rotas")
	}
	return list, nil
}

func scanCalendar(row pgx.CollectableRow) (RotaCalendar, error) {
	var c RotaCalendar
	err := row.Scan(&c.Key, &c.Version, &c.ReadAt, &c.Failure, &c.ETag, &c.Modified)
	c.ReadAt = c.ReadAt.UTC()
	return c, err
}

const selectCalendar = `SELECT content FROM rota_calendars WHERE key = $1`

// RotaCalendarContent returns the content of a calendar.
func (db *DB) RotaCalendarContent(ctx context.Context, key string) (content string, err error) {
	if err := db.pool.QueryRow(ctx, selectCalendar, key).Scan(&content); err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return "", notSaved(err, "reading a calendar of a rota")
	}
	return content, nil
}

const claimCalendar = `
	INSERT INTO rota_calendars AS c (key, content, version, etag, modified, asked_at, failure) VALUES ($1, '', 0, '', '', $2, '')
	ON CONFLICT (key) DO UPDATE SET asked_at = $2 WHERE c.asked_at <= $3
	RETURNING key, version, coalesce(read_at, 'epoch'), failure, etag, modified`

// ClaimRotaCalendar reports whether this copy is to ask for a calendar: none has since a time. It returns
// what is known of it.
func (db *DB) ClaimRotaCalendar(ctx context.Context, key string, now, since time.Time) (RotaCalendar, bool, error) {
	rows, err := db.pool.Query(ctx, claimCalendar, key, now, since)
	if err != nil {
		return RotaCalendar{}, false, notSaved(err, "claiming a calendar of a rota")
	}
	c, err := pgx.CollectExactlyOneRow(rows, scanCalendar)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return RotaCalendar{}, false, nil
	case err != nil:
		return RotaCalendar{}, false, notSaved(err, "claiming a calendar of a rota")
	}
	return c, true, nil
}

const (
	keepCalendar = `
		UPDATE rota_calendars SET content = $2, version = version + (content <> $2)::int, etag = $3, modified = $4, read_at = $5, failure = '' WHERE key = $1`
	confirmCalendar = `UPDATE rota_calendars SET read_at = $2, failure = '' WHERE key = $1`
	failCalendar    = `UPDATE rota_calendars SET failure = $2 WHERE key = $1`
	forgetCalendars = `DELETE FROM rota_calendars WHERE key IN (SELECT key FROM rota_calendars WHERE asked_at < @before LIMIT @limit)`
)

// KeepRotaCalendar stores a calendar as it was read.
func (db *DB) KeepRotaCalendar(ctx context.Context, c RotaCalendar, content string, now time.Time) error {
	_, err := db.pool.Exec(ctx, keepCalendar, c.Key, content, c.ETag, c.Modified, now)
	return notSavedIf(err, "keeping a calendar of a rota")
}

// ConfirmRotaCalendar records that a calendar is as it was read last.
func (db *DB) ConfirmRotaCalendar(ctx context.Context, key string, now time.Time) error {
	_, err := db.pool.Exec(ctx, confirmCalendar, key, now)
	return notSavedIf(err, "confirming a calendar of a rota")
}

// FailRotaCalendar records why a calendar could not be read. The last content stays.
func (db *DB) FailRotaCalendar(ctx context.Context, key, failure string) error {
	_, err := db.pool.Exec(ctx, failCalendar, key, failure)
	return notSavedIf(err, "recording that a calendar of a rota was not read")
}

// ForgetRotaCalendars drops the calendars that nobody has asked for since a time: no settings name them.
func (db *DB) ForgetRotaCalendars(ctx context.Context, before time.Time, limit int) (int, error) {
	return db.forget(ctx, "calendars of rotas", forgetCalendars, before, limit)
}

func notSavedIf(err error, doing string) error {
	if err == nil {
		return nil
	}
	return notSaved(err, doing)
}

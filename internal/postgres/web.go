package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// The sessions of the web page. Their times are real.
const (
	deleteSessions = `DELETE FROM web_sessions WHERE began_at < $1 OR seen_at < $2`
	insertSession  = `INSERT INTO web_sessions (hash, person, began_at, seen_at) VALUES ($1, $2, $3, $3)`
	selectSession  = `SELECT person, began_at, seen_at FROM web_sessions WHERE hash = $1`
	touchSession   = `UPDATE web_sessions SET seen_at = $2 WHERE hash = $1`
	endSession     = `DELETE FROM web_sessions WHERE hash = $1`
)

// BeginSession stores a session of the web page by the hash of its id, and drops those that began,
// or were last seen, before the given times.
func (db *DB) BeginSession(ctx context.Context, hash []byte, person string, at, began, seen time.Time) error {
	b := &pgx.Batch{}
	b.Queue(deleteSessions, began, seen)
	b.Queue(insertSession, hash, person, at)
	if err := db.pool.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("beginning a session: %w", err)
	}
	return nil
}

// Session returns whose session it is, when it began and when it was last seen. The person is
// empty if there is none.
func (db *DB) Session(ctx context.Context, hash []byte) (person string, began, seen time.Time, err error) {
	err = db.pool.QueryRow(ctx, selectSession, hash).Scan(&person, &began, &seen)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return "", time.Time{}, time.Time{}, fmt.Errorf("reading a session: %w", err)
	}
	return person, began, seen, nil
}

// TouchSession notes that a session was seen.
func (db *DB) TouchSession(ctx context.Context, hash []byte, at time.Time) error {
	if _, err := db.pool.Exec(ctx, touchSession, hash, at); err != nil {
		return fmt.Errorf("noting that a session was seen: %w", err)
	}
	return nil
}

// EndSession drops a session.
func (db *DB) EndSession(ctx context.Context, hash []byte) error {
	if _, err := db.pool.Exec(ctx, endSession, hash); err != nil {
		return fmt.Errorf("ending a session: %w", err)
	}
	return nil
}

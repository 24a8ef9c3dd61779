// Package postgres is all of the program's SQL: what the other packages need
// stored, on PostgreSQL 15 or newer. It translates the database's errors into
// the errors that those packages declare.
//
// Decisions may not enter: what a change means is decided in the domain. Times
// of the business are arguments; the database's own clock is asked only for what
// is real time: the sender's lease and its retries.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"supporty/internal/desk"
)

// DB is the database. It is safe for concurrent use.
type DB struct {
	pool *pgxpool.Pool
}

// Settings of every connection: no transaction of ours waits long for a lock,
// and one whose process was frozen does not hold its locks for long.
var session = map[string]string{
	"application_name":                    "supporty",
	"timezone":                            "UTC",
	"lock_timeout":                        "1000",
	"idle_in_transaction_session_timeout": "3000",
}

// maxConns is the pool's size unless the address says pool_max_conns: enough for
// the handlers, few enough for four copies on a small server.
const maxConns = 12

// Open prepares a pool for the database at url, which may name several hosts;
// of those, only one that accepts writes is used. It does not connect yet.
func Open(url string) (*DB, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("reading the database's address: %w", err)
	}
	if cfg.ConnConfig.ConnectTimeout == 0 {
		cfg.ConnConfig.ConnectTimeout = 2 * time.Second
	}
	if !strings.Contains(url, "pool_max_conns") {
		cfg.MaxConns = maxConns
	}
	if len(cfg.ConnConfig.Fallbacks) > 0 && cfg.ConnConfig.ValidateConnect == nil {
		cfg.ConnConfig.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsReadWrite
	}
	for name, value := range session {
		if _, set := cfg.ConnConfig.RuntimeParams[name]; !set {
			cfg.ConnConfig.RuntimeParams[name] = value
		}
	}
	cfg.ConnConfig.OnNotice = noteWarning
	db := &DB{}
	cfg.BeforeClose = db.noticeLoss
	if db.pool, err = pgxpool.NewWithConfig(context.Background(), cfg); err != nil {
		return nil, fmt.Errorf("preparing the database pool: %w", err)
	}
	return db, nil
}

// Close waits for running queries and closes all connections.
func (db *DB) Close() { db.pool.Close() }

// noticeLoss is told of every connection that leaves the pool. One that broke
// was not alone: after a restart or a fail-over the others would fail in turn.
func (db *DB) noticeLoss(conn *pgx.Conn) {
	if conn.IsClosed() {
		db.pool.Reset()
	}
}

// tries is how often a write is tried on another connection after losing one.
const tries = 3

// again repeats a write whose connection was lost, before or after it was
// saved. The write must be idempotent: here, by its key or its version.
func again(ctx context.Context, write func() error) error {
	var err error
	unsure := false
	for range tries {
		err = write()
		unsure = unsure || errors.Is(err, desk.ErrUnsure)
		if !isLost(err) || ctx.Err() != nil {
			break
		}
	}
	if unsure && errors.Is(err, desk.ErrNotSaved) && !errors.Is(err, desk.ErrUnsure) {
		return fmt.Errorf("%w: an earlier try may have been saved: %w", desk.ErrUnsure, err)
	}
	return err
}

func isLost(err error) bool {
	pgErr, answered := errors.AsType[*pgconn.PgError](err)
	if errors.Is(err, desk.ErrUnsure) {
		return !answered || !waitedForInput(pgErr)
	}
	if answered && isCutOff(pgErr) && pgErr.Code != queryCanceled {
		return true
	}
	_, unreachable := errors.AsType[*pgconn.ConnectError](err)
	return errors.Is(err, desk.ErrNotSaved) && !answered && !unreachable
}

// Ping reports whether the database answers.
func (db *DB) Ping(ctx context.Context) error {
	if err := db.pool.Ping(ctx); err != nil {
		return fmt.Errorf("asking the database: %w", err)
	}
	return nil
}

// Codes of errors that mean something to us.
// See https://www.postgresql.org/docs/current/errcodes-appendix.html.
const (
	plainWarning         = "01000"
	uniqueViolation      = "23505"
	undefinedTable       = "42P01"
	raised               = "P0001" // RAISE EXCEPTION of a migration
	serializationFailure = "40001" // raised by expect_one
	queryCanceled        = "57014"
	lockNotAvailable     = "55P03" // somebody else is at the same row
)

// commitTimeout ends a commit that never comes back. Nothing else does: a
// cancelled commit can be in the database although it was said to have failed.
const commitTimeout = 30 * time.Second

// commit sends a batch, whose end commits it, on a context that the caller
// cannot cancel, and says what is known of its outcome. A server whose wait for its
// synchronous standby is cancelled commits all the same and only warns: then the
// change may not survive that server.
func commit(ctx context.Context, conn *pgx.Conn, b *pgx.Batch) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTimeout)
	defer cancel()
	notes := conn.PgConn().CustomData()
	delete(notes, warned)
	err := conn.SendBatch(ctx, b).Close()
	if err == nil && notes[warned] != nil {
		return fmt.Errorf("%w: the server warns: %v", desk.ErrUnsure, notes[warned])
	}
	return commitOutcome(err)
}

// warned is where a connection keeps the server's last warning.
const warned = "warned"

func noteWarning(conn *pgconn.PgConn, n *pgconn.Notice) {
	if n.Code == plainWarning {
		conn.CustomData()[warned] = n.Message
	}
}

// commitOutcome tells apart what certainly was not saved from what may have been.
func commitOutcome(err error) error {
	if err == nil {
		return nil
	}
	pgErr, ok := errors.AsType[*pgconn.PgError](err)
	switch {
	case !ok && pgconn.SafeToRetry(err):
		return fmt.Errorf("%w: %w", desk.ErrNotSaved, err)
	case !ok, isCutOff(pgErr), waitedForInput(pgErr):
		return fmt.Errorf("%w: %w", desk.ErrUnsure, err)
	case pgErr.Code == serializationFailure:
		return desk.ErrStale
	case pgErr.Code == uniqueViolation && pgErr.ConstraintName == "inputs_pkey":
		return desk.ErrDuplicate
	case pgErr.Code == uniqueViolation && pgErr.ConstraintName == "alerts_pkey":
		return desk.ErrStale
	}
	return fmt.Errorf("%w: %w", desk.ErrNotSaved, err)
}

// isCutOff: the server is being stopped or the statement was cancelled (class 57),
// or a pooler has lost its connection to the server (class 08).
func isCutOff(err *pgconn.PgError) bool {
	return strings.HasPrefix(err.Code, "57") || strings.HasPrefix(err.Code, "08")
}

// waitedForInput: somebody is saving the same input at this moment. Where names
// the table or its index, depending on how the statement meets the other's row.
func waitedForInput(err *pgconn.PgError) bool {
	return err.Code == lockNotAvailable && strings.Contains(err.Where, "inputs")
}

// all returns the rows of a query, each as to reads it.
func all[T any](ctx context.Context, db *DB, to pgx.RowToFunc[T], sql string, args ...any) ([]T, error) {
	rows, err := db.pool.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, to)
}

func notSaved(err error, doing string) error {
	return fmt.Errorf("%s: %w: %w", doing, desk.ErrNotSaved, err)
}

// Package postgres has all SQL of the program. It stores the data of the other packages, on
// PostgreSQL 15 or newer, and translates the database's errors into the errors that those
// packages declare.
//
// Decisions may not enter: the domain decides what a change means. Business times are
// arguments. The database's own clock is used only for real time: the sender's lease and
// its retries.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"supporty/internal/desk"
)

// DB is the database. It is safe for concurrent use.
type DB struct {
	pool *pgxpool.Pool
	hot  atomic.Bool // new connections prepare the hot statements

	sender Sender // of this copy; nil if there is none

	trigrams atomic.Bool // words that are spelled alike can be found
}

// Settings of every connection: none of our transactions waits long for a lock. If its
// process is frozen, a transaction does not hold its locks for long.
var session = map[string]string{
	"application_name":                    "supporty",
	"timezone":                            "UTC",
	"lock_timeout":                        "1000",
	"idle_in_transaction_session_timeout": "3000",
}

// maxConns is the size of the pool, unless the address has pool_max_conns. It is enough for
// the handlers, and lets four copies use a small server.
const maxConns = 12

// Open prepares a pool for the database at url, but does not connect yet. If url names
// several hosts, only one that accepts writes is used.
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
	cfg.BeforeClose, cfg.AfterConnect = db.noticeLoss, db.prepareNew
	if db.pool, err = pgxpool.NewWithConfig(context.Background(), cfg); err != nil {
		return nil, fmt.Errorf("preparing the database pool: %w", err)
	}
	return db, nil
}

// Close waits for running queries and closes all connections.
func (db *DB) Close() { db.pool.Close() }

// noticeLoss is called for every connection that leaves the pool. If one broke, the others
// are likely broken too: after a restart or a fail-over they would fail one by one.
func (db *DB) noticeLoss(conn *pgx.Conn) {
	if conn.IsClosed() {
		db.pool.Reset()
	}
}

// tries is how often a write is tried if its connections are lost.
const tries = 3

// again repeats a write whose connection was lost, whether or not it was saved. So the write
// must be idempotent: ours are, by their key or version.
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
	if answered && isCutOff(pgErr) {
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

// The error codes that this package handles.
// See https://www.postgresql.org/docs/current/errcodes-appendix.html.
const (
	plainWarning          = "01000"
	uniqueViolation       = "23505"
	undefinedTable        = "42P01"
	insufficientPrivilege = "42501"
	raised                = "P0001" // RAISE EXCEPTION of a migration
	serializationFailure  = "40001" // raised by expect_one
	queryCanceled         = "57014"
	lockNotAvailable      = "55P03" // another transaction has locked the row
)

// commitTimeout ends a commit that never returns. Nothing else ends one: a cancelled commit
// can be in the database although its caller was told that it failed.
const commitTimeout = 30 * time.Second

// bounded is in the first statement of a change. It ends each later one on the server,
// because a client never cancels what travels with its commit. The first can only wait for
// locks. It needs no setting of the session, which a pooler would not pass on.
const bounded = `set_config('statement_timeout', '5000', true)`

// commit sends a batch that ends with a commit, and returns what is known of its outcome.
// The caller cannot cancel it. If the server's wait for its synchronous standby is
// cancelled, the server commits all the same and only warns. Then the change may be lost
// with that server.
func commit(ctx context.Context, conn *pgx.Conn, b *pgx.Batch) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTimeout)
	defer cancel()
	notes := conn.PgConn().CustomData()
	delete(notes, warned)
	worked := noteWork(b)
	err := conn.SendBatch(ctx, b).Close()
	if err == nil && notes[warned] != nil {
		return fmt.Errorf("%w: the server warns: %v", desk.ErrUnsure, notes[warned])
	}
	if pgErr, ok := errors.AsType[*pgconn.PgError](err); ok && isStopped(pgErr) && !*worked {
		return fmt.Errorf("%w: %w", desk.ErrNotSaved, err)
	}
	return commitOutcome(err)
}

// noteWork reports, when the batch is done, whether the last statement before the commit was
// answered. The server answers in order. So if it says before that answer that it stops, it
// did not come to the commit.
func noteWork(b *pgx.Batch) *bool {
	last := b.QueuedQueries[len(b.QueuedQueries)-1]
	if n := len(b.QueuedQueries); last.SQL == commitNow && n > 1 {
		last = b.QueuedQueries[n-2]
	}
	worked, read := false, last.Fn
	last.Fn = func(br pgx.BatchResults) (err error) {
		if read != nil {
			err = read(br)
		} else {
			_, err = br.Exec()
		}
		worked = err == nil
		return err
	}
	return &worked
}

const commitNow = "COMMIT"

// warned is the key under which a connection keeps the server's last warning.
const warned = "warned"

func noteWarning(conn *pgconn.PgConn, n *pgconn.Notice) {
	if n.Code == plainWarning {
		conn.CustomData()[warned] = n.Message
	}
}

// commitOutcome distinguishes a change that certainly was not saved from one that may be. A
// statement that the server ended undoes its transaction. The server does not end a commit.
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

// isCutOff reports whether the server is being stopped, or a pooler has lost its server
// (class 08).
func isCutOff(err *pgconn.PgError) bool { return isStopped(err) || strings.HasPrefix(err.Code, "08") }

// isStopped reports whether the server ends the connection (class 57).
func isStopped(err *pgconn.PgError) bool {
	return strings.HasPrefix(err.Code, "57") && err.Code != queryCanceled
}

// waitedForInput reports whether another transaction is saving the same input at this
// moment. Where names the table or its index: that depends on how the two statements meet.
func waitedForInput(err *pgconn.PgError) bool {
	return err.Code == lockNotAvailable && strings.Contains(err.Where, "inputs")
}

// all returns the rows of a query, each read by to.
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

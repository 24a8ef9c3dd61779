package postgres

import (
	"context"
	"io"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/jackc/pgx/v5/pgxpool"
)

// OpenTraced is Open with a tracer of every statement.
func OpenTraced(url string, tracer pgx.QueryTracer) (*DB, error) {
	db, err := Open(url)
	if err != nil {
		return nil, err
	}
	cfg := db.pool.Config()
	cfg.ConnConfig.Tracer = tracer
	db.pool.Close()
	pool, err := pgxpool.NewWithConfig(context.Background(), cfg)
	return &DB{pool: pool}, err
}

// StatementTimeouts returns the bound of each idle session.
func (db *DB) StatementTimeouts(ctx context.Context) ([]string, error) {
	var all []string
	for _, conn := range db.pool.AcquireAllIdle(ctx) {
		defer conn.Release()
		var bound string
		if err := conn.QueryRow(ctx, `SHOW statement_timeout`).Scan(&bound); err != nil {
			return nil, err
		}
		all = append(all, bound)
	}
	return all, nil
}

// TraceIdle writes every message to and from the server to w, for the idle connections.
func (db *DB) TraceIdle(ctx context.Context, w io.Writer) {
	for _, conn := range db.pool.AcquireAllIdle(ctx) {
		conn.Conn().PgConn().Frontend().Trace(w, pgproto3.TracerOptions{SuppressTimestamps: true})
		conn.Release()
	}
}

// SlowTake is the statement that takes messages, with a pause between what it reads and what it
// locks.
func SlowTake() string {
	const best = "SELECT id, state, tried_at, desired, untried, n FROM counted"
	return strings.Replace(takeNext, best, strings.Replace(best, " FROM", ", pg_sleep(1) IS NULL AS slow FROM", 1), 1)
}

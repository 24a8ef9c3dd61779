package postgres

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"supporty/migrations"
)

// migrationLock is the key under which copies that start at once take turns; any
// number will do that nobody else uses in this database.
const migrationLock = 7_236_141

// The lock belongs to a transaction and not to a session: a pooler in
// transaction mode would give the lock to one session and its release to another.
const (
	patientTransaction = `SELECT set_config('lock_timeout', '5min', true), set_config('idle_in_transaction_session_timeout', '0', true)`
	lockMigrations     = `SELECT pg_advisory_xact_lock($1)`
)

// Migrate brings the schema up to date, under a lock: of several copies that
// start at once, one migrates and the others wait, for up to five minutes. It
// returns the version. It needs two connections.
func (db *DB) Migrate(ctx context.Context) (int64, error) {
	var version int64
	err := pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, patientTransaction); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, lockMigrations, migrationLock); err != nil {
			return err
		}
		var err error
		version, err = db.withGoose(func(p *goose.Provider) (int64, error) {
			if _, err := p.Up(ctx); err != nil {
				return 0, err
			}
			return p.GetDBVersion(ctx)
		})
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("migrating the database: %w", err)
	}
	return version, nil
}

const selectSchema = `SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`

// Ready reports whether the database answers and its schema is the one that this
// program needs, or a newer one: migrations are safe while the previous version
// still runs.
func (db *DB) Ready(ctx context.Context) error {
	needed, err := newest()
	if err != nil {
		return err
	}
	var version int64
	err = db.pool.QueryRow(ctx, selectSchema).Scan(&version)
	if pgErr, ok := errors.AsType[*pgconn.PgError](err); err != nil && (!ok || pgErr.Code != undefinedTable) {
		return fmt.Errorf("asking the database for its schema: %w", err)
	}
	if version < needed {
		return fmt.Errorf("the database's schema has version %d and this program needs %d: run supporty migrate, or set database.migrate", version, needed)
	}
	return nil
}

// newest is the version that the program's own migrations lead to.
func newest() (int64, error) {
	names, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil || len(names) == 0 {
		return 0, fmt.Errorf("reading the migrations: %w", cmp.Or(err, fs.ErrNotExist))
	}
	return goose.NumericComponent(slices.Max(names))
}

// Pending returns how many migrations the database still needs.
func (db *DB) Pending(ctx context.Context) (int, error) {
	n, err := db.withGoose(func(p *goose.Provider) (int64, error) {
		current, target, err := p.GetVersions(ctx)
		return target - current, err
	})
	if err != nil {
		return 0, fmt.Errorf("asking for the schema's version: %w", err)
	}
	return int(n), nil
}

func (db *DB) withGoose(use func(*goose.Provider) (int64, error)) (int64, error) {
	conn := stdlib.OpenDBFromPool(db.pool)
	defer closeQuietly(conn)
	p, err := goose.NewProvider(goose.DialectPostgres, conn, migrations.Files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return 0, fmt.Errorf("reading the migrations: %w", err)
	}
	return use(p)
}

func closeQuietly(conn *sql.DB) { _ = conn.Close() } // the pool stays; nothing can be lost

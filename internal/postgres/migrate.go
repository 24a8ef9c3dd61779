package postgres

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"supporty/migrations"
)

// migrationLock is the key of the lock by which copies take turns. It can be any number that
// nothing else uses in this database.
const migrationLock = 7_236_141

// The lock belongs to a transaction and not to a session: a pooler in transaction mode would
// give the lock to one session and its release to another. Copies try the lock and do not
// wait for it. CREATE INDEX CONCURRENTLY waits for every running statement, also for one
// that waits for this lock, which would be a deadlock. For the same reason a SET follows the
// SELECT: without it, the transaction would keep the snapshot until its next statement.
const (
	tryMigrations      = `SELECT pg_try_advisory_xact_lock($1)`
	patientTransaction = `SET LOCAL idle_in_transaction_session_timeout = 0`
)

const (
	migrateWithin = 5 * time.Minute
	tryEvery      = 100 * time.Millisecond
)

// Migrate brings the schema up to date, under a lock: if several copies start at the same
// time, one migrates and the others wait, for up to five minutes. It returns the version.
// It needs two connections.
func (db *DB) Migrate(ctx context.Context) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, migrateWithin)
	defer cancel()
	for {
		version, ours, err := db.migrateIfFree(ctx)
		if err != nil {
			return 0, fmt.Errorf("migrating the database: %w", err)
		}
		if ours {
			return version, nil
		}
		select {
		case <-ctx.Done():
			return 0, fmt.Errorf("migrating the database: another copy is at it: %w", ctx.Err())
		case <-time.After(tryEvery):
		}
	}
}

// migrateIfFree migrates unless another copy does so at this moment.
func (db *DB) migrateIfFree(ctx context.Context) (version int64, ours bool, err error) {
	err = pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, tryMigrations, migrationLock).Scan(&ours); err != nil || !ours {
			return err
		}
		if _, err := tx.Exec(ctx, patientTransaction); err != nil {
			return err
		}
		version, err = db.withGoose(func(p *goose.Provider) (int64, error) {
			if _, err := p.Up(ctx); err != nil {
				return 0, refusal(err)
			}
			return p.GetDBVersion(ctx)
		})
		if err == nil { // the right to create the extension may have been given since
			_, err = tx.Exec(ctx, `SELECT use_trigrams()`)
		}
		return err
	})
	return version, ours, err
}

// refusal is the error of a migration that refuses to begin: a sentence for operators,
// without the statement that raised it.
func refusal(err error) error {
	if pgErr, ok := errors.AsType[*pgconn.PgError](err); ok && pgErr.Code == raised {
		return errors.New(pgErr.Message)
	}
	return err
}

const selectSchema = `SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`

// Ready returns an error unless the database answers and has the schema that this program
// needs, or a newer one. A newer one is safe: every migration lets the previous version run
// on, except 00011, which does not begin while that version runs.
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

// newest is the version of the schema after all migrations of this program.
func newest() (int64, error) {
	names, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil || len(names) == 0 {
		return 0, fmt.Errorf("reading the migrations: %w", cmp.Or(err, fs.ErrNotExist))
	}
	return goose.NumericComponent(slices.Max(names))
}

// PendingMigrations returns the number of migrations that the database still needs.
func (db *DB) PendingMigrations(ctx context.Context) (int, error) {
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

func closeQuietly(conn *sql.DB) { _ = conn.Close() } // the pool stays open, so nothing can be lost

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

// migrationLock is the key under which copies that start at once take turns; any
// number will do that nobody else uses in this database.
const migrationLock = 7_236_141

// The lock belongs to a transaction and not to a session: a pooler in
// transaction mode would give the lock to one session and its release to another.
// It is asked for and not waited for: an index that is built beside the program waits
// for every statement that runs, and so would wait for who waits for it.
// For the same reason a command comes after the question, whose snapshot would be kept
// until the next statement.
const (
	tryMigrations      = `SELECT pg_try_advisory_xact_lock($1)`
	patientTransaction = `SET LOCAL idle_in_transaction_session_timeout = 0`
)

const (
	migrateWithin = 5 * time.Minute
	tryEvery      = 100 * time.Millisecond
)

// Migrate brings the schema up to date, under a lock: of several copies that
// start at once, one migrates and the others wait, for up to five minutes. It
// returns the version. It needs two connections.
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

// migrateIfFree migrates unless somebody else is at it.
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
		return err
	})
	return version, ours, err
}

// refusal is what a migration says that does not begin as things are: a sentence for an
// operator, without the statement that raised it.
func refusal(err error) error {
	if pgErr, ok := errors.AsType[*pgconn.PgError](err); ok && pgErr.Code == raised {
		return errors.New(pgErr.Message)
	}
	return err
}

const selectSchema = `SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`

// Ready reports whether the database answers and its schema is the one that this
// program needs, or a newer one: migrations are safe while the previous version
// still runs, but for 00011, which refuses to begin then.
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

// PendingMigrations returns how many migrations the database still needs.
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

func closeQuietly(conn *sql.DB) { _ = conn.Close() } // the pool stays; nothing can be lost

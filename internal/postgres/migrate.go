package postgres

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"supporty/migrations"
)

// Migrate brings the schema up to date, under a lock: of several copies that
// start at once, one migrates and the others wait. It returns the version.
func (db *DB) Migrate(ctx context.Context) (int64, error) {
	return db.withGoose(func(p *goose.Provider) (int64, error) {
		if _, err := p.Up(ctx); err != nil {
			return 0, fmt.Errorf("migrating the database: %w", err)
		}
		return p.GetDBVersion(ctx)
	})
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
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300)) // asks every second, for five minutes
	if err != nil {
		return 0, fmt.Errorf("preparing the migration lock: %w", err)
	}
	p, err := goose.NewProvider(goose.DialectPostgres, conn, migrations.Files,
		goose.WithSessionLocker(locker), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return 0, fmt.Errorf("reading the migrations: %w", err)
	}
	return use(p)
}

func closeQuietly(conn *sql.DB) { _ = conn.Close() } // the pool stays; nothing can be lost

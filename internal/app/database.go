package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"supporty/internal/clock"
	"supporty/internal/config"
	"supporty/internal/pgdev"
	"supporty/internal/postgres"
)

// BeginClock brings the schema up to date. If there are no tickets yet, it also sets the
// business clock to a time, which may lie in the past. It returns the setting of the
// clock. With it, a program that shares its clock with an App that is about to start has
// the right time from the first moment.
func BeginClock(ctx context.Context, url string, at time.Time) (clock.Setting, error) {
	db, err := postgres.Open(url)
	if err != nil {
		return clock.Setting{}, err
	}
	defer db.Close()
	if _, err := db.Migrate(ctx); err != nil {
		return clock.Setting{}, err
	}
	return db.BeginClock(ctx, at)
}

// Migrate brings the database's schema up to date and returns its version.
func Migrate(ctx context.Context, cfg config.Config, log *slog.Logger) (int64, error) {
	var version int64
	err := withDatabase(ctx, cfg, log, func(db *postgres.DB) error {
		var err error
		version, err = db.Migrate(ctx)
		return err
	})
	return version, err
}

// reach returns an error for the operator if the database does not answer.
func reach(ctx context.Context, db *postgres.DB) error {
	if err := db.Ping(ctx); err != nil {
		return fmt.Errorf("%w: is it running, and is database.url right?", err)
	}
	return nil
}

// withDatabase runs a function on the configured database, or on the embedded one,
// without the rest of the program.
func withDatabase(ctx context.Context, cfg config.Config, log *slog.Logger, do func(*postgres.DB) error) error {
	life := newLifecycle(log)
	url, err := life.databaseURL(ctx, cfg.Database, log)
	if err != nil {
		return errors.Join(err, life.stop())
	}
	db, err := postgres.Open(url)
	if err != nil {
		return errors.Join(err, life.stop())
	}
	if err = reach(ctx, db); err == nil {
		err = do(db)
	}
	db.Close()
	return errors.Join(err, life.stop())
}

// databaseURL is the URL of the configured database, or of the embedded one.
func (l *lifecycle) databaseURL(ctx context.Context, cfg config.Database, log *slog.Logger) (string, error) {
	if url := cfg.URL.Reveal(); url != "" {
		return url, nil
	}
	log.Info("database.url is not set: using an embedded PostgreSQL, which is meant for first steps", "dir", cfg.DataDir)
	server, err := pgdev.Start(ctx, pgdev.Config{Dir: cfg.DataDir, Log: log})
	if err != nil {
		return "", fmt.Errorf("starting the embedded PostgreSQL: %w", err)
	}
	l.onStop("embedded PostgreSQL", server.Stop)
	if err := server.CreateDatabase(ctx, "supporty"); err != nil {
		return "", err
	}
	return server.URL("supporty"), nil
}

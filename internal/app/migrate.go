package app

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"supporty/internal/clock"
	"supporty/internal/config"
	"supporty/internal/postgres"
)

// BeginClock brings the schema up to date and lets the business clock begin at a
// time, which may lie in the past, if there are no tickets yet. It returns what
// the clock of all copies follows, so that whoever shares it with a program that
// is about to start has it right from the first moment.
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
	life := newLifecycle(log)
	version, err := migrate(ctx, life, cfg, log)
	return version, errors.Join(err, life.stop())
}

func migrate(ctx context.Context, life *lifecycle, cfg config.Config, log *slog.Logger) (int64, error) {
	url, err := life.databaseURL(ctx, cfg.Database, log)
	if err != nil {
		return 0, err
	}
	db, err := postgres.Open(url)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	return db.Migrate(ctx)
}

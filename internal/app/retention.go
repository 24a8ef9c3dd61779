package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"supporty/internal/config"
	"supporty/internal/desk"
	"supporty/internal/postgres"
)

const (
	// forgetBatch is the number of rows in a deletion: few enough that nobody waits for
	// it.
	forgetBatch = 1000
	// forgetWithin bounds a batch, and forgetFor all batches. The next run deletes the
	// rest.
	forgetWithin = 5 * time.Second
	forgetFor    = time.Minute
)

// passingKind is a kind of temporary data.
type passingKind struct {
	what   string
	keep   time.Duration // 0: for ever
	forget func(ctx context.Context, before time.Time, limit int) (int, error)
}

func passingKinds(db *postgres.DB, r config.Retention) []passingKind {
	return []passingKind{
		{"inputs", r.Inputs, db.ForgetInputs},
		{"words", r.Words, db.ForgetWords},
		{"alerts", r.Ended, db.ForgetAlerts},
		{"messages", r.Ended, db.ForgetSpent},
		{"questions", desk.QuestionsKept, db.ForgetQuestions},
		{"calendars", calendarKept, db.ForgetRotaCalendars},
	}
}

// Forget deletes data after their retention. Only the copy that sends does so. The times
// count from the watermark: reading a gap may still need older data.
func (a *App) Forget(ctx context.Context) error {
	p := a.components.Load()
	if !a.holdsLease(ctx) {
		return nil
	}
	seen, err := a.db.Watermark(ctx, p.workspace.support)
	if err != nil {
		return err
	}
	now := a.clock.Now()
	if known := seen.KnownUntil(); known.Before(now) {
		now = known
	}
	ends, gone := time.Now().Add(forgetFor), []any{}
	for _, k := range passingKinds(a.db, p.cfg.Retention) {
		n, failed := a.forget(ctx, k, now, ends)
		if n > 0 {
			gone = append(gone, k.what, n)
		}
		err = errors.Join(err, failed)
	}
	if len(gone) > 0 {
		a.log.Info("what had its time is gone from the database", gone...)
	}
	return err
}

// forget deletes one kind, batch after batch, and returns the number of rows.
func (a *App) forget(ctx context.Context, k passingKind, now, ends time.Time) (all int, err error) {
	for n := forgetBatch; n == forgetBatch && k.keep > 0 && time.Now().Before(ends); all += n {
		if n, err = k.batch(ctx, now.Add(-k.keep)); err != nil {
			break
		}
		a.metrics.gone.WithLabelValues(k.what).Add(float64(n))
	}
	return all, err
}

func (k passingKind) batch(ctx context.Context, before time.Time) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, forgetWithin)
	defer cancel()
	n, err := k.forget(ctx, before, forgetBatch)
	if err != nil {
		return 0, fmt.Errorf("retention of %s: %w", k.what, err)
	}
	return n, nil
}

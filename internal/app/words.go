package app

import (
	"context"
	"errors"
	"time"
)

// New words are collected every few minutes; tickets are found by them at once.
const readWordsEvery = 5 * time.Minute

// keepWords has the words of tickets read, until ctx is done.
func (a *App) keepWords(ctx context.Context) error {
	for {
		if err := a.ReadWords(ctx); err != nil && !errors.Is(err, context.Canceled) {
			a.log.Error("the words of tickets could not be read; it is tried again", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(readWordsEvery):
		}
	}
}

// ReadWords reads tickets that cannot be found by their words yet: after an upgrade, or after
// a change of the language. It does so half of the time, so that the database has time for
// others. One copy does it at a time.
func (a *App) ReadWords(ctx context.Context) error {
	for {
		began := time.Now()
		more, err := a.db.ReadWords(ctx)
		if err != nil || !more {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Since(began)):
		}
	}
}

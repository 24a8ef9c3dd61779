package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// lifecycle runs the program's loops and stops everything that was started, the last
// first.
type lifecycle struct {
	log      *slog.Logger
	cleanups []cleanup
	failed   chan error
}

type cleanup struct {
	name string
	stop func(ctx context.Context) error
}

// stopWithin bounds the whole stop.
const stopWithin = 20 * time.Second

func newLifecycle(log *slog.Logger) *lifecycle {
	return &lifecycle{log: log, failed: make(chan error, 1)}
}

// onStop registers a function that stops a part that was just started.
func (l *lifecycle) onStop(name string, stop func(ctx context.Context) error) {
	l.cleanups = append(l.cleanups, cleanup{name, stop})
}

// background runs a loop until the lifecycle stops, which cancels the loop's context and
// waits for it. If a loop returns an error, the program ends.
func (l *lifecycle) background(name string, run func(ctx context.Context) error) {
	ctx, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Go(func() {
		if err := run(ctx); err != nil {
			l.fail(fmt.Errorf("%s: %w", name, err))
		}
	})
	l.onStop(name, func(ctx context.Context) error {
		cancel()
		return within(ctx, done.Wait)
	})
}

// within returns when f has returned, or when ctx is done.
func within(ctx context.Context, f func()) error {
	finished := make(chan struct{})
	go func() { f(); close(finished) }()
	select {
	case <-finished:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// fail ends the program with an error; the first one counts.
func (l *lifecycle) fail(err error) {
	select {
	case l.failed <- err:
	default:
	}
}

// wait blocks until ctx is done or a part fails.
func (l *lifecycle) wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case err := <-l.failed:
		return err
	}
}

// stop stops everything under one deadline.
func (l *lifecycle) stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	var all error
	for _, c := range slices.Backward(l.cleanups) {
		if err := c.stop(ctx); err != nil {
			all = errors.Join(all, fmt.Errorf("stopping %s: %w", c.name, err))
		}
	}
	return all
}

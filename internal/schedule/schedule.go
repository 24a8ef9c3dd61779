// Package schedule runs periodic jobs. It only ticks: the job decides what to do and
// whether it was done before. Missed ticks therefore do no harm.
package schedule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/robfig/cron/v3"
)

// Job is one periodic piece of work.
type Job struct {
	Name string
	Spec string // cron expression in UTC, or "@every 10s"
	Run  func(ctx context.Context) error
}

// Run ticks until ctx is done, and then waits for running jobs. Every job runs once at
// the start, one after the other. A job that is still running at its next tick skips that
// tick. A panic costs one run.
func Run(ctx context.Context, log *slog.Logger, jobs ...Job) error {
	logger := cronLog{log}
	c := cron.New(cron.WithLocation(time.UTC), cron.WithLogger(logger))
	// The order matters: if a panic passed through SkipIfStillRunning, that would count
	// the job as running for ever.
	chain := cron.NewChain(cron.SkipIfStillRunning(logger), cron.Recover(logger))
	for _, j := range jobs {
		job := chain.Then(cron.FuncJob(func() { runOnce(ctx, log, j) }))
		if _, err := c.AddJob(j.Spec, job); err != nil {
			return fmt.Errorf("scheduling %s: %w", j.Name, err)
		}
		job.Run()
	}
	c.Start()
	<-ctx.Done()
	<-c.Stop().Done()
	return nil
}

// runWithin bounds one run: a job that hangs would skip all its ticks.
const runWithin = 2 * time.Minute

func runOnce(ctx context.Context, log *slog.Logger, j Job) {
	if ctx.Err() != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, runWithin)
	defer cancel()
	if err := j.Run(ctx); err != nil && !errors.Is(err, context.Canceled) {
		log.Error("a periodic job did not succeed", "job", j.Name, "error", err)
	}
}

// Next returns a function that computes the instants of a cron expression in a zone.
// Around a change of daylight-saving time, an instant that the clock skips moves to the
// next valid one, and an instant that the clock shows twice counts once.
func Next(spec string, zone *time.Location) (func(time.Time) time.Time, error) {
	s, err := cron.ParseStandard(spec)
	if err != nil {
		return nil, fmt.Errorf("reading the cron expression %q: %w", spec, err)
	}
	return func(t time.Time) time.Time {
		next := s.Next(t.In(zone))
		for isRepeated(next) {
			next = s.Next(next)
		}
		return next.UTC()
	}, nil
}

// isRepeated reports whether the clock has shown this time before on the same day,
// because it was set back in between.
func isRepeated(t time.Time) bool {
	_, offset := t.Zone()
	_, earlier := t.Add(-3 * time.Hour).Zone()
	before := t.Add(time.Duration(offset-earlier) * time.Second)
	_, then := before.Zone()
	return offset < earlier && then == earlier
}

// cronLog passes the library's errors on. It drops the messages about every tick.
type cronLog struct{ log *slog.Logger }

// Info implements cron.Logger.
func (l cronLog) Info(msg string, keysAndValues ...any) {
	l.log.Debug("cron: "+msg, keysAndValues...)
}

// Error implements cron.Logger.
func (l cronLog) Error(err error, msg string, keysAndValues ...any) {
	l.log.Error("cron: "+msg, append(keysAndValues, "error", err)...)
}

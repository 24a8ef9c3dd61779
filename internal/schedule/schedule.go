// Package schedule runs what is periodic. It only ticks: what a tick does, and
// whether it was done before, is decided where the work is. Missed ticks are
// therefore no matter.
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

// Run ticks until ctx is done, and then waits for what is running. Every job
// runs once at the start, one after the other. A job that is still running when
// its next tick comes skips that tick; a panic costs one run.
func Run(ctx context.Context, log *slog.Logger, jobs ...Job) error {
	logger := cronLog{log}
	c := cron.New(cron.WithLocation(time.UTC), cron.WithLogger(logger))
	// In this order: a panic that passed through SkipIfStillRunning would leave
	// the job running for ever in its eyes.
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

// Next returns the function that computes the instants of a cron expression in
// a zone. Around a change of daylight-saving time an instant that the clock
// skips comes at the next valid one, and one that it shows twice counts once.
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

// isRepeated reports whether the clock has shown this time before, on the same day:
// it was set back in between.
func isRepeated(t time.Time) bool {
	_, offset := t.Zone()
	_, earlier := t.Add(-3 * time.Hour).Zone()
	before := t.Add(time.Duration(offset-earlier) * time.Second)
	_, then := before.Zone()
	return offset < earlier && then == earlier
}

// cronLog passes the library's messages on; it tells of every tick, which is of
// no interest.
type cronLog struct{ log *slog.Logger }

// Info implements cron.Logger.
func (l cronLog) Info(msg string, keysAndValues ...any) {
	l.log.Debug("cron: "+msg, keysAndValues...)
}

// Error implements cron.Logger.
func (l cronLog) Error(err error, msg string, keysAndValues ...any) {
	l.log.Error("cron: "+msg, append(keysAndValues, "error", err)...)
}

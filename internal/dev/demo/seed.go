package demo

import (
	"context"
	"io"
	"time"

	"supporty/internal/app"
	"supporty/internal/dev/demo/history"
)

// seed is the seed of the example history.
const seed = 7

// tourBegins is the beginning of the tour in its week. The digest was due shortly before,
// so that the next one is a week away.
const tourBegins = 9*time.Hour + 5*time.Minute

// beginOfTour is the last Monday morning before now.
func beginOfTour(now time.Time) time.Time { return monday(now.Add(-tourBegins)).Add(tourBegins) }

// beginOfHistory is the Monday on which the example history begins. It is chosen so that
// the history's end is the last possible one before now. Somebody is on duty before the plan begins.
// The first digest is not due yet then.
func beginOfHistory(now time.Time) time.Time {
	return startOfPlan(now).Add(9*time.Hour + time.Minute - history.Before)
}

// startOfPlan is the zero of the plan's times.
func startOfPlan(now time.Time) time.Time {
	const week = 7 * 24 * time.Hour
	return monday(now.Add(-history.End % week)).Add(-history.End.Truncate(week))
}

// monday is the last midnight between Sunday and Monday.
func monday(t time.Time) time.Time {
	t = t.UTC().Truncate(24 * time.Hour)
	return t.AddDate(0, 0, -(int(t.Weekday())+6)%7)
}

// playExample plays the example history, if it is not complete. An error is logged, and the
// demo stays usable without a history. If the demo ends in the middle, the history begins
// again in the next run.
func (e *environment) playExample(ctx context.Context, bot *app.App) error {
	if e.file == "" || e.complete() {
		e.time.open(bot)
		return nil
	}
	err := e.playHistory(ctx, bot)
	e.prepared(1, 1)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		e.log.Error("the example history is not complete; what there is can be used", "error", err)
	}
	if err := bot.SetRate(ctx, 1); err != nil {
		e.log.Error("the clock could not be started", "error", err)
	}
	e.time.open(bot)
	if err != nil {
		return nil
	}
	return e.markComplete()
}

func (e *environment) playHistory(ctx context.Context, bot *app.App) error {
	start := monday(e.clock.Now()).Add(history.Before)
	plan, err := history.NewPlan(seed, start)
	if err != nil {
		return err
	}
	if err := bot.SetRate(ctx, 0); err != nil {
		return err
	}
	player := history.Player{
		Slack: e.slack, Bot: bot, Now: e.clock.Now, Start: start, Tell: e.prepared, Deploy: e.deploy,
	}
	if err := player.Play(ctx, plan); err != nil {
		return err
	}
	return player.Confide(ctx)
}

// deploy records a deployment, as an operator does by hand.
func (e *environment) deploy(ctx context.Context, d history.Deployment, at time.Time) error {
	recorded := app.DeploymentRecord{Key: d.Service + ":" + d.Version, At: at.UTC().Format(time.RFC3339), Service: d.Service, Version: d.Version}
	return recorded.Run(ctx, e.settings(), e.log, io.Discard)
}

func (e *environment) prepared(done, total int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.done, e.total = done, total
}

// progress implements slacksim.Config.Progress.
func (e *environment) progress() (done, total int, what string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.done, e.total, "Three months of example history"
}

package demo

import (
	"context"
	"time"

	"supporty/internal/app"
	"supporty/internal/dev/demo/history"
)

// seed makes the example history what it is.
const seed = 7

// tourBegins is the first moment of the tour in its week, shortly after the
// digest was due: the next one is a week away.
const tourBegins = 9*time.Hour + 5*time.Minute

// beginOfTour is a Monday morning that has passed.
func beginOfTour(now time.Time) time.Time { return monday(now.Add(-tourBegins)).Add(tourBegins) }

// beginOfHistory is the Monday on which the example history begins, such that
// its end is the last one before now. The first digest is not due yet then.
func beginOfHistory(now time.Time) time.Time {
	return startOfPlan(now).Add(9*time.Hour + time.Minute)
}

// startOfPlan is what the times of the plan count from.
func startOfPlan(now time.Time) time.Time {
	const week = 7 * 24 * time.Hour
	return monday(now.Add(-history.End % week)).Add(-history.End.Truncate(week))
}

// monday is the last midnight between Sunday and Monday.
func monday(t time.Time) time.Time {
	t = t.UTC().Truncate(24 * time.Hour)
	return t.AddDate(0, 0, -(int(t.Weekday())+6)%7)
}

// remember plays the example history, if it is not there yet. What goes wrong
// with it is told, and leaves the demo usable; asked to end in the middle, it
// begins again next time.
func (e *environment) remember(ctx context.Context, bot *app.App) error {
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
	start := monday(e.clock.Now())
	plan, err := history.NewPlan(seed, start)
	if err != nil {
		return err
	}
	if err := bot.SetRate(ctx, 0); err != nil {
		return err
	}
	player := history.Player{
		Slack: e.slack, Bot: bot, Now: e.clock.Now, Start: start, Tell: e.prepared,
	}
	return player.Play(ctx, plan)
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

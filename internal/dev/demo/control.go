package demo

import (
	"context"
	"errors"
	"sync"
	"time"

	"supporty/internal/app"
	"supporty/internal/dev/slacksim"
)

// timeControl implements slacksim.TimeControl with the bot's own clock. Until the history
// is complete, people cannot move the time.
type timeControl struct {
	environment *environment
	mu          sync.Mutex
	bot         *app.App
}

var errPreparing = errors.New("the example history is still being prepared; the time can be moved in a moment")

// open lets people move the time.
func (c *timeControl) open(bot *app.App) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bot = bot
}

func (c *timeControl) moves() (*app.App, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.bot == nil {
		return nil, errPreparing
	}
	return c.bot, nil
}

// Get implements slacksim.TimeControl. While the database is away it returns the time
// without a next deadline.
func (c *timeControl) Get(ctx context.Context) (slacksim.TimeState, error) {
	state := slacksim.TimeState{Business: c.environment.clock.Now(), Rate: c.environment.clock.Setting().Rate}
	bot, err := c.moves()
	if err != nil {
		return state, nil
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	if next, err := bot.NextDeadline(ctx); err == nil && !next.IsZero() {
		state.NextDeadline = &next
	}
	return state, nil
}

// Advance implements slacksim.TimeControl.
func (c *timeControl) Advance(ctx context.Context, d time.Duration) error {
	bot, err := c.moves()
	if err != nil {
		return err
	}
	return bot.Advance(ctx, d)
}

// SetRate implements slacksim.TimeControl.
func (c *timeControl) SetRate(ctx context.Context, rate float64) error {
	bot, err := c.moves()
	if err != nil {
		return err
	}
	return bot.SetRate(ctx, rate)
}

// toggles are the faults outside Slack that people can switch on.
func (e *environment) toggles() map[string]func(ctx context.Context, on bool) error {
	return map[string]func(context.Context, bool) error{
		"Database away": func(ctx context.Context, away bool) error {
			if away {
				return e.stopDatabase(ctx)
			}
			return e.startDatabase(context.WithoutCancel(ctx))
		},
	}
}

// Package app is the one place where everything is built and connected: it
// starts the components in order and stops them in reverse. It decides nothing that
// a person in Slack could notice.
package app

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"supporty/internal/catchup"
	"supporty/internal/clock"
	"supporty/internal/config"
	"supporty/internal/desk"
	"supporty/internal/httpd"
	"supporty/internal/outbox"
	"supporty/internal/postgres"
	"supporty/internal/schedule"
	"supporty/internal/slackapi"
	"supporty/internal/slackin"
)

// Options that are not a user's settings.
type Options struct {
	Log   *slog.Logger
	Clock *clock.Clock // the business clock to keep; nil for one of its own
	// Unpaced switches our own pacing of Slack calls off, for a simulated Slack
	// without limits.
	Unpaced bool
	// LookAfter is how long after a call to Slack without an answer the message
	// is looked for; 0 for what suits the real Slack.
	LookAfter time.Duration
	// Patience is slackin.Options.Patience; 0 suits the real Slack.
	Patience int
	// Settings reads the settings again, whenever Reload says that they may have
	// changed; nil if they never do.
	Settings func() (config.Config, error)
	Reload   <-chan struct{}
	// Ready is called once, when the program is connected; nil for nothing.
	Ready func(*App)
}

// App is the running program.
type App struct {
	cfg        config.Config // as at the start
	opts       Options
	log        *slog.Logger
	clock      *clock.Clock
	life       *lifecycle
	copy       string // tells this copy of the program from all others
	db         *postgres.DB
	slack      *slackapi.Client
	policies   *postgres.Policies
	sender     *outbox.Sender
	receiver   *slackin.Receiver
	catchup    *catchup.CatchUp
	metrics    *metrics
	lookNow    chan struct{}              // in which channels the bot can write has changed
	changing   sync.Mutex                 // held while the components are exchanged
	components atomic.Pointer[components] // what the settings of the moment make of it
}

// Run runs the program until ctx is done, and stops it in order. Its error says
// what a person can do about it.
func Run(ctx context.Context, cfg config.Config, o Options) error {
	a := &App{cfg: cfg, opts: o, log: o.Log, clock: o.Clock, life: newLifecycle(o.Log), metrics: newMetrics(), lookNow: make(chan struct{}, 1)}
	if a.clock == nil {
		a.clock = &clock.Clock{}
	}
	began := time.Now()
	err := a.start(ctx, o)
	if err == nil {
		a.log.Info("connected", "took", time.Since(began).Round(time.Millisecond).String())
		if o.Ready != nil {
			o.Ready(a)
		}
		err = a.life.wait(ctx)
	}
	if ctx.Err() != nil {
		a.log.Info("asked to end")
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		err = nil // asked to stop while starting
	}
	return errors.Join(err, a.life.stop())
}

// start builds everything, in the order in which one rests on the other. From the
// first moment it says that it is alive: a migration, or a Slack that is away, may
// keep it from being ready for long.
func (a *App) start(ctx context.Context, o Options) error {
	if a.cfg.HTTP.Addr != "" {
		a.life.background("http", func(ctx context.Context) error {
			return httpd.Run(ctx, httpd.Options{Addr: a.cfg.HTTP.Addr, Ready: a.ready, Metrics: a.metrics.registry, Log: a.log})
		})
	}
	if err := a.startDatabase(ctx); err != nil {
		return err
	}
	a.slack = slackapi.New(slackapi.Options{
		BotToken: a.cfg.Slack.BotToken.Reveal(), AppToken: a.cfg.Slack.AppToken.Reveal(),
		APIURL: a.cfg.Slack.APIURL, Unlimited: o.Unpaced, Pace: a.cfg.Slack.Pace, Memory: a.db, Meter: a.metrics,
	})
	if err := a.slack.Recall(ctx); err != nil {
		return err
	}
	w, err := a.lookAround(ctx, a.cfg, "")
	if err != nil {
		return err
	}
	if err := a.build(ctx, w); err != nil {
		return err
	}
	return a.startLoops(ctx)
}

func (a *App) startDatabase(ctx context.Context) error {
	url, err := a.life.databaseURL(ctx, a.cfg.Database, a.log)
	if err != nil {
		return err
	}
	if a.db, err = postgres.Open(url); err != nil {
		return err
	}
	a.life.onStop("database pool", func(ctx context.Context) error { return within(ctx, a.db.Close) })
	if err := reach(ctx, a.db); err != nil {
		return err
	}
	if a.cfg.Database.Migrate {
		_, err = a.db.Migrate(ctx)
	} else {
		err = a.db.Ready(ctx)
	}
	if err != nil {
		return err
	}
	return a.moveClock(ctx, 0)
}

// moveClock makes this copy's business clock the one that all share, after
// moving that forward.
func (a *App) moveClock(ctx context.Context, by time.Duration) error {
	setting, err := a.db.Clock(ctx)
	if err == nil && by > 0 {
		setting, err = a.db.MoveClock(ctx, by, setting.Rate)
	}
	if err != nil {
		return err
	}
	a.clock.Set(setting)
	return nil
}

var errRevoked = errors.New("the workspace has taken the bot's tokens back; install the app again")

// startLoops starts what runs: the way out first, so that the way in never owes
// to nobody.
func (a *App) startLoops(ctx context.Context) error {
	a.life.background("sender", a.sender.Run)
	a.life.background("schedule", func(ctx context.Context) error { return schedule.Run(ctx, a.log, a.jobs()...) })
	a.life.onStop("catch-up, after the sockets", a.catchup.Leave)
	a.life.background("receiver", a.receiver.Run)
	a.life.background("settings", a.followSettings)
	a.metrics.watch(a)
	select {
	case <-a.receiver.Greeted():
		a.catchup.Connected(ctx)
		a.life.background("catch-up", a.catchup.Run)
		return nil
	case err := <-a.life.failed:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (a *App) jobs() []schedule.Job {
	return []schedule.Job{
		{Name: "sweep", Spec: "@every " + a.cfg.Sweep.Interval.String(), Run: a.Sweep},
		{Name: "digest", Spec: "* * * * *", Run: a.digest},
		{Name: "unowned", Spec: "* * * * *", Run: a.remindOfUnowned},
		{Name: "members", Spec: "@every 1h", Run: func(ctx context.Context) error { return a.readMembers(ctx, a.components.Load().people) }},
		{Name: "names", Spec: "@every 10m", Run: a.followNames},
		{Name: "parked", Spec: "@every 1h", Run: a.resume},
		{Name: "retention", Spec: "@every 1h", Run: a.Forget},
	}
}

// resume tries parked messages again: the news that their channel takes messages
// again can be missed.
func (a *App) resume(ctx context.Context) error {
	defer a.sender.Wake()
	_, err := a.db.Resume(ctx)
	return err
}

// Sweep tells what is due now, all of it.
func (a *App) Sweep(ctx context.Context) error {
	defer a.sender.Wake()
	return a.sweep(ctx)
}

func (a *App) sweep(ctx context.Context) error {
	return errors.Join(a.followPolicy(ctx), inBatches(func() (int, error) {
		now, err := a.catchup.Horizon(ctx, a.clock.Now())
		if err != nil {
			return 0, err
		}
		return a.components.Load().desk.Sweep(ctx, now)
	}))
}

// inBatches does it again while there may be more.
func inBatches(do func() (int, error)) error {
	for {
		n, err := do()
		if err != nil || n < desk.SweepBatch {
			return err
		}
	}
}

// digest posts what is due. Like the alerts it waits until what was missed is known.
func (a *App) digest(ctx context.Context) error {
	now, err := a.catchup.Horizon(ctx, a.clock.Now())
	if err != nil {
		return err
	}
	p := a.components.Load()
	return p.desk.Digest(ctx, p.digestSpec, p.nextDigest, now)
}

// remindOfUnowned owes the reminder of what nobody has, once all is known until then, as
// the digest does.
func (a *App) remindOfUnowned(ctx context.Context) error {
	now, err := a.catchup.Horizon(ctx, a.clock.Now())
	if err != nil {
		return err
	}
	defer a.sender.Wake()
	return a.components.Load().desk.RemindOfUnowned(ctx, now)
}

// Advance moves the business clock of all copies, and then tells what is due.
func (a *App) Advance(ctx context.Context, by time.Duration) error {
	if err := a.moveClock(ctx, by); err != nil {
		return err
	}
	return a.tellDue(ctx)
}

// SetRate lets the business clock of all copies run so many times as fast as
// real time; 0 stops it.
func (a *App) SetRate(ctx context.Context, rate float64) error {
	setting, err := a.db.MoveClock(ctx, 0, rate)
	if err != nil {
		return err
	}
	a.clock.Set(setting)
	return nil
}

// NextDeadline returns when a ticket next has something to tell; the zero time
// if none has.
func (a *App) NextDeadline(ctx context.Context) (time.Time, error) { return a.db.NextDue(ctx) }

// Settled reports whether everything that can be said by now has been said, and nothing
// waits for another try.
func (a *App) Settled(ctx context.Context) (bool, error) {
	pending, err := a.db.HasPending(ctx, a.clock.Now())
	return !pending, err
}

func (a *App) tellDue(ctx context.Context) error {
	defer a.sender.Wake()
	if err := a.sweep(ctx); err != nil {
		return err
	}
	return errors.Join(a.remindOfUnowned(ctx), a.digest(ctx))
}

// ready says what is missing, if anything is.
func (a *App) ready(ctx context.Context) error {
	if a.components.Load() == nil {
		return errors.New("starting; the log says what it waits for")
	}
	if a.receiver.Connected() == 0 {
		return errors.New("not connected to Slack")
	}
	return a.db.Ready(ctx)
}

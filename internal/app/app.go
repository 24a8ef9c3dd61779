// Package app builds and connects all components. It starts them in order and stops them
// in reverse order. It makes no decision that a person in Slack could notice.
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
	"supporty/internal/fetch"
	"supporty/internal/home"
	"supporty/internal/outbox"
	"supporty/internal/postgres"
	"supporty/internal/schedule"
	"supporty/internal/slackapi"
	"supporty/internal/slackin"
)

// Options are settings of the program's embedder, not of a user.
type Options struct {
	Log   *slog.Logger
	Clock *clock.Clock // the business clock to keep; nil for a new one
	// Unpaced switches our own rate limits for Slack calls off, for a simulated Slack
	// without limits.
	Unpaced bool
	// LookAfter is the time after a call to Slack without an answer until its message is
	// looked for. 0 is the time for the real Slack.
	LookAfter time.Duration
	// Patience is slackin.Options.Patience; 0 suits the real Slack.
	Patience int
	// Settings reads the settings again when Reload receives. It is nil if they never
	// change.
	Settings func() (config.Config, error)
	Reload   <-chan struct{}
	// Ready is called once, when the program is connected; may be nil.
	Ready func(*App)
}

// App is the running program.
type App struct {
	cfg        config.Config // as at the start
	opts       Options
	log        *slog.Logger
	clock      *clock.Clock
	life       *lifecycle
	copy       string // identifies this copy of the program
	db         *postgres.DB
	slack      *slackapi.Client
	policies   *postgres.Policies
	sender     *outbox.Sender
	home       *home.Publisher
	receiver   *slackin.Receiver
	catchup    *catchup.CatchUp
	metrics    *metrics
	advanced   atomic.Bool                // whether the business clock was moved
	membersAt  atomic.Int64               // when reading of the members last began, in Unix nanoseconds of the business clock
	bookmarked map[string][]runbook       // by channel, as they were made last; of the job alone
	lookNow    chan struct{}              // receives when the bot may have gained or lost a channel
	fetcher    *fetch.Client              // reads calendars
	calendars  calendars                  // of rotas
	filling    sync.Mutex                 // held while user groups are looked into
	filled     map[string]filled          // what they were seen to have, by their ids; of who holds filling
	changing   sync.Mutex                 // held while the components are replaced
	deciding   sync.Mutex                 // held while a periodic message is decided
	components atomic.Pointer[components] // made from the current settings
}

// Run runs the program until ctx is done, and stops it in order. Its error says what a
// person can do about it.
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
		err = nil // ctx ended during the start
	}
	return errors.Join(err, a.life.stop())
}

// start builds the components in the order of their dependencies. The health endpoint
// comes first: a migration, or a Slack that does not answer, may delay readiness for
// long.
func (a *App) start(ctx context.Context, o Options) error {
	if err := a.startHTTP(); err != nil {
		return err
	}
	if err := a.startDatabase(ctx); err != nil {
		return err
	}
	a.slack = slackapi.New(slackapi.Options{
		BotToken: a.cfg.Slack.BotToken.Reveal(), AppToken: a.cfg.Slack.AppToken.Reveal(),
		APIURL: a.cfg.Slack.APIURL, Unlimited: o.Unpaced, Pace: a.cfg.Slack.Pace, Memory: a.db, Meter: a.metrics,
	})
	a.fetcher = fetch.New()
	a.life.onStop("connections to calendars", func(context.Context) error { a.fetcher.Close(); return nil })
	a.life.onStop("connections to Slack", func(context.Context) error { a.slack.Close(); return nil })
	if err := a.slack.Recall(ctx); err != nil {
		return err
	}
	w, err := a.readWorkspace(ctx, a.cfg, "")
	if err != nil {
		return err
	}
	if err := a.build(ctx, w); err != nil {
		return err
	}
	if err := a.home.FirstSteps(ctx, w.operators); err != nil {
		return err
	}
	if err := a.components.Load().desk.NamePeople(ctx, a.cfg.Export.People, a.clock.Now()); err != nil {
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
	a.db.Warm(ctx)
	return a.moveClock(ctx, 0)
}

// moveClock moves the business clock of all copies, and sets this copy's clock to it.
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

// startLoops starts the loops. The way out comes first, so that every message that the
// way in enqueues has a sender.
func (a *App) startLoops(ctx context.Context) error {
	a.life.background("sender", a.sender.Run)
	a.life.background("home", a.home.Run)
	a.life.background("schedule", func(ctx context.Context) error { return schedule.Run(ctx, a.log, a.jobs()...) })
	a.life.onStop("catch-up, after the sockets", a.catchup.Leave)
	a.life.background("receiver", a.receiver.Run)
	a.life.background("settings", a.followSettings)
	a.life.background("words", a.keepWords)
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
		{Name: "sweep", Spec: "@every " + a.cfg.Sweep.Interval.String(), Run: a.sweepIfDue},
		{Name: "policy", Spec: "@every 30s", Run: a.followPolicy},
		{Name: "memory", Spec: "@every 1m", Run: func(context.Context) error { a.components.Load().desk.AgeRecords(a.clock.Now()); return nil }},
		{Name: "digest", Spec: "* * * * *", Run: a.digest},
		{Name: "duty", Spec: "* * * * *", Run: a.comeOnDuty},
		{Name: "duty groups", Spec: "@every 20s", Run: a.FillDutyGroups},
		{Name: "calendars", Spec: "@every 1m", Run: a.ReadCalendars},
		{Name: "tasks", Spec: "* * * * *", Run: a.openTasks},
		{Name: "unowned", Spec: "* * * * *", Run: a.remindOfUnowned},
		{Name: "members", Spec: "@every 1h", Run: a.ReadMembers},
		{Name: "members after a gap", Spec: "@every 15s", Run: a.readMembersAfterGap},
		{Name: "bookmarks", Spec: "@every 10s", Run: a.bookmark},
		{Name: "names", Spec: "@every 10m", Run: a.followNames},
		{Name: "parked", Spec: "@every 1h", Run: a.resume},
		{Name: "retention", Spec: "@every 1h", Run: a.Forget},
		{Name: "searches", Spec: "@every 10m", Run: a.SearchRedacted},
		{Name: "rooms", Spec: "@every 30s", Run: a.FollowRooms},
		{Name: "statistics", Spec: "@every 5m", Run: a.CountDays},
	}
}

// holdsLease reports whether this copy is the one that sends, or can be: nobody is while
// nothing is pending.
func (a *App) holdsLease(ctx context.Context) bool {
	for range 20 {
		if a.sender.Hold() {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-time.After(50 * time.Millisecond):
		}
	}
	return false
}

// SearchRedacted makes searches that a copy has begun and not ended. Only the copy that sends
// does so.
func (a *App) SearchRedacted(ctx context.Context) error {
	if a.holdsLease(ctx) {
		a.receiver.SearchRedacted(ctx)
	}
	return nil
}

// FollowRooms has the people of private tickets' channels invited and removed, as the settings and
// user groups are now.
func (a *App) FollowRooms(ctx context.Context) error {
	return a.sender.FollowRooms(ctx)
}

// resume retries parked messages, because the event that their channel takes messages
// again can be missed.
func (a *App) resume(ctx context.Context) error {
	defer a.sender.Wake()
	_, err := a.db.Resume(ctx)
	return err
}

// Sweep enqueues every message that is due now.
func (a *App) Sweep(ctx context.Context) error {
	return errors.Join(a.followPolicy(ctx), a.sweep(ctx))
}

// sweepIfDue makes no query if nothing is known to be due.
func (a *App) sweepIfDue(ctx context.Context) error {
	if due, known := a.sender.NextDue(); known && (due.IsZero() || due.After(a.clock.Now())) {
		return nil
	}
	return a.sweep(ctx)
}

func (a *App) sweep(ctx context.Context) error {
	return a.inBatches(func() (int, error) {
		now, err := a.catchup.Horizon(ctx, a.clock.Now())
		if err != nil {
			return 0, err
		}
		return a.components.Load().desk.Sweep(ctx, now)
	})
}

// inBatches repeats do as long as there may be more to do. What it did may have to be posted.
func (a *App) inBatches(do func() (int, error)) error {
	for {
		n, err := do()
		if n > 0 {
			a.sender.Wake()
		}
		if err != nil || n < desk.SweepBatch {
			return err
		}
	}
}

// digest enqueues the digests that are due, and the thanks of a week. Like alerts, it waits until every gap is read.
func (a *App) digest(ctx context.Context) error {
	defer a.oneAtATime()()
	now, err := a.catchup.Horizon(ctx, a.clock.Now())
	if err != nil {
		return err
	}
	p := a.components.Load()
	if p.monthlySpec != "" {
		err = p.desk.MonthlyDigest(ctx, p.monthlySpec, p.nextMonthly, now)
	}
	return errors.Join(err, p.desk.Digest(ctx, p.digestSpec, p.nextDigest, now), p.desk.DeliverThanks(ctx, p.thanksSpec, p.nextThanks, now))
}

// remindOfUnowned enqueues the reminder of tickets without an owner. Like the digest, it
// waits until every gap is read.
func (a *App) remindOfUnowned(ctx context.Context) error {
	defer a.oneAtATime()()
	now, err := a.catchup.Horizon(ctx, a.clock.Now())
	if err != nil {
		return err
	}
	return a.components.Load().desk.RemindOfUnowned(ctx, now)
}

// comeOnDuty records who has come on duty, and briefs them. It depends on nothing that may have
// been missed, so it waits for no gap.
func (a *App) comeOnDuty(ctx context.Context) error {
	defer a.oneAtATime()()
	if err := errors.Join(a.adoptCalendars(ctx), a.adoptTurns(ctx)); err != nil {
		return err
	}
	p := a.components.Load()
	defer a.sender.Wake()
	now := a.clock.Now()
	return errors.Join(p.desk.ComeOnDuty(ctx, now), p.desk.WatchHandovers(ctx, now), p.desk.AskWoken(ctx, now), p.desk.WatchFairness(ctx, p.cfg.Duty.Unfair, now))
}

// oneAtATime lets one periodic message be decided at a time in this copy. Who finds a schedule
// locked gives up, because another copy handles it; that must not be this copy's own minute, with
// the time before the clock was moved.
func (a *App) oneAtATime() (end func()) {
	a.deciding.Lock()
	return a.deciding.Unlock
}

// Advance moves the business clock of all copies, and then enqueues every message that is
// due. What comes at fixed times counts from when its job first ran, which is a moment after the
// start; so Advance has it run before the clock first passes such a time.
func (a *App) Advance(ctx context.Context, by time.Duration) error {
	if !a.advanced.Load() {
		if err := a.enqueueScheduled(ctx); err != nil {
			return err
		}
		a.advanced.Store(true)
	}
	if err := a.moveClock(ctx, by); err != nil {
		return err
	}
	return a.enqueueDue(ctx)
}

// SetRate makes the business clock of all copies run so many times as fast as real time;
// 0 stops it.
func (a *App) SetRate(ctx context.Context, rate float64) error {
	setting, err := a.db.MoveClock(ctx, 0, rate)
	if err != nil {
		return err
	}
	a.clock.Set(setting)
	return nil
}

// NextDeadline returns the time of the next alert of any ticket, or the zero time.
func (a *App) NextDeadline(ctx context.Context) (time.Time, error) { return a.db.NextDue(ctx) }

// Settled reports whether every message that is due is posted, and none waits for another
// try.
func (a *App) Settled(ctx context.Context) (bool, error) {
	pending, err := a.db.HasPending(ctx, a.clock.Now())
	return !pending, err
}

func (a *App) enqueueDue(ctx context.Context) error {
	defer a.sender.Wake()
	if err := a.sweepAll(ctx); err != nil {
		return err
	}
	return a.enqueueScheduled(ctx)
}

// enqueueScheduled enqueues what comes at fixed times.
func (a *App) enqueueScheduled(ctx context.Context) error {
	return errors.Join(a.comeOnDuty(ctx), a.openTasks(ctx), a.remindOfUnowned(ctx), a.digest(ctx))
}

// sweepAll sweeps until nothing is due. A sweep leaves out a ticket that another one has
// locked, and the other one may not have committed yet.
func (a *App) sweepAll(ctx context.Context) error {
	for {
		if err := a.Sweep(ctx); err != nil {
			return err
		}
		if due, err := a.isDue(ctx); err != nil || !due {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(sweepAgainAfter):
		}
	}
}

const sweepAgainAfter = 10 * time.Millisecond

// isDue reports whether the clock of any ticket has something to tell.
func (a *App) isDue(ctx context.Context) (bool, error) {
	next, err := a.db.NextDue(ctx)
	if err != nil || next.IsZero() {
		return false, err
	}
	now, err := a.catchup.Horizon(ctx, a.clock.Now())
	return err == nil && !next.After(now), err
}

// ready returns an error that names a missing dependency.
func (a *App) ready(ctx context.Context) error {
	if a.components.Load() == nil {
		return errors.New("starting; the log says what it waits for")
	}
	if a.receiver.Connected() == 0 {
		return errors.New("not connected to Slack")
	}
	return a.db.Ready(ctx)
}

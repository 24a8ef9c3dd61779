package app_test

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/app"
	"supporty/internal/clock"
	"supporty/internal/config"
	"supporty/internal/dev/pgtest"
	"supporty/internal/dev/slacksim"
	"supporty/internal/dev/testlog"
	"supporty/internal/postgres"
)

var verbose = flag.Bool("bot-log", false, "print the bot's log")

// harness is a simulated workspace, a database and a running bot.
type harness struct {
	t     *testing.T
	ctx   context.Context
	slack *slacksim.Client
	sim   *slacksim.Server
	bot   *app.App
	clock *clock.Clock
	log   *testlog.Buffer
	cfg   config.Config
	dbURL string
	paced bool // the bot keeps to Slack's rate limits

	reloads  chan struct{}
	settings func() (config.Config, error) // the settings that are read again then
}

// choice changes the settings of the bot and of Slack before they start.
type choice func(*config.Config, *slacksim.Config)

// setup starts a harness for one test. It ends with the test.
func setup(t *testing.T, choices ...choice) *harness {
	t.Helper()
	h := newHarness(t, choices...)
	h.start()
	return h
}

// patience is how long a test waits for what must come. A wait that is over sooner costs nothing,
// and a busy machine is ten times slower than a quiet one.
const patience = time.Minute

// fewConnections has a program open a third of its usual connections: at its start it prepares
// some thirty statements on each, which takes longer than many of these tests.
const fewConnections = "&pool_max_conns=4"

func newHarness(t *testing.T, choices ...choice) *harness {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*patience)
	t.Cleanup(cancel)
	h := &harness{t: t, ctx: ctx, clock: &clock.Clock{}, log: &testlog.Buffer{}, cfg: config.Default(), reloads: make(chan struct{})}
	h.dbURL = pgtest.New(t, pgtest.Migrate)
	h.begins(monday)
	sim := slacksim.Config{Now: h.clock.Now, TriggerLife: time.Minute, RetryDelays: []time.Duration{0, 200 * time.Millisecond, 2 * time.Second}}
	h.cfg.Channels = config.Channels{Support: "support", Digest: "support-digest"}
	h.cfg.Database.URL = config.Secret(h.dbURL + fewConnections)
	if pooled() {
		h.cfg.Database.URL = config.Secret(pgtest.Pooled(t, h.dbURL))
	}
	h.cfg.Database.Migrate = false
	h.cfg.HTTP.Addr = ""
	h.cfg.Sweep.Interval = time.Second
	for _, choose := range choices {
		choose(&h.cfg, &sim)
	}
	var err error
	if h.sim, err = slacksim.Start(sim); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.sim.Close() })
	h.slack = h.sim.Client()
	h.keepsCalls()
	h.cfg.Slack.APIURL = h.sim.APIURL()
	h.cfg.Slack.AppToken = config.Secret(h.sim.AppToken())
	h.cfg.Slack.BotToken = config.Secret(h.sim.BotToken())
	return h
}

// monday is the start of every test. A test meets midnight, a weekend or a clock change
// only if it moves the time there.
var monday = time.Date(2026, 11, 16, 10, 0, 0, 0, time.UTC)

// begins sets the business clock, here and for all copies.
func (h *harness) begins(at time.Time) {
	h.t.Helper()
	db, err := postgres.Open(h.dbURL)
	if err != nil {
		h.t.Fatal(err)
	}
	defer db.Close()
	setting, err := db.BeginClock(h.ctx, at)
	if err != nil {
		h.t.Fatal(err)
	}
	h.clock.Set(setting)
}

// start runs the bot until the test ends.
func (h *harness) start() { h.t.Cleanup(h.startOne()) }

// startOne runs a copy of the bot and returns a function that stops it.
func (h *harness) startOne() (stop func()) {
	h.t.Helper()
	cancel, ended := h.launch()
	return sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			h.t.Errorf("the bot ended with an error: %v", err)
		}
		if *verbose {
			h.t.Log(h.log)
		}
	})
}

// startUntilItEnds runs a copy of the bot that is expected to end by itself.
func (h *harness) startUntilItEnds() <-chan error {
	h.t.Helper()
	cancel, ended := h.launch()
	h.t.Cleanup(cancel)
	return ended
}

func (h *harness) launch() (context.CancelFunc, <-chan error) {
	h.t.Helper()
	cancel, ready, ended := h.begin()
	select {
	case h.bot = <-ready:
	case err := <-ended:
		h.t.Fatalf("the bot did not start: %v\n%s", err, h.log)
	case <-h.ctx.Done():
		h.t.Fatalf("the bot did not start in time\n%s", h.log)
	}
	return cancel, ended
}

// begin starts a copy of the bot and does not wait until it is connected.
func (h *harness) begin() (cancel context.CancelFunc, connected <-chan *app.App, end <-chan error) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(h.ctx))
	ready := make(chan *app.App, 1)
	ended, over := make(chan error, 1), make(chan struct{})
	// A program that outlived its test would send for the next one, which gets its database.
	h.t.Cleanup(func() { cancel(); <-over })
	go func() {
		defer close(over)
		ended <- app.Run(ctx, h.cfg, app.Options{
			Log:   slog.New(withoutTicks{slog.NewTextHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug})}),
			Clock: h.clock, Unpaced: !h.paced, LookAfter: 500 * time.Millisecond, Patience: 10, Ready: func(a *app.App) { ready <- a },
			Settings: func() (config.Config, error) { return h.settings() }, Reload: h.reloads,
		})
	}()
	return cancel, ready, ended
}

// withoutTicks leaves out that jobs run every second, in which the rest of a log drowns.
type withoutTicks struct{ slog.Handler }

func (h withoutTicks) Handle(ctx context.Context, r slog.Record) error {
	if r.Level == slog.LevelDebug && strings.HasPrefix(r.Message, "cron: ") {
		return nil
	}
	return h.Handler.Handle(ctx, r)
}

func (h withoutTicks) WithAttrs(all []slog.Attr) slog.Handler {
	return withoutTicks{h.Handler.WithAttrs(all)}
}

// advance moves the business clock and enqueues the messages that are due.
func (h *harness) advance(d time.Duration) {
	h.t.Helper()
	if err := h.bot.Advance(h.ctx, d); err != nil {
		h.t.Fatalf("moving the clock: %v", err)
	}
}

// reads waits for a message in a channel.
func (h *harness) reads(channel string, text string) *slacksim.Message {
	h.t.Helper()
	var found *slacksim.Message
	h.await(fmt.Sprintf("%q in #%s", text, channel), func(s slacksim.State) bool {
		found = first(s.Channel(channel).Messages, text)
		return found != nil
	})
	return found
}

// channel are all messages in a channel, threads included.
func (h *harness) channel(name string) []*slacksim.Message {
	h.t.Helper()
	s, err := h.slack.State(h.ctx)
	if err != nil {
		h.t.Fatal(err)
	}
	return s.Channel(name).Messages
}

// thread are the messages under a card.
func (h *harness) thread(card *slacksim.Message) []*slacksim.Message {
	h.t.Helper()
	s, err := h.slack.State(h.ctx)
	if err != nil {
		h.t.Fatal(err)
	}
	if thread := s.Thread(card.TS); len(thread) > 0 {
		return thread[1:]
	}
	return nil
}

func (h *harness) await(what string, wanted func(slacksim.State) bool) slacksim.State {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.ctx, patience)
	defer cancel()
	s, err := h.slack.Await(ctx, wanted)
	if err != nil {
		h.t.Fatalf("waiting for %s: %v\n%s\n%s", what, err, h.pending(), h.log)
	}
	return s
}

// pending lists what is to be posted, for who looks for the reason why it is not.
func (h *harness) pending() (list string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(h.ctx), patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, h.dbURL)
	if err != nil {
		return err.Error()
	}
	defer func() { _ = conn.Close(ctx) }()
	err = conn.QueryRow(ctx, `
		SELECT concat('at ', clock_timestamp(), ', lease ', (SELECT (epoch, until) FROM leases WHERE name = 'sender'), E'\n',
			string_agg(concat_ws(' ', id, kind, state, reason, 'tries', attempts, 'epoch', epoch, 'tried', tried_at, 'not before', not_before, 'due', due_at), E'\n'))
		FROM outbox WHERE pending`).Scan(&list)
	return fmt.Sprint(list, " ", err)
}

// first is the first message that contains a text, with or without the addresses of its
// links.
func first(messages []*slacksim.Message, text string) *slacksim.Message {
	for _, m := range messages {
		if strings.Contains(m.Rendered(), text) || strings.Contains(withoutAddresses(m), text) {
			return m
		}
	}
	return nil
}

var address = regexp.MustCompile(` \(https?://[^)]*\)`)

// TestMain runs more tests at once than there are cores, because they mostly wait. The
// flag -parallel takes precedence.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", strconv.Itoa(2*runtime.GOMAXPROCS(0))); err != nil {
		panic(err)
	}
	flag.Parse()
	os.Exit(m.Run())
}

type (
	config_   = config.Config
	simConfig = slacksim.Config
)

// asItIs is the present state of a message in a channel.
func (h *harness) asItIs(m *slacksim.Message) *slacksim.Message {
	h.t.Helper()
	s, err := h.slack.State(h.ctx)
	if err != nil {
		h.t.Fatal(err)
	}
	if thread := s.Thread(m.TS); len(thread) > 0 {
		return thread[0]
	}
	return m
}

// awaitReplies waits until a ticket counts so many replies.
func (h *harness) awaitReplies(number, replies int) {
	h.t.Helper()
	h.until(fmt.Sprintf(`SELECT replies >= %d FROM tickets WHERE number = %d`, replies, number))
}

func texts(messages []*slacksim.Message) string {
	var all []string
	for _, m := range messages {
		all = append(all, m.Rendered())
	}
	return strings.Join(all, "\n---\n")
}

// pooled reports whether the program's database is behind a pooler.
func pooled() bool { return os.Getenv("SUPPORTY_PGBOUNCER") != "" }

package app_test

import (
	"bytes"
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

	"supporty/internal/app"
	"supporty/internal/clock"
	"supporty/internal/config"
	"supporty/internal/dev/pgtest"
	"supporty/internal/dev/slacksim"
	"supporty/internal/postgres"
)

var verbose = flag.Bool("bot-log", false, "print the bot's log")

// world is a simulated workspace, a database and a running bot.
type world struct {
	t     *testing.T
	ctx   context.Context
	slack *slacksim.Client
	sim   *slacksim.Server
	bot   *app.App
	clock *clock.Clock
	log   *syncBuffer
	cfg   config.Config
	dbURL string
	paced bool // the bot keeps Slack's limits

	rereads  chan struct{}
	settings func() (config.Config, error) // what is read then
}

// choice changes the world before it begins.
type choice func(*config.Config, *slacksim.Config)

// setup starts a world of its own for one test. Everything in it ends with the
// test.
func setup(t *testing.T, choices ...choice) *world {
	t.Helper()
	w := newWorld(t, choices...)
	w.start()
	return w
}

func newWorld(t *testing.T, choices ...choice) *world {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	t.Cleanup(cancel)
	w := &world{t: t, ctx: ctx, clock: &clock.Clock{}, log: &syncBuffer{}, cfg: config.Default(), rereads: make(chan struct{})}
	w.dbURL = pgtest.New(t, migrate)
	w.begins(monday)
	sim := slacksim.Config{Now: w.clock.Now, RetryDelays: []time.Duration{0, 200 * time.Millisecond, 2 * time.Second}}
	w.cfg.Channels = config.Channels{Support: "support", Digest: "support-digest"}
	w.cfg.Database.URL = config.Secret(w.dbURL)
	if os.Getenv("SUPPORTY_PGBOUNCER") != "" {
		w.cfg.Database.URL = config.Secret(pgtest.Pooled(t, w.dbURL))
	}
	w.cfg.Database.Migrate = false
	w.cfg.HTTP.Addr = ""
	w.cfg.Sweep.Interval = time.Second
	for _, choose := range choices {
		choose(&w.cfg, &sim)
	}
	var err error
	if w.sim, err = slacksim.Start(sim); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.sim.Close() })
	w.slack = w.sim.Client()
	w.keepsCalls()
	w.cfg.Slack.APIURL = w.sim.APIURL()
	w.cfg.Slack.AppToken = config.Secret(w.sim.AppToken())
	w.cfg.Slack.BotToken = config.Secret(w.sim.BotToken())
	return w
}

// monday is when every world begins, so that no test has to do with midnight, a weekend
// or a clock change unless it goes there.
var monday = time.Date(2026, 11, 16, 10, 0, 0, 0, time.UTC)

// begins sets the business clock, here and for all copies.
func (w *world) begins(at time.Time) {
	w.t.Helper()
	db, err := postgres.Open(w.dbURL)
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	setting, err := db.BeginClock(w.ctx, at)
	if err != nil {
		w.t.Fatal(err)
	}
	w.clock.Set(setting)
}

func migrate(ctx context.Context, url string) error {
	db, err := postgres.Open(url)
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.Migrate(ctx)
	return err
}

// start runs the bot until the test ends.
func (w *world) start() { w.t.Cleanup(w.startOne()) }

// startOne runs a copy of the bot and returns what stops it.
func (w *world) startOne() (stop func()) {
	w.t.Helper()
	cancel, ended := w.launch()
	return sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			w.t.Errorf("the bot ended with an error: %v", err)
		}
		if *verbose {
			w.t.Log(w.log)
		}
	})
}

// startUntilItEnds runs a copy of the bot that is expected to end by itself.
func (w *world) startUntilItEnds() <-chan error {
	w.t.Helper()
	cancel, ended := w.launch()
	w.t.Cleanup(cancel)
	return ended
}

func (w *world) launch() (context.CancelFunc, <-chan error) {
	w.t.Helper()
	cancel, ready, ended := w.begin()
	select {
	case w.bot = <-ready:
	case err := <-ended:
		w.t.Fatalf("the bot did not start: %v\n%s", err, w.log)
	case <-w.ctx.Done():
		w.t.Fatalf("the bot did not start in time\n%s", w.log)
	}
	return cancel, ended
}

// begin starts a copy of the bot and does not wait until it is connected.
func (w *world) begin() (cancel context.CancelFunc, connected <-chan *app.App, end <-chan error) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(w.ctx))
	ready := make(chan *app.App, 1)
	ended := make(chan error, 1)
	go func() {
		ended <- app.Run(ctx, w.cfg, app.Options{
			Log:   slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
			Clock: w.clock, Unpaced: !w.paced, LookAfter: 500 * time.Millisecond, Ready: func(a *app.App) { ready <- a },
			Settings: func() (config.Config, error) { return w.settings() }, Reread: w.rereads,
		})
	}()
	return cancel, ready, ended
}

// advance moves the business clock and tells what is due.
func (w *world) advance(d time.Duration) {
	w.t.Helper()
	if err := w.bot.Advance(w.ctx, d); err != nil {
		w.t.Fatalf("moving the clock: %v", err)
	}
}

// reads waits for a message in a channel.
func (w *world) reads(channel string, text string) *slacksim.Message {
	w.t.Helper()
	var found *slacksim.Message
	w.await(fmt.Sprintf("%q in #%s", text, channel), func(s slacksim.State) bool {
		found = first(s.Channel(channel).Messages, text)
		return found != nil
	})
	return found
}

// channel is all that stands in a channel, threads included.
func (w *world) channel(name string) []*slacksim.Message {
	w.t.Helper()
	s, err := w.slack.State(w.ctx)
	if err != nil {
		w.t.Fatal(err)
	}
	return s.Channel(name).Messages
}

// thread is what stands under a card.
func (w *world) thread(card *slacksim.Message) []*slacksim.Message {
	w.t.Helper()
	s, err := w.slack.State(w.ctx)
	if err != nil {
		w.t.Fatal(err)
	}
	if thread := s.Thread(card.TS); len(thread) > 0 {
		return thread[1:]
	}
	return nil
}

func (w *world) await(what string, wanted func(slacksim.State) bool) slacksim.State {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, 15*time.Second)
	defer cancel()
	s, err := w.slack.Await(ctx, wanted)
	if err != nil {
		w.t.Fatalf("waiting for %s: %v\n%s", what, err, w.log)
	}
	return s
}

// first is the first message that reads like this, with or without the addresses of
// its links.
func first(messages []*slacksim.Message, text string) *slacksim.Message {
	for _, m := range messages {
		if strings.Contains(m.Rendered(), text) || strings.Contains(withoutAddresses(m), text) {
			return m
		}
	}
	return nil
}

var address = regexp.MustCompile(` \(https?://[^)]*\)`)

// TestMain lets more tests run at once than there are cores: they wait more than they
// work. What -parallel says goes before.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", strconv.Itoa(3*runtime.GOMAXPROCS(0))); err != nil {
		panic(err)
	}
	flag.Parse()
	os.Exit(m.Run())
}

// syncBuffer is a buffer that several goroutines write to.
type syncBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

type (
	config_   = config.Config
	simConfig = slacksim.Config
)

// asItIs is the present state of a message in a channel.
func (w *world) asItIs(m *slacksim.Message) *slacksim.Message {
	w.t.Helper()
	s, err := w.slack.State(w.ctx)
	if err != nil {
		w.t.Fatal(err)
	}
	if thread := s.Thread(m.TS); len(thread) > 0 {
		return thread[0]
	}
	return m
}

// awaitReplies waits until a ticket counts so many replies.
func (w *world) awaitReplies(number, replies int) {
	w.t.Helper()
	w.until(fmt.Sprintf(`SELECT replies >= %d FROM tickets WHERE number = %d`, replies, number))
}

func texts(messages []*slacksim.Message) string {
	var all []string
	for _, m := range messages {
		all = append(all, m.Rendered())
	}
	return strings.Join(all, "\n---\n")
}

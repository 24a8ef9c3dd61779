package proof

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/pgdev"
	"supporty/internal/pgdev/pgtest"
	"supporty/internal/slacksim"
)

// copies is how many run side by side.
const copies = 3

// arena is a workspace with people, and copies of the program on one database,
// in which everything goes wrong.
type arena struct {
	t      *testing.T
	ctx    context.Context
	sim    *slacksim.Server
	slack  *slacksim.Client
	pg     *database
	in     installation
	slots  [copies]*slot
	record *record
	now    atomic.Pointer[slacksim.State] // what can be seen, a moment ago

	mu         sync.Mutex
	cases      []*ticketCase
	violations []string
	faults     map[string]int
	made       map[string]int // gestures, by name and outcome
}

// limitScale is by how much Slack's limits are raised, so that hundreds of tickets
// fit into some minutes.
const limitScale = 20

// targets are so short that clocks run out on the way.
const targets = `
priorities:
  - {name: P1, resolve: 12s, respond: 5s}
  - {name: P2, resolve: 40s, respond: 20s}
  - {name: P3, resolve: 120s, respond: 60s}
`

func newArena(t *testing.T) *arena {
	t.Helper()
	a := &arena{t: t, ctx: t.Context(), faults: map[string]int{}, made: map[string]int{}}
	var err error
	a.sim, err = slacksim.Start(slacksim.Config{
		Workspace: troupe(), Limits: slacksim.Limits{On: true, Scale: limitScale},
		RetryDelays: []time.Duration{0, 45 * time.Second, time.Minute}, // Slack's last one takes five
	})
	a.must(err)
	t.Cleanup(func() { _ = a.sim.Close() })
	a.slack = a.sim.Client()
	a.pg = newDatabase(t)
	file := filepath.Join(t.TempDir(), "supporty.yaml")
	a.must(os.WriteFile(file, []byte(targets), 0o600))
	a.in = install(t, a.sim, a.pg.url, "CONFIG="+file, "SLACK_PACE="+fmt.Sprint(limitScale), "SWEEP_INTERVAL=1s")
	a.record = newRecord(a.slack)
	for i := range a.slots {
		a.slots[i] = &slot{name: fmt.Sprint("copy-", i+1)}
	}
	return a
}

// begin starts the copies and those who look on.
func (a *arena) begin() (end func()) {
	ctx, cancel := context.WithCancel(a.ctx)
	var looking sync.WaitGroup
	a.look()
	looking.Go(func() { every(ctx, 50*time.Millisecond, a.look) })
	looking.Go(func() { every(ctx, 300*time.Millisecond, func() { a.record.read(a.ctx) }) })
	for _, s := range a.slots {
		bot, err := a.in.startConnected(a.ctx, s.name, a.sim)
		a.must(err)
		s.bot, s.wanted = bot, true
	}
	looking.Go(func() { every(ctx, 200*time.Millisecond, a.revive) })
	return func() {
		cancel()
		looking.Wait()
		for _, s := range a.slots {
			s.stop()
		}
	}
}

func every(ctx context.Context, d time.Duration, do func()) {
	tick := time.NewTicker(d)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			do()
		case <-ctx.Done():
			return
		}
	}
}

func (a *arena) look() {
	s := a.sim.State()
	a.now.Store(&s)
}

func (a *arena) must(err error) {
	a.t.Helper()
	if err != nil {
		a.t.Fatal(err)
	}
}

// violate notes that a promise was broken.
func (a *arena) violate(c *ticketCase, format string, args ...any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	what := fmt.Sprintf(format, args...)
	if c != nil {
		what = c.title + " " + what
		c.broken = true
	}
	a.violations = append(a.violations, what)
}

// slot is where one copy runs, and is started again whenever it ends.
type slot struct {
	name string

	mu     sync.Mutex
	bot    *copyOf
	wanted bool
	frozen bool
	memory float64 // the most that any of its processes held, in MB
	starts int
}

func (s *slot) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wanted = false
	s.weigh()
	s.bot.kill()
}

// kill ends the process; it comes back after a while.
func (s *slot) kill() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.weigh()
	s.frozen = false
	s.bot.kill()
	s.bot.killed = true
}

// freeze stops the process for a while without its knowing.
func (s *slot) freeze(ctx context.Context, d time.Duration) {
	s.mu.Lock()
	bot := s.bot
	s.frozen = true
	s.mu.Unlock()
	bot.signal(syscall.SIGSTOP)
	pause(ctx, d)
	bot.signal(syscall.SIGCONT)
	s.mu.Lock()
	s.frozen = false
	s.mu.Unlock()
}

// weigh notes how much memory the process has held. The lock must be held.
func (s *slot) weigh() {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.bot.cmd.Process.Pid))
	if err != nil {
		return // it has gone
	}
	var kb float64
	if _, rest, ok := strings.Cut(string(text), "VmHWM:"); ok {
		_, _ = fmt.Sscan(rest, &kb)
	}
	s.memory = max(s.memory, kb/1024)
}

// revive starts copies that have ended. One that ended by itself after it had
// been at work is a defect; one that finds no database is not.
func (a *arena) revive() {
	for _, s := range a.slots {
		s.mu.Lock()
		if s.wanted && s.bot.hasEnded() {
			if words := s.bot.lastWords(); !s.bot.killed && strings.Contains(words, "panic") {
				a.violate(nil, "%s ended by itself:\n%s", s.name, words)
			}
			if bot, err := a.in.start(s.name); err == nil {
				s.bot = bot
				s.starts++
			}
		}
		s.mu.Unlock()
	}
}

// record is what was ever posted, and which events were never taken.
type record struct {
	slack *slacksim.Client

	mu      sync.Mutex
	seq     int64
	posted  []*slacksim.Message
	deleted map[string]bool   // channel and ts
	events  map[string]string // by id, what they are known by
	open    map[string]bool   // events that were sent and neither taken nor given up, by id
	lost    map[string]bool   // what events are known by that were given up
	calls   int
	kinds   map[string]int // envelopes sent
}

func newRecord(slack *slacksim.Client) *record {
	return &record{slack: slack, deleted: map[string]bool{}, events: map[string]string{}, open: map[string]bool{}, lost: map[string]bool{}, kinds: map[string]int{}}
}

// read takes in what has happened since it was last called.
func (r *record) read(ctx context.Context) {
	r.mu.Lock()
	defer r.mu.Unlock()
	entries, err := r.slack.Journal(ctx, r.seq)
	if err != nil {
		return // next time
	}
	for _, e := range entries {
		r.seq = e.Seq
		r.take(e)
	}
}

func (r *record) take(e slacksim.Entry) {
	switch {
	case e.Kind == slacksim.KindMessage && e.What == "posted":
		r.posted = append(r.posted, e.Message)
	case e.Kind == slacksim.KindMessage && e.What == "deleted":
		r.deleted[e.Message.Channel+e.Message.TS] = true
	case e.Kind == slacksim.KindEnvelope:
		r.kinds[e.Type]++
		if e.EventID != "" {
			r.events[e.EventID] = knownBy(e.Payload)
			r.open[e.EventID] = true
		}
	case e.Kind == slacksim.KindAck && e.What == "":
		delete(r.open, e.EventID)
	case e.Kind == slacksim.KindMissed && e.What == "given up":
		delete(r.open, e.EventID)
		r.lost[r.events[e.EventID]] = true
	case e.Kind == slacksim.KindCall:
		r.calls++
	}
}

// isLost reports whether an event was given up: no copy has acknowledged it. It
// may have been handled all the same.
func (r *record) isLost(event string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.lost[event]
}

// waiting is how many events Slack will send again.
func (r *record) waiting() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.open)
}

// knownBy is what a reaction's or a message's event is known by to who made it.
func knownBy(payload json.RawMessage) string {
	var p struct {
		Event struct {
			Type     string `json:"type"`
			Reaction string `json:"reaction"`
			User     any    `json:"user"`
			TS       string `json:"ts"`
			Item     struct {
				TS string `json:"ts"`
			} `json:"item"`
		} `json:"event"`
	}
	if json.Unmarshal(payload, &p) != nil {
		return ""
	}
	if p.Event.Type == "message" {
		return messageEvent(fmt.Sprint(p.Event.User), p.Event.TS)
	}
	return reactionEvent(p.Event.Type, fmt.Sprint(p.Event.User), p.Event.Item.TS, p.Event.Reaction)
}

func messageEvent(user, ts string) string { return "message " + user + " " + ts }

func reactionEvent(kind, user, ts, emoji string) string {
	return kind + " " + user + " " + ts + " " + emoji
}

// database is a Postgres behind a relay that can make it slow.
type database struct {
	t      *testing.T
	config pgdev.Config
	url    string // by way of the relay

	mu     sync.Mutex
	server *pgdev.Server
	delay  atomic.Int64 // of every answer, in ns
}

func newDatabase(t *testing.T) *database {
	t.Helper()
	d := &database{t: t, config: pgdev.Config{
		Dir: filepath.Join(pgtest.Dir(t), "pg"), Fast: true, Settings: map[string]string{"max_connections": "200"},
	}}
	d.start()
	if err := d.server.CreateDatabase(t.Context(), "arena"); err != nil {
		t.Fatal(err)
	}
	if err := migrate(t.Context(), d.server.URL("arena")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.stop() })
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go d.relay(listener)
	direct, err := url.Parse(d.server.URL("arena"))
	if err != nil {
		t.Fatal(err)
	}
	d.url = (&url.URL{
		Scheme: "postgres", User: direct.User, Host: listener.Addr().String(), Path: "/arena", RawQuery: "sslmode=disable",
	}).String()
	return d
}

func (d *database) start() {
	d.mu.Lock()
	defer d.mu.Unlock()
	server, err := pgdev.Start(context.WithoutCancel(d.t.Context()), d.config)
	if err != nil {
		d.t.Errorf("starting Postgres again: %v", err)
		return
	}
	d.server = server
}

func (d *database) stop() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.server.Stop(context.WithoutCancel(d.t.Context())); err != nil {
		d.t.Errorf("stopping Postgres: %v", err)
	}
}

// socket is where the server listens.
func (d *database) socket() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	at, err := url.Parse(d.server.URL("arena"))
	if err != nil {
		return ""
	}
	return filepath.Join(at.Query().Get("host"), ".s.PGSQL."+at.Query().Get("port"))
}

func (d *database) relay(listener net.Listener) {
	for {
		client, err := listener.Accept()
		if err != nil {
			return
		}
		go d.connect(client)
	}
}

func (d *database) connect(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("unix", d.socket())
	if err != nil {
		return
	}
	defer server.Close()
	go func() {
		defer server.Close()
		defer client.Close()
		d.pass(server, client, false)
	}()
	d.pass(client, server, true)
}

// pass passes on what is read, late if the database is to be slow.
func (d *database) pass(to, from net.Conn, late bool) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if late {
			pause(d.t.Context(), time.Duration(d.delay.Load()))
		}
		if n > 0 {
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// ask reads one value from the database itself.
func (d *database) ask(ctx context.Context, into any, sql string, args ...any) error {
	d.mu.Lock()
	url := d.server.URL("arena")
	d.mu.Unlock()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	return conn.QueryRow(ctx, sql, args...).Scan(into)
}

func between(chance *rand.Rand, least, most time.Duration) time.Duration {
	return least + time.Duration(chance.Int64N(int64(most-least)+1))
}

package outbox_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"supporty/internal/clock"
	"supporty/internal/desk"
	"supporty/internal/dev/pgtest"
	"supporty/internal/dev/slacksim"
	"supporty/internal/insight"
	"supporty/internal/outbox"
	"supporty/internal/postgres"
	"supporty/internal/sla"
	"supporty/internal/slackapi"
	"supporty/internal/ticket"
)

// TestMain lets more tests run at a time than there are processors: they wait for
// leases, mostly. It closes the connections that are kept for later calls before
// it looks for what tests have left running.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", "8"); err != nil { // the command line still has the last word
		panic(err)
	}
	goleak.VerifyTestMain(closing{m})
}

type closing struct{ m *testing.M }

func (c closing) Run() int {
	defer http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	return c.m.Run()
}

// bureau is a desk on a database of its own, and a simulated Slack. Nothing is
// said until a sender runs.
type bureau struct {
	*desk.Desk
	t     *testing.T
	ctx   context.Context
	db    *postgres.DB
	conn  *pgx.Conn // to look at what is stored
	sim   *slacksim.Server
	slack *slacksim.Client
	api   *slackapi.Client
	staff staff
	log   *buffer
	keys  atomic.Int64
}

func newBureau(t *testing.T) *bureau {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 40*time.Second)
	t.Cleanup(cancel)
	b := &bureau{t: t, ctx: ctx, log: &buffer{}}
	url := pgtest.New(t, migrate)
	var err error
	if b.db, err = postgres.Open(url); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.db.Close)
	if b.conn, err = pgx.Connect(ctx, url); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.conn.Close(context.WithoutCancel(ctx)) })
	if b.sim, err = slacksim.Start(slacksim.Config{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.sim.Close() })
	b.slack = b.sim.Client()
	b.api = slackapi.New(slackapi.Options{BotToken: b.sim.BotToken(), APIURL: b.sim.APIURL(), Unlimited: true})
	b.staff = staffOf(b.sim.State())
	policies, err := b.db.AdoptPolicy(ctx, sla.Policy{Targets: sla.Targets{2: {Resolve: 3 * time.Hour, Respond: time.Hour, WarnAt: 0.75}}}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	b.Desk = desk.New(b.db, b.staff, policies, []string{"Billing"})
	return b
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

// staff is a directory of the simulated workspace. name, if set, is asked first
// what somebody is called.
type staff struct {
	people map[string]desk.Person
	name   func(id string)
}

func staffOf(s slacksim.State) staff {
	members := s.Channel("support").Members
	people := map[string]desk.Person{}
	for _, p := range s.People {
		person := desk.Person{ID: p.ID, Name: p.RealName}
		for _, id := range members {
			person.Member = person.Member || id == p.ID
		}
		person.Responder = person.Member
		people[p.ID] = person
	}
	return staff{people: people}
}

func (s staff) Person(_ context.Context, id string) (desk.Person, error) {
	p, ok := s.people[id]
	if !ok {
		return desk.Person{}, fmt.Errorf("nobody is %q", id)
	}
	return p, nil
}

func (s staff) IsMember(_ context.Context, id string) (bool, error) { return s.people[id].Member, nil }

func (s staff) Name(_ context.Context, id string) string {
	if s.name != nil {
		s.name(id)
	}
	return s.people[id].Name
}

// noDigests computes nothing.
type noDigests struct{}

func (noDigests) Week(context.Context, insight.Period) (insight.Digest, error) {
	return insight.Digest{}, nil
}

// lookAfter is how soon these tests look for a message without an answer.
const lookAfter = 200 * time.Millisecond

// options of a sender that lacks nothing.
func (b *bureau) options(holder string) outbox.Options {
	return outbox.Options{
		Holder: holder, Store: b.db, Slack: b.api, Clock: &clock.Clock{},
		Log: slog.New(slog.NewTextHandler(b.log, nil)), LookAfter: lookAfter,
		Composer: &outbox.Composer{
			Desk: b, People: b.staff, Digests: noDigests{}, Store: b.db,
			Support: b.channel("support"), Digest: b.channel("support-digest"),
			Command: "/support", URL: "https://acme.slack.com/",
		},
	}
}

// patient are options of a sender that can be seen to wait, and stopped, before it looks
// for what had no answer.
func (b *bureau) patient(holder string) outbox.Options {
	o := b.options(holder)
	o.LookAfter = time.Minute
	return o
}

// sends runs a sender until the test ends, or until the returned function is
// called. No error of the workspace is expected.
func (b *bureau) sends(o outbox.Options) (stop func()) {
	b.t.Helper()
	return b.sendsUntil(o, func(err error) { b.t.Errorf("the sender gave up: %v", err) })
}

func (b *bureau) sendsUntil(o outbox.Options, onFatal func(error)) (stop func()) {
	ctx, cancel := context.WithCancel(b.ctx)
	ended := make(chan error, 1)
	go func() { ended <- outbox.New(o, onFatal).Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			b.t.Errorf("the sender ended with %v", err)
		}
	})
	b.t.Cleanup(stop)
	return stop
}

func (b *bureau) channel(name string) string { return b.sim.State().Channel(name).ID }
func (b *bureau) person(name string) string  { return b.sim.State().Person(name).ID }

// files opens a ticket, which owes its card.
func (b *bureau) files(requester, title string) ticket.Number {
	b.t.Helper()
	now := time.Now()
	r, err := b.Open(b.ctx, desk.NewTicket{
		Content:   desk.Content{Priority: ticket.P2, Title: title, Text: "It fails.", Category: "Billing"},
		Requester: b.person(requester), Gesture: ticket.ByForm, Key: fmt.Sprint("form:", b.keys.Add(1)), At: now, Now: now, Answered: true,
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return r.Ticket.Number
}

// gesture is one of somebody's on a ticket, now.
func (b *bureau) gesture(name string, n ticket.Number) desk.Gesture {
	now := time.Now()
	return desk.Gesture{
		Ticket: n, Actor: b.person(name), By: ticket.ByButton, Key: fmt.Sprint("button:", b.keys.Add(1)), At: now, Now: now,
	}
}

func (b *bureau) must(_ desk.Record, err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bureau) trouble(f slacksim.Fault) {
	b.t.Helper()
	if _, err := b.slack.Fault(b.ctx, f); err != nil {
		b.t.Fatal(err)
	}
}

// reads waits for a message in the support channel.
func (b *bureau) reads(text string) *slacksim.Message {
	b.t.Helper()
	var found *slacksim.Message
	_, err := b.slack.Await(b.ctx, func(s slacksim.State) bool {
		for _, m := range s.Channel("support").Messages {
			if strings.Contains(m.Rendered(), text) {
				found = m
				return true
			}
		}
		return false
	})
	if err != nil {
		b.t.Fatalf("waiting for %q: %v\n%s", text, err, b.log)
	}
	return found
}

// standing is how many messages with a text stand in the support channel.
func (b *bureau) standing(text string) int {
	n := 0
	for _, m := range b.sim.State().Channel("support").Messages {
		if strings.Contains(m.Rendered(), text) {
			n++
		}
	}
	return n
}

// calls is how often a method was called.
func (b *bureau) calls(method string) int {
	b.t.Helper()
	entries, err := b.slack.Journal(b.ctx, 0)
	if err != nil {
		b.t.Fatal(err)
	}
	n := 0
	for _, e := range entries {
		if e.Kind == slacksim.KindCall && e.Method == method {
			n++
		}
	}
	return n
}

// until waits until a query about what is stored says true.
func (b *bureau) until(query string, args ...any) {
	b.t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		var yes bool
		if err := b.conn.QueryRow(b.ctx, query, args...).Scan(&yes); err != nil {
			b.t.Fatalf("%s: %v\n%s", query, err, b.log)
		}
		if yes {
			return
		}
		select {
		case <-tick.C:
		case <-b.ctx.Done():
			b.t.Fatalf("waiting for %s\n%s", query, b.log)
		}
	}
}

// lookedFor makes believe that what may have been said was looked for in vain
// before, and is to be looked for once more now.
func (b *bureau) lookedFor() {
	b.t.Helper()
	if _, err := b.conn.Exec(b.ctx, `UPDATE outbox SET looked = 3, not_before = NULL WHERE pending`); err != nil {
		b.t.Fatal(err)
	}
}

// buffer is a log that several goroutines write to.
type buffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

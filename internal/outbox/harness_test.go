package outbox_test

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
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
	"supporty/internal/dev/testlog"
	"supporty/internal/insight"
	"supporty/internal/outbox"
	"supporty/internal/postgres"
	"supporty/internal/sla"
	"supporty/internal/slackapi"
	"supporty/internal/ticket"
)

// TestMain runs more tests at the same time than there are processors, because tests mostly
// wait for leases. Before it looks for goroutines that tests left running, it closes the
// idle connections.
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

// outboxHarness is a desk on a database of its own, and a simulated Slack. Nothing is
// posted until a sender runs.
type outboxHarness struct {
	*desk.Desk
	t     *testing.T
	ctx   context.Context
	db    *postgres.DB
	conn  *pgx.Conn // to look at what is stored
	sim   *slacksim.Server
	slack *slacksim.Client
	api   *slackapi.Client
	staff staff
	log   *testlog.Buffer
	keys  atomic.Int64
}

func newOutboxHarness(t *testing.T) *outboxHarness {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	h := &outboxHarness{t: t, ctx: ctx, log: &testlog.Buffer{}}
	url := pgtest.New(t, pgtest.Migrate)
	var err error
	if h.db, err = postgres.Open(url); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.db.Close)
	if h.conn, err = pgx.Connect(ctx, url); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.conn.Close(context.WithoutCancel(ctx)) })
	if h.sim, err = slacksim.Start(slacksim.Config{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.sim.Close() })
	h.slack = h.sim.Client()
	h.api = slackapi.New(slackapi.Options{BotToken: h.sim.BotToken(), APIURL: h.sim.APIURL(), Unlimited: true})
	t.Cleanup(h.api.Close)
	h.staff = staffOf(h.sim.State())
	policies, err := h.db.AdoptPolicy(ctx, sla.Policy{Targets: sla.Targets{2: {Resolve: 3 * time.Hour, Respond: time.Hour, WarnAt: 0.75}}}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	h.Desk = desk.New(h.db, h.staff, policies, []string{"Billing"})
	return h
}

// staff is a directory of the simulated workspace. If name is set, it is asked first for a
// person's name.
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
		for _, c := range s.Channels {
			if slices.Contains(c.Members, p.ID) {
				person.Elsewhere = append(person.Elsewhere, desk.Standing{Channel: c.ID, Member: true, Responder: true})
			}
		}
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

func (s staff) IsMember(_ context.Context, _, id string) (bool, error) {
	return s.people[id].Member, nil
}

func (s staff) Name(_ context.Context, id string) string {
	if s.name != nil {
		s.name(id)
	}
	return s.people[id].Name
}

// EntrustedWith returns nobody: these tests know no categories.
func (s staff) EntrustedWith(context.Context, string) ([]string, error) { return nil, nil }

func (s staff) Joined(context.Context, string, string, bool) error { return nil }

// noDigests computes nothing.
type noDigests struct{}

func (noDigests) Digest(context.Context, ticket.Period, insight.Selection) (insight.Digest, error) {
	return insight.Digest{}, nil
}

func (noDigests) WithWeeks(_ context.Context, d insight.Digest) (insight.Digest, error) {
	return d, nil
}

// These tests look for a message without an answer after lookAfter.
const lookAfter = 200 * time.Millisecond

// options are complete options of a sender.
func (h *outboxHarness) options(holder string) outbox.Options {
	return outbox.Options{
		Holder: holder, Store: h.db, Slack: h.api, Clock: &clock.Clock{},
		Log: slog.New(slog.NewTextHandler(h.log, nil)), LookAfter: lookAfter,
		Composer: &outbox.Composer{
			Desk: h, People: h.staff, Digests: noDigests{}, Store: h.db,
			Support: h.channel("support"), Digest: h.channel("support-digest"),
			Command: "/support", URL: "https://acme.slack.com/",
		},
	}
}

// patient are options of a sender that waits long before it looks for a message without an
// answer. A test can observe that wait, and stop the sender during it.
func (h *outboxHarness) patient(holder string) outbox.Options {
	o := h.options(holder)
	o.LookAfter = time.Minute
	return o
}

// sends runs a sender until the test ends or the returned function is called. The test fails
// on an error of the workspace.
func (h *outboxHarness) sends(o outbox.Options) (stop func()) {
	h.t.Helper()
	return h.sendsUntil(o, func(err error) { h.t.Errorf("the sender gave up: %v", err) })
}

func (h *outboxHarness) sendsUntil(o outbox.Options, onFatal func(error)) (stop func()) {
	return h.runs(outbox.New(o, onFatal))
}

func (h *outboxHarness) runs(s *outbox.Sender) (stop func()) {
	ctx, cancel := context.WithCancel(h.ctx)
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			h.t.Errorf("the sender ended with %v", err)
		}
	})
	h.t.Cleanup(stop)
	return stop
}

func (h *outboxHarness) channel(name string) string { return h.sim.State().Channel(name).ID }
func (h *outboxHarness) person(name string) string  { return h.sim.State().Person(name).ID }

// files opens a ticket, which enqueues its card.
func (h *outboxHarness) files(requester, title string) ticket.Number {
	h.t.Helper()
	return h.opens(ticket.P2, requester, title)
}

func (h *outboxHarness) opens(p ticket.Priority, requester, title string) ticket.Number {
	h.t.Helper()
	now := time.Now()
	r, err := h.Open(h.ctx, desk.NewTicket{
		Content:   desk.Content{Priority: p, Title: title, Text: "It fails.", Category: "Billing"},
		Requester: h.person(requester), Gesture: ticket.ByForm, Key: fmt.Sprint("form:", h.keys.Add(1)), At: now, Now: now, Answered: true,
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return r.Ticket.Number
}

// gesture is a person's gesture on a ticket, now.
func (h *outboxHarness) gesture(name string, n ticket.Number) desk.Gesture {
	now := time.Now()
	return desk.Gesture{
		Ticket: n, Actor: h.person(name), By: ticket.ByButton, Key: fmt.Sprint("button:", h.keys.Add(1)), At: now, Now: now,
	}
}

func (h *outboxHarness) must(_ desk.Record, err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *outboxHarness) trouble(f slacksim.Fault) {
	h.t.Helper()
	if _, err := h.slack.Fault(h.ctx, f); err != nil {
		h.t.Fatal(err)
	}
}

// reads waits for a message in the support channel.
func (h *outboxHarness) reads(text string) *slacksim.Message {
	h.t.Helper()
	var found *slacksim.Message
	_, err := h.slack.Await(h.ctx, func(s slacksim.State) bool {
		for _, m := range s.Channel("support").Messages {
			if strings.Contains(m.Rendered(), text) {
				found = m
				return true
			}
		}
		return false
	})
	if err != nil {
		h.t.Fatalf("waiting for %q: %v\n%s", text, err, h.log)
	}
	return found
}

// standing is how many messages with a text stand in the support channel.
func (h *outboxHarness) standing(text string) int {
	n := 0
	for _, m := range h.sim.State().Channel("support").Messages {
		if strings.Contains(m.Rendered(), text) {
			n++
		}
	}
	return n
}

// calls is how often a method was called.
func (h *outboxHarness) calls(method string) int {
	h.t.Helper()
	entries, err := h.slack.Journal(h.ctx, 0)
	if err != nil {
		h.t.Fatal(err)
	}
	n := 0
	for _, e := range entries {
		if e.Kind == slacksim.KindCall && e.Method == method {
			n++
		}
	}
	return n
}

// until waits until a query of the database returns true.
func (h *outboxHarness) until(query string, args ...any) {
	h.t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		var yes bool
		if err := h.conn.QueryRow(h.ctx, query, args...).Scan(&yes); err != nil {
			h.t.Fatalf("%s: %v\n%s", query, err, h.log)
		}
		if yes {
			return
		}
		select {
		case <-tick.C:
		case <-h.ctx.Done():
			h.t.Fatalf("waiting for %s\n%s", query, h.log)
		}
	}
}

// lookedFor stores that unsure messages were looked for in vain, and are due to be looked
// for once more.
func (h *outboxHarness) lookedFor() {
	h.t.Helper()
	if _, err := h.conn.Exec(h.ctx, `UPDATE outbox SET looked = 3, not_before = NULL WHERE pending`); err != nil {
		h.t.Fatal(err)
	}
}

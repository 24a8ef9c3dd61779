package slackapi

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"supporty/internal/dev/slacksim"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// TestMain closes idle connections before it looks for goroutines that tests left running.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(closing{m})
}

type closing struct{ m *testing.M }

func (c closing) Run() int {
	defer http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	return c.m.Run()
}

// office is a client of a simulated Slack.
type office struct {
	*Client
	t     *testing.T
	sim   *slacksim.Server
	slack *slacksim.Client
}

func newOffice(t *testing.T, changes ...func(*Options)) *office {
	t.Helper()
	return newOfficeOf(t, slacksim.Config{}, changes...)
}

func newOfficeOf(t *testing.T, cfg slacksim.Config, changes ...func(*Options)) *office {
	t.Helper()
	sim, err := slacksim.Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Close() })
	o := Options{BotToken: sim.BotToken(), AppToken: sim.AppToken(), APIURL: sim.APIURL(), Unlimited: true}
	for _, change := range changes {
		change(&o)
	}
	return &office{Client: New(o), t: t, sim: sim, slack: sim.Client()}
}

func (o *office) trouble(f slacksim.Fault) {
	o.t.Helper()
	if _, err := o.slack.Fault(o.t.Context(), f); err != nil {
		o.t.Fatal(err)
	}
}

// channel is a channel's id.
func (o *office) channel(name string) string { return o.sim.State().Channel(name).ID }

// person is a person's id.
func (o *office) person(name string) string { return o.sim.State().Person(name).ID }

// post writes a message and fails the test on an error.
func (o *office) post(channel, thread, id string) ticket.Message {
	o.t.Helper()
	at, err := o.Post(o.t.Context(), nil, channel, thread, slackformat.Message{Text: "text", Mark: slackformat.Mark{ID: id, Version: 2}})
	if err != nil {
		o.t.Fatal(err)
	}
	return at
}

// calls is how often a method was called.
func (o *office) calls(method string) int {
	o.t.Helper()
	entries, err := o.slack.Journal(o.t.Context(), 0)
	if err != nil {
		o.t.Fatal(err)
	}
	n := 0
	for _, e := range entries {
		if e.Kind == slacksim.KindCall && e.Method == method {
			n++
		}
	}
	return n
}

// notes is a memory of limits.
type notes struct {
	mu    sync.Mutex
	until map[string]time.Time
	err   error
}

func (n *notes) SaveLimit(_ context.Context, method string, until time.Time) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.until == nil {
		n.until = map[string]time.Time{}
	}
	n.until[method] = until
	return n.err
}

func (n *notes) Limits(context.Context) (map[string]time.Time, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.until, n.err
}

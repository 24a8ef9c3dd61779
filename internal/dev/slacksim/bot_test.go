package slacksim

import (
	"context"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
	"go.uber.org/goleak"

	"supporty/internal/dev/slacksim/wire"
	"supporty/internal/dev/slacksim/workspace"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// simHarness is a bot on the real client library. What it receives it hands to on,
// which answers with the payload of the acknowledgement.
type simHarness struct {
	api    *slack.Client
	client *Client
	srv    *Server
	on     func(*simHarness, received) any
	mu     sync.Mutex
	seen   []received
}

// received is one envelope; Type is the innermost type.
type received struct {
	Type    string
	Attempt int
	Payload wire.Object
}

// event is the inner event of the envelope.
func (r received) event() wire.Object { e, _ := r.Payload["event"].(wire.Object); return e }

type noAck struct{} // returned by on to leave an envelope unacknowledged

// setup starts a workspace and a connected bot.
func setup(t *testing.T, cfg Config, on func(*simHarness, received) any) (context.Context, *simHarness) {
	t.Helper()
	ctx, b := disconnected(t, cfg, on)
	connect(t, ctx, b)
	return ctx, b
}

func disconnected(t *testing.T, cfg Config, on func(*simHarness, received) any) (context.Context, *simHarness) {
	t.Helper()
	if cfg.Scopes == nil {
		cfg.Scopes = moreScopes()
	}
	srv, err := Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { srv.Close() })
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	b := &simHarness{srv: srv, client: srv.Client(), on: on}
	b.api = slack.New(srv.BotToken(), slack.OptionAppLevelToken(srv.AppToken()),
		slack.OptionAPIURL(srv.APIURL()), slack.OptionHTTPClient(oneShot()))
	return ctx, b
}

func connect(t *testing.T, ctx context.Context, b *simHarness) {
	t.Helper()
	sockets := b.srv.State().Sockets
	sm := socketmode.New(b.api, socketmode.OptionLog(log.New(io.Discard, "", 0)))
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	running.Go(func() { sm.RunContext(ctx) })
	running.Go(func() { b.serve(ctx, sm) })
	t.Cleanup(func() { cancel(); running.Wait() })
	if _, err := b.client.Await(ctx, func(s State) bool { return s.Sockets > sockets }); err != nil {
		t.Fatal(err)
	}
}

func (b *simHarness) serve(ctx context.Context, sm *socketmode.Client) {
	for {
		select {
		case <-ctx.Done():
			return
		case evt := <-sm.Events:
			if evt.Request != nil && evt.Request.Type != "hello" {
				b.handle(ctx, sm, evt.Request)
			}
		}
	}
}

func (b *simHarness) handle(ctx context.Context, sm *socketmode.Client, req *socketmode.Request) {
	r := received{Type: req.Type, Attempt: req.RetryAttempt}
	json.Unmarshal(req.Payload, &r.Payload)
	switch req.Type {
	case "events_api":
		r.Type = wire.Text(r.event(), "type")
	case "interactive":
		r.Type = wire.Text(r.Payload, "type")
	}
	b.mu.Lock()
	b.seen = append(b.seen, r)
	b.mu.Unlock()
	var answer any
	if b.on != nil {
		answer = b.on(b, r)
	}
	switch answer.(type) {
	case noAck:
	case nil:
		sm.AckCtx(ctx, req.EnvelopeID, nil)
	default:
		sm.AckCtx(ctx, req.EnvelopeID, answer)
	}
}

// await waits until an envelope like that was received.
func (b *simHarness) await(t *testing.T, ctx context.Context, what string, like func(received) bool) received {
	t.Helper()
	var found received
	_, err := b.client.Await(ctx, func(State) bool {
		for _, r := range b.received() {
			if like(r) {
				found = r
				return true
			}
		}
		return false
	})
	if err != nil {
		t.Fatalf("waiting for %s: %v", what, err)
	}
	return found
}

// received lists what came so far.
func (b *simHarness) received() []received {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.seen)
}

func ofType(kind string) func(received) bool {
	return func(r received) bool { return r.Type == kind }
}

// moreScopes is more than any desk asks for: all but the messages of group messages.
func moreScopes() []string {
	return append(DefaultScopes(), "channels:join", "im:read", "mpim:read", "mpim:write",
		"reactions:write", "team:read", "users:read.email")
}

// oneShot is an HTTP client that leaves no idle connection behind.
func oneShot() *http.Client {
	return &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
}

// params are the parameters of a call.
type params map[string]string

// answered is what a method answered.
type answered struct {
	status int
	body   wire.Object
}

func (a answered) err() string { return wire.Text(a.body, "error") }

// call runs a method of the Web API without a connection.
func (s *Server) call(method, token string, a params) answered {
	form := url.Values{}
	for key, value := range a {
		form.Set(key, value)
	}
	request := httptest.NewRequest(http.MethodPost, "http://localhost/api/"+method, strings.NewReader(form.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Authorization", "Bearer "+token)
	recorder := httptest.NewRecorder()
	s.http.Handler.ServeHTTP(recorder, request)
	ans := answered{status: recorder.Code}
	_ = wire.Decode(recorder.Body.Bytes(), &ans.body) // a page is no JSON
	return ans
}

// readAll reads the arguments of a JSON body: strings as they are, everything else
// as JSON.
func readAll(body string) params {
	var fields map[string]json.RawMessage
	_ = json.Unmarshal([]byte(body), &fields) // what is no JSON has no arguments
	a := params{}
	for key, raw := range fields {
		var value string
		if json.Unmarshal(raw, &value) != nil {
			value = string(raw)
		}
		if value != "null" {
			a[key] = value
		}
	}
	return a
}

// trigger lets the app open a view for somebody.
func (s *Server) trigger(person string) (id string) {
	s.store.Update(func(tx *workspace.Tx) { id = s.api.NewTrigger(tx, tx.Person(person), "") })
	return id
}

// botID is the id that the bot's messages have beside that of its user.
func (s *Server) botID() (id string) {
	s.store.View(func(tx *workspace.Tx) { id = tx.Bot.ID })
	return id
}

package slackin

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"

	"supporty/internal/dev/slacksim"
	"supporty/internal/dev/testlog"
	"supporty/internal/slackapi"
)

// receiverHarness is a receiver for a simulated Slack, not connected yet.
type receiverHarness struct {
	*Receiver
	harness *harness
	t       *testing.T
	slack   *slacksim.Client
	log     *testlog.Buffer
}

func newReceiverHarness(t *testing.T) *receiverHarness {
	t.Helper()
	return newReceiverTo(t, slacksim.Config{RetryDelays: []time.Duration{100 * time.Millisecond}})
}

// newImpatientReceiver is a receiverHarness whose Slack soon sends an event again.
func newImpatientReceiver(t *testing.T) *receiverHarness {
	t.Helper()
	soon := 100 * time.Millisecond
	return newReceiverTo(t, slacksim.Config{AckTimeout: time.Second, RetryDelays: []time.Duration{soon, soon, soon, soon}})
}

func newReceiverTo(t *testing.T, cfg slacksim.Config) *receiverHarness {
	t.Helper()
	sim, err := slacksim.Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Close() })
	return newReceiverOn(t, sim)
}

func newReceiverOn(t *testing.T, sim *slacksim.Server) *receiverHarness {
	t.Helper()
	h := &receiverHarness{t: t, slack: sim.Client(), log: &testlog.Buffer{}}
	h.harness = newHarness(t, func(o *Options) {
		o.Support = sim.State().Channel("support").ID
		o.Log = slog.New(slog.NewTextHandler(h.log, nil))
	})
	client := slackapi.New(slackapi.Options{BotToken: sim.BotToken(), AppToken: sim.AppToken(), APIURL: sim.APIURL()})
	h.Receiver = NewReceiver(client.API(), h.harness.Handler, h.harness.Log)
	return h
}

// runs starts the receiver. It returns a function that stops it, and a channel with the
// error of Run.
func (h *receiverHarness) runs() (context.CancelFunc, <-chan error) {
	h.t.Helper()
	ctx, cancel := context.WithCancel(h.t.Context())
	ended, gone := make(chan error, 1), make(chan struct{})
	go func() {
		defer close(gone)
		ended <- h.Run(ctx)
	}()
	h.t.Cleanup(func() { cancel(); <-gone })
	h.await("two sockets", func(s slacksim.State) bool { return s.Sockets == sockets })
	return cancel, ended
}

func (h *receiverHarness) await(what string, wanted func(slacksim.State) bool) {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), time.Minute)
	defer cancel()
	if _, err := h.slack.Await(ctx, wanted); err != nil {
		h.t.Fatalf("%s: %v\n%s", what, err, h.log)
	}
}

// fault sets a fault.
func (h *receiverHarness) fault(f slacksim.Fault) {
	h.t.Helper()
	if _, err := h.slack.Fault(h.t.Context(), f); err != nil {
		h.t.Fatal(err)
	}
}

// awaitEntry waits for an entry in the simulated Slack's journal.
func (h *receiverHarness) awaitEntry(what string, wanted func(slacksim.Entry) bool) slacksim.Entry {
	h.t.Helper()
	var found slacksim.Entry
	h.await(what, func(slacksim.State) bool {
		entries, err := h.slack.Journal(h.t.Context(), 0)
		if err != nil {
			return false
		}
		for _, e := range entries {
			if wanted(e) {
				found = e
				return true
			}
		}
		return false
	})
	return found
}

// joins makes a person join the support channel, which is an event.
func (h *receiverHarness) joins(name string) {
	h.t.Helper()
	if _, err := h.slack.As(name).Join(h.t.Context(), "support"); err != nil {
		h.t.Fatal(err)
	}
}

// A receiver that stops has answered every envelope and waited a moment for the last
// answer to be written, but it does not wait for ever.
func TestLeaving(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		every, took, least, most time.Duration
		count                    int
	}{
		"nothing comes":         {0, 0, quietFor, quietFor, 0},
		"one more comes":        {quietFor / 2, quietFor, 5 * quietFor / 2, 4 * quietFor, 1},
		"one comes at the last": {quietFor - 1, 1, 2*quietFor - 1, 3 * quietFor, 1},
		"there is no end to it": {quietFor / 2, 1, drainFor, drainFor, 1000},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := &Receiver{}
				for i := range test.count {
					time.AfterFunc(time.Duration(i+1)*test.every, func() {
						r.pending.Add(1)
						r.arrived.Add(1)
						time.AfterFunc(test.took, func() { r.pending.Add(-1) })
					})
				}
				begun := time.Now()
				r.drain()
				if took := time.Since(begun); took < test.least || took > test.most {
					t.Errorf("left after %v, want %v to %v", took, test.least, test.most)
				}
			})
		})
	}
}

func TestFatalErrorsOfTheAppTokenEndTheReceiver(t *testing.T) {
	t.Parallel()
	for _, code := range []string{
		"invalid_auth", "not_authed", "account_inactive", "token_revoked", "not_allowed_token_type", "missing_scope",
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			h := newReceiverHarness(t)
			h.fault(slacksim.Fault{Kind: slacksim.FaultError, Error: code, Method: "apps.connections.open"})
			err := h.Run(t.Context())
			want := fmt.Sprintf("Slack refuses the app token (%s): check slack.app_token", code)
			if err == nil || err.Error() != want {
				t.Errorf("ended with %v", err)
			}
		})
	}
}

func TestPassingErrorsDoNotEndTheReceiver(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]slacksim.Fault{
		"error page": {Kind: slacksim.FaultHTTP, Status: 503, Method: "apps.connections.open", Count: 2},
		"not found":  {Kind: slacksim.FaultHTTP, Status: 404, Method: "apps.connections.open", Count: 1},
		"handshake":  {Kind: slacksim.FaultHandshake, Count: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newReceiverHarness(t)
			h.fault(fault)
			h.runs()
			<-h.Greeted()
		})
	}
}

// mutePeriod is for how long a connection to muteSlack may be silent.
const mutePeriod = 200 * time.Millisecond

// muteSlack accepts connections. It does not greet the first one, and does not ping the
// second. It tells of each connection, and of each ping that is answered.
func muteSlack(t *testing.T) (url string, dialled <-chan int, pongs <-chan struct{}) {
	t.Helper()
	var server *httptest.Server
	connections, answers := make(chan int, 100), make(chan struct{}, 1000)
	var count atomic.Int32
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	mux := http.NewServeMux()
	mux.HandleFunc("/api/apps.connections.open", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `{"ok":true,"url":"ws%s/socket"}`, strings.TrimPrefix(server.URL, "http"))
	})
	mux.HandleFunc("/socket", func(w http.ResponseWriter, r *http.Request) {
		conn, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer conn.Close()
		n := int(count.Add(1))
		if n > 1 {
			_ = conn.WriteMessage(websocket.TextMessage, []byte(`{"type":"hello"}`))
		}
		connections <- n
		if n > 2 {
			conn.SetPongHandler(func(string) error { answers <- struct{}{}; return nil })
			go pings(conn)
		}
		_, _, _ = conn.ReadMessage() // until the client closes
	})
	server = httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL + "/api/", connections, answers
}

const pingsAPeriod = 10

// pings pings until the connection ends.
func pings(conn *websocket.Conn) {
	for range time.Tick(mutePeriod / pingsAPeriod) {
		if conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(time.Second)) != nil {
			return
		}
	}
}

func TestSilentConnectionIsBegunAnew(t *testing.T) {
	t.Parallel()
	url, dialled, pongs := muteSlack(t)
	h := newHarness(t)
	r := NewReceiver(slack.New("xoxb-1", slack.OptionAppLevelToken("xapp-1"), slack.OptionAPIURL(url)), h.Handler, h.Log)
	r.silence = mutePeriod
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if !r.Since().IsZero() {
		t.Errorf("connected since %v before anything", r.Since())
	}
	ended, begun := make(chan error, 1), time.Now()
	go func() { ended <- r.newConnection(0).supervise(ctx) }()
	for n := range 3 {
		<-dialled
		if waited := time.Since(begun); waited < time.Duration(n)*mutePeriod {
			t.Errorf("connection %d was given up after %v already", n, waited)
		}
	}
	for range 3 * pingsAPeriod {
		<-pongs
	}
	if n := r.Connected(); n != 1 || len(dialled) > 0 || r.Since().Before(begun) {
		t.Errorf("%d sockets since %v, and %d opened later", n, r.Since(), len(dialled))
	}
	cancel()
	if err := <-ended; err != nil || r.Connected() != 0 || !r.Since().IsZero() {
		t.Errorf("ended with %v and %d sockets since %v", err, r.Connected(), r.Since())
	}
}

func TestUnreadablePayloadIsAcknowledged(t *testing.T) {
	t.Parallel()
	h := newReceiverHarness(t)
	h.runs()
	for kind, payload := range map[string]string{
		kindEvent:   `{"type":"event_callback","event":{"type":"brand_new_event","user":7}}`,
		kindCommand: `{"text":"It is broken","trigger_id":"1.2.3","is_enterprise_install":null}`,
		"brand_new": `[1,2]`,
	} {
		t.Run(kind, func(t *testing.T) {
			h.fault(slacksim.Fault{Kind: slacksim.FaultInject, Event: kind, Payload: []byte(payload)})
			sent := h.awaitEntry("the envelope", func(e slacksim.Entry) bool {
				return e.Kind == slacksim.KindEnvelope && string(e.Payload) == payload
			})
			h.awaitEntry("an acknowledgement of "+kind, func(e slacksim.Entry) bool {
				return e.Kind == slacksim.KindAck && e.Envelope == sent.Envelope
			})
		})
	}
	// The call that opens the form goes to no simulated Slack, which would tell of it.
	for end := time.Now().Add(15 * time.Second); len(h.harness.slack.heard()) != 1; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("no form was opened:\n%s", h.log)
		}
	}
}

func TestUnwrittenAnswerIsWrittenByTheNextConnection(t *testing.T) {
	t.Parallel()
	h := newReceiverHarness(t)
	c := h.newConnection(0)
	answered := make(chan error, 1)
	go func() { answered <- c.answer(t.Context(), "lost", nil) }()
	first := <-c.answers
	first.written <- errClosed
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { _ = c.run(ctx) })
	defer running.Wait()
	defer cancel()
	h.awaitEntry("the acknowledgement", func(e slacksim.Entry) bool {
		return e.Kind == slacksim.KindAck && e.Envelope == "lost"
	})
	if err := <-answered; err != nil {
		t.Errorf("answered with %v", err)
	}
}

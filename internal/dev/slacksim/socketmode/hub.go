package socketmode

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"supporty/internal/dev/slacksim/faults"
	"supporty/internal/dev/slacksim/wire"
	"supporty/internal/dev/slacksim/workspace"
)

// Config is what Socket Mode needs to know.
type Config struct {
	Scopes      []string        // granted to the bot: they say which events it gets
	RetryDelays []time.Duration // before each repetition of an event that was not acknowledged
	AckTimeout  time.Duration
	PingEvery   time.Duration
}

// Hub has the sockets of the bot, and what is on its way over them.
type Hub struct {
	cfg     Config
	store   *workspace.Store
	faults  *faults.List
	running sync.WaitGroup
	traffic *workspace.Guarded[traffic]
}

// traffic is what is open and under way.
type traffic struct {
	tickets  map[string]bool // issued socket tickets that nobody used yet
	sockets  []*socket
	lastSock int
	live     map[string]*envelope // sent and neither acknowledged nor given up
	held     *envelope            // an event that a fault lets another overtake
}

// New makes the sockets of a workspace, and sends over them what happens there.
func New(store *workspace.Store, struck *faults.List, cfg Config) *Hub {
	h := &Hub{
		cfg: cfg, store: store, faults: struck,
		traffic: workspace.Guard(traffic{tickets: map[string]bool{}, live: map[string]*envelope{}}),
	}
	store.Subscribe(h.publish)
	return h
}

// Routes adds what sockets are opened at.
func (h *Hub) Routes(mux *http.ServeMux) { mux.HandleFunc("GET /link/", h.serveSocket) }

// Open counts the sockets, and the envelopes that are not acknowledged yet.
func (h *Hub) Open(tx *workspace.Tx) (sockets, pending int) {
	t := h.traffic.Of(tx)
	return len(t.sockets), len(t.live)
}

// Close ends what is under way and cuts every connection. Wait waits for their ends.
func (h *Hub) Close(tx *workspace.Tx) {
	for _, e := range h.traffic.Of(tx).live {
		e.end(Ack{Failure: "closed"})
	}
	h.CutAll(tx)
}

// Wait waits until every connection is over.
func (h *Hub) Wait() { h.running.Wait() }

// Ask sends a command or an interaction and waits for its end.
func (h *Hub) Ask(kind, label string, payload wire.Object) Ack {
	e := &envelope{kind: kind, label: label, payload: wire.Encode(payload), accepts: true, ended: make(chan Ack, 1)}
	h.store.Update(func(tx *workspace.Tx) {
		if tx.Closed {
			e.end(Ack{Failure: "closed"})
			return
		}
		h.deliver(tx, e)
	})
	return <-e.ended
}

// Inject sends a payload as it is, in an envelope of that type, or of events_api.
func (h *Hub) Inject(tx *workspace.Tx, kind string, payload json.RawMessage) error {
	if !json.Valid(payload) {
		return fmt.Errorf("what is injected must be JSON")
	}
	kind = cmp.Or(kind, TypeEvents)
	h.deliver(tx, &envelope{kind: kind, label: "injected", payload: payload, accepts: kind != TypeEvents})
	return nil
}

// DisconnectAll tells every client to go, and closes its connection when the
// grace is over.
func (h *Hub) DisconnectAll(tx *workspace.Tx, reason string, grace time.Duration) {
	for _, sock := range h.traffic.Of(tx).sockets {
		sock.offer(h.disconnectFrame(tx, reason))
		tx.After(cmp.Or(grace, graceDefault), func(*workspace.Tx) { _ = sock.conn.Close() })
	}
}

// CutAll drops every connection without a word.
func (h *Hub) CutAll(tx *workspace.Tx) {
	for _, sock := range h.traffic.Of(tx).sockets {
		_ = sock.conn.Close()
	}
}

package slacksim

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Envelope types of Socket Mode.
const (
	typeEvents      = "events_api"
	typeCommands    = "slash_commands"
	typeInteractive = "interactive"
)

// reorderWait is how long an event is held back for another to overtake it.
const reorderWait = 2 * time.Second

// HubConfig is what Socket Mode needs to know.
type HubConfig struct {
	Scopes      []string        // granted to the bot: they say which events it gets
	RetryDelays []time.Duration // before each repetition of an event that was not acknowledged
	AckTimeout  time.Duration
	PingEvery   time.Duration
}

// Hub has the sockets of the bot, and what is on its way over them.
type Hub struct {
	cfg     HubConfig
	store   *Store
	faults  *faultList
	running sync.WaitGroup
	traffic *Guarded[traffic]
}

// traffic is what is open and under way.
type traffic struct {
	tickets  map[string]bool // issued socket tickets that nobody used yet
	sockets  []*socket
	lastSock int
	live     map[string]*envelope // sent and neither acknowledged nor given up
	held     *envelope            // an event that a fault lets another overtake
}

// NewHub makes the sockets of a workspace, and sends over them what happens there.
func NewHub(store *Store, struck *faultList, cfg HubConfig) *Hub {
	h := &Hub{
		cfg: cfg, store: store, faults: struck,
		traffic: Guard(traffic{tickets: map[string]bool{}, live: map[string]*envelope{}}),
	}
	store.Subscribe(h.publish)
	return h
}

// Routes adds what sockets are opened at.
func (h *Hub) Routes(mux *http.ServeMux) { mux.HandleFunc("GET /link/", h.serveSocket) }

// Open counts the sockets, and the envelopes that are not acknowledged yet.
func (h *Hub) Open(tx *Tx) (sockets, pending int) {
	t := h.traffic.Of(tx)
	return len(t.sockets), len(t.live)
}

// Close ends what is under way and cuts every connection. Wait waits for their ends.
func (h *Hub) Close(tx *Tx) {
	for _, e := range h.traffic.Of(tx).live {
		e.end(ack{failure: "closed"})
	}
	h.CutAll(tx)
}

// Wait waits until every connection is over.
func (h *Hub) Wait() { h.running.Wait() }

// envelope is one payload on its way to the bot. Each delivery attempt has an
// id of its own.
type envelope struct {
	id      string
	kind    string // events_api, slash_commands, interactive
	label   string // inner type, for filters and the journal
	eventID string
	payload json.RawMessage
	accepts bool
	attempt int
	sent    time.Time
	socket  *socket // of this attempt
	timer   *time.Timer
	ended   chan ack // for what a person waits for; nil for events
}

// ack is how an envelope ended.
type ack struct {
	ok      bool
	payload json.RawMessage
	failure string // no_socket, timeout or closed
}

func (e *envelope) end(a ack) {
	if e.ended == nil {
		return
	}
	select {
	case e.ended <- a:
	default: // ended already
	}
}

func (e *envelope) frame() []byte {
	frame := object{
		"type": e.kind, "envelope_id": e.id, "payload": e.payload, "accepts_response_payload": e.accepts,
	}
	if e.kind == typeEvents {
		frame["retry_attempt"], frame["retry_reason"] = e.attempt, ""
		if e.attempt > 0 {
			frame["retry_reason"] = "timeout"
		}
	}
	return encode(frame)
}

// Ask sends a command or an interaction and waits for its end.
func (h *Hub) Ask(kind, label string, payload object) ack {
	e := &envelope{kind: kind, label: label, payload: encode(payload), accepts: true, ended: make(chan ack, 1)}
	h.store.Update(func(tx *Tx) {
		if tx.closed {
			e.end(ack{failure: "closed"})
			return
		}
		h.deliver(tx, e)
	})
	return <-e.ended
}

// publish wraps an event and sends it if it concerns the bot.
func (h *Hub) publish(tx *Tx, event object, about *Channel) {
	if tx.closed || !reaches(tx, event, about) {
		return
	}
	if scope := eventScope(event, about); scope != "" && !slices.Contains(h.cfg.Scopes, scope) {
		return
	}
	label := text(event, "type")
	e := &envelope{kind: typeEvents, label: label, eventID: tx.newID("Ev"), accepts: false}
	external := about != nil && about.External
	e.payload = encode(outerEvent(tx, e.eventID, event, external))
	h.deliverEvent(tx, e)
}

func outerEvent(tx *Tx, id string, event object, external bool) object {
	return object{
		"token": "legacy", "team_id": tx.team.ID, "api_app_id": tx.bot.app, "event": event, "type": "event_callback",
		"event_id": id, "event_time": tx.now().Unix(), "event_context": "4-" + id,
		"is_ext_shared_channel": external, "context_team_id": tx.team.ID, "context_enterprise_id": nil,
		"authorizations": []object{{
			"enterprise_id": nil, "team_id": tx.team.ID, "user_id": tx.bot.user,
			"is_bot": true, "is_enterprise_install": false,
		}},
	}
}

// deliverEvent applies the faults that strike events.
func (h *Hub) deliverEvent(tx *Tx, e *envelope) {
	switch f := h.faults.takeOf(e.label, FaultLose, FaultDelayEvent, FaultReorder, FaultDuplicate); {
	case f == nil:
		h.deliver(tx, e)
	case f.Kind == FaultLose:
		tx.journal.add(Entry{Kind: KindFault, What: FaultLose, Type: e.label, EventID: e.eventID})
	case f.Kind == FaultDelayEvent:
		tx.after(f.delay(), func(tx *Tx) { h.deliver(tx, e) })
	case f.Kind == FaultReorder && h.traffic.Of(tx).held == nil:
		h.traffic.Of(tx).held = e
		tx.after(reorderWait, func(tx *Tx) { h.release(tx, e) }) // nothing else may come
		return
	case f.Kind == FaultDuplicate:
		twin := *e
		h.deliver(tx, e)
		h.deliver(tx, &twin)
	default:
		h.deliver(tx, e)
	}
	h.release(tx, h.traffic.Of(tx).held)
}

// release sends the event that was held back, if it still is.
func (h *Hub) release(tx *Tx, e *envelope) {
	if e != nil && h.traffic.Of(tx).held == e {
		h.traffic.Of(tx).held = nil
		h.deliver(tx, e)
	}
}

// deliver makes one attempt.
func (h *Hub) deliver(tx *Tx, e *envelope) {
	e.id = newUUID()
	e.sent = time.Now()
	entry := Entry{
		Kind: KindEnvelope, What: "sent", Envelope: e.id, Type: e.label, EventID: e.eventID,
		Attempt: e.attempt, Payload: e.payload,
	}
	sock := h.pick(tx)
	if sock == nil || !sock.offer(e.frame()) {
		entry.What = "no socket"
		tx.journal.add(entry)
		h.miss(tx, e, "no_socket")
		return
	}
	e.socket, entry.Socket = sock, sock.id
	tx.journal.add(entry)
	h.traffic.Of(tx).live[e.id] = e
	e.timer = tx.after(h.cfg.AckTimeout, func(tx *Tx) {
		tx.journal.add(Entry{Kind: KindMissed, Envelope: e.id, Type: e.label, EventID: e.eventID, Attempt: e.attempt})
		h.miss(tx, e, "timeout")
	})
}

// forget ends an attempt: whatever comes for it now is late.
func (h *Hub) forget(tx *Tx, e *envelope) {
	tx.stop(e.timer)
	delete(h.traffic.Of(tx).live, e.id)
}

// miss handles an attempt that failed: an event goes up the retry ladder, a
// person is told.
func (h *Hub) miss(tx *Tx, e *envelope, failure string) {
	h.forget(tx, e)
	if e.kind != typeEvents {
		e.end(ack{failure: failure})
		return
	}
	if e.attempt >= len(h.cfg.RetryDelays) || tx.beliefs.DropsMissed && e.socket.over() {
		tx.journal.add(Entry{Kind: KindMissed, What: "given up", Type: e.label, EventID: e.eventID, Attempt: e.attempt})
		return
	}
	next := *e
	next.attempt, next.timer, next.socket = e.attempt+1, nil, nil
	tx.after(h.cfg.RetryDelays[e.attempt], func(tx *Tx) { h.deliver(tx, &next) })
}

func newUUID() string {
	b := make([]byte, 16)
	rand.Read(b) // never fails, by its contract
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// Inject sends a payload as it is, in an envelope of that type, or of events_api.
func (h *Hub) Inject(tx *Tx, kind string, payload json.RawMessage) error {
	if !json.Valid(payload) {
		return fmt.Errorf("what is injected must be JSON")
	}
	kind = cmp.Or(kind, typeEvents)
	h.deliver(tx, &envelope{kind: kind, label: "injected", payload: payload, accepts: kind != typeEvents})
	return nil
}

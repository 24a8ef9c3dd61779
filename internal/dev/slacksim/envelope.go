package slacksim

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
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
	settled chan ack // for what a person waits for; nil for events
}

// ack is how an envelope ended.
type ack struct {
	ok      bool
	payload json.RawMessage
	trouble string // no_socket, timeout or closed
}

func (e *envelope) settle(a ack) {
	if e.settled == nil {
		return
	}
	select {
	case e.settled <- a:
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

// ask sends a command or an interaction and waits for its end. It takes the
// lock by itself.
func (s *Server) ask(kind, label string, payload object) ack {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return ack{trouble: "closed"}
	}
	e := &envelope{kind: kind, label: label, payload: encode(payload), accepts: true, settled: make(chan ack, 1)}
	s.deliver(e)
	s.mu.Unlock()
	return <-e.settled
}

// publish wraps an event and sends it if it concerns the bot. The lock must be
// held.
func (s *Server) publish(event object, about *Channel) {
	if s.closed || !s.ws.reaches(event, about) {
		return
	}
	if scope := eventScope(event, about); scope != "" && !s.granted(scope) {
		return
	}
	label := text(event, "type")
	e := &envelope{kind: typeEvents, label: label, eventID: s.ws.newID("Ev"), accepts: false}
	external := about != nil && about.External
	e.payload = encode(s.outerEvent(e.eventID, event, external))
	s.deliverEvent(e)
}

func (s *Server) outerEvent(id string, event object, external bool) object {
	w := s.ws
	return object{
		"token": "legacy", "team_id": w.team.ID, "api_app_id": w.bot.app, "event": event, "type": "event_callback",
		"event_id": id, "event_time": w.now().Unix(), "event_context": "4-" + id,
		"is_ext_shared_channel": external, "context_team_id": w.team.ID, "context_enterprise_id": nil,
		"authorizations": []object{{
			"enterprise_id": nil, "team_id": w.team.ID, "user_id": w.bot.user,
			"is_bot": true, "is_enterprise_install": false,
		}},
	}
}

// deliverEvent applies the faults that strike events. The lock must be held.
func (s *Server) deliverEvent(e *envelope) {
	switch f := s.faults.takeOf(e.label, FaultLose, FaultDelayEvent, FaultReorder, FaultDuplicate); {
	case f == nil:
		s.deliver(e)
	case f.Kind == FaultLose:
		s.ws.journal.add(Entry{Kind: KindFault, What: FaultLose, Type: e.label, EventID: e.eventID})
	case f.Kind == FaultDelayEvent:
		s.after(f.delay(), func() { s.deliver(e) })
	case f.Kind == FaultReorder && s.held == nil:
		s.held = e
		s.after(reorderWait, func() { s.release(e) }) // nothing else may come
		return
	case f.Kind == FaultDuplicate:
		twin := *e
		s.deliver(e)
		s.deliver(&twin)
	default:
		s.deliver(e)
	}
	s.release(s.held)
}

// release sends the event that was held back, if it still is. The lock must be
// held.
func (s *Server) release(e *envelope) {
	if e != nil && s.held == e {
		s.held = nil
		s.deliver(e)
	}
}

// deliver makes one attempt. The lock must be held.
func (s *Server) deliver(e *envelope) {
	e.id = newUUID()
	e.sent = time.Now()
	entry := Entry{
		Kind: KindEnvelope, What: "sent", Envelope: e.id, Type: e.label, EventID: e.eventID,
		Attempt: e.attempt, Payload: e.payload,
	}
	sock := s.pick()
	if sock == nil || !sock.offer(e.frame()) {
		entry.What = "no socket"
		s.ws.journal.add(entry)
		s.miss(e, "no_socket")
		return
	}
	e.socket, entry.Socket = sock, sock.id
	s.ws.journal.add(entry)
	s.live[e.id] = e
	e.timer = s.after(s.cfg.AckTimeout, func() {
		s.ws.journal.add(Entry{Kind: KindMissed, Envelope: e.id, Type: e.label, EventID: e.eventID, Attempt: e.attempt})
		s.miss(e, "timeout")
	})
}

// forget ends an attempt: whatever comes for it now is late. The lock must be held.
func (s *Server) forget(e *envelope) {
	s.stop(e.timer)
	delete(s.live, e.id)
}

// miss handles an attempt that failed: an event goes up the retry ladder, a
// person is told. The lock must be held.
func (s *Server) miss(e *envelope, trouble string) {
	s.forget(e)
	if e.kind != typeEvents {
		e.settle(ack{trouble: trouble})
		return
	}
	if e.attempt >= len(s.cfg.RetryDelays) || s.ws.beliefs.DropsMissed && e.socket.over() {
		s.ws.journal.add(Entry{Kind: KindMissed, What: "given up", Type: e.label, EventID: e.eventID, Attempt: e.attempt})
		return
	}
	next := *e
	next.attempt, next.timer, next.socket = e.attempt+1, nil, nil
	s.after(s.cfg.RetryDelays[e.attempt], func() { s.deliver(&next) })
}

func newUUID() string {
	b := make([]byte, 16)
	rand.Read(b) // never fails, by its contract
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

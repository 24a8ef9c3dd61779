package socketmode

import (
	"encoding/json"
	"slices"
	"time"

	"supporty/internal/dev/slacksim/faults"
	"supporty/internal/dev/slacksim/wire"
	"supporty/internal/dev/slacksim/workspace"
)

// Envelope types of Socket Mode.
const (
	TypeEvents      = "events_api"
	TypeCommands    = "slash_commands"
	TypeInteractive = "interactive"
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
	ended   chan Ack // for what a person waits for; nil for events
}

// Ack is how an envelope ended.
type Ack struct {
	OK      bool
	Payload json.RawMessage
	Failure string // no_socket, timeout or closed
}

func (e *envelope) end(a Ack) {
	if e.ended == nil {
		return
	}
	select {
	case e.ended <- a:
	default: // ended already
	}
}

func (e *envelope) frame() []byte {
	frame := wire.Object{
		"type": e.kind, "envelope_id": e.id, "payload": e.payload, "accepts_response_payload": e.accepts,
	}
	if e.kind == TypeEvents {
		frame["retry_attempt"], frame["retry_reason"] = e.attempt, ""
		if e.attempt > 0 {
			frame["retry_reason"] = "timeout"
		}
	}
	return wire.Encode(frame)
}

// publish wraps an event and sends it if it concerns the bot.
func (h *Hub) publish(tx *workspace.Tx, event wire.Object, about *workspace.Channel) {
	if tx.Closed || !reaches(tx, event, about) {
		return
	}
	if scope := eventScope(event, about); scope != "" && !slices.Contains(h.cfg.Scopes, scope) {
		return
	}
	label := wire.Text(event, "type")
	e := &envelope{kind: TypeEvents, label: label, eventID: tx.NewID("Ev"), accepts: false}
	external := about != nil && about.External
	e.payload = wire.Encode(outerEvent(tx, e.eventID, event, external))
	h.deliverEvent(tx, e)
}

func outerEvent(tx *workspace.Tx, id string, event wire.Object, external bool) wire.Object {
	return wire.Object{
		"token": "legacy", "team_id": tx.Team.ID, "api_app_id": tx.Bot.App, "event": event, "type": "event_callback",
		"event_id": id, "event_time": tx.Now().Unix(), "event_context": "4-" + id,
		"is_ext_shared_channel": external, "context_team_id": tx.Team.ID, "context_enterprise_id": nil,
		"authorizations": []wire.Object{{
			"enterprise_id": nil, "team_id": tx.Team.ID, "user_id": tx.Bot.User,
			"is_bot": true, "is_enterprise_install": false,
		}},
	}
}

// deliverEvent applies the faults that strike events.
func (h *Hub) deliverEvent(tx *workspace.Tx, e *envelope) {
	switch f := h.faults.TakeOf(e.label, faults.Lose, faults.DelayEvent, faults.Reorder, faults.Duplicate); {
	case f == nil:
		h.deliver(tx, e)
	case f.Kind == faults.Lose:
		tx.Journal.Add(workspace.Entry{Kind: workspace.KindFault, What: faults.Lose, Type: e.label, EventID: e.eventID})
	case f.Kind == faults.DelayEvent:
		tx.After(f.Wait(), func(tx *workspace.Tx) { h.deliver(tx, e) })
	case f.Kind == faults.Reorder && h.traffic.Of(tx).held == nil:
		h.traffic.Of(tx).held = e
		tx.After(reorderWait, func(tx *workspace.Tx) { h.release(tx, e) }) // nothing else may come
		return
	case f.Kind == faults.Duplicate:
		twin := *e
		h.deliver(tx, e)
		h.deliver(tx, &twin)
	default:
		h.deliver(tx, e)
	}
	h.release(tx, h.traffic.Of(tx).held)
}

// release sends the event that was held back, if it still is.
func (h *Hub) release(tx *workspace.Tx, e *envelope) {
	if e != nil && h.traffic.Of(tx).held == e {
		h.traffic.Of(tx).held = nil
		h.deliver(tx, e)
	}
}

// deliver makes one attempt.
func (h *Hub) deliver(tx *workspace.Tx, e *envelope) {
	e.id = wire.NewUUID()
	e.sent = time.Now()
	entry := workspace.Entry{
		Kind: workspace.KindEnvelope, What: "sent", Envelope: e.id, Type: e.label, EventID: e.eventID,
		Attempt: e.attempt, Payload: e.payload,
	}
	sock := h.pick(tx)
	if sock == nil || !sock.offer(e.frame()) {
		entry.What = "no socket"
		tx.Journal.Add(entry)
		h.miss(tx, e, "no_socket")
		return
	}
	e.socket, entry.Socket = sock, sock.id
	tx.Journal.Add(entry)
	h.traffic.Of(tx).live[e.id] = e
	e.timer = tx.After(h.cfg.AckTimeout, func(tx *workspace.Tx) {
		tx.Journal.Add(workspace.Entry{Kind: workspace.KindMissed, Envelope: e.id, Type: e.label, EventID: e.eventID, Attempt: e.attempt})
		h.miss(tx, e, "timeout")
	})
}

// forget ends an attempt: whatever comes for it now is late.
func (h *Hub) forget(tx *workspace.Tx, e *envelope) {
	tx.Stop(e.timer)
	delete(h.traffic.Of(tx).live, e.id)
}

// miss handles an attempt that failed: an event is sent again later, and a person
// is told.
func (h *Hub) miss(tx *workspace.Tx, e *envelope, failure string) {
	h.forget(tx, e)
	if e.kind != TypeEvents {
		e.end(Ack{Failure: failure})
		return
	}
	if e.attempt >= len(h.cfg.RetryDelays) || tx.Beliefs.DropsMissed && e.socket.over() {
		tx.Journal.Add(workspace.Entry{Kind: workspace.KindMissed, What: "given up", Type: e.label, EventID: e.eventID, Attempt: e.attempt})
		return
	}
	next := *e
	next.attempt, next.timer, next.socket = e.attempt+1, nil, nil
	tx.After(h.cfg.RetryDelays[e.attempt], func(tx *workspace.Tx) { h.deliver(tx, &next) })
}

package slacksim

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

const (
	maxSockets   = 10    // per app
	ackSizeLimit = 20480 // bytes; an acknowledgement this large is ignored
	socketBuffer = 4096  // frames on their way to one client
	socketLife   = 18060 // seconds, as hello tells
	graceDefault = 10 * time.Second
)

// socket is one Socket Mode connection.
type socket struct {
	id   int
	conn *websocket.Conn
	out  chan []byte   // frames for the writer
	gone chan struct{} // closed when the connection is over
}

var upgrader = websocket.Upgrader{
	CheckOrigin: func(*http.Request) bool { return true }, // clients say they come from api.slack.com
}

// newTicket makes an address for one socket.
func (h *Hub) newTicket(tx *Tx) string {
	ticket := randomHex(16)
	h.traffic.Of(tx).tickets[ticket] = true
	return "ws" + strings.TrimPrefix(tx.url, "http") + "/link/?ticket=" + ticket + "&app_id=" + tx.bot.app
}

func (h *Hub) serveSocket(w http.ResponseWriter, r *http.Request) {
	if f := h.faults.take(FaultHandshake, ""); f != nil {
		http.Error(w, "handshake refused", cmp.Or(f.Status, http.StatusConflict))
		return
	}
	if !h.useTicket(r.URL.Query().Get("ticket")) {
		http.Error(w, "ticket unknown or used", http.StatusForbidden)
		return
	}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	h.runSocket(conn)
}

func (h *Hub) useTicket(ticket string) (known bool) {
	h.store.Update(func(tx *Tx) {
		tickets := h.traffic.Of(tx).tickets
		known = tickets[ticket]
		delete(tickets, ticket)
	})
	return known
}

// runSocket reads acknowledgements until the connection ends.
func (h *Hub) runSocket(conn *websocket.Conn) {
	defer conn.Close()
	var sock *socket
	h.store.Update(func(tx *Tx) { sock = h.register(tx, conn) })
	if sock == nil {
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		sock.write(h.cfg.PingEvery)
	}()
	for {
		_, frame, err := conn.ReadMessage()
		if err != nil {
			break
		}
		h.store.Update(func(tx *Tx) { h.acknowledge(tx, sock, frame) })
	}
	close(sock.gone)
	h.store.Update(func(tx *Tx) { h.unregister(tx, sock) })
	<-done
}

// register takes a connection in, or turns it away when there are ten.
func (h *Hub) register(tx *Tx, conn *websocket.Conn) *socket {
	if tx.closed {
		return nil
	}
	t := h.traffic.Of(tx)
	if len(t.sockets) >= maxSockets {
		_ = conn.WriteMessage(websocket.TextMessage, h.disconnectFrame(tx, "too_many_websockets"))
		tx.journal.add(Entry{Kind: KindSocket, What: "refused", Detail: "too_many_websockets"})
		return nil
	}
	t.lastSock++
	sock := &socket{id: t.lastSock, conn: conn, out: make(chan []byte, socketBuffer), gone: make(chan struct{})}
	t.sockets = append(t.sockets, sock)
	h.running.Add(1)
	sock.out <- h.helloFrame(tx)
	tx.journal.add(Entry{Kind: KindSocket, What: "opened", Socket: sock.id})
	return sock
}

func (h *Hub) unregister(tx *Tx, sock *socket) {
	t := h.traffic.Of(tx)
	t.sockets = slices.DeleteFunc(t.sockets, func(other *socket) bool { return other == sock })
	tx.journal.add(Entry{Kind: KindSocket, What: "closed", Socket: sock.id})
	h.running.Done()
}

func (h *Hub) helloFrame(tx *Tx) []byte {
	return encode(object{
		"type": "hello", "num_connections": len(h.traffic.Of(tx).sockets), "connection_info": object{"app_id": tx.bot.app},
		"debug_info": object{"host": "applink-1", "build_number": 14, "approximate_connection_time": socketLife},
	})
}

func (h *Hub) disconnectFrame(tx *Tx, reason string) []byte {
	return encode(object{
		"type": "disconnect", "reason": reason, "num_connections": len(h.traffic.Of(tx).sockets),
		"debug_info": object{"host": "applink-1"}, "connection_info": object{"app_id": tx.bot.app},
	})
}

// write sends frames and pings until the connection ends.
func (sock *socket) write(pingEvery time.Duration) {
	ticker := time.NewTicker(pingEvery)
	defer ticker.Stop()
	sock.send(<-sock.out) // hello, then the first ping
	sock.ping()
	for {
		select {
		case frame := <-sock.out:
			sock.send(frame)
		case <-ticker.C:
			sock.ping()
		case <-sock.gone:
			return
		}
	}
}

func (sock *socket) send(frame []byte) {
	_ = sock.conn.SetWriteDeadline(time.Now().Add(10 * time.Second))
	if sock.conn.WriteMessage(websocket.TextMessage, frame) != nil {
		_ = sock.conn.Close() // the reader notices and ends the socket
	}
}

func (sock *socket) ping() {
	_ = sock.conn.WriteControl(websocket.PingMessage, []byte("Ping from applink-1"), time.Now().Add(time.Second))
}

// offer queues a frame; false if the client reads too slowly to take more.
func (sock *socket) offer(frame []byte) bool {
	select {
	case sock.out <- frame:
		return true
	default:
		return false
	}
}

// over says whether the connection has ended; one that never was has.
func (sock *socket) over() bool {
	if sock == nil {
		return true
	}
	select {
	case <-sock.gone:
		return true
	default:
		return false
	}
}

// pick chooses the socket for the next payload: arbitrary, here in turn. Nil if
// there is none.
func (h *Hub) pick(tx *Tx) *socket {
	t := h.traffic.Of(tx)
	if len(t.sockets) == 0 {
		return nil
	}
	first := t.sockets[0]
	t.sockets = append(t.sockets[1:len(t.sockets):len(t.sockets)], first)
	return first
}

// DisconnectAll tells every client to go, and closes its connection when the
// grace is over.
func (h *Hub) DisconnectAll(tx *Tx, reason string, grace time.Duration) {
	for _, sock := range h.traffic.Of(tx).sockets {
		sock.offer(h.disconnectFrame(tx, reason))
		tx.after(cmp.Or(grace, graceDefault), func(*Tx) { _ = sock.conn.Close() })
	}
}

// CutAll drops every connection without a word.
func (h *Hub) CutAll(tx *Tx) {
	for _, sock := range h.traffic.Of(tx).sockets {
		_ = sock.conn.Close()
	}
}

// acknowledge takes an acknowledgement from any socket for any live envelope.
func (h *Hub) acknowledge(tx *Tx, sock *socket, frame []byte) {
	entry := Entry{Kind: KindAck, Socket: sock.id}
	var answer struct {
		EnvelopeID string          `json:"envelope_id"`
		Payload    json.RawMessage `json:"payload"`
	}
	if len(frame) >= ackSizeLimit || json.Unmarshal(frame, &answer) != nil {
		entry.What = "ignored"
		tx.journal.add(entry)
		return
	}
	entry.Envelope, entry.Payload = answer.EnvelopeID, answer.Payload
	e := h.traffic.Of(tx).live[answer.EnvelopeID]
	if e == nil {
		entry.What = "late"
		tx.journal.add(entry)
		return
	}
	entry.Type, entry.EventID, entry.Attempt = e.label, e.eventID, e.attempt
	entry.Duration = time.Since(e.sent)
	if f := h.faults.take(FaultDropAck, e.label); f != nil {
		entry.What = "dropped"
		tx.journal.add(entry)
		return
	}
	tx.journal.add(entry)
	h.forget(tx, e)
	e.end(ack{ok: true, payload: answer.Payload})
}

package socketmode

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/websocket"

	"supporty/internal/dev/slacksim/faults"
	"supporty/internal/dev/slacksim/wire"
	"supporty/internal/dev/slacksim/workspace"
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

// NewTicket makes an address for one socket.
func (h *Hub) NewTicket(tx *workspace.Tx) string {
	ticket := wire.RandomHex(16)
	h.traffic.Of(tx).tickets[ticket] = true
	return "ws" + strings.TrimPrefix(tx.URL, "http") + "/link/?ticket=" + ticket + "&app_id=" + tx.Bot.App
}

func (h *Hub) serveSocket(w http.ResponseWriter, r *http.Request) {
	if f := h.faults.Take(faults.Handshake, ""); f != nil {
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
	h.store.Update(func(tx *workspace.Tx) {
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
	h.store.Update(func(tx *workspace.Tx) { sock = h.register(tx, conn) })
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
		h.store.Update(func(tx *workspace.Tx) { h.acknowledge(tx, sock, frame) })
	}
	close(sock.gone)
	h.store.Update(func(tx *workspace.Tx) { h.unregister(tx, sock) })
	<-done
}

// register takes a connection in, or turns it away when there are ten.
func (h *Hub) register(tx *workspace.Tx, conn *websocket.Conn) *socket {
	if tx.Closed {
		return nil
	}
	t := h.traffic.Of(tx)
	if len(t.sockets) >= maxSockets {
		_ = conn.WriteMessage(websocket.TextMessage, h.disconnectFrame(tx, "too_many_websockets"))
		tx.Journal.Add(workspace.Entry{Kind: workspace.KindSocket, What: "refused", Detail: "too_many_websockets"})
		return nil
	}
	t.lastSock++
	sock := &socket{id: t.lastSock, conn: conn, out: make(chan []byte, socketBuffer), gone: make(chan struct{})}
	t.sockets = append(t.sockets, sock)
	h.running.Add(1)
	sock.out <- h.helloFrame(tx)
	tx.Journal.Add(workspace.Entry{Kind: workspace.KindSocket, What: "opened", Socket: sock.id})
	return sock
}

func (h *Hub) unregister(tx *workspace.Tx, sock *socket) {
	t := h.traffic.Of(tx)
	t.sockets = slices.DeleteFunc(t.sockets, func(other *socket) bool { return other == sock })
	tx.Journal.Add(workspace.Entry{Kind: workspace.KindSocket, What: "closed", Socket: sock.id})
	h.running.Done()
}

func (h *Hub) helloFrame(tx *workspace.Tx) []byte {
	return wire.Encode(wire.Object{
		"type": "hello", "num_connections": len(h.traffic.Of(tx).sockets), "connection_info": wire.Object{"app_id": tx.Bot.App},
		"debug_info": wire.Object{"host": "applink-1", "build_number": 14, "approximate_connection_time": socketLife},
	})
}

func (h *Hub) disconnectFrame(tx *workspace.Tx, reason string) []byte {
	return wire.Encode(wire.Object{
		"type": "disconnect", "reason": reason, "num_connections": len(h.traffic.Of(tx).sockets),
		"debug_info": wire.Object{"host": "applink-1"}, "connection_info": wire.Object{"app_id": tx.Bot.App},
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
func (h *Hub) pick(tx *workspace.Tx) *socket {
	t := h.traffic.Of(tx)
	if len(t.sockets) == 0 {
		return nil
	}
	first := t.sockets[0]
	t.sockets = append(t.sockets[1:len(t.sockets):len(t.sockets)], first)
	return first
}

// acknowledge takes an acknowledgement from any socket for any live envelope.
func (h *Hub) acknowledge(tx *workspace.Tx, sock *socket, frame []byte) {
	entry := workspace.Entry{Kind: workspace.KindAck, Socket: sock.id}
	var answer struct {
		EnvelopeID string          `json:"envelope_id"`
		Payload    json.RawMessage `json:"payload"`
	}
	if len(frame) >= ackSizeLimit || json.Unmarshal(frame, &answer) != nil {
		entry.What = "ignored"
		tx.Journal.Add(entry)
		return
	}
	entry.Envelope, entry.Payload = answer.EnvelopeID, answer.Payload
	e := h.traffic.Of(tx).live[answer.EnvelopeID]
	if e == nil {
		entry.What = "late"
		tx.Journal.Add(entry)
		return
	}
	entry.Type, entry.EventID, entry.Attempt = e.label, e.eventID, e.attempt
	entry.Duration = time.Since(e.sent)
	if f := h.faults.Take(faults.DropAck, e.label); f != nil {
		entry.What = "dropped"
		tx.Journal.Add(entry)
		return
	}
	tx.Journal.Add(entry)
	h.forget(tx, e)
	e.end(Ack{OK: true, Payload: answer.Payload})
}

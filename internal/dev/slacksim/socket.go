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

// newTicket makes an address for one socket. The lock must be held.
func (s *Server) newTicket() string {
	ticket := randomHex(16)
	s.tickets[ticket] = true
	return "ws" + strings.TrimPrefix(s.url, "http") + "/link/?ticket=" + ticket + "&app_id=" + s.ws.bot.app
}

func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	if f := s.faults.take(FaultHandshake, ""); f != nil {
		http.Error(w, "handshake refused", cmp.Or(f.Status, http.StatusConflict))
		return
	}
	if !s.useTicket(r.URL.Query().Get("ticket")) {
		http.Error(w, "ticket unknown or used", http.StatusForbidden)
		return
	}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	s.runSocket(conn)
}

func (s *Server) useTicket(ticket string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	known := s.tickets[ticket]
	delete(s.tickets, ticket)
	return known
}

// runSocket reads acknowledgements until the connection ends.
func (s *Server) runSocket(conn *websocket.Conn) {
	defer conn.Close()
	sock := s.register(conn)
	if sock == nil {
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		sock.write(s.cfg.PingEvery)
	}()
	for {
		_, frame, err := conn.ReadMessage()
		if err != nil {
			break
		}
		s.acknowledge(sock, frame)
	}
	close(sock.gone)
	s.unregister(sock)
	<-done
}

// register takes a connection in, or turns it away when there are ten.
func (s *Server) register(conn *websocket.Conn) *socket {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	if len(s.sockets) >= maxSockets {
		_ = conn.WriteMessage(websocket.TextMessage, s.disconnectFrame("too_many_websockets"))
		s.ws.journal.add(Entry{Kind: KindSocket, What: "refused", Detail: "too_many_websockets"})
		return nil
	}
	s.lastSock++
	sock := &socket{id: s.lastSock, conn: conn, out: make(chan []byte, socketBuffer), gone: make(chan struct{})}
	s.sockets = append(s.sockets, sock)
	s.running.Add(1)
	sock.out <- s.helloFrame()
	s.ws.journal.add(Entry{Kind: KindSocket, What: "opened", Socket: sock.id})
	return sock
}

func (s *Server) unregister(sock *socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sockets = slices.DeleteFunc(s.sockets, func(other *socket) bool { return other == sock })
	s.ws.journal.add(Entry{Kind: KindSocket, What: "closed", Socket: sock.id})
	s.running.Done()
}

func (s *Server) helloFrame() []byte {
	return encode(object{
		"type": "hello", "num_connections": len(s.sockets), "connection_info": object{"app_id": s.ws.bot.app},
		"debug_info": object{"host": "applink-1", "build_number": 14, "approximate_connection_time": socketLife},
	})
}

func (s *Server) disconnectFrame(reason string) []byte {
	return encode(object{
		"type": "disconnect", "reason": reason, "num_connections": len(s.sockets),
		"debug_info": object{"host": "applink-1"}, "connection_info": object{"app_id": s.ws.bot.app},
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
// there is none. The lock must be held.
func (s *Server) pick() *socket {
	if len(s.sockets) == 0 {
		return nil
	}
	first := s.sockets[0]
	s.sockets = append(s.sockets[1:len(s.sockets):len(s.sockets)], first)
	return first
}

// disconnectAll tells every client to go, and closes its connection when the
// grace is over. The lock must be held.
func (s *Server) disconnectAll(reason string, grace time.Duration) {
	for _, sock := range s.sockets {
		sock.offer(s.disconnectFrame(reason))
		s.after(cmp.Or(grace, graceDefault), func() { _ = sock.conn.Close() })
	}
}

// cutAll drops every connection without a word. The lock must be held.
func (s *Server) cutAll() {
	for _, sock := range s.sockets {
		_ = sock.conn.Close()
	}
}

// acknowledge takes an acknowledgement from any socket for any live envelope.
func (s *Server) acknowledge(sock *socket, frame []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	entry := Entry{Kind: KindAck, Socket: sock.id}
	var answer struct {
		EnvelopeID string          `json:"envelope_id"`
		Payload    json.RawMessage `json:"payload"`
	}
	if len(frame) >= ackSizeLimit || json.Unmarshal(frame, &answer) != nil {
		entry.What = "ignored"
		s.ws.journal.add(entry)
		return
	}
	entry.Envelope, entry.Payload = answer.EnvelopeID, answer.Payload
	e := s.live[answer.EnvelopeID]
	if e == nil {
		entry.What = "late"
		s.ws.journal.add(entry)
		return
	}
	entry.Type, entry.EventID, entry.Attempt = e.label, e.eventID, e.attempt
	entry.Duration = time.Since(e.sent)
	if f := s.faults.take(FaultDropAck, e.label); f != nil {
		entry.What = "dropped"
		s.ws.journal.add(entry)
		return
	}
	s.ws.journal.add(entry)
	s.forget(e)
	e.settle(ack{ok: true, payload: answer.Payload})
}

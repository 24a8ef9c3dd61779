//go:build unix

package e2e

import (
	"net"
	"net/url"
	"path/filepath"
	"sync/atomic"
	"testing"
)

// relay stands between programs and a database. It is told where the server's socket is when
// somebody connects, and each connection's hearing when a piece of it is about to be passed on.
type relay struct {
	socket func() string
	hear   func() (hearing func(fromServer bool))
}

// listen returns the address of the relay, which ends with the test.
func (r relay) listen(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go r.connect(client)
		}
	}()
	return listener.Addr().String()
}

func (r relay) connect(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("unix", r.socket())
	if err != nil {
		return
	}
	defer server.Close()
	hearing := r.hear()
	go func() {
		defer server.Close()
		defer client.Close()
		pass(server, client, func() { hearing(false) })
	}()
	pass(client, server, func() { hearing(true) })
}

func pass(to, from net.Conn, hear func()) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			hear()
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// throughRelay is the address of a database by way of a relay.
func throughRelay(direct, relay string) (string, error) {
	at, err := url.Parse(direct)
	if err != nil {
		return "", err
	}
	return (&url.URL{Scheme: "postgres", User: at.User, Host: relay, Path: at.Path, RawQuery: "sslmode=disable"}).String(), nil
}

// socketOf is where the server of a database listens.
func socketOf(direct string) string {
	at, err := url.Parse(direct)
	if err != nil {
		return ""
	}
	return filepath.Join(at.Query().Get("host"), ".s.PGSQL."+at.Query().Get("port"))
}

// roundTrips counts how often a program waits for its database: it says something after an
// answer, or at the beginning.
type roundTrips struct{ n atomic.Int64 }

func (r *roundTrips) hear() func(fromServer bool) {
	var answered atomic.Bool
	answered.Store(true)
	return func(fromServer bool) {
		if answered.Swap(fromServer) && !fromServer {
			r.n.Add(1)
		}
	}
}

//go:build unix

package e2e

import (
	"context"
	"net"
	"net/url"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/dev/pgtest"
	"supporty/internal/pgdev"
)

// database is a Postgres behind a relay that can make it slow.
type database struct {
	t      *testing.T
	config pgdev.Config
	url    string // by way of the relay

	mu     sync.Mutex
	server *pgdev.Server
	delay  atomic.Int64 // of every answer, in ns
}

func newDatabase(t *testing.T) *database {
	t.Helper()
	d := &database{t: t, config: pgdev.Config{
		Dir: filepath.Join(pgtest.Dir(t), "pg"), Fast: true, Settings: map[string]string{"max_connections": "200"},
	}}
	d.start()
	must(t, d.server.CreateDatabase(t.Context(), "torture"))
	must(t, pgtest.Migrate(t.Context(), d.server.URL("torture")))
	t.Cleanup(func() { d.stop() })
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go d.relay(listener)
	direct, err := url.Parse(d.server.URL("torture"))
	must(t, err)
	d.url = (&url.URL{
		Scheme: "postgres", User: direct.User, Host: listener.Addr().String(), Path: "/torture", RawQuery: "sslmode=disable",
	}).String()
	return d
}

func (d *database) start() {
	d.mu.Lock()
	defer d.mu.Unlock()
	server, err := pgdev.Start(context.WithoutCancel(d.t.Context()), d.config)
	if err != nil {
		d.t.Errorf("starting Postgres again: %v", err)
		return
	}
	d.server = server
}

func (d *database) stop() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.server.Stop(context.WithoutCancel(d.t.Context())); err != nil {
		d.t.Errorf("stopping Postgres: %v", err)
	}
}

// socket is where the server listens.
func (d *database) socket() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	at, err := url.Parse(d.server.URL("torture"))
	if err != nil {
		return ""
	}
	return filepath.Join(at.Query().Get("host"), ".s.PGSQL."+at.Query().Get("port"))
}

func (d *database) relay(listener net.Listener) {
	for {
		client, err := listener.Accept()
		if err != nil {
			return
		}
		go d.connect(client)
	}
}

func (d *database) connect(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("unix", d.socket())
	if err != nil {
		return
	}
	defer server.Close()
	go func() {
		defer server.Close()
		defer client.Close()
		d.pass(server, client, false)
	}()
	d.pass(client, server, true)
}

// pass passes on what is read, late if the database is to be slow.
func (d *database) pass(to, from net.Conn, late bool) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if late {
			pause(d.t.Context(), time.Duration(d.delay.Load()))
		}
		if n > 0 {
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// ask reads one value from the database itself.
func (d *database) ask(ctx context.Context, into any, sql string, args ...any) error {
	d.mu.Lock()
	url := d.server.URL("torture")
	d.mu.Unlock()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	return conn.QueryRow(ctx, sql, args...).Scan(into)
}

//go:build unix

package e2e

import (
	"context"
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
	address := relay{d.socket, func() func(bool) { return d.slowly }}.listen(t)
	var err error
	d.url, err = throughRelay(d.server.URL("torture"), address)
	must(t, err)
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
	return socketOf(d.server.URL("torture"))
}

// slowly holds back answers, if the database is to be slow.
func (d *database) slowly(fromServer bool) {
	if fromServer {
		pause(d.t.Context(), time.Duration(d.delay.Load()))
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

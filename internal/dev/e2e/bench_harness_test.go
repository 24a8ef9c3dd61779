//go:build unix

package e2e

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/dev/pgtest"
	"supporty/internal/dev/slacksim"
	"supporty/internal/pgdev"
)

// machine is a Postgres that writes to disk as it does in earnest.
type machine struct {
	t   *testing.T
	ctx context.Context
	pg  *pgdev.Server
	dir string
}

func newMachine(t *testing.T) *machine {
	t.Helper()
	m := &machine{t: t, ctx: t.Context(), dir: filepath.Join(pgtest.Dir(t), "pg")}
	m.start()
	t.Cleanup(func() { _ = m.pg.Stop(context.WithoutCancel(t.Context())) })
	return m
}

func (m *machine) start() {
	m.t.Helper()
	settings := map[string]string{
		"fsync": "on", "synchronous_commit": "on", "max_connections": "200", "shared_buffers": "256MB",
		"log_line_prefix": logPrefix, "max_wal_size": "4GB",
	}
	if profileDir() != "" {
		settings["shared_preload_libraries"] = "pg_stat_statements"
	}
	var err error
	m.pg, err = pgdev.Start(m.ctx, pgdev.Config{Dir: m.dir, Settings: settings})
	m.must(err)
}

// restart empties the server's memory.
func (m *machine) restart() {
	m.t.Helper()
	m.must(m.pg.Stop(m.ctx))
	m.start()
}

// benchHarness is one copy of the program in a workspace of its own.
type benchHarness struct {
	*machine
	sim   *slacksim.Server
	slack *slacksim.Client
	db    *pgx.Conn
	in    installation
	bot   *copyOf

	called string // in a profile; empty for none
}

// open sets up a workspace with so many people, and a database.
func (m *machine) open(people int, cfg slacksim.Config, settings ...string) *benchHarness {
	m.t.Helper()
	cfg.Workspace = crowd(people)
	url := m.newDatabase()
	m.must(pgtest.Migrate(m.ctx, url))
	return m.on(url, cfg, settings...)
}

// on sets up a workspace, and the program for it and a database.
func (m *machine) on(url string, cfg slacksim.Config, settings ...string) *benchHarness {
	m.t.Helper()
	sim, err := slacksim.Start(cfg)
	m.must(err)
	m.t.Cleanup(func() { _ = sim.Close() })
	o := &benchHarness{machine: m, sim: sim, slack: sim.Client()}
	o.db, err = pgx.Connect(m.ctx, url)
	m.must(err)
	m.t.Cleanup(func() { _ = o.db.Close(context.WithoutCancel(m.ctx)) })
	o.in = install(m.t, sim, url, settings...)
	return o
}

// newDatabase is an empty one.
func (m *machine) newDatabase() string {
	m.t.Helper()
	name := fmt.Sprintf("bench_%d", time.Now().UnixNano())
	m.must(m.pg.CreateDatabase(m.ctx, name))
	return m.pg.URL(name)
}

func (o *benchHarness) begin() {
	o.t.Helper()
	var err error
	o.bot, err = o.in.startConnected(o.ctx, "copy", o.sim)
	o.must(err)
	o.t.Cleanup(o.bot.kill)
}

// end stops the copy, so that the next measurement has the machine to itself.
func (o *benchHarness) end() {
	o.bot.kill()
	o.must(o.sim.Close())
}

func (m *machine) must(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

// exec runs a statement beside the program.
func (o *benchHarness) exec(sql string, args ...any) {
	o.t.Helper()
	_, err := o.db.Exec(o.ctx, sql, args...)
	o.must(err)
}

// until waits until a query answers true.
func (o *benchHarness) until(sql string) {
	o.t.Helper()
	o.must(wait(o.ctx, sql, func() bool {
		var yes bool
		o.must(o.db.QueryRow(o.ctx, sql).Scan(&yes))
		return yes
	}))
}

const nothingPending = `SELECT NOT EXISTS (SELECT FROM outbox WHERE pending AND due_at <= clock_timestamp())`

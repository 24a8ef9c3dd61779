package postgres_test

import (
	"database/sql"
	"testing"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"supporty/internal/ticket"
	"supporty/migrations"
)

// Going back to the version before needs no migration: it runs on the newer schema.
func TestAnOlderProgramRunsOnANewerSchema(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)`)
	if v, err := b.db.Migrate(t.Context()); v != 99999 || err != nil {
		t.Errorf("migrated to %d, %v", v, err)
	}
	b.must(nil, b.db.Ready(t.Context()))
	if n, err := b.db.PendingMigrations(t.Context()); n > 0 || err != nil {
		t.Errorf("%d migrations are pending, %v", n, err)
	}
}

// No migration takes a ticket along on the way down.
func TestTheWayDownLosesNoTicket(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.open(ticket.P2, "U1")
	p, err := goose.NewProvider(goose.DialectPostgres, openStd(t, b), migrations.Files, goose.WithDisableGlobalRegistry(true))
	b.must(p, err)
	all := p.ListSources()
	for range all[1:] {
		b.must(p.Down(t.Context()))
	}
	if _, err := p.Down(t.Context()); err == nil {
		t.Error("the tables are gone, with the ticket in them")
	}
	if got := b.text(`SELECT count(*) FROM entries`); got != "(1)" {
		t.Errorf("%s entries are left", got)
	}
	b.must(p.Up(t.Context()))
	b.must(b.db.Load(t.Context(), 1))
}

func openStd(t *testing.T, b *bench) *sql.DB {
	t.Helper()
	db := stdlib.OpenDB(*b.conn.Config())
	t.Cleanup(func() { _ = db.Close() })
	return db
}

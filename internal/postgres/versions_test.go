package postgres_test

import (
	"database/sql"
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"supporty/internal/outbox"
	"supporty/internal/ticket"
	"supporty/migrations"
)

// A return to the previous version needs no migration: it runs on the newer schema.
func TestAnOlderProgramRunsOnANewerSchema(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	b.exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)`)
	if v, err := b.db.Migrate(t.Context()); v != 99999 || err != nil {
		t.Errorf("migrated to %d, %v", v, err)
	}
	b.must(nil, b.db.Ready(t.Context()))
	if n, err := b.db.PendingMigrations(t.Context()); n > 0 || err != nil {
		t.Errorf("%d migrations are pending, %v", n, err)
	}
}

// No migration loses a ticket on the way down.
func TestTheWayDownLosesNoTicket(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	b.open(ticket.P2, "U1")
	p := b.migrations()
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

// withStop is the only migration under which the previous version cannot run: it renames
// columns, so all copies must stop first. The schema is frozen since then; no other follows.
const withStop = "00011_words.sql"

// takesAway matches statements that remove something from the previous version.
var takesAway = regexp.MustCompile(`\b(RENAME|DROP (COLUMN|TABLE|FUNCTION|SEQUENCE|CONSTRAINT)|SET NOT NULL|ALTER COLUMN \w+ TYPE)\b`)

// A migration runs beside the previous version, so it removes and renames nothing.
func TestMigrationsTakeNothingAway(t *testing.T) {
	t.Parallel()
	names, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(migrations.Files, name)
		if err != nil {
			t.Fatal(err)
		}
		up, _, _ := strings.Cut(string(text), "-- +goose Down")
		if found := takesAway.FindString(up); (found != "") != (name == withStop) {
			t.Errorf("%s: found %q; of all, %s alone takes something away", name, found, withStop)
		}
	}
}

// The migration that needs a stop begins only when no copy holds the lease, in either
// direction. It keeps all data.
func TestRenamingWaitsForAStop(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	n := b.open(ticket.P2, "U1")
	b.must(nil, b.claim(n))
	b.exec(`UPDATE outbox SET observed = 3, observed_at = due_at, posted_in = 'C1', posted_ts = '1.1', posted_at = due_at WHERE kind = 'card'`)
	b.exec(`INSERT INTO alerts (ticket, cycle, source, promise, step, at, decided_at, notified) VALUES (1, 1, 'resolve', 1, 'late', $1, $1, true)`, monday)
	b.exec(`INSERT INTO people (id, name, external, deactivated, fetched_at) VALUES ('U9', 'Olga', true, true, $1)`, monday)
	b.exec(`UPDATE entries SET kind = 'retargeted' WHERE kind = 'claimed'`)
	b.exec(`UPDATE outbox SET details = $1 WHERE kind = 'card'`,
		`{"at": "2026-01-01T00:00:00Z", "absence": "deactivated", "also": {"source": "respond", "step": "late"}, "alert": {"source": "resolve", "step": "warn"}}`)
	const stored = `SELECT (SELECT json_agg(entries.*::text ORDER BY id) FROM entries), (SELECT json_agg(outbox.*::text ORDER BY id) FROM outbox), (SELECT json_agg(alerts.*::text) FROM alerts), (SELECT json_agg(people.*::text) FROM people)`
	p := b.migrations()
	b.must(p.DownTo(t.Context(), 11)) // what came later needs no stop
	before := b.text(stored)

	epoch := b.acquire("A")
	if _, err := p.Down(t.Context()); err == nil || !strings.Contains(err.Error(), "stop all copies") {
		t.Errorf("a step back beside a sender: %v", err)
	}
	b.must(nil, b.db.ReleaseLease(t.Context(), "A"))
	b.must(p.Down(t.Context()))
	if got := b.text(`SELECT details->>'offer', details->'also'->>'clock', details->'alert'->>'clock', details->'alert' ? 'source' FROM outbox WHERE kind = 'card'`); got != "(gone,respond,resolve,f)" {
		t.Errorf("details under the old names: %s", got)
	}
	if got := b.text(`SELECT count(*) FROM entries WHERE kind = 'repromised'`); got != "(1)" {
		t.Errorf("entries under the old name: %s", got)
	}
	if got := b.text(`SELECT said, (SELECT stranger AND gone FROM people), (SELECT count(*) FROM outbox WHERE owed AND shown < wanted) FROM alerts`); !strings.HasPrefix(got, "(t,t,") {
		t.Errorf("under the old names: %s", got)
	}

	b.exec(`UPDATE leases SET until = clock_timestamp() + $1`, outbox.LeaseTime)
	_, err := b.db.Migrate(t.Context())
	if err == nil || !strings.HasSuffix(err.Error(), "stop all copies, wait 5 seconds, and start this version") || strings.Contains(err.Error(), "ALTER") {
		t.Errorf("an upgrade beside a copy of the version before (lease %d): %v", epoch, err)
	}
	b.exec(`UPDATE leases SET until = clock_timestamp() - $1::interval`, time.Second)
	b.must(p.UpTo(t.Context(), 11))
	if after := b.text(stored); after != before {
		t.Errorf("stored before and after:\n%s\n%s", before, after)
	}
	b.must(b.db.Migrate(t.Context()))
	b.must(b.db.Load(t.Context(), n))
}

// migrations returns a provider that steps through the versions of the schema.
func (b *postgresHarness) migrations() *goose.Provider {
	b.t.Helper()
	p, err := goose.NewProvider(goose.DialectPostgres, openStd(b.t, b), migrations.Files, goose.WithDisableGlobalRegistry(true))
	b.must(p, err)
	return p
}

func openStd(t testing.TB, b *postgresHarness) *sql.DB {
	t.Helper()
	db := stdlib.OpenDB(*b.conn.Config())
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// A ticket's version counts a message that is given up.
func TestVersionCountsWhatIsGivenUp(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	n, other := b.open(ticket.P2, "U1"), b.open(ticket.P2, "U1")
	b.must(b.desk.Claim(t.Context(), b.gesture(n, "U2")))
	b.exec(`UPDATE outbox SET state = 'undeliverable'`)
	b.must(b.db.Drop(t.Context(), []string{b.find(n).Posted[0].ID}, "no"))
	if v := b.find(n).Version; v != 3 {
		t.Errorf("without the message, it has version %d", v)
	}
	if v := b.find(other).Version; v != 1 {
		t.Errorf("another ticket has version %d", v)
	}
}

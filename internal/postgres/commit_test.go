package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/desk"
	"supporty/internal/dev/pgtest"
	"supporty/internal/directory"
	"supporty/internal/insight"
	"supporty/internal/outbox"
	"supporty/internal/postgres"
	"supporty/internal/ticket"
)

func emptyDatabase(t *testing.T) *postgres.DB { return watched(t, pgtest.New(t, nil)) }

// on makes the server do something for each row that is added to a table: at once or, if
// deferred, during the commit.
func (b *postgresHarness) on(table, deferred, do string) {
	b.t.Helper()
	b.exec(`CREATE OR REPLACE FUNCTION trouble() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ` + do + `; RETURN NULL; END $$`)
	b.exec(`CREATE CONSTRAINT TRIGGER trouble AFTER INSERT OR UPDATE ON ` + table + ` DEFERRABLE INITIALLY ` + deferred +
		` FOR EACH ROW EXECUTE FUNCTION trouble()`)
}

const (
	deferred  = "DEFERRED"
	atOnce    = "IMMEDIATE"
	cancelled = `PERFORM pg_cancel_backend(pg_backend_pid()); PERFORM pg_sleep(5)`
	die       = `PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(5)`
)

func (b *postgresHarness) claim(n ticket.Number) error { return b.claimAs(b.key(), n) }

func (b *postgresHarness) claimAs(key string, n ticket.Number) error {
	r, err := b.db.Load(b.t.Context(), n)
	if err != nil {
		return err
	}
	return second(b.db.Save(b.t.Context(), desk.Change{Key: key, Now: at(1), After: desk.Record{
		Ticket:  ticket.Ticket{Number: n, Priority: 2, Requester: "U1", Cycle: 1, OpenedAt: monday},
		Version: r.Version,
	}, New: []ticket.Entry{{Kind: ticket.Claimed, Actor: "U2", HappenedAt: at(1), RecordedAt: at(1)}}}))
}

func (b *postgresHarness) submit() error { return b.submitAs(b.key()) }

func (b *postgresHarness) submitAs(key string) error {
	_, err := b.db.Open(b.t.Context(), desk.Submission{Key: key, Now: monday}, blank)
	return err
}

// blank opens a ticket that says nothing.
var blank = desk.Change{Now: monday, After: desk.Record{
	Ticket: ticket.Ticket{Priority: 2, Requester: "U1", Cycle: 1, OpenedAt: monday},
}}

func (b *postgresHarness) sweep() error {
	_, err := b.db.Sweep(b.t.Context(), at(3), 10, func(r desk.Record) desk.Change {
		r.Ticket.Priority, r.Ticket.OpenedAt = 2, monday
		return desk.Change{Now: at(3), After: r, Alerts: []desk.Alert{{Cycle: 1, Source: "resolve", Step: "late", At: at(3), DecidedAt: at(3)}}}
	})
	return err
}

// If something breaks, the error says what is known of the change.
func TestCommitOutcome(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		table, when, trouble string
		do                   func(b *postgresHarness, n ticket.Number) error
		want                 error
	}{
		"filing, cut off in the commit":        {"inputs", deferred, die, func(b *postgresHarness, _ ticket.Number) error { return b.submit() }, desk.ErrUnsure},
		"filing, cut off as it is claimed":     {"inputs", atOnce, die, func(b *postgresHarness, _ ticket.Number) error { return b.submit() }, desk.ErrNotSaved},
		"filing, cancelled":                    {"tickets", atOnce, cancelled, func(b *postgresHarness, _ ticket.Number) error { return b.submit() }, desk.ErrNotSaved},
		"filing, cut off as it is stored":      {"tickets", atOnce, die, func(b *postgresHarness, _ ticket.Number) error { return b.submit() }, desk.ErrNotSaved},
		"filing, refused":                      {"tickets", atOnce, `RAISE 'no'`, func(b *postgresHarness, _ ticket.Number) error { return b.submit() }, desk.ErrNotSaved},
		"filing, refused in the commit":        {"tickets", deferred, `RAISE 'no'`, func(b *postgresHarness, _ ticket.Number) error { return b.submit() }, desk.ErrNotSaved},
		"saving, cut off in the commit":        {"inputs", deferred, die, (*postgresHarness).claim, desk.ErrUnsure},
		"saving, cut off":                      {"tickets", atOnce, die, (*postgresHarness).claim, desk.ErrNotSaved},
		"saving, refused":                      {"entries", atOnce, `RAISE 'no'`, (*postgresHarness).claim, desk.ErrNotSaved},
		"saving, cancelled":                    {"entries", atOnce, cancelled, (*postgresHarness).claim, desk.ErrNotSaved},
		"saving, lost behind a pooler":         {"entries", atOnce, `RAISE 'server conn crashed?' USING ERRCODE = '08P01'`, (*postgresHarness).claim, desk.ErrUnsure},
		"saving, changed meanwhile":            {"entries", atOnce, `RAISE 'stale' USING ERRCODE = '40001'`, (*postgresHarness).claim, desk.ErrStale},
		"sweeping, cut off in the commit":      {"tickets", deferred, die, func(b *postgresHarness, _ ticket.Number) error { return b.sweep() }, desk.ErrUnsure},
		"sweeping, refused":                    {"alerts", atOnce, `RAISE 'no'`, func(b *postgresHarness, _ ticket.Number) error { return b.sweep() }, desk.ErrNotSaved},
		"sweeping, decided by another already": {"tickets", atOnce, `INSERT INTO alerts VALUES (NEW.number, 1, 'resolve', 0, 'late', now(), now(), true)`, func(b *postgresHarness, _ ticket.Number) error { return b.sweep() }, desk.ErrStale},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newPostgresHarness(t)
			n := b.open(ticket.P2, "U1")
			before := b.text(`SELECT (SELECT count(*) FROM inputs), (SELECT count(*) FROM tickets), version, (SELECT count(*) FROM entries) FROM tickets`)
			b.on(test.table, test.when, test.trouble)
			if err := test.do(b, n); !errors.Is(err, test.want) {
				t.Errorf("%v, want %v", err, test.want)
			}
			after := b.text(`SELECT (SELECT count(*) FROM inputs), (SELECT count(*) FROM tickets), version, (SELECT count(*) FROM entries) FROM tickets`)
			if after != before {
				t.Errorf("inputs, tickets, version, entries: %s, were %s", after, before)
			}
			b.exec(`DROP TRIGGER trouble ON ` + test.table)
			b.must(nil, test.do(b, n)) // the pool has recovered
		})
	}
}

// A commit that was cut off may be in the database. It stays unknown if the database does
// not answer any more.
func TestUnknownFateStaysUnknown(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(*postgresHarness, ticket.Number) error{
		"filing": func(b *postgresHarness, _ ticket.Number) error { return b.submit() },
		"saving": (*postgresHarness).claim,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newPostgresHarness(t)
			n := b.open(ticket.P2, "U1")
			b.on("inputs", deferred, die)
			b.admits(false)
			if err := do(b, n); !errors.Is(err, desk.ErrUnsure) {
				t.Errorf("%v, want %v", err, desk.ErrUnsure)
			}
		})
	}
}

// admits sets whether the database takes new connections. Existing connections stay.
func (b *postgresHarness) admits(yes bool) {
	b.t.Helper()
	cfg := b.conn.Config()
	name := pgx.Identifier{cfg.Database}.Sanitize()
	cfg.Database = "postgres"
	conn, err := pgx.ConnectConfig(b.t.Context(), cfg)
	b.must(conn, err)
	defer func() { _ = conn.Close(context.Background()) }()
	b.must(conn.Exec(b.t.Context(), fmt.Sprintf(`ALTER DATABASE %s ALLOW_CONNECTIONS %t`, name, yes)))
}

// If the same input arrives while it is being saved, its sender is not told that nothing was
// saved.
func TestSameInputDuringTheCommit(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(b *postgresHarness, key string, n ticket.Number) error{
		"filing": func(b *postgresHarness, key string, _ ticket.Number) error { return b.submitAs(key) },
		"saving": (*postgresHarness).claimAs,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newPostgresHarness(t)
			n, key := b.open(ticket.P2, "U1"), b.key()
			b.exec(`SELECT pg_advisory_lock(1)`)
			b.on("inputs", deferred, `PERFORM set_config('lock_timeout', '0', true), pg_advisory_xact_lock(1)`)
			first := make(chan error, 1)
			go func() { first <- do(b, key, n) }()
			b.until(`SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
				AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`)
			if err := do(b, key, n); !errors.Is(err, desk.ErrUnsure) {
				t.Errorf("sent again meanwhile: %v, want %v", err, desk.ErrUnsure)
			}
			b.exec(`SELECT pg_advisory_unlock(1)`)
			b.must(nil, <-first)
		})
	}
}

// A caller that gives up does not cancel the commit: the change could be in the database
// although the caller was told that it is not.
func TestCommitIsNotCancelled(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	b.on("tickets", deferred, `PERFORM pg_sleep(0.3)`)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	out, err := b.db.Open(ctx, desk.Submission{Key: "form:V1", Now: monday}, blank)
	if err != nil || !out.Fresh || ctx.Err() == nil {
		t.Errorf("filed: %+v, %v; cancelled: %v", out, err, ctx.Err())
	}
	if got := b.text(`SELECT count(*) FROM tickets`); got != "(1)" {
		t.Errorf("%s tickets", got)
	}
}

// If the server gives up the wait for its standby, it warns during the commit. If the change
// is sent again, it is found, and its commit waits again.
func TestWarningInTheCommit(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(b *postgresHarness, key string, n ticket.Number) error{
		"filing": func(b *postgresHarness, key string, _ ticket.Number) error { return b.submitAs(key) },
		"saving": (*postgresHarness).claimAs,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newPostgresHarness(t)
			n, key := b.open(ticket.P2, "U1"), b.key()
			b.on("inputs", deferred, `RAISE WARNING 'canceling wait for synchronous replication'`)
			if err := do(b, key, n); !errors.Is(err, desk.ErrUnsure) {
				t.Errorf("%v, want %v", err, desk.ErrUnsure)
			}
			b.exec(`DROP TRIGGER trouble ON inputs`)
			if err := do(b, key, n); err != nil && !errors.Is(err, desk.ErrDuplicate) {
				t.Errorf("sent again: %v", err)
			}
		})
	}
}

// The server ends what hangs, because the caller does not. Only the transaction is bound: a
// pooler may give its session to anybody.
func TestWorkIsBounded(t *testing.T) {
	t.Parallel()
	for table, do := range map[string]func(*postgresHarness, ticket.Number) error{
		"tickets": func(b *postgresHarness, _ ticket.Number) error { return b.submit() },
		"entries": (*postgresHarness).claim,
		"alerts":  func(b *postgresHarness, _ ticket.Number) error { return b.sweep() },
	} {
		t.Run(table, func(t *testing.T) {
			t.Parallel()
			b := newPostgresHarness(t)
			n := b.open(ticket.P2, "U1")
			b.exec(`CREATE TABLE seen AS SELECT current_setting('statement_timeout') AS bound WHERE false`)
			b.on(table, atOnce, `INSERT INTO seen VALUES (current_setting('statement_timeout'))`)
			b.must(nil, do(b, n))
			if got := b.text(`SELECT DISTINCT bound FROM seen`); got != "(5s)" {
				t.Errorf("statements end after %s", got)
			}
			left, err := b.db.StatementTimeouts(t.Context())
			if len(left) == 0 || slices.ContainsFunc(left, func(s string) bool { return s != "0" }) || err != nil {
				t.Errorf("sessions keep %q, %v", left, err)
			}
		})
	}
}

func TestLockedTicket(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	n := b.open(ticket.P2, "U1")
	tx, err := b.conn.Begin(t.Context())
	b.must(tx, err)
	b.must(tx.Exec(t.Context(), `SELECT FROM tickets FOR UPDATE`))
	began := time.Now()
	if err := b.claim(n); !errors.Is(err, desk.ErrNotSaved) || time.Since(began) > 3*time.Second {
		t.Errorf("saving what somebody holds: %v after %v, want no long wait", err, time.Since(began))
	}
	if err := b.sweep(); err != nil {
		t.Errorf("sweeping past what somebody holds: %v", err)
	}
	b.must(nil, tx.Rollback(t.Context()))
}

// If idle connections were cut, at most one try fails, and nothing is saved in part.
func TestIdleConnectionsAreCut(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	n := b.open(ticket.P2, "U1")
	b.exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	saved := 0
	for range 5 {
		switch err := b.claim(n); {
		case err == nil:
			saved++
		case !errors.Is(err, desk.ErrNotSaved) && !errors.Is(err, desk.ErrUnsure):
			t.Error(err)
		}
	}
	if saved == 0 || len(b.find(n).Timeline) != saved+1 {
		t.Errorf("%d of 5 were saved, the timeline has %d entries", saved, len(b.find(n).Timeline))
	}
}

func TestDatabaseThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0") // accepts connections and never answers
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = silent.Close() })
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = closed.Close()
	for name, url := range map[string]string{
		"silent":              "postgres://u@" + silent.Addr().String() + "/db",
		"silent, without TLS": "postgres://u@" + silent.Addr().String() + "/db?sslmode=disable&target_session_attrs=any",
		"closed":              "postgres://u@" + closed.Addr().String() + "/db",
		"not there":           strings.Replace(pgtest.New(t, nil), "/test_", "/gone_", 1),
	} {
		db, err := postgres.Open(url)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(db.Close)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			errs := make(chan error)
			go func() { errs <- second(db.Load(t.Context(), 1)) }()
			go func() { errs <- second(db.Save(t.Context(), desk.Change{})) }()
			go func() { errs <- second(db.Open(t.Context(), desk.Submission{}, desk.Change{})) }()
			for range 3 {
				if err := <-errs; !errors.Is(err, desk.ErrNotSaved) || time.Since(began) > 3*time.Second {
					t.Errorf("%v after %v, want to know within 3 s that nothing was saved", err, time.Since(began))
				}
			}
		})
	}
}

func TestEveryMethodTellsOfTrouble(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	policies, err := b.db.AdoptPolicy(t.Context(), promise, monday)
	b.must(policies, err)
	b.db.Close()
	ctx, db := t.Context(), b.db
	declared := map[string]error{ // errors of desk.Store: certainly not saved
		"Load":             second(db.Load(ctx, 1)),
		"Open":             b.submit(),
		"Save":             second(db.Save(ctx, desk.Change{})),
		"Sweep":            b.sweep(),
		"Due":              second(db.Due(ctx, monday, 1)),
		"Card":             second(db.Card(ctx, 1)),
		"ByCard":           second(db.ByCard(ctx, ticket.Message{})),
		"ByNotice":         second(db.ByNotice(ctx, ticket.Message{})),
		"Kept":             second(db.Kept(ctx, "")),
		"AskedBy":          second(db.AskedBy(ctx, "", monday)),
		"ChangeUnticketed": db.ChangeUnticketed(ctx, "x", "", monday, nil),
		"Posting":          second(db.Posting(ctx, "")),
		"NextDue":          second(db.NextDue(ctx)),
		"List":             listOf(db.List(ctx, desk.Filter{})),
		"Schedule":         db.Schedule(ctx, "x", nil),
		"Policy":           second(policies.Policy(ctx, 99)),
		"Profile":          second(db.Profile(ctx, "U1")),
		"Members":          second(db.Members(ctx, "C1")),
		// Of events, which Slack sends again when nothing was saved:
		"SaveProfile":   second(db.SaveProfile(ctx, directory.Profile{})),
		"ChangeMembers": db.ChangeMembers(ctx, "", nil, nil),
		"Resume":        second(db.Resume(ctx)),
		"Overwritten":   second(db.Overwritten(ctx, outbox.Shown{Version: 1, When: monday})),
	}
	for name, err := range declared {
		if !errors.Is(err, desk.ErrNotSaved) {
			t.Errorf("%s: %v, want %v", name, err, desk.ErrNotSaved)
		}
	}
	for name, err := range map[string]error{
		"Ping":              db.Ping(ctx),
		"Ready":             db.Ready(ctx),
		"Migrate":           second(db.Migrate(ctx)),
		"PendingMigrations": second(db.PendingMigrations(ctx)),
		"AdoptPolicy":       second(db.AdoptPolicy(ctx, promise, monday)),
		"Exchange":          second(db.Exchange(ctx, outbox.Exchange{Lease: true, Most: 1})),
		"ReleaseLease":      db.ReleaseLease(ctx, "A"),
		"Recover":           db.Recover(ctx, 1, time.Second),
		"RecordFailure":     db.RecordFailure(ctx, outbox.Item{}, outbox.Failure{}),
		"Where":             second(db.Where(ctx, "1")),
		"Root":              second(db.Root(ctx, "a")),
		"SaveLimit":         db.SaveLimit(ctx, "m", monday),
		"Limits":            second(db.Limits(ctx)),
		"ForgetInputs":      second(db.ForgetInputs(ctx, monday, 1)),
		"ForgetWords":       second(db.ForgetWords(ctx, monday, 1)),
		"ForgetAlerts":      second(db.ForgetAlerts(ctx, monday, 1)),
		"ForgetSpent":       second(db.ForgetSpent(ctx, monday, 1)),
		"Clock":             second(db.Clock(ctx)),
		"MoveClock":         second(db.MoveClock(ctx, 0, 1)),
		"BeginClock":        second(db.BeginClock(ctx, monday)),
		"HasPending":        second(db.HasPending(ctx, monday)),
		"Skew":              second(db.Skew(ctx)),
		"Numbers":           second(db.Numbers(ctx, insight.Question{Period: ticket.Period{}, Pause: pause})),
		"Names":             second(db.Names(ctx)),
		"RememberNames":     db.RememberNames(ctx, map[postgres.Name]string{{Kind: "channel", Name: "support"}: "C1"}),
	} {
		t.Run(name, func(t *testing.T) {
			if err == nil || errors.Is(err, outbox.ErrOvertaken) {
				t.Errorf("%v, want the trouble with the database", err)
			}
		})
	}
}

func listOf(_ []desk.Summary, _ int, err error) error { return err }

func second[T any](_ T, err error) error { return err }

func TestOpenAndPing(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"postgres://%zz", "host=a port=none"} {
		if _, err := postgres.Open(url); err == nil {
			t.Errorf("%q is taken for an address", url)
		}
	}
	b := newPostgresHarness(t)
	b.must(nil, b.db.Ping(t.Context()))
	if _, err := b.db.Load(t.Context(), 999); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("loading what does not exist: %v", err)
	}
}

package postgres_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"supporty/internal/desk"
	"supporty/internal/dev/pgtest"
	"supporty/internal/postgres"
	"supporty/internal/ticket"
)

func TestSchedule(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	first := desk.Schedule{Spec: "mondays", NextAt: at(1), LastAt: at(-167)}
	second := desk.Schedule{Spec: "mondays", NextAt: at(2)}
	for _, step := range []struct{ before, after desk.Schedule }{{desk.Schedule{}, first}, {first, first}, {first, second}, {second, second}} {
		err := b.db.Schedule(t.Context(), "digest", func(s desk.Schedule) (desk.Schedule, []desk.Notice) {
			if diff := gocmp.Diff(step.before, s); diff != "" {
				t.Errorf("known (-want +got):\n%s", diff)
			}
			return step.after, nil
		})
		b.must(nil, err)
	}
}

func digestNotice(n desk.Notice) []desk.Notice {
	n.Kind, n.OrderingKey, n.Queue, n.DueAt = desk.NoticeDigest, "digest:1", desk.QueueDigest, monday
	n.Period = &ticket.Period{From: at(-168), To: monday}
	return []desk.Notice{n}
}

func TestScheduleEnqueuesNotices(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	run := func(n desk.Notice, s desk.Schedule) error {
		return b.db.Schedule(t.Context(), "digest", func(desk.Schedule) (desk.Schedule, []desk.Notice) { return s, digestNotice(n) })
	}
	err := run(desk.Notice{Ticket: 999}, desk.Schedule{Spec: "broken"})
	if !errors.Is(err, desk.ErrNotSaved) {
		t.Errorf("enqueued about a ticket that does not exist: %v", err)
	}
	if got := b.text(`SELECT count(*) FROM schedules WHERE spec = 'broken'`); got != "(0)" {
		t.Error("the schedule is saved without its notices")
	}
	b.must(nil, run(desk.Notice{}, desk.Schedule{Spec: "sound"}))
	epoch := b.acquire("A")
	i, ok, err := b.next(epoch, monday)
	if err != nil || !ok || i.Period == nil || !i.Period.To.Equal(monday) || i.Ticket != 0 {
		t.Errorf("took %+v, %v, %v", i, ok, err)
	}
}

// While one copy decides, the others do not wait for it.
func TestScheduleOfAnotherCopy(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	decided := 0
	decide := func(s desk.Schedule) (desk.Schedule, []desk.Notice) {
		decided++
		s.Spec = "x"
		return s, nil
	}
	b.must(nil, b.db.Schedule(t.Context(), "digest", decide))
	tx, err := b.conn.Begin(t.Context())
	b.must(tx, err)
	b.must(tx.Exec(t.Context(), `SELECT FROM schedules FOR UPDATE`))
	began := time.Now()
	b.must(nil, b.db.Schedule(t.Context(), "digest", decide))
	if decided != 1 || time.Since(began) > 900*time.Millisecond {
		t.Errorf("decided %d times after %v, want the other to go away at once", decided, time.Since(began))
	}
	b.must(nil, tx.Rollback(t.Context()))
}

func TestMigrate(t *testing.T) {
	t.Parallel()
	db := emptyDatabase(t)
	if n, err := db.PendingMigrations(t.Context()); n < 1 || err != nil {
		t.Errorf("pending in an empty database: %d, %v", n, err)
	}
	if err := db.Ready(t.Context()); err == nil || !strings.Contains(err.Error(), "supporty migrate") {
		t.Errorf("an empty database is ready: %v", err)
	}
	v := migrateAtOnce(t, db, db, db)
	if again, err := db.Migrate(t.Context()); again != v || err != nil {
		t.Errorf("migrated again to %d, %v; want %d", again, err, v)
	}
	if n, err := db.PendingMigrations(t.Context()); n != 0 || err != nil {
		t.Errorf("still pending: %d, %v", n, err)
	}
	if err := db.Ready(t.Context()); err != nil {
		t.Errorf("not ready: %v", err)
	}
}

// A pooler gives each transaction any session, so the migration lock must not depend on one.
func TestMigrateThroughPgBouncer(t *testing.T) {
	t.Parallel()
	url := pgtest.Pooled(t, pgtest.New(t, nil))
	migrateAtOnce(t, watched(t, url), watched(t, url), watched(t, url), watched(t, url))
	migrateAtOnce(t, watched(t, url), watched(t, url))
}

// migrateAtOnce migrates from several copies at the same time.
func migrateAtOnce(t *testing.T, copies ...*postgres.DB) int64 {
	t.Helper()
	versions := make([]int64, len(copies))
	var migrating sync.WaitGroup
	for i, db := range copies {
		migrating.Go(func() {
			var err error
			if versions[i], err = db.Migrate(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	migrating.Wait()
	if slices.Min(versions) < 1 || slices.Max(versions) != slices.Min(versions) {
		t.Errorf("versions %d; want one", versions)
	}
	return versions[0]
}

func TestSession(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	var got string
	err := b.db.Schedule(t.Context(), "x", func(s desk.Schedule) (desk.Schedule, []desk.Notice) {
		row := b.conn.QueryRow(t.Context(), `SELECT application_name || ' ' || state FROM pg_stat_activity
			WHERE datname = current_database() AND state LIKE 'idle in%'`)
		if err := row.Scan(&got); err != nil && !errors.Is(err, pgx.ErrNoRows) {
			t.Error(err)
		}
		return s, nil
	})
	if err != nil || got != "supporty idle in transaction" {
		t.Errorf("a transaction of ours shows as %q, %v", got, err)
	}
}

package postgres_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"supporty/internal/postgres"
)

// One copy asks for a calendar; a failure leaves what was read; only another content is another version.
func TestRotaCalendars(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	ctx := t.Context()
	var claims atomic.Int32
	var copies sync.WaitGroup
	for range 4 {
		copies.Go(func() {
			if _, ok, err := b.db.ClaimRotaCalendar(ctx, "k", at(1), at(0)); err != nil {
				t.Error(err)
			} else if ok {
				claims.Add(1)
			}
		})
	}
	copies.Wait()
	if claims.Load() != 1 {
		t.Errorf("%d copies ask", claims.Load())
	}
	want := postgres.RotaCalendar{Key: "k", ReadAt: time.Unix(0, 0).UTC()}
	check := func(content string) {
		t.Helper()
		list, err := b.db.RotaCalendars(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff([]postgres.RotaCalendar{want}, list); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if got, err := b.db.RotaCalendarContent(ctx, "k"); err != nil || got != content {
			t.Errorf("%q, %v", got, err)
		}
	}
	check("")
	kept := postgres.RotaCalendar{Key: "k", ETag: "1", Modified: "m"}
	b.must(nil, b.db.KeepRotaCalendar(ctx, kept, "one", at(1)))
	want = postgres.RotaCalendar{Key: "k", ETag: "1", Modified: "m", Version: 1, ReadAt: at(1)}
	check("one")
	b.must(nil, b.db.FailRotaCalendar(ctx, "k", "answered 500"))
	want.Failure = "answered 500"
	check("one")
	b.must(nil, b.db.ConfirmRotaCalendar(ctx, "k", at(2)))
	want.Failure, want.ReadAt = "", at(2)
	check("one")
	b.must(nil, b.db.KeepRotaCalendar(ctx, kept, "two", at(3)))
	want.Version, want.ReadAt = 2, at(3)
	check("two")
	if c, ok, err := b.db.ClaimRotaCalendar(ctx, "k", at(4), at(1)); err != nil || !ok || c.ETag != "1" || c.Version != 2 {
		t.Errorf("claimed %+v, %t, %v", c, ok, err)
	}
	for gone, before := range []float64{4, 5} {
		if n, err := b.db.ForgetRotaCalendars(ctx, at(before), 10); n != gone || err != nil {
			t.Errorf("before %v: %d are gone, %v", before, n, err)
		}
	}
	if got := b.text(`SELECT count(*) FROM rota_calendars`); got != "(0)" {
		t.Errorf("%s are left", got)
	}
	if got, err := b.db.RotaCalendarContent(ctx, "k"); err != nil || got != "" {
		t.Errorf("what is gone has %q, %v", got, err)
	}
}

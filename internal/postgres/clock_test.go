package postgres_test

import (
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"supporty/internal/clock"
)

// Each step moves the clock on from its setting after the step before.
func TestBusinessClock(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	before, err := b.db.Clock(t.Context())
	if err != nil || before.Rate != 1 || !before.Real.Equal(before.Business) {
		t.Fatalf("at first it is %+v, %v; want real time", before, err)
	}
	for _, step := range []struct {
		name string
		by   time.Duration
		rate float64
		want time.Duration // forward
	}{
		{"not at all", 0, 1, 0},
		{"an hour", time.Hour, 1, time.Hour},
		{"40 days", 40 * 24 * time.Hour, 1, 40 * 24 * time.Hour},
		{"never back", -time.Hour, 1, 0},
		{"stopped", 0, 0, 0},
	} {
		got, err := b.db.MoveClock(t.Context(), step.by, step.rate)
		if err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		moved := got.Business.Sub(before.At(got.Real))
		if moved < step.want || moved > step.want+time.Second || got.Rate != step.rate {
			t.Errorf("%s: moved by %v at rate %v, want %v at %v", step.name, moved, got.Rate, step.want, step.rate)
		}
		b.checkClock(got)
		before = got
	}
	if _, err := b.db.MoveClock(t.Context(), 0, -1); err == nil {
		t.Error("the clock is made to run back")
	}
	b.checkClock(before)
}

// checkClock checks that every query of the clock gives the same setting.
func (b *postgresHarness) checkClock(want clock.Setting) {
	b.t.Helper()
	byTime := gocmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })
	got, err := b.db.Clock(b.t.Context())
	if diff := gocmp.Diff(want, got, byTime); diff != "" || err != nil {
		b.t.Errorf("%v; clock (-want +got):\n%s", err, diff)
	}
	lease, err := b.lease("A")
	if diff := gocmp.Diff(want, lease.Clock, byTime); diff != "" || err != nil {
		b.t.Errorf("%v; a lease's clock (-want +got):\n%s", err, diff)
	}
}

// The database of the tests is on this machine.
func TestSkew(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	if skew, err := b.db.Skew(t.Context()); err != nil || skew.Abs() > time.Second {
		t.Errorf("skew %v, %v; want next to none", skew, err)
	}
}

// A clock may begin in the past, as long as there are no tickets.
func TestClockBegins(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	begin := monday.AddDate(-1, 0, 0)
	got, err := b.db.BeginClock(t.Context(), begin)
	if err != nil || !got.Business.Equal(begin) || got.Rate != 1 || time.Since(got.Real).Abs() > time.Minute {
		t.Fatalf("it begins as %+v, %v", got, err)
	}
	b.checkClock(got)
	if err := b.submit(); err != nil {
		t.Fatal(err)
	}
	if late, err := b.db.BeginClock(t.Context(), begin.AddDate(0, 0, -1)); err != nil || !late.Business.Equal(got.Business) {
		t.Errorf("with a ticket there it begins again, as %+v, %v", late, err)
	}
}

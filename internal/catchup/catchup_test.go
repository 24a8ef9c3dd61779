package catchup_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"supporty/internal/catchup"
	"supporty/internal/dev/pgtest"
	"supporty/internal/postgres"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// copies are copies of the bot on one database. None of them may read gaps. It is not for
// concurrent use.
type copies struct {
	t   *testing.T
	db  *postgres.DB
	now time.Time
}

func newCopies(t *testing.T) *copies {
	t.Helper()
	db, err := postgres.Open(pgtest.New(t, pgtest.Migrate))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return &copies{t: t, db: db, now: time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)}
}

// one is a copy that is connected since a time. The test may change that time.
func (c *copies) one(since *time.Time) *catchup.CatchUp {
	return catchup.New(catchup.Options{
		Store: c.db, Now: func() time.Time { return c.now }, Since: func() time.Time { return *since },
		HoldsLease: func() bool { return false }, OnSign: func(catchup.Watermark) {}, Log: slog.New(slog.DiscardHandler),
	}, catchup.Settings{Channel: "C1"})
}

// tellsUntil checks the horizon of a copy.
func (c *copies) tellsUntil(one *catchup.CatchUp, want time.Time) {
	c.t.Helper()
	got, err := one.Horizon(c.t.Context(), c.now)
	if err != nil || !got.Equal(want) {
		c.t.Errorf("at %s it tells until %s, want %s (%v)", c.now.Format(time.TimeOnly), got.Format(time.TimeOnly), want.Format(time.TimeOnly), err)
	}
}

// A process that stands still, or whose machine sleeps, misses events, although its
// sockets look connected all the time. There is no gap if another copy was connected.
func TestStandingStillIsAGap(t *testing.T) {
	t.Parallel()
	for name, another := range map[string]bool{"alone": false, "beside another": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCopies(t)
			since := c.now
			one, other := c.one(&since), c.one(&since)
			one.Beat(t.Context())
			if another {
				other.Beat(t.Context())
			}
			c.tellsUntil(one, c.now)
			slept := c.now
			for range 60 {
				c.now = c.now.Add(10 * time.Second)
				if another {
					other.Beat(t.Context())
				}
			}
			one.StandStill(10 * time.Minute)
			until := slept
			if another {
				until = c.now
			}
			c.tellsUntil(one, until) // the same before its first beat
			one.Beat(t.Context())
			c.tellsUntil(one, until)
			w, err := c.db.Watermark(t.Context(), "C1")
			if err != nil || w.Behind() == another {
				t.Errorf("what happened meanwhile is to be read: %t (%v)", w.Behind(), err)
			}
		})
	}
}

// If the connection breaks again and again, due alerts do not wait for ever.
func TestAlertsWaitOnceForAGapThatGrows(t *testing.T) {
	t.Parallel()
	c := newCopies(t)
	since := c.now
	one := c.one(&since)
	one.Beat(t.Context())
	seen := c.now
	for range 2 {
		c.now = c.now.Add(time.Minute)
		since = c.now
		one.Beat(t.Context())
		c.tellsUntil(one, seen)
	}
	c.now = c.now.Add(time.Minute)
	since = c.now
	one.Beat(t.Context())
	c.tellsUntil(one, c.now)
}

// Alerts do not wait anew because a part of a gap is read while another gap opens. They wait
// for a gap that opens after all was read.
func TestAlertsWaitOnceForGapsThatOverlap(t *testing.T) {
	t.Parallel()
	c := newCopies(t)
	since := c.now
	one := c.one(&since)
	one.Beat(t.Context())
	breaks := func() catchup.Lap {
		c.now = c.now.Add(time.Minute)
		since = c.now
		one.Beat(t.Context())
		return catchup.Lap{Until: c.now}
	}
	read := func(l catchup.Lap) {
		t.Helper()
		if err := errors.Join(c.db.BeginLap(t.Context(), "C1", l), c.db.EndLap(t.Context(), "C1", l, nil)); err != nil {
			t.Fatal(err)
		}
		one.Beat(t.Context())
	}
	seen := c.now
	first := breaks()
	c.tellsUntil(one, seen)
	second := breaks()
	c.tellsUntil(one, seen)
	read(first)
	c.tellsUntil(one, first.Until)
	third := breaks()
	c.tellsUntil(one, c.now)
	read(second)
	c.tellsUntil(one, c.now)
	read(third)
	seen = c.now
	breaks()
	c.tellsUntil(one, seen)
}

// deaf is a database whose machine has died: it gives no answer and no error.
type deaf struct{ catchup.Store }

func (deaf) Pulse(ctx context.Context, _ catchup.Pulse) (catchup.Watermark, error) {
	<-ctx.Done()
	return catchup.Watermark{}, ctx.Err()
}

// A database call without an end would stop all later signs.
func TestSignIsNotWaitedForForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		since := time.Now()
		o := catchup.Options{
			Store: deaf{}, Now: time.Now, Since: func() time.Time { return since }, Log: slog.New(slog.DiscardHandler),
		}
		catchup.New(o, catchup.Settings{Channel: "C1"}).Beat(t.Context())
		if took := time.Since(since); took > 10*time.Second {
			t.Errorf("given up after %v", took)
		}
	})
}

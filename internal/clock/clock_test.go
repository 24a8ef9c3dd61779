package clock_test

import (
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"supporty/internal/clock"
)

func TestZeroClockIsRealTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { // real time moves only when the test sleeps
		var c clock.Clock
		for range 3 {
			if got := c.Now(); !got.Equal(time.Now()) || got.Location() != time.UTC {
				t.Errorf("Now() = %s, want %s in UTC", got, time.Now().UTC())
			}
			time.Sleep(time.Hour)
		}
	})
}

func TestClockRunsAtItsRate(t *testing.T) {
	t.Parallel()
	for _, rate := range []float64{0, 0.5, 1, 60, 600} {
		synctest.Test(t, func(t *testing.T) {
			var c clock.Clock
			monday := time.Now().Add(40 * time.Hour)
			c.Set(clock.Setting{Real: time.Now(), Business: monday, Rate: rate})
			time.Sleep(10 * time.Second)
			want := monday.Add(time.Duration(10 * rate * float64(time.Second)))
			if got := c.Now(); !got.Equal(want) {
				t.Errorf("rate %v: after 10 s it is %s, want %s", rate, got, want)
			}
		})
	}
}

func TestClockNeverRunsBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var c clock.Clock
		last := c.Now()
		for range rapid.IntRange(1, 20).Draw(t, "moves") {
			c.Set(clock.Setting{
				Real:     time.Now().Add(time.Duration(rapid.Int64Range(-1e15, 1e15).Draw(t, "real"))),
				Business: time.Now().Add(time.Duration(rapid.Int64Range(-1e15, 1e15).Draw(t, "business"))),
				Rate:     rapid.Float64Range(0, 1000).Draw(t, "rate"),
			})
			now := c.Now()
			if now.Before(last) {
				t.Fatalf("time ran back from %s to %s", last, now)
			}
			last = now
		}
	})
}

func TestOvertakenSettingIsIgnored(t *testing.T) {
	t.Parallel()
	c := &clock.Clock{}
	now := time.Now()
	c.Set(clock.Setting{Real: now, Business: now.Add(time.Hour), Rate: 0})
	c.Set(clock.Setting{Real: now.Add(-time.Second), Business: now.Add(2 * time.Hour), Rate: 1})
	if got := c.Now(); !got.Equal(now.Add(time.Hour)) {
		t.Errorf("the clock shows %s, want %s", got, now.Add(time.Hour))
	}
}

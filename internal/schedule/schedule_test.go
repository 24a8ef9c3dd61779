package schedule_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"supporty/internal/schedule"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var silent = slog.New(slog.NewTextHandler(io.Discard, nil))

// ticks runs a job in a bubble for a while, from midnight on 1 January 2000, and
// returns when it was begun, counted from the start.
func ticks(t *testing.T, spec string, within time.Duration, work func(ctx context.Context) error) []time.Duration {
	t.Helper()
	var begun []time.Duration
	start := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	err := schedule.Run(ctx, silent, schedule.Job{Name: "job", Spec: spec, Run: func(ctx context.Context) error {
		begun = append(begun, time.Since(start))
		return work(ctx)
	}})
	if err != nil {
		t.Errorf("Run: %v", err)
	}
	return begun
}

func TestTicks(t *testing.T) {
	t.Parallel()
	quick := func(context.Context) error { return nil }
	calls := 0
	for _, test := range []struct {
		name, spec string
		work       func(context.Context) error
		want       []time.Duration
	}{
		{"every 10 s", "@every 10s", quick, []time.Duration{0, 10, 20, 30}},
		{"on the minute", "* * * * *", quick, []time.Duration{0}},
		{"an error costs one run", "@every 10s", func(context.Context) error { return errors.New("away") }, []time.Duration{0, 10, 20, 30}},
		{"a panic costs one run", "@every 10s", func(context.Context) error { panic("a bug") }, []time.Duration{0, 10, 20, 30}},
		{"a slow run skips ticks", "@every 10s", func(context.Context) error {
			if calls++; calls == 2 {
				<-time.After(15 * time.Second)
			}
			return nil
		}, []time.Duration{0, 10, 30}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				got := ticks(t, test.spec, 39*time.Second, test.work)
				for i := range test.want {
					test.want[i] *= time.Second
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("begun at (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestRunWaitsForRunningJobs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		finished := time.Duration(0)
		start := time.Now()
		ticks(t, "@every 10s", 11*time.Second, func(context.Context) error {
			if time.Since(start) > 0 {
				<-time.After(5 * time.Second)
				finished = time.Since(start)
			}
			return nil
		})
		if left := time.Since(start); finished != 15*time.Second || left < finished {
			t.Errorf("finished after %v, left after %v", finished, left)
		}
	})
}

func TestNothingRunsWhenItIsOver(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := schedule.Run(ctx, silent, schedule.Job{Name: "job", Spec: "@every 1s", Run: func(context.Context) error {
		t.Error("it ran")
		return nil
	}})
	if err != nil {
		t.Error(err)
	}
}

func TestBrokenSpecIsAnError(t *testing.T) {
	t.Parallel()
	err := schedule.Run(t.Context(), silent, schedule.Job{Name: "digest", Spec: "whenever"})
	if err == nil || !strings.Contains(err.Error(), "scheduling digest") {
		t.Errorf("Run: %v", err)
	}
	if _, err := schedule.Next("61 * * * *", time.UTC); err == nil || !strings.Contains(err.Error(), `"61 * * * *"`) {
		t.Errorf("Next: %v", err)
	}
}

func TestErrorsAreLogged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := schedule.Run(ctx, slog.New(slog.NewTextHandler(&log, nil)),
			schedule.Job{Name: "sweep", Spec: "@daily", Run: func(context.Context) error { return errors.New("no database") }},
			schedule.Job{Name: "tidy", Spec: "@daily", Run: func(context.Context) error { panic("a bug") }})
		for _, want := range []string{"job=sweep", "no database", "a bug"} {
			if err != nil || !strings.Contains(log.String(), want) {
				t.Errorf("no %q in the log (%v):\n%s", want, err, &log)
			}
		}
	})
}

func TestNext(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, spec string
		after      time.Time
		want       time.Time
	}{
		{"in its zone", "0 9 * * 1", time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 7, 6, 7, 0, 0, 0, time.UTC)},
		{"in winter", "0 9 * * 1", time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 12, 7, 8, 0, 0, 0, time.UTC)},
		{"not the same again", "0 9 * * *", time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC), time.Date(2026, 12, 2, 8, 0, 0, 0, time.UTC)},
		{"an hour that does not exist", "30 2 29 3 *", time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), time.Date(2027, 3, 29, 0, 30, 0, 0, time.UTC)},
		{"the first of an hour that comes twice", "30 2 * * 0", time.Date(2026, 10, 24, 12, 0, 0, 0, time.UTC), time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC)},
		{"not the second", "30 2 * * 0", time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC), time.Date(2026, 11, 1, 1, 30, 0, 0, time.UTC)},
		{"the hour after it", "0 3 * * 0", time.Date(2026, 10, 24, 12, 0, 0, 0, time.UTC), time.Date(2026, 10, 25, 2, 0, 0, 0, time.UTC)},
	} {
		t.Run(test.name, func(t *testing.T) {
			next, err := schedule.Next(test.spec, berlin)
			if err != nil {
				t.Fatal(err)
			}
			if got := next(test.after); !got.Equal(test.want) {
				t.Errorf("%v, not %v", got, test.want)
			}
		})
	}
}

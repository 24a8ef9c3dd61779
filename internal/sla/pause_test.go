package sla_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"supporty/internal/sla"
)

func TestPauses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		events    []sla.Event
		warn, due string
		spent     time.Duration // at 20:00
	}{
		{"never paused", nil, "11:15", "12:00", 11 * time.Hour},
		{"for an hour before the warning", pauses("10:00", "11:00"), "12:15", "13:00", 10 * time.Hour},
		{"for an hour after the warning", pauses("11:30", "12:30"), "11:15", "13:00", 10 * time.Hour},
		{"from the warning on", pauses("11:15", "11:45"), "11:45", "12:30", 10*time.Hour + 30*time.Minute},
		{"from the very deadline on", pauses("12:00", "13:00"), "11:15", "13:00", 10 * time.Hour},
		{"when it was late already", pauses("12:01", "13:01"), "11:15", "12:00", 10 * time.Hour},
		{"twice", append(pauses("09:10", "09:20"), pauses("10:00", "10:30")...), "11:55", "12:40", 10*time.Hour + 20*time.Minute},
		{"a hold that takes the place of a wait", []sla.Event{
			event("10:00", sla.Wait), event("10:20", sla.Hold), event("11:00", sla.Resume),
		}, "12:15", "13:00", 10 * time.Hour},
		{"still", []sla.Event{event("10:00", sla.Wait)}, "11:15", "12:00", time.Hour},
		{"by a reply that is read late", []sla.Event{event("10:30", sla.Resume), event("10:00", sla.Wait)}, "11:45", "12:30", 10*time.Hour + 30*time.Minute},
		{"raised meanwhile", append(pauses("10:00", "12:00"), event("11:00", sla.Retarget, p1)), "12:45", "13:00", 9 * time.Hour},
		{"lowered meanwhile: what was spent counts", append(pauses("10:00", "12:00"), event("11:00", sla.Retarget, p3)), "29:00", "35:00", 9 * time.Hour},
		{"and stopped while it stood still", []sla.Event{event("11:30", sla.Hold), event("15:00", sla.Stop)}, "11:15", "15:30", 2*time.Hour + 30*time.Minute},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := cycle(t, append([]sla.Event{event("09:00", sla.Start, p2)}, test.events...)...).Clock(sla.Resolve)
			if want := on(test.warn); !c.WarnAt.Equal(want) {
				t.Errorf("warns %s, want %s", c.WarnAt, want)
			}
			if want := on(test.due); !c.DueAt.Equal(want) {
				t.Errorf("due %s, want %s", c.DueAt, want)
			}
			if got := c.Spent(on("20:00")); got != test.spent {
				t.Errorf("spent %s, want %s", got, test.spent)
			}
		})
	}
}

func pauses(from, to string) []sla.Event {
	return []sla.Event{event(from, sla.Wait), event(to, sla.Resume)}
}

// A clock that stands still has no steps, except those of a lateness from before. The warning is
// one of them: told with the lateness, it is not told after the pause.
func TestStepsOfAPausedClock(t *testing.T) {
	t.Parallel()
	for at, want := range map[string][]sla.Step{
		"10:00": nil, "11:30": nil, "12:00": nil,
		"12:01": {{Name: sla.Warn, At: on("11:15")}, {Name: sla.Late, At: on("12:00")}},
	} {
		t.Run(at, func(t *testing.T) {
			c := cycle(t, event("09:00", sla.Start, p2), event(at, sla.Hold)).Clock(sla.Resolve)
			if diff := cmp.Diff(want, c.Steps()); diff != "" {
				t.Errorf("paused %s (-want +got):\n%s", at, diff)
			}
		})
	}
}

// A time before the desk opens leaves no open time to warn in: the warning is due with the time
// itself, and moves with it.
func TestAnotherTimeWhileTheDeskIsClosed(t *testing.T) {
	t.Parallel()
	office := calendar(t, hours(london, "Mon Tue Wed Thu Fri", "09:00-18:00"))
	target := sla.Target{Resolve: 3 * time.Hour, Calendar: office}
	at := func(s string) time.Time { return local(london, s) }
	told := []sla.Event{
		{At: at("2026-03-23 15:00"), Kind: sla.Start, Target: target},
		{At: at("2026-03-23 23:32"), Kind: sla.Expect, By: at("2026-03-24 07:36")},
	}
	paused := append(told[:2:2],
		sla.Event{At: at("2026-03-24 01:23"), Kind: sla.Wait},
		sla.Event{At: at("2026-03-25 10:00"), Kind: sla.Resume},
	)
	for name, events := range map[string][]sla.Event{"as it is": told, "after a pause": paused} {
		t.Run(name, func(t *testing.T) {
			c := cycle(t, events...).Clock(sla.Resolve)
			if !c.WarnAt.Equal(c.Expected) {
				t.Errorf("warns %s, expected %s", c.WarnAt, c.Expected)
			}
		})
	}
}

func TestPausedFor(t *testing.T) {
	t.Parallel()
	c := cycle(t, event("09:00", sla.Start, p2), event("09:10", sla.Wait), event("09:30", sla.Resume), event("10:00", sla.Hold), event("11:00", sla.Stop)).Clock(sla.Resolve)
	if wait, hold := c.PausedFor(sla.Wait), c.PausedFor(sla.Hold); wait != 20*time.Minute || hold != time.Hour {
		t.Errorf("waited %s, held %s", wait, hold)
	}
}

func TestOvernightPausesCostNothing(t *testing.T) {
	t.Parallel()
	nine := calendar(t, hours("Europe/London", workdays, "09:00-17:00"))
	target := p2
	target.Calendar = nine
	start := time.Date(2026, time.March, 6, 16, 0, 0, 0, time.UTC) // a Friday
	at := func(d time.Duration) time.Time { return start.Add(d) }
	due := func(events ...sla.Event) time.Time {
		return cycle(t, append([]sla.Event{{At: start, Kind: sla.Start, Target: target}}, events...)...).Clock(sla.Resolve).DueAt
	}
	if a, b := due(), due(sla.Event{At: at(2 * time.Hour), Kind: sla.Wait}, sla.Event{At: at(40 * time.Hour), Kind: sla.Resume}); !a.Equal(b) {
		t.Errorf("due %s; paused while the desk was closed, %s", a, b)
	}
}

func TestPausingAndResumingAtOnceChangesNothing(t *testing.T) {
	t.Parallel()
	nine := calendar(t, hours("Europe/London", workdays, "09:00-17:00"))
	rapid.Check(t, func(t *rapid.T) {
		events, _ := drawEvents(t, allKinds...)
		if rapid.Bool().Draw(t, "hours") {
			for i := range events {
				events[i].Target.Calendar = nine
			}
		}
		i := rapid.IntRange(1, len(events)).Draw(t, "after")
		at := events[i-1].At.Add(time.Millisecond)
		paused := slices.Insert(slices.Clone(events), i,
			sla.Event{At: at, Kind: rapid.SampledFrom([]sla.EventKind{sla.Wait, sla.Hold}).Draw(t, "kind")}, sla.Event{At: at, Kind: sla.Resume})
		if diff := cmp.Diff(sla.Cycles(events), sla.Cycles(paused), cmpopts.IgnoreFields(sla.Clock{}, "Pauses")); diff != "" {
			t.Errorf("(-never paused +paused):\n%s", diff)
		}
	})
}

package sla_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/sla"
)

func TestNewCycle(t *testing.T) {
	t.Parallel()
	got := cycle(t, event("09:00", sla.Start, p1))
	want := sla.Cycle{
		Number: 1,
		Clocks: []sla.Clock{{
			Name: sla.Respond, Alerts: true, Target: 15 * time.Minute, StartedAt: on("09:00"),
			WarnAt: on("09:11").Add(15 * time.Second), DueAt: on("09:15"),
		}, {
			Name: sla.Resolve, Alerts: true, Target: time.Hour, StartedAt: on("09:00"), WarnAt: on("09:45"), DueAt: on("10:00"),
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, clock := range append(want.Clocks, sla.Clock{}) { // the last has not begun
		if diff := cmp.Diff(clock, got.Clock(clock.Name)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", clock.Name, diff)
		}
	}
}

func TestOnlyUrgentTargetsAlertAboutResponding(t *testing.T) {
	t.Parallel()
	got := cycle(t, event("09:00", sla.Start, p2))
	if got.Clock(sla.Respond).Alerts || !got.Clock(sla.Resolve).Alerts {
		t.Errorf("respond alerts: %t, resolve alerts: %t; want only the second", got.Clock(sla.Respond).Alerts, got.Clock(sla.Resolve).Alerts)
	}
}

func TestNoStartNoCycle(t *testing.T) {
	t.Parallel()
	for name, events := range map[string][]sla.Event{
		"nothing":           nil,
		"nothing to unstop": {event("09:00", sla.Unstop)},
		"no start": {
			event("09:00", sla.Answer), event("09:01", sla.Stop), event("09:02", sla.Unstop), event("09:03", sla.Retarget, p1),
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := sla.Cycles(events); len(got) != 0 {
				t.Errorf("%d cycles, want none", len(got))
			}
		})
	}
}

func TestCyclesKeepsWhatItIsGiven(t *testing.T) {
	t.Parallel()
	given := []sla.Event{event("10:00", sla.Unstop), event("09:30", sla.Stop), event("09:00", sla.Start, p2)}
	before := append([]sla.Event(nil), given...)
	sla.Cycles(given)
	if diff := cmp.Diff(before, given); diff != "" {
		t.Errorf("the events passed in changed (-before +after):\n%s", diff)
	}
}

func TestEventsOfOneTimeKeepTheirOrder(t *testing.T) {
	t.Parallel()
	start, answer := event("09:00", sla.Start, p2), event("09:00", sla.Answer)
	if got := cycle(t, start, answer); got.Clock(sla.Respond).Running() {
		t.Error("an answer at the start, given after it, does not count")
	}
	if got := cycle(t, answer, start); !got.Clock(sla.Respond).Running() {
		t.Error("an answer at the start, given before it, counts")
	}
}

// The wanted times are those at which each clock was stopped; "" for one that runs.
func TestAnswerStopUnstop(t *testing.T) {
	t.Parallel()
	start := event("09:00", sla.Start, p2)
	tests := []struct {
		name             string
		events           []sla.Event
		respond, resolve string
	}{
		{"nothing", nil, "", ""},
		{"answer", []sla.Event{event("09:10", sla.Answer)}, "09:10", ""},
		{"two answers: the first counts", []sla.Event{event("09:10", sla.Answer), event("09:20", sla.Answer)}, "09:10", ""},
		{"stop without an answer", []sla.Event{event("09:30", sla.Stop)}, "09:30", "09:30"},
		{"answer, stop", []sla.Event{event("09:10", sla.Answer), event("09:30", sla.Stop)}, "09:10", "09:30"},
		{"two stops: the first counts", []sla.Event{event("09:30", sla.Stop), event("09:40", sla.Stop)}, "09:30", "09:30"},
		{"answer after stop", []sla.Event{event("09:30", sla.Stop), event("09:40", sla.Answer)}, "09:30", "09:30"},
		{"stop, unstop", []sla.Event{event("09:30", sla.Stop), event("09:35", sla.Unstop)}, "", ""},
		{"answer, stop, unstop", []sla.Event{event("09:10", sla.Answer), event("09:30", sla.Stop), event("09:35", sla.Unstop)}, "09:10", ""},
		{"answer and stop at once, unstop", []sla.Event{event("09:30", sla.Answer), event("09:30", sla.Stop), event("09:35", sla.Unstop)}, "09:30", ""},
		{"stop, answer, unstop", []sla.Event{event("09:30", sla.Stop), event("09:33", sla.Answer), event("09:35", sla.Unstop)}, "09:33", ""},
		{"stop, unstop, answer, stop", []sla.Event{
			event("09:30", sla.Stop), event("09:35", sla.Unstop), event("09:40", sla.Answer), event("09:50", sla.Stop),
		}, "09:40", "09:50"},
		{"stop, unstop, stop, unstop", []sla.Event{
			event("09:30", sla.Stop), event("09:35", sla.Unstop), event("09:40", sla.Stop), event("09:45", sla.Unstop),
		}, "", ""},
		{"two stops, unstop: the last is taken back", []sla.Event{event("09:30", sla.Stop), event("09:33", sla.Stop), event("09:35", sla.Unstop)}, "09:30", "09:30"},
		{"unstop of what runs", []sla.Event{event("09:10", sla.Answer), event("09:35", sla.Unstop)}, "09:10", ""},
		{"unstop before stop", []sla.Event{event("09:35", sla.Unstop), event("09:40", sla.Stop)}, "09:40", "09:40"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := cycle(t, append([]sla.Event{start}, test.events...)...)
			if diff := cmp.Diff(on(test.respond), got.Clock(sla.Respond).StoppedAt); diff != "" {
				t.Errorf("respond clock stopped (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(on(test.resolve), got.Clock(sla.Resolve).StoppedAt); diff != "" {
				t.Errorf("resolve clock stopped (-want +got):\n%s", diff)
			}
			if due := got.Clock(sla.Resolve).DueAt; !due.Equal(on("12:00")) {
				t.Errorf("due %s, want 12:00: stopping moves no deadline", due.Format("15:04"))
			}
		})
	}
}

func TestRestart(t *testing.T) {
	t.Parallel()
	cycles := sla.Cycles([]sla.Event{
		event("09:00", sla.Start, p2), event("09:10", sla.Retarget, p1), event("09:20", sla.Stop),
		event("15:00", sla.Restart, p3), event("15:00", sla.Answer), event("15:05", sla.Unstop),
	})
	if len(cycles) != 2 {
		t.Fatalf("%d cycles, want 2", len(cycles))
	}
	ended, fresh := cycles[0], cycles[1]
	if ended.Number != 1 || !ended.Clock(sla.Resolve).StoppedAt.Equal(on("09:20")) || !ended.Clock(sla.Resolve).DueAt.Equal(on("10:10")) {
		t.Errorf("the ended cycle changed: %+v", ended)
	}
	want := sla.Clock{
		Name: sla.Resolve, Alerts: true, Target: 24 * time.Hour, StartedAt: on("15:00"), WarnAt: on("33:00"), DueAt: on("39:00"),
	}
	if diff := cmp.Diff(want, fresh.Clock(sla.Resolve)); diff != "" || fresh.Number != 2 {
		t.Errorf("cycle %d, resolve clock (-want +got):\n%s", fresh.Number, diff)
	}
	if !fresh.Clock(sla.Respond).StoppedAt.Equal(on("15:00")) {
		t.Errorf("an owner who keeps the ticket has answered at %s, want at once", fresh.Clock(sla.Respond).StoppedAt)
	}
}

func TestLate(t *testing.T) {
	t.Parallel()
	start := event("09:00", sla.Start, p2) // due 12:00
	tests := []struct {
		name        string
		stop        []sla.Event
		now         string
		late        bool
		spent, left time.Duration
	}{
		{"at the start", nil, "09:00", false, 0, 3 * time.Hour},
		{"running", nil, "10:00", false, time.Hour, 2 * time.Hour},
		{"at the deadline", nil, "12:00", false, 3 * time.Hour, 0},
		{"past the deadline", nil, "12:01", true, 3*time.Hour + time.Minute, -time.Minute},
		{"stopped in time, seen in time", []sla.Event{event("11:00", sla.Stop)}, "11:30", false, 2 * time.Hour, time.Hour},
		{"stopped in time, seen later", []sla.Event{event("11:00", sla.Stop)}, "20:00", false, 2 * time.Hour, time.Hour},
		{"stopped at the very deadline", []sla.Event{event("12:00", sla.Stop)}, "20:00", false, 3 * time.Hour, 0},
		{"stopped late", []sla.Event{event("13:00", sla.Stop)}, "20:00", true, 4 * time.Hour, -time.Hour},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, now := cycle(t, append(test.stop, start)...).Clock(sla.Resolve), on(test.now)
			if got.Running() != (test.stop == nil) {
				t.Errorf("Running() = %t", got.Running())
			}
			if got.Late(now) != test.late || got.Spent(now) != test.spent || got.Left(now) != test.left {
				t.Errorf("late %t, spent %s, left %s; want %t, %s, %s",
					got.Late(now), got.Spent(now), got.Left(now), test.late, test.spent, test.left)
			}
		})
	}
}

func TestLateByTheSmallestTime(t *testing.T) {
	t.Parallel()
	got := cycle(t, event("09:00", sla.Start, p2)).Clock(sla.Resolve)
	if !got.Late(got.DueAt.Add(time.Nanosecond)) || got.Late(got.DueAt) {
		t.Error("the deadline is the last moment on time")
	}
}

func TestSteps(t *testing.T) {
	t.Parallel()
	urgent := cycle(t, event("09:00", sla.Start, p1))
	minor := cycle(t, event("09:00", sla.Start, p3))
	answered := cycle(t, event("09:00", sla.Start, p1), event("09:05", sla.Answer))
	ended := cycle(t, event("09:00", sla.Start, p1), event("09:05", sla.Stop))
	resumed := cycle(t, event("09:00", sla.Start, p1), event("09:05", sla.Stop), event("09:06", sla.Unstop))
	lowered := cycle(t, event("09:00", sla.Start, p1), event("09:05", sla.Retarget, p2))
	raised := cycle(t, event("09:00", sla.Start, p2), event("09:05", sla.Retarget, p1))
	respondP1 := []sla.Step{{Name: sla.Warn, At: on("09:11").Add(15 * time.Second)}, {Name: sla.Late, At: on("09:15")}}
	resolveP1 := []sla.Step{{Name: sla.Warn, At: on("09:45")}, {Name: sla.Late, At: on("10:00")}}
	tests := []struct {
		name  string
		clock sla.Clock
		want  []sla.Step
	}{
		{"urgent, respond", urgent.Clock(sla.Respond), respondP1},
		{"urgent, resolve", urgent.Clock(sla.Resolve), resolveP1},
		{"minor, respond: measured in silence", minor.Clock(sla.Respond), nil},
		{"minor, resolve", minor.Clock(sla.Resolve), []sla.Step{{Name: sla.Warn, At: on("27:00")}, {Name: sla.Late, At: on("33:00")}}},
		{"answered, respond", answered.Clock(sla.Respond), nil},
		{"answered, resolve", answered.Clock(sla.Resolve), resolveP1},
		{"ended, respond", ended.Clock(sla.Respond), nil},
		{"ended, resolve", ended.Clock(sla.Resolve), nil},
		{"resumed, respond", resumed.Clock(sla.Respond), respondP1},
		{"resumed, resolve", resumed.Clock(sla.Resolve), resolveP1},
		{"lowered, respond: falls silent", lowered.Clock(sla.Respond), nil},
		{"raised, respond: speaks now", raised.Clock(sla.Respond), []sla.Step{{Name: sla.Warn, At: on("09:16").Add(15 * time.Second)}, {Name: sla.Late, At: on("09:20")}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, test.clock.Steps()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestWarnPointIsTheExactFraction(t *testing.T) {
	t.Parallel()
	tests := []struct {
		at     float64
		target time.Duration
		want   time.Duration // after the start
	}{
		{0.75, 24 * time.Hour, 18 * time.Hour},
		{0.75, time.Hour, 45 * time.Minute},
		{0.5, 3 * time.Hour, 90 * time.Minute},
		{0.9, time.Hour, 54 * time.Minute},
		{0.7, time.Hour, 42 * time.Minute},
		{0.1, 30 * 24 * time.Hour, 3 * 24 * time.Hour},
		{0.8, time.Second, 800 * time.Millisecond},
	}
	for _, test := range tests {
		start := sla.Event{At: on("09:00"), Kind: sla.Start, Target: sla.Target{Resolve: test.target, Respond: test.target, WarnAt: test.at}}
		for _, c := range cycle(t, start).Clocks {
			if got := c.WarnAt.Sub(c.StartedAt); got != test.want {
				t.Errorf("%s: warns at %v of %s after %s, want %s", c.Name, test.at, test.target, got, test.want)
			}
		}
	}
}

package sla_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"supporty/internal/sla"
)

func TestOvertaken(t *testing.T) {
	t.Parallel()
	h := hours(london, "Mon Tue Wed Thu", "09:00-18:00")
	h.Week[time.Friday] = []sla.Span{{From: 9 * 60, To: 16 * 60}}
	office := calendar(t, h)
	open := func(d time.Duration) sla.Goal { return sla.Target{Resolve: d, Calendar: office}.ToResolve() }
	days := func(n int) sla.Goal { return sla.Target{ResolveDays: n, Calendar: office}.ToResolve() }
	always := sla.Target{Resolve: 30 * time.Hour}.ToResolve()
	for _, test := range []struct {
		name          string
		first, second sla.Goal
		at            string // empty for never
	}{
		{"a longer time", open(time.Hour), open(2 * time.Hour), ""},
		{"the same time", open(time.Hour), open(time.Hour), ""},
		{"a shorter time", open(2 * time.Hour), open(time.Hour), "2026-03-23 00:00"},
		{"a day is longer than 3 h", open(3 * time.Hour), days(1), ""},
		{"a day is not always longer than 8 h", open(8 * time.Hour), days(1), "2026-03-26 17:01"},
		{"more days", days(1), days(2), ""},
		{"fewer days", days(2), days(1), "2026-03-23 00:00"},
		{"24×7 before a time of the desk's", always, open(30 * time.Hour), ""},
		{"24×7 before a day", always, days(1), "2026-03-23 03:01"},
		{"nothing promised", sla.Goal{}, open(time.Hour), ""},
		{"then nothing promised", open(time.Hour), sla.Goal{}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			from := local(london, "2026-03-23 00:00")
			at, found := sla.Overtaken(test.first, test.second, from, from.AddDate(1, 0, 0))
			if found != (test.at != "") || found && !at.Equal(local(london, test.at)) {
				t.Errorf("%t, %s", found, at)
			}
		})
	}
}

// If no minute is overtaken, the lower priority is never due before the higher one.
func TestALowerPriorityIsNotDueBefore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h, day := drawHours(t)
		c := calendar(t, busy(h))
		draw := func(label string) sla.Goal {
			target := drawTarget(t, label)
			if rapid.Bool().Draw(t, "counts days") {
				target.ResolveDays = rapid.IntRange(1, 3).Draw(t, "days")
			}
			if rapid.Bool().Draw(t, "follows hours") {
				target.Calendar = c
			}
			return target.ToResolve()
		}
		first, second, to := draw("first"), draw("second"), day.AddDate(0, 0, 7)
		until, found := sla.Overtaken(first, second, day, to)
		if !found {
			until = to
		} else if !second.Due(until).Before(first.Due(until)) {
			t.Errorf("not overtaken at %s", until)
		}
		for range 50 {
			at := day.Add(time.Duration(rapid.Int64Range(0, int64(until.Sub(day)/time.Minute)).Draw(t, "minute")-1) * time.Minute)
			if !at.Before(day) && second.Due(at).Before(first.Due(at)) {
				t.Fatalf("overtaken at %s: %s before %s", at, second.Due(at), first.Due(at))
			}
		}
	})
}

// A higher priority never moves a deadline later, and a lower one never moves it earlier, for any
// two targets.
func TestTheTurnDecides(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		events, now := drawEvents(t, withPauses...)
		turn := rapid.SampledFrom([]sla.Turn{sla.Raised, sla.Lowered}).Draw(t, "turn")
		events = append(events, sla.Event{At: now, Kind: sla.Retarget, Target: drawTarget(t, "last"), Turn: turn})
		withHours(t, events)
		after := newest(events).Clocks
		unchanged := append(events[:len(events)-1:len(events)-1], sla.Event{At: now, Kind: sla.Resume}, sla.Event{At: now, Kind: sla.Wait})
		for i, before := range newest(unchanged).Clocks {
			moved := after[i].DueAt.Sub(before.DueAt)
			if turn == sla.Raised && moved > 0 || turn == sla.Lowered && moved < 0 {
				t.Errorf("%s: turn %d moved it by %s", before.Name, turn, moved)
			}
		}
	})
}

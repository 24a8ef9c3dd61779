package sla_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"supporty/internal/sla"
)

func drawTarget(t *rapid.T, label string) sla.Target {
	minutes := rapid.IntRange(1, 48*60)
	return sla.Target{
		Resolve:      time.Duration(minutes.Draw(t, label+" resolve")) * time.Minute,
		Respond:      time.Duration(minutes.Draw(t, label+" respond")) * time.Minute,
		AlertRespond: rapid.Bool().Draw(t, label+" alerts"),
		WarnAt:       rapid.Float64Range(0.01, 0.99).Draw(t, label+" warns at"),
	}
}

// drawEvents draws a Start and later events, in the order of time and all at different times. It
// also draws a time after all of them.
func drawEvents(t *rapid.T, from ...sla.EventKind) ([]sla.Event, time.Time) {
	events := []sla.Event{{At: midnight, Kind: sla.Start, Target: drawTarget(t, "first")}}
	now := midnight
	next := func() time.Time {
		now = now.Add(time.Duration(rapid.IntRange(1, 10*3600).Draw(t, "seconds")) * time.Second)
		return now
	}
	for range rapid.IntRange(0, 12).Draw(t, "length") {
		e := sla.Event{At: next(), Kind: rapid.SampledFrom(from).Draw(t, "kind")}
		if slices.Contains([]sla.EventKind{sla.Start, sla.Restart, sla.Retarget, sla.AdoptPolicy}, e.Kind) {
			e.Target = drawTarget(t, "next")
		}
		if e.Kind == sla.Join { // by the target that was promised last
			e.Target, e.By = lastTarget(events), e.At.Add(time.Duration(rapid.IntRange(-3600, 48*3600).Draw(t, "by"))*time.Second)
		}
		events = append(events, e)
	}
	return events, next()
}

var (
	allKinds   = []sla.EventKind{sla.Start, sla.Restart, sla.Answer, sla.Retarget, sla.AdoptPolicy, sla.Stop, sla.Unstop}
	withPauses = append(slices.Clone(allKinds), sla.Wait, sla.Hold, sla.Resume, sla.Join)
)

// lastTarget returns the newest target of some events.
func lastTarget(events []sla.Event) sla.Target {
	for _, e := range slices.Backward(events) {
		if e.Target.Resolve > 0 {
			return e.Target
		}
	}
	return sla.Target{}
}

// The promise of another ticket can only bring the deadline nearer, never into the past, and
// nothing that is late becomes on time by it.
func TestJoiningOnlyBringsTheDeadlineNearer(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		events, end := drawEvents(t, withPauses...)
		target := lastTarget(events)
		by := end.Add(time.Duration(rapid.IntRange(-3600, 48*3600).Draw(t, "promised")) * time.Second)
		before := newest(append(slices.Clone(events), sla.Event{At: end, Kind: sla.Resume})).Clock(sla.Resolve)
		after := newest(append(slices.Clone(events), sla.Event{At: end, Kind: sla.Resume}, sla.Event{At: end, Kind: sla.Join, Target: target, By: by})).Clock(sla.Resolve)
		switch {
		case !before.Running() || before.Late(end) || !by.After(end) || !by.Before(before.DueAt):
			if !after.DueAt.Equal(before.DueAt) || after.Promise != before.Promise {
				t.Errorf("due %s, before %s", after.DueAt, before.DueAt)
			}
		case !after.DueAt.Equal(by) || after.Late(end) || after.Promise != before.Promise+1:
			t.Errorf("due %s, promised by %s", after.DueAt, by)
		}
	})
}

func newest(events []sla.Event) sla.Cycle {
	cycles := sla.Cycles(events)
	return cycles[len(cycles)-1]
}

func TestCyclesIgnoreTheOrderOfArrival(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		events, _ := drawEvents(t, withPauses...)
		arrived := rapid.Permutation(events).Draw(t, "arrived")
		if diff := cmp.Diff(sla.Cycles(events), sla.Cycles(arrived)); diff != "" {
			t.Errorf("(-in order +as arrived):\n%s", diff)
		}
	})
}

func TestSpentAndLeftMakeTheTarget(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		events, end := drawEvents(t, sla.Restart, sla.Answer, sla.Stop, sla.Unstop, sla.Wait, sla.Hold, sla.Resume)
		for _, cycle := range sla.Cycles(events) {
			for _, c := range cycle.Clocks {
				if spent, left := c.Spent(end), c.Left(end); spent+left != c.Target {
					t.Errorf("%s: spent %s and left %s make %s, not the target %s", c.Name, spent, left, spent+left, c.Target)
				}
				if late, left := c.Late(end), c.Left(end); late != (left < 0) {
					t.Errorf("%s: late %t with %s left", c.Name, late, left)
				}
			}
		}
	})
}

func TestClocksMakeSense(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		events, _ := drawEvents(t, withPauses...)
		for i, cycle := range sla.Cycles(events) {
			if cycle.Number != i+1 {
				t.Errorf("cycle %d has number %d", i+1, cycle.Number)
			}
			for _, c := range cycle.Clocks {
				if !c.DueAt.After(c.StartedAt) || !c.WarnAt.Before(c.DueAt) {
					t.Errorf("started %s, warns %s, due %s", c.StartedAt, c.WarnAt, c.DueAt)
				}
				if !c.Running() && c.StoppedAt.Before(c.StartedAt) {
					t.Errorf("stopped %s, before its start", c.StoppedAt)
				}
				if steps := c.Steps(); len(steps) == 2 && !steps[0].At.Before(steps[1].At) {
					t.Errorf("steps out of order: %v", steps)
				}
			}
			if cycle.Clock(sla.Respond).Running() && !cycle.Clock(sla.Resolve).Running() {
				t.Error("what is solved still waits for an answer")
			}
		}
	})
}

func TestDueGrowsWithTheFirstTarget(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		events, _ := drawEvents(t, sla.Answer, sla.Stop, sla.Unstop)
		short, long := slices.Clone(events), slices.Clone(events)
		long[0].Target.Resolve += time.Duration(rapid.IntRange(0, 48*3600).Draw(t, "more seconds")) * time.Second
		if a, b := newest(short).Clock(sla.Resolve).DueAt, newest(long).Clock(sla.Resolve).DueAt; a.After(b) {
			t.Errorf("due %s with %s, earlier, %s, with %s", a, short[0].Target.Resolve, b, long[0].Target.Resolve)
		}
	})
}

func TestDueGrowsWithTheNextTarget(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		events, now := drawEvents(t, allKinds...)
		one, other := drawTarget(t, "one"), drawTarget(t, "other")
		for i := range 2 {
			a := retargeted(events, now, one).Clocks[i]
			b := retargeted(events, now, other).Clocks[i]
			shorter := []bool{one.Respond <= other.Respond, one.Resolve <= other.Resolve}[i]
			if shorter && a.DueAt.After(b.DueAt) || !shorter && a.DueAt.Before(b.DueAt) {
				t.Errorf("%s: due %s with target %s, %s with target %s", a.Name, a.DueAt, a.Target, b.DueAt, b.Target)
			}
		}
	})
}

func retargeted(events []sla.Event, at time.Time, target sla.Target) sla.Cycle {
	return newest(append(slices.Clone(events), sla.Event{At: at, Kind: sla.Retarget, Target: target}))
}

func TestRaisingBringsNearerAndLoweringMovesAway(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		events, now := drawEvents(t, allKinds...)
		target := drawTarget(t, "last")
		before, after := newest(events), retargeted(events, now, target)
		targets := []time.Duration{target.Respond, target.Resolve}
		for i, old := range before.Clocks {
			c := after.Clocks[i]
			switch moved := c.DueAt.Sub(old.DueAt); {
			case !old.Running() || old.Late(now):
				old.Alerts = c.Alerts // Alerts follows the present target
				if diff := cmp.Diff(old, c); diff != "" {
					t.Errorf("%s: settled, yet changed (-before +after):\n%s", c.Name, diff)
				}
			case targets[i] < old.Target && moved > 0:
				t.Errorf("%s: raised from %s to %s, moved later by %s", c.Name, old.Target, c.Target, moved)
			case targets[i] >= old.Target && moved < 0:
				t.Errorf("%s: lowered from %s to %s, moved earlier by %s", c.Name, old.Target, c.Target, -moved)
			case c.Late(now):
				t.Errorf("%s: late by the change of its target alone", c.Name)
			case c.Target != targets[i]:
				t.Errorf("%s: the target is %s, not %s", c.Name, c.Target, targets[i])
			case (c.Promise == old.Promise) != (moved == 0) || c.Promise > old.Promise+1:
				t.Errorf("%s: moved by %s, promise %d became %d", c.Name, moved, old.Promise, c.Promise)
			}
		}
	})
}

func TestUnstoppedAsIfNeverStopped(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		events, end := drawEvents(t, sla.Answer, sla.Retarget, sla.Wait, sla.Hold, sla.Resume)
		at := rapid.IntRange(1, len(events)).Draw(t, "stopped after")
		stop := sla.Event{At: events[at-1].At.Add(time.Millisecond), Kind: sla.Stop}
		stopped := append(slices.Clone(events), stop, sla.Event{At: end, Kind: sla.Unstop})
		if diff := cmp.Diff(sla.Cycles(events), sla.Cycles(stopped)); diff != "" {
			t.Errorf("(-never stopped +stopped and taken back):\n%s", diff)
		}
	})
}

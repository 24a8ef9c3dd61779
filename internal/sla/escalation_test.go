package sla_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"supporty/internal/sla"
)

func TestTimesOfAnEscalation(t *testing.T) {
	t.Parallel()
	half, late := sla.Escalation{Percent: 50}, sla.Escalation{Percent: 100}
	for _, test := range []struct {
		name   string
		step   sla.Escalation
		events []sla.Event // after a P2 of 09:00, to be solved within 3 h
		want   []string
	}{
		{"at once", sla.Escalation{}, nil, []string{"09:00"}},
		{"in the middle", half, nil, []string{"10:30"}},
		{"at the deadline", late, nil, []string{"12:00"}},
		{"later, as a part", sla.Escalation{Percent: 150}, nil, []string{"13:30"}},
		{"later, as a time", sla.Escalation{Percent: 100, After: 30 * time.Minute}, nil, []string{"12:30"}},
		{"again", sla.Escalation{Percent: 50, Every: time.Hour, Most: 3}, nil, []string{"10:30", "11:30", "12:30"}},
		{"once", sla.Escalation{Percent: 50, Every: time.Hour, Most: 1}, nil, []string{"10:30"}},
		{"after a pause", half, pauses("10:00", "10:20"), []string{"10:50"}},
		{"late after a pause", late, pauses("10:00", "10:20"), []string{"12:20"}},
		{"standing still", half, []sla.Event{event("10:00", sla.Hold)}, nil},
		{"stopped", half, []sla.Event{event("10:00", sla.Stop)}, nil},
		{"raised: the new promise is made at 11:00", sla.Escalation{}, []sla.Event{event("11:00", sla.Retarget, p1)}, []string{"11:00"}},
		{"lowered: what was spent counts", half, []sla.Event{event("11:00", sla.Retarget, p3)}, []string{"21:00"}},
		{"no longer promised", half, []sla.Event{event("11:00", sla.Retarget)}, nil},
		{"another time given", late, []sla.Event{expect("10:00", "14:00")}, []string{"14:00"}},
		{"after another time, as a part", sla.Escalation{Percent: 200}, []sla.Event{expect("10:00", "14:00")}, []string{"17:00"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := cycle(t, append([]sla.Event{event("09:00", sla.Start, p2)}, test.events...)...).Clock(sla.Resolve)
			var want []time.Time
			for _, at := range test.want {
				want = append(want, on(at))
			}
			if diff := cmp.Diff(want, test.step.Times(c)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.name, diff)
			}
		})
	}
}

func expect(at, by string) sla.Event {
	return sla.Event{At: on(at), Kind: sla.Expect, By: on(by)}
}

func TestEscalationsFollowTheHours(t *testing.T) {
	t.Parallel()
	p2, day := p2, p3
	p2.Calendar = calendar(t, hours(london, workdays, "09:00-18:00"))
	day.ResolveDays, day.Calendar = 1, p2.Calendar
	for _, test := range []struct {
		name   string
		step   sla.Escalation
		target sla.Target
		filed  string
		want   []string
	}{
		{"at once, though closed", sla.Escalation{}, p2, "2026-03-27 19:00", []string{"2026-03-27 19:00"}},
		{"half, over the weekend", sla.Escalation{Percent: 50}, p2, "2026-03-27 17:00", []string{"2026-03-30 09:30"}},
		{"later by open time", sla.Escalation{Percent: 100, After: time.Hour}, p2, "2026-03-27 14:30", []string{"2026-03-30 09:30"}},
		{"again by open time", sla.Escalation{Percent: 100, Every: 20 * time.Minute, Most: 3}, p2, "2026-03-27 14:30", []string{"2026-03-27 17:30", "2026-03-27 17:50", "2026-03-30 09:10"}},
		{"half of a working day", sla.Escalation{Percent: 50}, day, "2026-03-27 13:30", []string{"2026-03-27 18:00"}},
		{"two working days", sla.Escalation{Percent: 200}, day, "2026-03-25 12:00", []string{"2026-03-27 12:00"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := cycle(t, at(test.filed, sla.Start, test.target)).Clock(sla.Resolve)
			var want []time.Time
			for _, clock := range test.want {
				want = append(want, local(london, clock).UTC())
			}
			if diff := cmp.Diff(want, test.step.Times(c)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.name, diff)
			}
		})
	}
}

// After any events, steps with a higher percentage and repetitions come later. A step comes at
// the deadline or later exactly if it is Overdue.
func TestEscalationsInOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		events, _ := drawEvents(t, allKinds...)
		c := newest(events).Clock(sla.Resolve)
		low := rapid.IntRange(0, 500).Draw(t, "percent")
		high := rapid.IntRange(low, 500).Draw(t, "higher percent")
		a := sla.Escalation{Percent: low, Every: time.Hour, Most: 3}.Times(c)
		b := sla.Escalation{Percent: high}.Times(c)
		if len(a) == 0 && len(b) == 0 {
			return
		}
		if c.Expected.IsZero() && a[0].After(b[0]) || !a[1].After(a[0]) || !a[2].After(a[1]) {
			t.Errorf("%d %%: %v; %d %%: %v", low, a, high, b)
		}
		step := sla.Escalation{Percent: low}
		if c.Expected.IsZero() && step.Overdue() == a[0].Before(c.DueAt) {
			t.Errorf("%d %% comes %s, due %s", low, a[0], c.DueAt)
		}
	})
}

func TestWhichPrioritiesAnEscalationIsFor(t *testing.T) {
	t.Parallel()
	if all, some := (sla.Escalation{}), (sla.Escalation{Priorities: []int{1, 3}}); !all.Applies(2) || some.Applies(2) || !some.Applies(3) {
		t.Error("none means all, and some mean those")
	}
}

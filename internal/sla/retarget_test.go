package sla_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/sla"
)

func TestRetarget(t *testing.T) {
	t.Parallel()
	twoHours := sla.Target{Resolve: 2 * time.Hour, Respond: 30 * time.Minute, WarnAt: 0.75}
	tests := []struct {
		name      string
		events    []sla.Event
		due, warn string
		target    time.Duration
		promise   int
	}{
		{
			"raised: now + target", []sla.Event{event("09:00", sla.Start, p3), event("14:00", sla.Retarget, p1)},
			"15:00", "14:45", time.Hour, 1,
		},
		{
			"raised, lowered again: the time spent counts",
			[]sla.Event{event("09:00", sla.Start, p3), event("14:00", sla.Retarget, p1), event("14:30", sla.Retarget, p3)},
			"33:00", "27:00", 24 * time.Hour, 2,
		},
		{
			"raised when now + target is the old deadline",
			[]sla.Event{event("10:00", sla.Start, p2), event("11:00", sla.Retarget, twoHours)},
			"13:00", "12:30", 2 * time.Hour, 0,
		},
		{
			"raised when the old deadline is nearer: no new promise",
			[]sla.Event{event("10:00", sla.Start, p2), event("12:30", sla.Retarget, p1)},
			"13:00", "12:45", time.Hour, 0,
		},
		{
			"lowered: the time spent counts", []sla.Event{event("09:00", sla.Start, p1), event("09:30", sla.Retarget, p3)},
			"33:00", "27:00", 24 * time.Hour, 1,
		},
		{
			"raised by two, lowered by one: what was promised stands though the time spent is more",
			[]sla.Event{event("09:00", sla.Start, p3), event("14:00", sla.Retarget, p1), event("14:30", sla.Retarget, p2)},
			"15:00", "14:15", 3 * time.Hour, 1,
		},
		{
			"raised, then the same target again: what was promised stands",
			[]sla.Event{event("09:00", sla.Start, p3), event("14:00", sla.Retarget, p1), event("14:30", sla.Retarget, p1)},
			"15:00", "14:45", time.Hour, 1,
		},
		{
			"lowered at the very deadline: on time still", []sla.Event{event("09:00", sla.Start, p1), event("10:00", sla.Retarget, p2)},
			"12:00", "11:15", 3 * time.Hour, 1,
		},
		{
			"lowered when late: a lateness stays", []sla.Event{event("09:00", sla.Start, p1), event("10:01", sla.Retarget, p3)},
			"10:00", "09:45", time.Hour, 0,
		},
		{
			"raised when late: a lateness stays", []sla.Event{event("09:00", sla.Start, p2), event("12:01", sla.Retarget, p1)},
			"12:00", "11:15", 3 * time.Hour, 0,
		},
		{
			"lowered when ended", []sla.Event{event("09:00", sla.Start, p1), event("09:30", sla.Stop), event("09:40", sla.Retarget, p3)},
			"10:00", "09:45", time.Hour, 0,
		},
		{
			"raised, ended and resumed: the raise stands",
			[]sla.Event{event("09:00", sla.Start, p2), event("09:10", sla.Retarget, p1), event("09:20", sla.Stop), event("09:25", sla.Unstop)},
			"10:10", "09:55", time.Hour, 1,
		},
		{
			"raised between an end and its undoing: as if it had not ended",
			[]sla.Event{event("09:00", sla.Start, p2), event("09:10", sla.Stop), event("09:15", sla.Retarget, p1), event("09:20", sla.Unstop)},
			"10:15", "10:00", time.Hour, 1,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := cycle(t, test.events...).Clock(sla.Resolve)
			want := sla.Clock{
				Name: sla.Resolve, Alerts: true, Promise: test.promise, Target: test.target, StartedAt: test.events[0].At,
				WarnAt: on(test.warn), DueAt: on(test.due), StoppedAt: got.StoppedAt,
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestRetargetOfTheRespondClock(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		events  []sla.Event
		due     string
		promise int
		alerts  bool
	}{
		{"raised", []sla.Event{event("09:00", sla.Start, p3), event("10:00", sla.Retarget, p1)}, "10:15", 1, true},
		{"lowered", []sla.Event{event("09:00", sla.Start, p1), event("09:10", sla.Retarget, p2)}, "09:45", 1, false},
		{"answered", []sla.Event{event("09:00", sla.Start, p3), event("09:30", sla.Answer), event("10:00", sla.Retarget, p1)}, "15:00", 0, true},
		{"late", []sla.Event{event("09:00", sla.Start, p1), event("09:16", sla.Retarget, p2)}, "09:15", 0, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := cycle(t, test.events...).Clock(sla.Respond)
			if !got.DueAt.Equal(on(test.due)) || got.Promise != test.promise || got.Alerts != test.alerts {
				t.Errorf("due %s, promise %d, alerts %t; want %s, %d, %t",
					got.DueAt.Format("15:04"), got.Promise, got.Alerts, test.due, test.promise, test.alerts)
			}
		})
	}
}

// A lateness stays, at every later time and with every later priority.
func TestLatenessStays(t *testing.T) {
	t.Parallel()
	got := cycle(t, event("09:00", sla.Start, p1), event("10:30", sla.Retarget, p3), event("11:00", sla.Stop)).Clock(sla.Resolve)
	for _, hour := range []string{"10:30", "11:00", "12:00", "40:00"} {
		if !got.Late(on(hour)) {
			t.Errorf("at %s the clock is on time", hour)
		}
	}
}

// A changed policy moves the deadline by the same rules, but is no new promise.
func TestAdoptPolicy(t *testing.T) {
	t.Parallel()
	moved := []sla.Event{event("09:00", sla.Start, p3), event("14:00", sla.Retarget, p1), event("14:30", sla.Retarget, p3)}
	asPolicy := []sla.Event{moved[0], event("14:00", sla.AdoptPolicy, p1), event("14:30", sla.AdoptPolicy, p3)}
	want, got := cycle(t, moved...), cycle(t, asPolicy...)
	if got.Clock(sla.Resolve).Promise != 0 || got.Clock(sla.Respond).Promise != 0 {
		t.Errorf("promises %d and %d", got.Clock(sla.Respond).Promise, got.Clock(sla.Resolve).Promise)
	}
	for i := range want.Clocks {
		want.Clocks[i].Promise = 0
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-retargeted +adopted):\n%s", diff)
	}
}

// Another time that the owner has given still holds when the policy changes, and ends with another
// priority.
func TestAdoptPolicyKeepsTheOwnersWord(t *testing.T) {
	t.Parallel()
	said := []sla.Event{event("09:00", sla.Start, p2), {At: on("10:00"), Kind: sla.Expect, By: on("18:00")}}
	before := cycle(t, said...).Clock(sla.Resolve)
	kept := cycle(t, append(said, event("10:30", sla.AdoptPolicy, p1))...).Clock(sla.Resolve)
	if !kept.Expected.Equal(on("18:00")) || !kept.WarnAt.Equal(before.WarnAt) || kept.Promise != before.Promise || !kept.DueAt.Equal(on("11:30")) {
		t.Errorf("%+v", kept)
	}
	if ended := cycle(t, append(said, event("10:30", sla.Retarget, p1))...).Clock(sla.Resolve); !ended.Expected.IsZero() || ended.Promise != before.Promise+1 {
		t.Errorf("%+v", ended)
	}
}

// If the priority is raised after the answer is late, the answer counts with the higher priority
// and its hours. The deadline does not change. With a lower or the same priority nothing changes.
func TestRaisedWhenTheAnswerIsLate(t *testing.T) {
	t.Parallel()
	office := p2
	office.Calendar = calendar(t, hours("UTC", "Mon", "09:00-10:00"))
	for turn, raised := range map[sla.Turn]bool{sla.Raised: true, sla.Lowered: false, 0: false} {
		t.Run(fmt.Sprint(turn), func(t *testing.T) {
			got := cycle(t, event("09:00", sla.Start, office), sla.Event{At: on("11:00"), Kind: sla.Retarget, Target: p1, Turn: turn}).Clock(sla.Respond)
			want := sla.Clock{Name: sla.Respond, Alerts: true, Target: office.Respond, Calendar: office.Calendar, StartedAt: on("09:00"), WarnAt: on("09:33").Add(45 * time.Second), DueAt: on("09:45")}
			if raised {
				want.Promise, want.Target, want.Calendar, want.RaisedAt = 1, p1.Respond, nil, on("11:00")
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("turn %d (-want +got):\n%s", turn, diff)
			}
		})
	}
}

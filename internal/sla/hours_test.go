package sla_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"supporty/internal/sla"
)

const london = "Europe/London"

// at is a time in London, where the desk of these tests is.
func at(clock string, kind sla.EventKind, target ...sla.Target) sla.Event {
	e := sla.Event{At: local(london, clock).UTC(), Kind: kind}
	if len(target) > 0 {
		e.Target = target[0]
	}
	return e
}

func TestClocksFollowTheHours(t *testing.T) {
	t.Parallel()
	office := calendar(t, hours(london, workdays, "09:00-18:00", "2026-04-03", "2026-04-06"))
	p1, p2, p3, day := p1, p2, p3, p3
	p2.Calendar, p3.Calendar, day.Calendar = office, office, office
	day.ResolveDays, day.RespondDays = 1, 1
	twoDays := day
	twoDays.ResolveDays = 2
	for _, test := range []struct {
		name      string
		events    []sla.Event
		warn, due string
	}{
		{"P2 of Friday afternoon", []sla.Event{at("2026-03-27 16:30", sla.Start, p2)}, "2026-03-30 09:45", "2026-03-30 10:30"},
		{"P2 of a Saturday", []sla.Event{at("2026-03-28 11:00", sla.Start, p2)}, "2026-03-30 11:15", "2026-03-30 12:00"},
		{"P1 of Friday evening", []sla.Event{at("2026-03-27 22:00", sla.Start, p1)}, "2026-03-27 22:45", "2026-03-27 23:00"},
		{"1 working day", []sla.Event{at("2026-03-27 16:30", sla.Start, day)}, "2026-03-30 14:15", "2026-03-30 16:30"},
		{"1 working day from a Saturday", []sla.Event{at("2026-03-28 12:00", sla.Start, day)}, "2026-03-30 15:45", "2026-03-31 09:00"},
		{"1 working day from before Monday's opening", []sla.Event{at("2026-03-30 06:00", sla.Start, day)}, "2026-03-30 15:45", "2026-03-31 09:00"},
		{"2 working days over Easter", []sla.Event{at("2026-04-02 12:00", sla.Start, twoDays)}, "2026-04-07 16:30", "2026-04-08 12:00"},
		{
			"P3 raised to P1 at night: now + 1 h", []sla.Event{at("2026-03-27 17:00", sla.Start, p3), at("2026-03-27 21:00", sla.Retarget, p1)},
			"2026-03-27 21:45", "2026-03-27 22:00",
		},
		{
			"a working day raised to 3 h", []sla.Event{at("2026-03-27 17:00", sla.Start, day), at("2026-03-27 17:30", sla.Retarget, p2)},
			"2026-03-30 10:45", "2026-03-30 11:30",
		},
		{
			"P2 raised to P1 when the old deadline is nearer", []sla.Event{at("2026-03-27 17:00", sla.Start, p2), at("2026-03-30 10:45", sla.Retarget, p1)},
			"2026-03-30 10:45", "2026-03-30 11:00",
		},
		{
			"P1 of a Saturday lowered to P2: waits for Monday", []sla.Event{at("2026-03-28 11:00", sla.Start, p1), at("2026-03-28 11:30", sla.Retarget, p2)},
			"2026-03-30 11:15", "2026-03-30 12:00",
		},
		{
			"P1 lowered within the hours: the time spent counts", []sla.Event{at("2026-03-27 16:00", sla.Start, p1), at("2026-03-27 16:30", sla.Retarget, p2)},
			"2026-03-30 09:15", "2026-03-30 10:00",
		},
		{
			"P2 lowered to a working day", []sla.Event{at("2026-03-27 16:00", sla.Start, p2), at("2026-03-27 16:30", sla.Retarget, day)},
			"2026-03-30 13:45", "2026-03-30 16:00",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := cycle(t, test.events...).Clock(sla.Resolve)
			if warn, due := local(london, test.warn), local(london, test.due); !got.WarnAt.Equal(warn) || !got.DueAt.Equal(due) {
				t.Errorf("warns %s, due %s; want %s, %s", got.WarnAt, got.DueAt, warn.UTC(), due.UTC())
			}
			if want := test.events[len(test.events)-1].Target; got.Days != want.ResolveDays || got.Calendar != want.Calendar || !got.Promised() {
				t.Errorf("%d days, %t that it follows no hours, promised %t", got.Days, got.Calendar == nil, got.Promised())
			}
		})
	}
}

func TestSpentAndLeftWhileClosed(t *testing.T) {
	t.Parallel()
	target := p2
	target.Calendar = calendar(t, hours(london, workdays, "09:00-18:00"))
	c := cycle(t, at("2026-03-27 16:30", sla.Start, target)).Clock(sla.Resolve) // due Monday 10:30
	for _, test := range []struct {
		now         string
		spent, left time.Duration
		late        bool
	}{
		{"2026-03-27 17:30", time.Hour, 2 * time.Hour, false},
		{"2026-03-28 12:00", 90 * time.Minute, 90 * time.Minute, false},
		{"2026-03-30 10:30", 3 * time.Hour, 0, false},
		{"2026-03-30 11:00", 210 * time.Minute, -30 * time.Minute, true},
		{"2026-03-30 23:00", 10*time.Hour + 30*time.Minute, -7*time.Hour - 30*time.Minute, true},
	} {
		t.Run(test.now, func(t *testing.T) {
			now := local(london, test.now)
			if spent, left, late := c.Spent(now), c.Left(now), c.Late(now); spent != test.spent || left != test.left || late != test.late {
				t.Errorf("spent %s, left %s, late %t; want %s, %s, %t", spent, left, late, test.spent, test.left, test.late)
			}
		})
	}
}

// withHours gives targets drawn opening hours, or working days, or neither.
func withHours(t *rapid.T, events []sla.Event) {
	h, _ := drawHours(t)
	c := calendar(t, busy(h))
	for i := range events {
		if rapid.Bool().Draw(t, "follows hours") {
			events[i].Target.Calendar = c
		}
		if rapid.Bool().Draw(t, "counts days") {
			events[i].Target.ResolveDays = rapid.IntRange(1, 5).Draw(t, "days")
		}
	}
}

func TestSpentAndLeftMakeTheTargetWithHours(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		events, end := drawEvents(t, sla.Restart, sla.Answer, sla.Stop, sla.Unstop)
		withHours(t, events)
		for _, cycle := range sla.Cycles(events) {
			for _, c := range cycle.Clocks {
				want := c.Target
				if c.Days > 0 {
					want = c.Calendar.Between(c.StartedAt, c.DueAt)
				}
				if spent, left := c.Spent(end), c.Left(end); spent+left != want {
					t.Errorf("%s: spent %s and left %s make %s, not %s", c.Name, spent, left, spent+left, want)
				}
				if c.Left(end) > 0 && c.Late(end) || c.Left(end) < 0 && !c.Late(end) {
					t.Errorf("%s: late %t with %s left", c.Name, c.Late(end), c.Left(end))
				}
			}
		}
	})
}

func TestClocksWithHoursMakeSense(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		events, now := drawEvents(t, allKinds...)
		events = append(events, sla.Event{At: now, Kind: sla.Retarget, Target: drawTarget(t, "last")})
		withHours(t, events)
		for _, c := range newest(events).Clocks {
			if c.WarnAt.After(c.DueAt) || c.WarnAt.Before(c.StartedAt) || !c.DueAt.After(c.StartedAt) {
				t.Errorf("%s: started %s, warns %s, due %s", c.Name, c.StartedAt, c.WarnAt, c.DueAt)
			}
		}
		for i, before := range newest(events[:len(events)-1]).Clocks {
			after := newest(events).Clocks[i]
			if before.Running() && !before.Late(now) && after.Late(now) {
				t.Errorf("%s: late by the change of its target alone", after.Name)
			}
		}
	})
}

func TestDueGrowsWithTheTargetWithHours(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		events, _ := drawEvents(t, sla.Answer, sla.Stop, sla.Unstop)
		withHours(t, events)
		short, long := slices.Clone(events), slices.Clone(events)
		long[0].Target.Resolve += time.Duration(rapid.IntRange(0, 48*3600).Draw(t, "more seconds")) * time.Second
		if short[0].Target.ResolveDays > 0 {
			long[0].Target.ResolveDays += rapid.IntRange(0, 5).Draw(t, "more days")
		}
		if a, b := newest(short).Clock(sla.Resolve).DueAt, newest(long).Clock(sla.Resolve).DueAt; a.After(b) {
			t.Errorf("due %s, with more time %s", a, b)
		}
	})
}

func TestHoursAllDayChangeNothing(t *testing.T) {
	t.Parallel()
	nonstop := calendar(t, hours(london, everyDay, "00:00-00:00"))
	rapid.Check(t, func(t *rapid.T) {
		events, end := drawEvents(t, allKinds...)
		withNonstop := slices.Clone(events)
		for i := range withNonstop {
			withNonstop[i].Target.Calendar = nonstop
		}
		got, want := sla.Cycles(withNonstop), sla.Cycles(events)
		for i := range want {
			for j, w := range want[i].Clocks {
				g := got[i].Clocks[j]
				if !g.DueAt.Equal(w.DueAt) || !g.WarnAt.Equal(w.WarnAt) || g.Spent(end) != w.Spent(end) || g.Left(end) != w.Left(end) {
					t.Errorf("%s: %+v, without hours %+v", w.Name, g, w)
				}
			}
		}
	})
}

// life has fifty entries: most are replies, and now and then the priority changes.
func life(target sla.Target) []sla.Event {
	other := target
	other.Resolve, other.Calendar = 9*time.Hour, target.Calendar
	events := []sla.Event{{At: midnight.Add(10 * time.Hour), Kind: sla.Start, Target: target}}
	for i := range 49 {
		e := sla.Event{At: midnight.Add(10*time.Hour + time.Duration(i)*time.Minute), Kind: sla.Answer}
		switch i % 12 {
		case 5:
			e.Kind, e.Target = sla.Retarget, other
		case 11:
			e.Kind, e.Target = sla.Retarget, target
		}
		events = append(events, e)
	}
	return events
}

// The clocks of a ticket with 50 entries, with the calendar of a year, take at most 20 µs.
func BenchmarkCycles(b *testing.B) {
	target := p3
	target.Calendar = calendar(b, hours(london, workdays, "09:00-12:30 13:30-18:00", thirtyDays...))
	events := life(target)
	for b.Loop() {
		sla.Cycles(events)
	}
}

// longLife has fifty entries over a year. Week after week the ticket is claimed, paused and
// resumed, lowered and raised, ended and reopened.
func longLife(target sla.Target) []sla.Event {
	other := target
	other.Resolve *= 2
	kinds := []sla.EventKind{sla.Answer, sla.Wait, sla.Resume, sla.Retarget, sla.Hold, sla.Resume, sla.AdoptPolicy, sla.Stop, sla.Unstop, sla.Stop, sla.Restart}
	events := []sla.Event{{At: midnight.Add(10 * time.Hour), Kind: sla.Start, Target: target}}
	for i := range 49 {
		e := sla.Event{At: midnight.Add(time.Duration(i+1) * 7 * 25 * time.Hour), Kind: kinds[i%len(kinds)], Target: other}
		if e.Kind == sla.Restart || i%2 == 0 {
			e.Target = target
		}
		events = append(events, e)
	}
	return events
}

// The same over a whole year, with every kind of event, takes at most 20 µs.
func BenchmarkCyclesOverAYear(b *testing.B) {
	target := p3
	target.Resolve = 2000 * time.Hour
	target.Calendar = calendar(b, hours(london, workdays, "09:00-12:30 13:30-18:00", thirtyDays...))
	events := longLife(target)
	for b.Loop() {
		sla.Cycles(events)
	}
}

func BenchmarkCalendar(b *testing.B) {
	c := calendar(b, hours(london, workdays, "09:00-12:30 13:30-18:00"))
	for b.Loop() {
		c.Add(midnight, 24*time.Hour)
	}
}

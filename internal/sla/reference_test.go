package sla_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"supporty/internal/sla"
)

// reference walks minute by minute through wall-clock time. A wall clock that jumps ahead has
// reached the times that it skipped. One that is set back has reached the times that it showed
// before.
type reference struct {
	hours sla.Hours
	zone  *time.Location
}

// open returns for each minute from start on whether the desk is open. start is a whole minute.
// The answers are right from two days after start on.
func (r reference) open(start time.Time, minutes int) []bool {
	answers := make([]bool, minutes)
	reached := time.Time{}
	for i := range answers {
		shown := r.shown(start.Add(time.Duration(i) * time.Minute))
		if shown.After(reached) {
			reached = shown
		}
		answers[i] = r.isOpen(reached)
	}
	return answers
}

func (r reference) shown(t time.Time) time.Time {
	l := t.In(r.zone)
	return time.Date(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), 0, 0, time.UTC)
}

func (r reference) isOpen(wall time.Time) bool {
	minute := wall.Hour()*60 + wall.Minute()
	return r.isOpenOn(wall, minute) || r.isOpenOn(wall.AddDate(0, 0, -1), minute+24*60)
}

func (r reference) isOpenOn(day time.Time, minute int) bool {
	return !slices.Contains(r.hours.Holidays, day.Format(time.DateOnly)) &&
		slices.ContainsFunc(r.hours.Week[day.Weekday()], func(s sla.Span) bool { return s.From <= minute && minute < s.To })
}

// addDays finds the n-th later working day moment by moment. The result is the time of day of the
// next open minute after filing: the first moment of that day at which the clock shows it, or the
// day's end.
func (r reference) addDays(start time.Time, minutes, from, n int) (time.Time, bool) {
	var filed, day, last time.Time // by the wall clock; the day that counts, and the last minute of it
	reached := time.Time{}
	for i := range minutes {
		at := start.Add(time.Duration(i) * time.Minute)
		if shown := r.shown(at); shown.After(reached) {
			reached = shown
		}
		belongs, open := r.dayOf(reached)
		switch {
		case i < from || !open:
		case day.IsZero():
			filed, day = reached, belongs
		case n == 0 && !belongs.Equal(day):
			return last.Add(time.Minute), true
		case !belongs.Equal(day):
			n, filed, day = n-1, belongs.Add(filed.Sub(day)), belongs
		}
		if open && !day.IsZero() && i >= from {
			last = at
		}
		if n == 0 && last.Equal(at) && !reached.Before(filed) {
			return at, true
		}
	}
	return time.Time{}, false
}

// dayOf is the day to which a minute belongs: the day of the opening that began first.
func (r reference) dayOf(wall time.Time) (day time.Time, open bool) {
	minute, midnight := wall.Hour()*60+wall.Minute(), wall.Truncate(24*time.Hour)
	if yesterday := midnight.AddDate(0, 0, -1); r.isOpenOn(yesterday, minute+24*60) {
		return yesterday, true
	}
	return midnight, r.isOpenOn(midnight, minute)
}

var zones = []string{
	"UTC", "Europe/London", "Europe/Berlin", "America/New_York", "America/St_Johns", "America/Sao_Paulo", "Australia/Lord_Howe",
	"Asia/Kolkata", "Asia/Kathmandu", "Pacific/Auckland", "Pacific/Chatham", "Africa/Casablanca", "Asia/Tehran", "Pacific/Kiritimati",
}

// drawHours draws hours and a day of a random year, often one near a change of
// the clocks.
func drawHours(t *rapid.T) (sla.Hours, time.Time) {
	h := sla.Hours{Zone: rapid.SampledFrom(zones).Draw(t, "zone")}
	for d := range h.Week {
		for range rapid.IntRange(0, 3).Draw(t, "spans") {
			from := rapid.IntRange(0, 24*60-1).Draw(t, "from")
			h.Week[d] = append(h.Week[d], sla.Span{From: from, To: from + rapid.IntRange(1, 24*60).Draw(t, "length")})
		}
	}
	if len(slices.Concat(h.Week[:]...)) == 0 {
		h.Week[time.Monday] = []sla.Span{{From: 9 * 60, To: 17 * 60}}
	}
	year := rapid.IntRange(1990, 2060).Draw(t, "year")
	day := time.Date(year, 1, rapid.IntRange(1, 366).Draw(t, "day"), 0, 0, 0, 0, time.UTC)
	if rapid.Bool().Draw(t, "near a change") {
		day = nearChange(h.Zone, day)
	}
	for range rapid.IntRange(0, 3).Draw(t, "holidays") {
		h.Holidays = append(h.Holidays, day.AddDate(0, 0, rapid.IntRange(-1, referenceDays).Draw(t, "holiday")).Format(time.DateOnly))
	}
	return h, day
}

// busy hours are so long that every target of the tests ends within lookAhead years.
func busy(h sla.Hours) sla.Hours {
	h.Week[time.Wednesday] = []sla.Span{{From: 8 * 60, To: 20 * 60}}
	return h
}

func nearChange(zone string, day time.Time) time.Time {
	l, err := time.LoadLocation(zone)
	if err != nil {
		panic(err)
	}
	if _, end := day.In(l).ZoneBounds(); !end.IsZero() {
		return end.UTC().Truncate(24*time.Hour).AddDate(0, 0, -2)
	}
	return day
}

const referenceDays = 4

func TestCalendarEqualsTheReference(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h, day := drawHours(t)
		c := calendar(t, h)
		slow := reference{h, c.Zone()}.open(day.AddDate(0, 0, -2), (referenceDays+2)*24*60)[2*24*60:]
		a := rapid.IntRange(0, len(slow)-1).Draw(t, "from")
		b := rapid.IntRange(a, len(slow)).Draw(t, "to")
		from := day.Add(time.Duration(a) * time.Minute)
		open := 0
		for i := a; i < b; i++ {
			at := day.Add(time.Duration(i) * time.Minute)
			if got, _ := c.State(at); got != slow[i] {
				t.Fatalf("%s: open %t, want %t", at.In(c.Zone()), got, slow[i])
			}
			if slow[i] {
				open++
			}
			if end := at.Add(time.Minute); slow[i] && !c.Add(from, time.Duration(open)*time.Minute).Equal(end) {
				t.Fatalf("%d open minutes after %s end %s, want %s", open, from, c.Add(from, time.Duration(open)*time.Minute), end)
			}
		}
		if got := c.Between(from, day.Add(time.Duration(b)*time.Minute)); got != time.Duration(open)*time.Minute {
			t.Errorf("open for %s, want %d minutes", got, open)
		}
	})
}

func TestWorkingDaysEqualTheReference(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h, day := drawHours(t)
		c := calendar(t, h)
		from := rapid.IntRange(0, 2*24*60).Draw(t, "from")
		n := rapid.IntRange(1, 3).Draw(t, "days")
		want, ok := reference{h, c.Zone()}.addDays(day.AddDate(0, 0, -2), 32*24*60, 2*24*60+from, n)
		at := day.Add(time.Duration(from) * time.Minute)
		if got := c.AddDays(at, n); ok && !got.Equal(want) {
			t.Errorf("%d days after %s: %s, want %s", n, at.In(c.Zone()), got.In(c.Zone()), want.In(c.Zone()))
		}
	})
}

// Working days have open time in them. A later beginning never has an earlier deadline, and
// neither do more days.
func TestWorkingDaysMakeSense(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h, day := drawHours(t)
		c := calendar(t, busy(h))
		at := day.Add(time.Duration(rapid.IntRange(0, referenceDays*24*3600).Draw(t, "at")) * time.Second)
		after := at.Add(time.Duration(rapid.IntRange(0, 48*3600).Draw(t, "after")) * time.Second)
		n := rapid.IntRange(1, 10).Draw(t, "days")
		due := c.AddDays(at, n)
		if c.Between(at, due) == 0 {
			t.Errorf("%d days after %s are over at %s, and the desk was never open", n, at, due)
		}
		if other := c.AddDays(after, n); other.Before(due) {
			t.Errorf("%d days after %s: %s; after %s: %s", n, at, due, after, other)
		}
		if other := c.AddDays(at, n+1); !other.After(due) {
			t.Errorf("%d days after %s: %s; one more: %s", n, at, due, other)
		}
	})
}

// The answer does not depend on questions before it, or on their order.
func TestCalendarForgetsNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h, day := drawHours(t)
		h = busy(h)
		used := calendar(t, h)
		used.Add(day.AddDate(rapid.IntRange(-20, 20).Draw(t, "years away"), 0, 0), time.Hour)
		used.Between(day.AddDate(-rapid.IntRange(0, 3).Draw(t, "years before"), 0, 0), day)
		d := time.Duration(rapid.Int64Range(1, int64(2000*time.Hour)).Draw(t, "open"))
		fresh := calendar(t, h)
		got, want := used.Add(day, d), fresh.Add(day, d)
		if !got.Equal(want) {
			t.Errorf("%s, asked freshly %s", got, want)
		}
		if back := fresh.Between(day, want); back != d {
			t.Errorf("added %s, %s lie between", d, back)
		}
	})
}

func TestOpenAllDayEqualsPlainDurations(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		_, day := drawHours(t)
		c := calendar(t, hours(rapid.SampledFrom(zones).Draw(t, "another zone"), everyDay, "00:00-00:00"))
		at := day.Add(time.Duration(rapid.Int64Range(0, int64(24*time.Hour)).Draw(t, "at")))
		d := time.Duration(rapid.Int64Range(1, int64(9000*time.Hour)).Draw(t, "open"))
		if got := c.Add(at, d); !got.Equal(at.Add(d)) {
			t.Errorf("%s after %s: %s, want %s", d, at, got, at.Add(d))
		}
		if got := c.Between(at, at.Add(d)); got != d {
			t.Errorf("%s lie between, want %s", got, d)
		}
	})
}

func TestAtWallClockIsWhatTheClockFirstShows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h, day := drawHours(t)
		zone := calendar(t, h).Zone()
		wall := day.AddDate(0, 0, 2).Add(time.Duration(rapid.IntRange(-24*60, 24*60).Draw(t, "minutes")) * time.Minute)
		got := sla.AtWallClock(wall, zone)
		r := reference{h, zone}
		if r.shown(got).Before(wall) {
			t.Errorf("%s: the clock shows less than %s", got.In(zone), wall)
		}
		for before := range 3 * 60 {
			earlier := got.Add(-time.Duration(before+1) * time.Minute)
			if !r.shown(earlier).Before(wall) {
				t.Fatalf("%s: the clock had shown %s by %s", got.In(zone), wall, earlier.In(zone))
			}
		}
	})
}

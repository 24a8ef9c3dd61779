package sla_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"supporty/internal/sla"
)

// reference walks minute by minute through wall-clock time. A wall clock that
// jumps ahead has reached what it skipped; one that is set back has reached what
// it showed before.
type reference struct {
	hours sla.Hours
	zone  *time.Location
}

// open returns which of the minutes from start on the desk is open in. start is
// a whole minute, two days after which the answers begin to be true.
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

// busy hours are long enough that every target of the tests ends within the
// years that a calendar looks ahead.
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
			if got := c.IsOpen(at); got != slow[i] {
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

// Whatever was asked before, in whatever order, the answer is the same.
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

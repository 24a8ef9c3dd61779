package sla_test

import (
	"strings"
	"testing"
	"time"

	"supporty/internal/sla"
)

// minute reads "09:30" as minutes since midnight.
func minute(clock string) int {
	t, err := time.Parse("15:04", clock)
	if err != nil {
		panic(err)
	}
	return t.Hour()*60 + t.Minute()
}

// hours are the same spans on days such as "Mon Tue": "09:00-12:30 13:30-18:00".
// A span that ends at or before its beginning ends on the next day.
func hours(zone, days, spans string, holidays ...string) sla.Hours {
	h := sla.Hours{Zone: zone, Holidays: holidays}
	for d := range h.Week {
		if !strings.Contains(days, time.Weekday(d).String()[:3]) {
			continue
		}
		for span := range strings.FieldsSeq(spans) {
			from, to, _ := strings.Cut(span, "-")
			s := sla.Span{From: minute(from), To: minute(to)}
			if s.To <= s.From {
				s.To += 24 * 60
			}
			h.Week[d] = append(h.Week[d], s)
		}
	}
	return h
}

const (
	workdays = "Mon Tue Wed Thu Fri"
	everyDay = workdays + " Sat Sun"
)

func calendar(t interface{ Fatal(...any) }, h sla.Hours) *sla.Calendar {
	c, err := sla.NewCalendar(h)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// local reads "2026-03-27 16:30" in a zone. An offset, as in "2026-11-01 01:30 -0500", chooses
// one of two times that look the same.
func local(zone, clock string) time.Time {
	l, err := time.LoadLocation(zone)
	if err != nil {
		panic(err)
	}
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02 15:04:05.000", "2006-01-02 15:04 -0700"} {
		if t, err := time.ParseInLocation(layout, clock, l); err == nil {
			return t
		}
	}
	panic(clock)
}

// thirtyDays are from December 1 on.
var thirtyDays = func() (days []string) {
	for day := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC); len(days) < 30; day = day.AddDate(0, 0, 1) {
		days = append(days, day.Format(time.DateOnly))
	}
	return days
}()

func TestAdd(t *testing.T) {
	t.Parallel()
	office := hours("Europe/London", workdays, "09:00-17:00", "2026-04-06")
	lunch := hours("Europe/Berlin", workdays, "13:30-18:00 09:00-12:30") // in any order
	night := hours("America/New_York", workdays, "22:00-06:00", "2026-07-03")
	newYork, berlin := hours("America/New_York", everyDay, "00:00-08:00"), hours("Europe/Berlin", everyDay, "00:00-08:00")
	lordHowe, brisbane := hours("Australia/Lord_Howe", everyDay, "00:00-08:00"), hours("Australia/Brisbane", everyDay, "00:00-08:00")
	for _, test := range []struct {
		name  string
		hours sla.Hours
		from  string
		open  string
		want  string
	}{
		{"over the weekend", office, "2026-03-20 16:30", "1h", "2026-03-23 09:30"},
		{"over the weekend on which the clocks change", office, "2026-03-27 16:30", "1h", "2026-03-30 09:30"},
		{"within a day", office, "2026-03-23 10:00", "3h", "2026-03-23 13:00"},
		{"to the very end of a day", office, "2026-03-23 14:00", "3h", "2026-03-23 17:00"},
		{"one millisecond more", office, "2026-03-23 14:00", "3h0m0.001s", "2026-03-24 09:00:00.001"},
		{"from the very end of a day", office, "2026-03-23 17:00", "1h", "2026-03-24 10:00"},
		{"before the desk opens", office, "2026-03-23 06:12", "1h", "2026-03-23 10:00"},
		{"on a closed day", office, "2026-03-21 12:00", "3h", "2026-03-23 12:00"},
		{"seconds are not cut", office, "2026-03-20 16:30:15.123", "1h", "2026-03-23 09:30:15.123"},
		{"a holiday on a Monday", office, "2026-04-03 16:30", "1h", "2026-04-07 09:30"},
		{"three days of eight hours", office, "2026-03-23 10:00", "24h", "2026-03-26 10:00"},
		{"thirty closed days in a row", hours("UTC", everyDay, "09:00-17:00", thirtyDays...), "2026-11-30 16:00", "2h", "2026-12-31 10:00"},
		{"over lunch", lunch, "2026-03-23 12:00", "1h", "2026-03-23 14:00"},
		{"in the lunch break", lunch, "2026-03-23 13:00", "4h30m", "2026-03-23 18:00"},
		{"at night, over midnight", night, "2026-06-30 23:00", "3h", "2026-07-01 02:00"},
		{"the night that began on Friday", night, "2026-06-27 05:00", "2h", "2026-06-29 23:00"},
		{"a holiday begins no night but does not cut one", night, "2026-07-03 05:00", "2h", "2026-07-06 23:00"},
		{"over the year's end", hours("UTC", everyDay, "22:00-06:00"), "2026-12-31 23:00", "8h", "2027-01-01 23:00"},

		{"New York, the clocks go forward", newYork, "2026-03-08 01:00", "2h", "2026-03-08 04:00"},
		{"New York, the clocks go back", newYork, "2026-11-01 00:30", "2h", "2026-11-01 01:30 -0500"},
		{"Berlin, the clocks go forward", berlin, "2026-03-29 01:00", "2h", "2026-03-29 04:00"},
		{"Berlin, the clocks go back", berlin, "2026-10-25 01:00", "2h30m", "2026-10-25 02:30 +0100"},
		{"Lord Howe, half an hour forward", lordHowe, "2026-10-04 01:00", "2h", "2026-10-04 03:30"},
		{"Lord Howe, half an hour back", lordHowe, "2026-04-05 01:00", "2h", "2026-04-05 02:30"},
		{"Brisbane changes nothing", brisbane, "2026-10-04 01:00", "2h", "2026-10-04 03:00"},
		{"the night shift of the shorter night", hours("America/New_York", everyDay, "22:00-06:00"), "2026-03-07 22:00", "8h", "2026-03-08 23:00"},
		{"the night shift of the longer night", hours("America/New_York", everyDay, "22:00-06:00"), "2026-10-31 22:00", "9h", "2026-11-01 06:00"},
		{"opened by the change", hours("America/New_York", "Sun", "02:30-04:00"), "2026-03-08 00:00", "30m", "2026-03-08 03:30"},
		{"closed by the change", hours("Europe/Berlin", "Sun", "01:00-02:30"), "2026-03-29 00:00", "1h", "2026-03-29 03:00"},
		{"opened the first of two times", hours("Europe/Berlin", "Sun", "02:30-04:00"), "2026-10-25 00:00", "30m", "2026-10-25 02:00 +0100"},
		{"closed the first of two times", hours("America/New_York", "Sun", "00:30-01:30"), "2026-11-01 00:00", "1h", "2026-11-01 01:30 -0400"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := calendar(t, test.hours)
			open, err := time.ParseDuration(test.open)
			if err != nil {
				t.Fatal(err)
			}
			from, want := local(test.hours.Zone, test.from), local(test.hours.Zone, test.want)
			if got := c.Add(from, open); !got.Equal(want) {
				t.Errorf("%s, want %s", got.In(c.Zone()), want)
			}
			if got := c.Between(from, want); got != open {
				t.Errorf("open for %s between, want %s", got, open)
			}
		})
	}
}

func TestAddDays(t *testing.T) {
	t.Parallel()
	office := hours("America/New_York", workdays, "09:00-17:00", "2026-05-25")
	lunch := hours("Europe/Berlin", "Tue Wed Thu", "09:00-12:30 13:30-18:00")
	lunch.Week[time.Monday], lunch.Week[time.Friday] = []sla.Span{{From: 8 * 60, To: 20 * 60}}, []sla.Span{{From: 10 * 60, To: 12 * 60}}
	night := hours("Europe/London", "Mon Tue Wed Thu", "22:00-06:00")
	night.Week[time.Tuesday] = append(night.Week[time.Tuesday], sla.Span{From: 4 * 60, To: 8 * 60})
	skipped := hours("Europe/Berlin", everyDay, "09:00-17:00")
	skipped.Week[time.Sunday] = []sla.Span{{From: 2 * 60, To: 3 * 60}}
	for _, test := range []struct {
		name  string
		hours sla.Hours
		from  string
		days  int
		want  string
	}{
		{"the next day", office, "2026-05-19 10:20", 1, "2026-05-20 10:20"},
		{"over the weekend", office, "2026-05-15 16:30", 1, "2026-05-18 16:30"},
		{"over the weekend and a holiday", office, "2026-05-22 16:30", 1, "2026-05-26 16:30"},
		{"from a Saturday, as if from Monday's opening", office, "2026-05-16 07:00", 1, "2026-05-19 09:00"},
		{"from Friday evening, likewise", office, "2026-05-15 20:00", 1, "2026-05-19 09:00"},
		{"from the very end of Friday, likewise", office, "2026-05-15 17:00", 1, "2026-05-19 09:00"},
		{"from a moment before the end", office, "2026-05-15 16:59:59.999", 1, "2026-05-18 16:59:59.999"},
		{"from a morning before the opening", office, "2026-05-19 08:00", 1, "2026-05-20 09:00"},
		{"from a holiday", office, "2026-05-25 11:00", 1, "2026-05-27 09:00"},
		{"two from a Saturday", office, "2026-05-16 11:00", 2, "2026-05-20 09:00"},
		{"seconds are not cut", office, "2026-05-19 10:20:30.456", 1, "2026-05-20 10:20:30.456"},
		{"over a change of the clocks", office, "2026-03-06 11:00", 1, "2026-03-09 11:00"},
		{"none", office, "2026-05-16 11:00", 0, "2026-05-16 11:00"},

		{"into a gap: the next opening", lunch, "2026-05-18 13:00", 1, "2026-05-19 13:30"},
		{"to where the gap begins", lunch, "2026-05-18 12:30", 1, "2026-05-19 13:30"},
		{"before the first opening", lunch, "2026-05-18 08:15", 1, "2026-05-19 09:00"},
		{"after the last opening: its end", lunch, "2026-05-18 19:00", 1, "2026-05-19 18:00"},
		{"after the only opening", lunch, "2026-05-21 16:00", 1, "2026-05-22 12:00"},
		{"from a gap", lunch, "2026-05-19 13:00", 1, "2026-05-20 13:30"},

		{"after midnight, of the day before", night, "2026-05-21 02:00", 1, "2026-05-22 02:00"},
		{"over a weekend, after midnight", night, "2026-05-22 02:00", 1, "2026-05-26 02:00"},
		{"where two overlap, of the one that began first", night, "2026-05-19 05:00", 1, "2026-05-20 05:00"},
		{"where one has ended, of the other", night, "2026-05-19 06:30", 1, "2026-05-20 22:00"},

		{"a day that a change of the clocks closes", skipped, "2026-03-28 10:00", 1, "2026-03-30 10:00"},
		{"the same day of another week", skipped, "2026-03-21 10:00", 1, "2026-03-22 03:00"},
		{"a day that a zone left out", hours("Pacific/Apia", everyDay, "09:00-17:00"), "2011-12-29 10:00", 1, "2011-12-31 10:00"},
		{"an hour that comes twice counts once", hours("America/New_York", everyDay, "00:00-08:00"), "2026-11-01 01:30 -0500", 1, "2026-11-02 02:00"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := calendar(t, test.hours)
			got := c.AddDays(local(test.hours.Zone, test.from), test.days)
			if want := local(test.hours.Zone, test.want); !got.Equal(want) {
				t.Errorf("%s, want %s", got.In(c.Zone()), want)
			}
		})
	}
}

func TestState(t *testing.T) {
	t.Parallel()
	office := hours("Europe/London", workdays, "09:00-17:00", "2026-04-06")
	nonstop := hours("Europe/London", everyDay, "00:00-00:00")
	for _, test := range []struct {
		hours sla.Hours
		at    string
		open  bool
		until string // empty for ever
	}{
		{office, "2026-03-27 09:00", true, "2026-03-27 17:00"},
		{office, "2026-03-27 16:59:59.999", true, "2026-03-27 17:00"},
		{office, "2026-03-27 17:00", false, "2026-03-30 09:00"},
		{office, "2026-04-06 12:00", false, "2026-04-07 09:00"},
		{nonstop, "2026-04-06 12:00", true, ""},
	} {
		t.Run(test.at, func(t *testing.T) {
			c := calendar(t, test.hours)
			open, until := c.State(local(test.hours.Zone, test.at))
			want := time.Time{}
			if test.until != "" {
				want = local(test.hours.Zone, test.until)
			}
			if open != test.open || !until.Equal(want) {
				t.Errorf("open %t until %s, want %t until %s", open, until, test.open, want)
			}
		})
	}
}

func TestAlwaysOpen(t *testing.T) {
	t.Parallel()
	c := calendar(t, sla.Hours{})
	open, until := c.State(midnight)
	if !c.Always() || !open || !until.IsZero() || c.Zone() != time.UTC || !c.Equal(&sla.Calendar{}) {
		t.Errorf("no hours: always %t, open %t until %s in %s", c.Always(), open, until, c.Zone())
	}
	if got := c.AddDays(midnight, 2).Sub(midnight); got != 48*time.Hour {
		t.Errorf("two days are %s", got)
	}
}

// A desk that has closed for ever promises a day far in the future, not one in the past.
func TestClosedForGood(t *testing.T) {
	t.Parallel()
	h := hours("UTC", "Mon", "09:00-17:00")
	for day := time.Date(2025, 1, 6, 0, 0, 0, 0, time.UTC); day.Year() < 2040; day = day.AddDate(0, 0, 7) {
		h.Holidays = append(h.Holidays, day.Format(time.DateOnly))
	}
	c := calendar(t, h)
	soon := midnight.AddDate(4, 0, 0)
	if got := c.Add(midnight, time.Hour); got.Before(soon) {
		t.Errorf("an hour ends %s", got)
	}
	if got := c.AddDays(midnight, 1); got.Before(soon) {
		t.Errorf("a working day ends %s", got)
	}
	if open, until := c.State(midnight); open || !until.IsZero() {
		t.Errorf("open %t until %s", open, until)
	}
}

func TestNewCalendarRefuses(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]sla.Hours{
		"an unknown zone":    hours("Mars/Olympus", workdays, "09:00-17:00"),
		"no opening":         {Zone: "UTC"},
		"a span backwards":   {Zone: "UTC", Week: [7][]sla.Span{{{From: 600, To: 540}}}},
		"a span too long":    {Zone: "UTC", Week: [7][]sla.Span{{{From: 0, To: 1441}}}},
		"a span from nobody": {Zone: "UTC", Week: [7][]sla.Span{{{From: 1440, To: 1500}}}},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := sla.NewCalendar(h); err == nil {
				t.Errorf("%s is accepted", name)
			}
		})
	}
}

func TestHolidaysBetween(t *testing.T) {
	t.Parallel()
	c := calendar(t, hours("America/New_York", workdays, "09:00-17:00", "2026-05-25", "2026-05-30", "2026-06-01"))
	for _, test := range []struct{ from, to, want string }{
		{"2026-05-22 17:00", "2026-05-26 09:00", "2026-05-25"},
		{"2026-05-25 00:00", "2026-06-01 23:59", "2026-05-25 2026-06-01"}, // the 30th is a Saturday
		{"2026-05-26 09:00", "2026-05-29 17:00", ""},
		{"2026-05-26 09:00", "2026-05-22 17:00", ""},
	} {
		t.Run(test.from, func(t *testing.T) {
			got := strings.Join(c.HolidaysBetween(local("America/New_York", test.from), local("America/New_York", test.to)), " ")
			if got != test.want {
				t.Errorf("from %s to %s: %q, want %q", test.from, test.to, got, test.want)
			}
		})
	}
	if got := (*sla.Calendar)(nil).HolidaysBetween(midnight, midnight); got != nil {
		t.Errorf("without hours: %q", got)
	}
}

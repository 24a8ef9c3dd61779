package config_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"supporty/internal/config"
	"supporty/internal/sla"
)

// week has the same spans on days from first to last.
func week(first, last time.Weekday, spans ...sla.Span) (w [7][]sla.Span) {
	for day := first; day <= last; day++ {
		w[day] = spans
	}
	return w
}

var (
	nineToSix = sla.Span{From: 9 * 60, To: 18 * 60}
	weekdays  = week(time.Monday, time.Friday, nineToSix)
)

func TestHours(t *testing.T) {
	t.Parallel()
	shortFriday := week(time.Monday, time.Thursday, sla.Span{From: 540, To: 750}, sla.Span{From: 810, To: 1080})
	shortFriday[time.Friday] = []sla.Span{{From: 540, To: 960}}
	weekend := [7][]sla.Span{time.Saturday: {{From: 0, To: 1440}}, time.Sunday: {{From: 0, To: 1440}}}
	nights := week(time.Monday, time.Friday, sla.Span{From: 22 * 60, To: 30 * 60})
	for _, test := range []struct {
		name, file, env string
		parts           []string
		want            sla.Hours
	}{
		{name: "none", file: "hours:"},
		{name: "none, as in the example", file: `hours: {zone: "", open: [], holidays: [], country: "", region: ""}`},
		{name: "always", file: "hours: always"},
		{name: "the short form", file: "hours: Mon-Fri 09:00-18:00 Europe/London", want: sla.Hours{Zone: "Europe/London", Week: weekdays}},
		{name: "the short form in the environment", env: "Mon-Fri 09:00-18:00 Europe/London", want: sla.Hours{Zone: "Europe/London", Week: weekdays}},
		{name: "the environment over the full form", file: "hours: {zone: UTC, open: [Sat 09:00-10:00]}", env: "always"},
		{name: "long names, small letters, a dash", file: "hours: 'monday–FRI 9:00–18:00  Europe/London'", want: sla.Hours{Zone: "Europe/London", Week: weekdays}},
		{name: "several lines in the short form", file: "hours: Mon-Thu 09:00-12:30 13:30-18:00, Fri 09:00-16:00 Europe/Berlin", want: sla.Hours{Zone: "Europe/Berlin", Week: shortFriday}},
		{name: "days apart, and around the weekend", file: "hours: Sat-Sun 00:00-24:00 UTC", want: sla.Hours{Zone: "UTC", Week: weekend}},
		{name: "nights", file: "hours: Mon Tue Wed-Fri 22:00-06:00 America/New_York", want: sla.Hours{Zone: "America/New_York", Week: nights}},
		{
			name: "the full form", file: "hours:\n  zone: Europe/Berlin\n  open:\n  - Mon-Thu 09:00-12:30 13:30-18:00\n  - Fri 09:00-16:00\n  holidays: [2026-12-31, '2026-12-24']\n",
			want: sla.Hours{Zone: "Europe/Berlin", Week: shortFriday, Holidays: []string{"2026-12-24", "2026-12-31"}},
		},
		{name: "parts in the environment", parts: []string{"SUPPORTY_HOURS_ZONE=Europe/London", "SUPPORTY_HOURS_OPEN=Mon-Fri 09:00-18:00"}, want: sla.Hours{Zone: "Europe/London", Week: weekdays}},
		{name: "parts over the full form", file: "hours: {zone: UTC, open: [Mon-Fri 09:00-18:00]}", parts: []string{"SUPPORTY_HOURS_ZONE=Europe/London"}, want: sla.Hours{Zone: "Europe/London", Week: weekdays}},
		{
			name: "parts over the short form", file: "hours: Mon-Fri 09:00-18:00 Europe/London", parts: []string{"SUPPORTY_HOURS_HOLIDAYS=2026-12-24,2026-12-31"},
			want: sla.Hours{Zone: "Europe/London", Week: weekdays, Holidays: []string{"2026-12-24", "2026-12-31"}},
		},
		{name: "one line in the full form", file: "hours: {zone: UTC, open: Mon-Fri 09:00-18:00}", want: sla.Hours{Zone: "UTC", Week: weekdays}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := config.Load(write(t, test.file), slices.Concat(needed, test.parts, []string{"SUPPORTY_HOURS=" + test.env}))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got.Hours); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestHoursProblems(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, file, want string }{
		{"no zone", "hours: Mon-Fri 09:00-18:00", `hours: "Mon-Fri 09:00-18:00" does not end with a time zone; write something like Mon-Fri 09:00-18:00 Europe/London`},
		{"no days", "hours: 09:00-18:00 UTC", `hours: "09:00-18:00 UTC" is not a line of opening hours; write days and then times, like Mon-Fri 09:00-18:00`},
		{"no times", "hours: Mon-Fri UTC", `hours: "Mon-Fri UTC" is not a line of opening hours; write days and then times, like Mon-Fri 09:00-18:00`},
		{"an unknown day", "hours: Mon-Fry 09:00-18:00 UTC", `hours: "Mon-Fry 09:00-18:00 UTC" is not a line of opening hours; write days and then times, like Mon-Fri 09:00-18:00`},
		{"hours only", "hours: Mon 9-17 UTC", `hours: "Mon 9-17 UTC" is not a line of opening hours; write days and then times, like Mon-Fri 09:00-18:00`},
		{"an hour too many", "hours: Mon 09:00-25:00 UTC", `hours: "Mon 09:00-25:00 UTC" has a time in it that no day has; write times from 00:00 to 24:00`},
		{"minutes too many", "hours: Mon 09:60-17:00 UTC", `hours: "Mon 09:60-17:00 UTC" has a time in it that no day has; write times from 00:00 to 24:00`},
		{"no time at all", "hours: Mon 09:00-09:00 UTC", `hours: "Mon 09:00-09:00 UTC" opens and closes at the same time; for a whole day, write 00:00-24:00`},
		{"twice", "hours: Mon-Fri 09:00-18:00, Fri 09:00-16:00 UTC", `hours: "Mon-Fri 09:00-18:00, Fri 09:00-16:00 UTC" opens twice at the same time on Friday; write each day's hours once`},
		{"a list", "hours: [Mon-Fri 09:00-18:00 UTC]", `hours: a list is not a text; put it in quotes`},
		{"full, twice", "hours: {zone: UTC, open: [Mon-Fri 09:00-18:00, Fri 09:00-16:00]}", `hours.open: opens twice at the same time on Friday; write each day's hours once`},
		{"full, no zone", "hours: {open: [Mon 09:00-18:00]}", `hours.zone: is not set; write the time zone of the hours, like Europe/London`},
		{"full, no opening", "hours: {zone: UTC}", `hours.open: is not set; write when the desk is open, like Mon-Fri 09:00-18:00`},
		{"full, wrong in every way", "hours: {zone: Mars, open: [Mon], holidays: [25.12.2026], contry: DE}", `hours.contry: is not a setting; did you mean country?
hours.zone: "Mars" is not a time zone; write a name like Europe/London or UTC
hours.open[0]: "Mon" is not a line of opening hours; write days and then times, like Mon-Fri 09:00-18:00
hours.holidays[0]: "25.12.2026" is not a date; write something like 2026-12-25`},
		{"full, all that it lacks", "hours: {region: BY, open: [Mon]}", `hours.open[0]: "Mon" is not a line of opening hours; write days and then times, like Mon-Fri 09:00-18:00
hours.zone: is not set; write the time zone of the hours, like Europe/London
hours.country: is not set; write the country that the region is in, like DE`},
		{"a region without a country", "hours: {zone: UTC, open: [Mon 09:00-18:00], region: BY}", `hours.country: is not set; write the country that the region is in, like DE`},
		{"a region that is none", "hours: {zone: UTC, open: [Mon 09:00-18:00], country: au}", `hours.region: is not a region whose holidays are known; write one of ACT, NSW, NT, QLD, SA, TAS, VIC, WA`},
		{"a region too many", "hours: {zone: UTC, open: [Mon 09:00-18:00], country: us, region: CA}", `hours.region: is not needed: one list of holidays is known for this country; leave it out`},
		{"half a day", "priorities: [{name: P3, resolve: 0 working days}, {name: P2, hours: office, resolve: half a working day}]", `priorities[0].resolve: "0 working days" is out of range; write something from 1 working day to 100 working days
priorities[1].resolve: "half a working day" is neither a duration nor working days; write something like 3h, 45m or 2 working days
priorities[1].hours: "office" is not a choice here; write always or desk`},
		{"an answer days after the solution", "priorities: [{name: P3, resolve: 1 working day, respond: 2 working days}]", `priorities: P3 is answered within 2 working days, later than it is solved, within 1 working day; write a shorter respond for it`},
		{"longer than a year", "hours: Mon 09:00-10:00 UTC\npriorities: [{name: P3, resolve: 100h}]", `priorities: P3 is solved within 100h, but the desk is open for 1h a week: that is more than a year; write a shorter resolve for it`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := config.Load(write(t, test.file), needed)
			var problems config.Problems
			if !errors.As(err, &problems) {
				t.Fatalf("Load: %v, want Problems", err)
			}
			if diff := cmp.Diff(test.want, problems.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestPublicHolidays(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		country, region string
		free, open      []string
	}{
		{"GB", "", []string{"2026-04-03", "2026-04-06", "2026-12-28", "2049-12-27"}, []string{"2026-04-07", "2026-12-24"}},
		{"DE", "BY", []string{"2026-01-06", "2026-06-04", "2026-12-25"}, []string{"2026-10-31"}},
		{"de", "bb", []string{"2026-10-31"}, []string{"2026-01-06"}},
		{"US", "", []string{"2026-07-03", "2026-07-04", "2026-11-26"}, []string{"2026-12-26"}},
	} {
		t.Run(test.country, func(t *testing.T) {
			cfg, err := config.Load(write(t, "hours: {zone: UTC, open: [Mon-Fri 09:00-18:00], country: "+test.country+", region: '"+test.region+"', holidays: [2030-02-03]}"), needed)
			if err != nil {
				t.Fatal(err)
			}
			days := cfg.Hours.Holidays
			for _, day := range append(test.free, "2030-02-03") {
				if !slices.Contains(days, day) {
					t.Errorf("%s %s: open on %s", test.country, test.region, day)
				}
			}
			for _, day := range test.open {
				if slices.Contains(days, day) {
					t.Errorf("%s %s: closed on %s", test.country, test.region, day)
				}
			}
			if !slices.IsSorted(days) || len(slices.Compact(slices.Clone(days))) != len(days) {
				t.Errorf("%s %s: not in order, or some twice", test.country, test.region)
			}
		})
	}
}

// Any hours can be written in the short form.
func TestHoursAreReadAsWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var lines []string
		want := sla.Hours{Zone: "Europe/Berlin"}
		for day := range want.Week {
			if rapid.Bool().Draw(t, "closed") && len(lines) > 0 {
				continue
			}
			from := rapid.IntRange(0, 1300).Draw(t, "from")
			to := rapid.IntRange(from+60, 1439).Draw(t, "to")
			want.Week[day] = []sla.Span{{From: from, To: to}}
			lines = append(lines, time.Weekday(day).String()+" "+clockText(from)+"-"+clockText(to))
		}
		cfg, err := config.LoadOffline("", []string{"HOME=/h", "SUPPORTY_HOURS=" + strings.Join(lines, ", ") + " Europe/Berlin"})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, cfg.Hours); diff != "" {
			t.Errorf("%v (-want +got):\n%s", lines, diff)
		}
	})
}

func clockText(minutes int) string {
	return time.Date(1, 1, 1, 0, minutes, 0, 0, time.UTC).Format("15:04")
}

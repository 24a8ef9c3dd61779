package config_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"supporty/internal/config"
)

// Hours and targets that are well formed but that no desk could keep.
func TestImpossibleHoursAndTargets(t *testing.T) {
	t.Parallel()
	days := func(from string, n, step int) string {
		day, err := time.Parse(time.DateOnly, from)
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for range n {
			all = append(all, day.Format(time.DateOnly))
			day = day.AddDate(0, 0, step)
		}
		return "[" + strings.Join(all, ", ") + "]"
	}
	hours := func(open, holidays string) string {
		return fmt.Sprintf("hours: {zone: UTC, open: [%s], holidays: %s}\n", open, holidays)
	}
	const closed = "hours.holidays: close the desk for more than a year, from %s on; write only the days on which it stays closed"
	const office = "hours: {zone: UTC, open: [Mon-Fri 09:00-17:00]}\n"
	for _, test := range []struct{ name, file, want string }{
		{"before what is counted", hours("Mon 09:00-17:00", "['1969-12-31']"), `hours.holidays[0]: "1969-12-31" is not in the years that are counted; write a date from 1970 to 2200`},
		{"after what is counted", hours("Mon 09:00-17:00", "[2201-01-01]"), `hours.holidays[0]: 2201-01-01 is not in the years that are counted; write a date from 1970 to 2200`},
		{"the last of these years", hours("Mon 09:00-17:00", "[2200-12-31]"), ""},
		{"after what is known of a country", "hours: {zone: UTC, open: [Mon 09:00-17:00], country: GB, holidays: ['2050-12-25', '2026-01-02']}",
			`hours.holidays: "2050-12-25" is after 2049, the last year for which a country's holidays are known; leave it out`},
		{"every day", hours("Mon-Sun 09:00-17:00", days("2026-01-01", 366, 1)), fmt.Sprintf(closed, "2026-01-01")},
		{"every Monday", hours("Mon 09:00-17:00", days("2026-01-05", 53, 7)), fmt.Sprintf(closed, "2026-01-05")},
		{"nearly every day", hours("Mon-Sun 09:00-17:00", days("2026-01-01", 364, 1)), ""},
		{"more than anybody writes", hours("Mon-Sun 09:00-17:00", days("2026-01-01", 3661, 2)), "hours.holidays: has 3661 items; write at most 3660"},
		{"an answer in days, a solution in hours, 24×7", "priorities: [{name: P3, respond: 2 working days, resolve: 24h}]",
			"priorities: P3 is answered within 2 working days, later than it is solved, within 24h; write a shorter respond for it"},
		{"an answer in hours, a solution in days, 24×7", "priorities: [{name: P3, respond: 25h, resolve: 1 working day}]",
			"priorities: P3 is answered within 25h, later than it is solved, within 1 working day; write a shorter respond for it"},
		{"the same by hours: see config check", office + "priorities: [{name: P3, respond: 25h, resolve: 1 working day}]", ""},
		{"days that take more than a year", "hours: Mon 09:00-17:00 UTC\npriorities: [{name: P3, resolve: 60 working days}]",
			"priorities: P3 is solved within 60 working days, but the desk is open for 8h a week: that is more than a year; write a shorter resolve for it"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := config.Load(write(t, test.file), needed)
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != test.want {
				t.Errorf("got  %.300s\nwant %s", got, test.want)
			}
		})
	}
}

func TestAnswerAfterTheSolutionByHours(t *testing.T) {
	t.Parallel()
	cfg, err := config.Load(write(t, "hours: Mon-Fri 09:00-17:00 UTC\npriorities: [{name: P3, respond: 9h, resolve: 1 working day}]"), needed)
	if err != nil {
		t.Fatal(err)
	}
	const want = "priorities: P3 is answered within 9h, P3 is solved within 1 working day; but filed Mon 2026-03-23 00:00 (UTC) the second is due first, Tue 2026-03-24 09:00, and the other Tue 2026-03-24 10:00; write times that keep their order"
	if got := cfg.Overtaken(time.Date(2026, 3, 23, 0, 0, 0, 0, time.UTC)).Error(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

package insight_test

import (
	"testing"
	"time"

	"supporty/internal/insight"
)

// Weeks begin at the same time of the day, also where the clocks change: one of these has an hour more.
func TestWeeksOfASeries(t *testing.T) {
	t.Parallel()
	london := load(t, "Europe/London")
	end := time.Date(2026, 11, 16, 9, 0, 0, 0, london)
	weeks := insight.Weeks(end, london)
	if len(weeks) != insight.SeriesWeeks || !weeks[len(weeks)-1].To.Equal(end) {
		t.Fatalf("%v", weeks)
	}
	for i, w := range weeks {
		if from := w.From.In(london); from.Hour() != 9 || from.Weekday() != time.Monday || from.Location() == time.UTC {
			t.Errorf("%d begins %s", i, from)
		}
		if i > 0 && w.From != weeks[i-1].To {
			t.Errorf("%d does not begin where the one before ends: %v", i, weeks)
		}
	}
	if long := weeks[8]; long.To.Sub(long.From) != 7*24*time.Hour+time.Hour {
		t.Errorf("the week in which the clocks change: %s", long.To.Sub(long.From))
	}
}

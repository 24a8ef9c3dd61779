package insight_test

import (
	"testing"
	"time"

	"supporty/internal/insight"
	"supporty/internal/ticket"
)

func TestSpan(t *testing.T) {
	t.Parallel()
	london := load(t, "Europe/London")
	now := time.Date(2026, 11, 18, 15, 30, 0, 0, time.UTC)
	day := func(month time.Month, day, hour int) time.Time {
		return time.Date(2026, month, day, hour, 0, 0, 0, time.UTC)
	}
	for word, want := range map[string]ticket.Period{
		"7d":                     {From: now.AddDate(0, 0, -7), To: now},
		"30D":                    {From: now.AddDate(0, 0, -30), To: now},
		"quarter":                {From: day(9, 30, 23), To: now},             // 1 October, summer time
		"2026-10-24..2026-10-25": {From: day(10, 23, 23), To: day(10, 26, 0)}, // 49 hours: the clocks go back
		"2026-11-18..2026-11-18": {From: day(11, 18, 0), To: now},
		"2026-11-01..2027-11-01": {From: day(11, 1, 0), To: now},
	} {
		if got, ok, err := insight.Span(word, now, london); got != want || !ok || err != nil {
			t.Errorf("%s: %v, %v, %v; want %v", word, got, ok, err, want)
		}
	}
	for _, word := range []string{"", "d", "0d", "-7d", "7", "99999d", "quarterly", "..", "2026-10-01..", "..2026-10-01", "2026-13-01..2026-14-01", "1..2"} {
		if got, ok, err := insight.Span(word, now, london); ok || err != nil {
			t.Errorf("%q is no period, but %v, %v", word, got, err)
		}
	}
	for word, want := range map[string]string{
		"2026-10-02..2026-10-01": "That ends before it begins. Write the earlier day first.",
		"2026-11-19..2026-11-20": "That has not begun yet.",
		"1999-01-01..2026-11-01": "That is longer than ten years. Choose a shorter time.",
	} {
		_, ok, err := insight.Span(word, now, london)
		if !ok || ticket.SentenceOf(err) != want {
			t.Errorf("%s: %v, %v; want %q", word, ok, err, want)
		}
	}
}

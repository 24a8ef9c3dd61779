package slackin

import (
	"slices"
	"strings"
	"time"

	"supporty/internal/sla"
)

// when is a time as people write it: a day, a time of day, both, or neither, which is now.
type when struct {
	day  string // "", "today", "tomorrow", a day of the week in three letters, or a date
	time string // "15:04", or ""
}

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// readWhen reads "tomorrow 9:00", "Mon", "2026-12-24 18:00" or "15:00". It returns false for
// other texts.
func readWhen(text string) (w when, ok bool) {
	words := strings.Fields(strings.ToLower(text))
	if len(words) > 0 {
		if w.day = dayOf(words[0]); w.day != "" {
			words = words[1:]
		}
	}
	if len(words) > 0 {
		if _, err := time.Parse("15:04", words[0]); err == nil {
			w.time, words = words[0], words[1:]
		}
	}
	return w, len(words) == 0
}

func dayOf(word string) string {
	if _, err := time.Parse(time.DateOnly, word); err == nil || word == "today" || word == "tomorrow" {
		return word
	}
	for i, short := range weekdays {
		if word == short || word == strings.ToLower(time.Weekday(i).String()) {
			return short
		}
	}
	return ""
}

// at is the moment that is meant, for somebody in a zone: the next one where there are several.
// A day alone means this time of it.
func (w when) at(now time.Time, zone *time.Location) time.Time {
	if w == (when{}) {
		return now
	}
	wall := sla.Reached(now, zone)
	today := wall.Truncate(24 * time.Hour)
	day, passed := today, wall.Sub(today)
	if clock, err := time.Parse("15:04", w.time); err == nil {
		passed = time.Duration(clock.Hour())*time.Hour + time.Duration(clock.Minute())*time.Minute
	}
	switch weekday := slices.Index(weekdays, w.day); {
	case weekday >= 0:
		day = day.AddDate(0, 0, (weekday-int(day.Weekday())+7)%7)
		if day.Add(passed).Before(wall) {
			day = day.AddDate(0, 0, 7)
		}
	case w.day == "tomorrow":
		day = day.AddDate(0, 0, 1)
	case w.day == "" && day.Add(passed).Before(wall):
		day = day.AddDate(0, 0, 1)
	case w.day != "" && w.day != "today":
		day, _ = time.Parse(time.DateOnly, w.day)
	}
	return sla.AtWallClock(day.Add(passed), zone)
}

package insight

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"supporty/internal/ticket"
)

// longest is the longest span that can be asked for, in days.
const longest = 3660

// Span reads the period that a word asks for, as seen at now: "7d" for the last seven days,
// "quarter" for the present calendar quarter until now, or two days of the zone (nil is UTC), both of them
// inclusive: "2026-10-01..2026-10-31". It reports false for any other word. A period that lies
// ahead, or ends before it begins, is a ticket.Error.
func Span(word string, now time.Time, zone *time.Location) (ticket.Period, bool, error) {
	zone = cmp.Or(zone, time.UTC)
	word = strings.ToLower(word)
	from, to, isRange := strings.Cut(word, "..")
	switch {
	case isRange:
		return between(from, to, now, zone)
	case word == "quarter":
		local := now.In(zone)
		first := time.Date(local.Year(), (local.Month()-1)/3*3+1, 1, 0, 0, 0, 0, zone)
		return ticket.Period{From: first.UTC(), To: now.UTC()}, true, nil
	}
	n, err := strconv.Atoi(strings.TrimSuffix(word, "d"))
	if err != nil || !strings.HasSuffix(word, "d") || n < 1 || n > longest {
		return ticket.Period{}, false, nil
	}
	return LastDays(n, now), true, nil
}

// LastDays is the period of so many times 24 hours until now.
func LastDays(n int, now time.Time) ticket.Period {
	return ticket.Period{From: now.UTC().Add(-time.Duration(n) * 24 * time.Hour), To: now.UTC()}
}

// between is the period from one day to another.
func between(from, to string, now time.Time, zone *time.Location) (ticket.Period, bool, error) {
	first, err := time.ParseInLocation(time.DateOnly, from, zone)
	if err != nil {
		return ticket.Period{}, false, nil
	}
	last, err := time.ParseInLocation(time.DateOnly, to, zone)
	if err != nil {
		return ticket.Period{}, false, nil
	}
	p := ticket.Period{From: first.UTC(), To: last.AddDate(0, 0, 1).UTC()}.Until(now.UTC())
	switch {
	case last.Before(first):
		return p, true, ticket.Errorf(ticket.Invalid, "That ends before it begins. Write the earlier day first.")
	case !p.From.Before(p.To):
		return p, true, ticket.Errorf(ticket.Invalid, "That has not begun yet.")
	case p.To.Sub(p.From) > longest*24*time.Hour:
		return p, true, ticket.Errorf(ticket.Invalid, "That is longer than ten years. Choose a shorter time.")
	}
	return p, true, nil
}

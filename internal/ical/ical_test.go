package ical_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"supporty/internal/duty"
	"supporty/internal/ical"
)

// A calendar is as RFC 5545 wants it: lines of at most 75 bytes, no letter cut, texts escaped, times in UTC.
func TestCalendar(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, 11, 16, 9, 0, 0, 0, time.FixedZone("CET", 3600))
	shifts := []duty.Shift{{Person: "UBOB", From: from, Until: from.Add(24 * time.Hour)}, {From: from.Add(24 * time.Hour), Until: from.Add(25 * time.Hour)}}
	name := "Zoë; \\ B\u00f6b,\nEND:VCALENDAR " + strings.Repeat("é", 80)
	text := ical.Calendar("Check, out", "abc", shifts, func(string) string { return name }, from)
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\r\n"), "\r\n") {
		if len(line) > 75 || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n") {
			t.Errorf("%d bytes: %q", len(line), line)
		}
	}
	whole := strings.ReplaceAll(text, "\r\n ", "")
	for _, want := range []string{
		"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "\r\nX-WR-CALNAME:On duty: Check\\, out\r\n", "\r\nDTSTART:20261116T080000Z\r\nDTEND:20261117T080000Z\r\n",
		`SUMMARY:Zoë\; \\ Böb\,\nEND:VCALENDAR ` + strings.Repeat("é", 80), "\r\nEND:VCALENDAR\r\n",
	} {
		if !strings.Contains(whole, want) {
			t.Errorf("%q is not in\n%s", want, whole)
		}
	}
	if n := strings.Count(whole, "\r\nBEGIN:VEVENT\r\n"); n != 1 {
		t.Errorf("%d events", n)
	}
}

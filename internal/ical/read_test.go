package ical_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/duty"
	"supporty/internal/ical"
)

func reader(t testing.TB, zone string) ical.Reader {
	t.Helper()
	z, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	return ical.Reader{
		Zone: z, People: map[string]string{"bob@example.com": "UBOB", "bob": "UBOB", "dana@example.com": "UDANA", "zoë": "UZOE"},
		From: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), Until: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC),
	}
}

// wording is shifts in lines: "UBOB 16 09:00 - 17 09:00".
func wording(shifts []duty.Shift) string {
	var all []string
	for _, s := range shifts {
		all = append(all, s.Person+" "+s.From.Format("2 15:04")+" - "+s.Until.Format("2 15:04"))
	}
	return strings.Join(all, "\n")
}

func event(lines ...string) string {
	return "BEGIN:VEVENT\r\nUID:" + lines[0] + "\r\n" + strings.Join(lines[1:], "\r\n") + "\r\nEND:VEVENT\r\n"
}

func calendar(events ...string) string {
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + strings.Join(events, "") + "END:VCALENDAR\r\n"
}

func exported(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// What pagers write is read, and what comes of events of other programs: in which zone, how often, and for
// whom.
func TestReading(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		text, want string
		unknown    []string
		skipped    int
	}{
		"an export of PagerDuty": {
			text:    exported(t, "pagerduty.ics"),
			want:    "UBOB 16 09:00 - 23 09:00\nUDANA 23 09:00 - 30 09:00",
			unknown: []string{"erin@example.com"},
		},
		"an export of Grafana OnCall, of which one repeats for ever": {
			text: exported(t, "oncall.ics"),
			want: "UBOB 16 09:00 - 17 09:00\nUDANA 17 09:00 - 18 09:00\nUBOB 18 09:00 - 19 09:00\nUDANA 19 09:00 - 20 09:00\n" +
				"UBOB 23 09:00 - 24 09:00\nUBOB 25 09:00 - 26 09:00\nUBOB 30 09:00 - 1 09:00",
		},
		"times without a zone, a zone of its own, and one with a prefix": {
			text: calendar(
				event("1", "SUMMARY:Bob", "DTSTART:20261102T090000", "DTEND:20261102T180000"),
				event("2", "SUMMARY:Bob", "DTSTART;TZID=Asia/Tokyo:20261103T090000", "DTEND;TZID=Asia/Tokyo:20261103T180000"),
				event("3", "SUMMARY:Bob", "DTSTART;TZID=/example.org/2026/Asia/Tokyo:20261104T090000", "DURATION:PT9H"),
			),
			want: "UBOB 2 14:00 - 2 23:00\nUBOB 3 00:00 - 3 09:00\nUBOB 4 00:00 - 4 09:00",
		},
		"whole days": {
			text: calendar(
				event("1", "SUMMARY:Bob", "DTSTART;VALUE=DATE:20261102", "DTEND;VALUE=DATE:20261104"),
				event("2", "SUMMARY:Bob", "DTSTART;VALUE=DATE:20261105"),
			),
			want: "UBOB 2 05:00 - 4 05:00\nUBOB 5 05:00 - 6 05:00",
		},
		"weeks through the change of clocks": { // of New York, on 1 November
			text: calendar(event("1", "SUMMARY:Bob", "DTSTART;TZID=America/New_York:20261026T090000", "DTEND;TZID=America/New_York:20261102T090000",
				"RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=2")),
			want: "UBOB 26 13:00 - 2 14:00\nUBOB 9 14:00 - 16 14:00",
		},
		"exceptions, and a repetition that was moved to somebody else": {
			text: calendar(
				event("1", "SUMMARY:Bob", "DTSTART:20261102T120000Z", "DTEND:20261102T130000Z", "RRULE:FREQ=DAILY;COUNT=5", "EXDATE:20261103T120000Z,20261104T120000Z", "RDATE:20261110T120000Z"),
				event("1", "SUMMARY:Zoë", "RECURRENCE-ID:20261105T120000Z", "DTSTART:20261105T150000Z", "DTEND:20261105T160000Z"),
				event("1", "SUMMARY:Zoë", "STATUS:CANCELLED", "RECURRENCE-ID:20261106T120000Z", "DTSTART:20261106T150000Z", "DTEND:20261106T160000Z"),
			),
			want: "UBOB 2 12:00 - 2 13:00\nUZOE 5 15:00 - 5 16:00\nUBOB 10 12:00 - 10 13:00",
		},
		"who is invited stands before the title, and a name is a whole word": {
			text: calendar(
				event("1", "SUMMARY:Zoë", "ATTENDEE;CN=Bob B:MAILTO:BOB@example.com", "DTSTART:20261102T120000Z", "DTEND:20261102T130000Z"),
				event("2", "SUMMARY:Bobby", "DTSTART:20261103T120000Z", "DTEND:20261103T130000Z"),
				event("3", "SUMMARY:Kiosk: Zoë\\, not Bobby", "DTSTART:20261104T120000Z", "DTEND:20261104T130000Z"),
				event("4", "DTSTART:20261105T120000Z", "DTEND:20261105T130000Z"),
			),
			want:    "UBOB 2 12:00 - 2 13:00\nUZOE 4 12:00 - 4 13:00",
			unknown: []string{"Bobby"},
		},
		"what is not understood is left out": {
			text: calendar(
				event("1", "SUMMARY:Bob", "DTSTART;TZID=Eastern Standard Time:20261102T090000", "DURATION:PT1H"),
				event("2", "SUMMARY:Bob", "DTSTART:2 November"),
				event("3", "SUMMARY:Bob", "DTSTART:20261102T120000Z", "DURATION:PT1H", "RRULE:FREQ=SECONDLY"),
				event("4", "SUMMARY:Bob", "DTSTART:20261102T120000Z", "DURATION:PT1H", "RRULE:FREQ=HOURLY;INTERVAL=24;BYHOUR=5"),
				event("5", "SUMMARY:Bob", "DTSTART:20261102T120000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;BYHOUR=0;BYMINUTE="+strings.Repeat("0,", 150)+"0"),
				event("6", "SUMMARY:Bob", "DTSTART:20261102T120000Z", "DTEND:20261102T110000Z"),
				event("7", "SUMMARY:Bob", "DTSTART:20261103T120000Z", "DURATION:P1DT"),
			),
			want:    "UBOB 3 12:00 - 4 12:00",
			skipped: 5,
		},
		"nobody": {text: calendar()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := reader(t, "America/New_York").Read(t.Context(), test.text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, wording(got.Shifts)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.unknown, got.Unknown); diff != "" || got.Skipped != test.skipped {
				t.Errorf("%d skipped, unknown (-want +got):\n%s", got.Skipped, diff)
			}
		})
	}
}

// What is no calendar is refused, and what would take long to follow.
func TestCalendarsThatAreRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		text string
		want error
	}{
		"nothing":      {"", ical.ErrNoCalendar},
		"a page":       {"<html><title>Sign in</title></html>", ical.ErrNoCalendar},
		"half of one":  {calendar(event("1", "SUMMARY:Bob"))[:40], ical.ErrNoCalendar},
		"every minute": {calendar(strings.Repeat(event("1", "SUMMARY:Bob", "DTSTART:20261101T000000Z", "DURATION:PT1M", "RRULE:FREQ=HOURLY;BYMINUTE=0,10,20,30,40,50"), 2)), ical.ErrTooMany},
		"since long":   {calendar(strings.Repeat(event("1", "SUMMARY:Bob", "DTSTART:10000101T000000Z", "DURATION:PT1M", "RRULE:FREQ=DAILY"), 3)), ical.ErrTooMany},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, err := reader(t, "UTC").Read(t.Context(), test.text); !errors.Is(err, test.want) {
				t.Errorf("read %d shifts, %v", len(got.Shifts), err)
			}
		})
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := reader(t, "UTC").Read(ended, exported(t, "oncall.ics")); !errors.Is(err, context.Canceled) {
		t.Errorf("read after its end: %v", err)
	}
}

// Whatever a calendar has, reading it ends, and what is read is shifts of people that touch the period, in
// order.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"pagerduty.ics", "oncall.ics"} {
		f.Add(exported(f, name))
	}
	f.Add(calendar(event("1", "SUMMARY:Bob", "DTSTART;TZID=Europe/London:20261025T013000", "DURATION:P1W", "RRULE:FREQ=MONTHLY;BYDAY=-1SU;BYSETPOS=1", "EXDATE;VALUE=DATE:20261129")))
	f.Add(calendar(event("1", "ATTENDEE:mailto:bob@example.com", "DTSTART;VALUE=DATE:20240229", "RRULE:FREQ=YEARLY;BYWEEKNO=53;BYEASTER=0")))
	f.Fuzz(func(t *testing.T, text string) {
		r := reader(t, "Europe/London")
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		got, err := r.Read(ctx, text)
		if err != nil {
			return
		}
		for i, s := range got.Shifts {
			if s.Person == "" || !s.From.Before(r.Until) || !s.Until.After(r.From) || i > 0 && s.From.Before(got.Shifts[i-1].From) {
				t.Fatalf("read %v", s)
			}
		}
	})
}

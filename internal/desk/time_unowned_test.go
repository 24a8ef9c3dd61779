package desk

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/sla"
)

func TestMorning(t *testing.T) {
	t.Parallel()
	london, err := sla.NewCalendar(sla.Hours{Zone: "Europe/London", Week: [7][]sla.Span{1: {{From: 540, To: 750}, {From: 810, To: 1080}}, 5: {{From: 540, To: 960}}}, Holidays: []string{"2026-11-27"}})
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		hours       *sla.Calendar
		from, until string
	}{
		"always open, before nine": {nil, "2026-11-23T08:59:00Z", "2026-11-23T09:00:00Z"},
		"always open, at nine":     {nil, "2026-11-23T09:00:00Z", "2026-11-24T09:00:00Z"},
		"after the break":          {london, "2026-11-16T12:00:00Z", "2026-11-20T09:00:00Z"},
		"before it opens":          {london, "2026-11-20T08:00:00Z", "2026-11-23T09:00:00Z"},
		"over a holiday":           {london, "2026-11-23T10:00:00Z", "2026-11-30T09:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			from, _ := time.Parse(time.RFC3339, test.from)
			if got := morning(test.hours, from).Format(time.RFC3339); got != test.until {
				t.Errorf("%s, want %s", got, test.until)
			}
		})
	}
}

func TestDecideUnowned(t *testing.T) {
	t.Parallel()
	next := func(t time.Time) time.Time { return morning(nil, t) }
	monday := time.Date(2026, time.November, 16, 9, 0, 0, 0, time.UTC)
	s, _ := decideUnowned(Schedule{}, next, monday.Add(-time.Hour), []string{""})
	for _, test := range []struct {
		after time.Duration
		want  int
	}{{-time.Minute, 0}, {0, 1}, {time.Minute, 0}, {24 * time.Hour, 1}, {24*time.Hour + time.Minute, 0}, {97 * time.Hour, 1}, {98 * time.Hour, 0}} {
		var enqueued []Notice
		if s, enqueued = decideUnowned(s, next, monday.Add(test.after), []string{""}); len(enqueued) != test.want {
			t.Errorf("after %v: %d reminders, want %d", test.after, len(enqueued), test.want)
		}
	}
	var keys []string
	_, enqueued := decideUnowned(s, next, s.NextAt, []string{"", "C2"})
	for _, n := range enqueued {
		keys = append(keys, n.OrderingKey+" in "+n.Channel)
	}
	if diff := cmp.Diff([]string{"unowned:2026-11-21T09:00:00Z in ", "unowned:2026-11-21T09:00:00Z:C2 in C2"}, keys); diff != "" {
		t.Errorf("in two channels (-want +got):\n%s", diff)
	}
	if want := monday.Add(5 * 24 * time.Hour); !s.NextAt.Equal(want) {
		t.Errorf("next at %v, want %v", s.NextAt, want)
	}
}

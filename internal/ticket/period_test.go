package ticket_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"supporty/internal/ticket"
)

func TestUntil(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)
	p := ticket.Period{From: from, To: from.AddDate(0, 0, 7)}
	for _, test := range []struct {
		name string
		now  time.Time
		want ticket.Period
	}{
		{name: "not begun", now: from.Add(-time.Hour), want: ticket.Period{From: from, To: from}},
		{name: "beginning", now: from, want: ticket.Period{From: from, To: from}},
		{name: "half over", now: from.Add(time.Hour), want: ticket.Period{From: from, To: from.Add(time.Hour)}},
		{name: "over", now: p.To, want: p},
		{name: "long over", now: p.To.AddDate(1, 0, 0), want: p},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := p.Until(test.now); got != test.want {
				t.Errorf("until = %v, want %v", got, test.want)
			}
		})
	}
}

func TestWeekly(t *testing.T) {
	t.Parallel()
	for hours, want := range map[int]bool{24: false, 143: false, 144: true, 167: true, 169: true, 192: true, 193: false} {
		t.Run(fmt.Sprint(hours), func(t *testing.T) {
			p := ticket.Period{To: time.Time{}.Add(time.Duration(hours) * time.Hour)}
			if p.Weekly() != want {
				t.Errorf("%d h: weekly = %v, want %v", hours, !want, want)
			}
		})
	}
}

// Repeated calls of Before cover the past without a gap. Periods of whole days begin at the same
// time of day in their zone, even if its clocks change. Other periods keep their length to the
// nanosecond.
func TestBeforeIsAdjacent(t *testing.T) {
	t.Parallel()
	zones := []*time.Location{time.UTC, load(t, "Europe/London"), load(t, "America/New_York"), load(t, "Australia/Lord_Howe")}
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom(zones).Draw(t, "zone")
		start := time.Date(2026, 1, 1, 9, 0, 0, 0, zone).AddDate(0, 0, rapid.IntRange(0, 730).Draw(t, "day"))
		days := rapid.IntRange(1, 31).Draw(t, "days")
		p := ticket.Period{From: start.UTC(), To: start.AddDate(0, 0, days).UTC()}
		b := p.Before(zone)
		if b.To != p.From || b.From.Location() != time.UTC {
			t.Fatalf("%v does not end where %v begins", b, p)
		}
		if got := b.From.In(zone); got.Hour() != 9 || got.Minute() != 0 || !got.AddDate(0, 0, days).Equal(b.To) {
			t.Fatalf("%v is not the %d days before %v", b, days, p)
		}
		odd := ticket.Period{From: p.From, To: p.To.Add(7 * time.Minute)}
		if b := odd.Before(zone); b.To != odd.From || b.To.Sub(b.From) != odd.To.Sub(odd.From) {
			t.Fatalf("%v is not as long as %v", b, odd)
		}
	})
}

func load(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

package insight_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"supporty/internal/insight"
)

func TestUntil(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)
	p := insight.Period{From: from, To: from.AddDate(0, 0, 7)}
	for _, test := range []struct {
		name string
		now  time.Time
		want insight.Period
	}{
		{name: "not begun", now: from.Add(-time.Hour), want: insight.Period{From: from, To: from}},
		{name: "beginning", now: from, want: insight.Period{From: from, To: from}},
		{name: "half over", now: from.Add(time.Hour), want: insight.Period{From: from, To: from.Add(time.Hour)}},
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
			p := insight.Period{To: time.Time{}.Add(time.Duration(hours) * time.Hour)}
			if p.Weekly() != want {
				t.Errorf("%d h: weekly = %v, want %v", hours, !want, want)
			}
		})
	}
}

// Periods before periods cover the past without a gap, at the same time of day
// in their zone, whatever its clocks do; and those that are not made of days
// keep their length to the nanosecond.
func TestBeforeIsAdjacent(t *testing.T) {
	t.Parallel()
	zones := []*time.Location{time.UTC, load(t, "Europe/London"), load(t, "America/New_York"), load(t, "Australia/Lord_Howe")}
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom(zones).Draw(t, "zone")
		start := time.Date(2026, 1, 1, 9, 0, 0, 0, zone).AddDate(0, 0, rapid.IntRange(0, 730).Draw(t, "day"))
		days := rapid.IntRange(1, 31).Draw(t, "days")
		p := insight.Period{From: start.UTC(), To: start.AddDate(0, 0, days).UTC()}
		b := p.Before(zone)
		if b.To != p.From || b.From.Location() != time.UTC {
			t.Fatalf("%v does not end where %v begins", b, p)
		}
		if got := b.From.In(zone); got.Hour() != 9 || got.Minute() != 0 || !got.AddDate(0, 0, days).Equal(b.To) {
			t.Fatalf("%v is not the %d days before %v", b, days, p)
		}
		odd := insight.Period{From: p.From, To: p.To.Add(7 * time.Minute)}
		if b := odd.Before(zone); b.To != odd.From || b.To.Sub(b.From) != odd.To.Sub(odd.From) {
			t.Fatalf("%v is not as long as %v", b, odd)
		}
	})
}

func TestWhatIsWorthALook(t *testing.T) {
	t.Parallel()
	category := rapid.Custom(func(t *rapid.T) insight.Category {
		tickets := rapid.IntRange(1, 12).Draw(t, "tickets")
		return insight.Category{
			Name:        rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "name"),
			Tickets:     tickets,
			CodeChanges: rapid.IntRange(0, tickets).Draw(t, "changes"),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOf(category).Draw(t, "categories")
		got, ok := insight.Digest{This: insight.Numbers{Categories: all}}.LookAt()
		if ok && (got.Tickets < 3 || got.CodeChanges*3 > got.Tickets) {
			t.Fatalf("%+v is not worth a look", got)
		}
		for _, c := range all {
			if c.Tickets >= 3 && c.CodeChanges*3 <= c.Tickets && (!ok || c.Tickets > got.Tickets) {
				t.Fatalf("%+v is worth more of a look than %+v", c, got)
			}
		}
	})
}

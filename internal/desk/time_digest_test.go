package desk_test

import (
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/robfig/cron/v3"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

const (
	mondays = "CRON_TZ=Europe/London 0 9 * * 1"
	daily   = "CRON_TZ=Europe/London 0 9 * * *"
	inAGap  = "CRON_TZ=Europe/London 30 1 * * 0" // does not exist on the day the clocks go forward
)

func nextOf(t testing.TB, spec string) func(time.Time) time.Time {
	t.Helper()
	s, err := cron.ParseStandard(spec)
	if err != nil {
		t.Fatal(err)
	}
	return s.Next
}

func (h *deskHarness) digest(spec string, now time.Time) {
	h.t.Helper()
	if err := h.Digest(h.t.Context(), spec, nextOf(h.t, spec), now); err != nil {
		h.t.Fatal(err)
	}
}

// periods returns the spans of the digests that were enqueued.
func (h *deskHarness) periods() []ticket.Period {
	h.t.Helper()
	var periods []ticket.Period
	for _, n := range h.enqueued() {
		if n.Kind == desk.NoticeDigest {
			periods = append(periods, *n.Period)
		}
	}
	return periods
}

// day is so many days after the Monday of the tests, at an hour.
func day(days, hour int) time.Time {
	return time.Date(2026, 11, 16+days, hour, 0, 0, 0, time.UTC)
}

func TestDigest(t *testing.T) {
	t.Parallel()
	type call struct {
		now  time.Time
		spec string
		want []ticket.Period
	}
	span := func(from, to time.Time) []ticket.Period { return []ticket.Period{{From: from, To: to}} }
	start := call{day(2, 12), mondays, nil}
	for name, calls := range map[string][]call{
		"every week": {start, start,
			{day(7, 9).Add(-time.Microsecond), mondays, nil},
			{day(7, 9), mondays, span(day(0, 9), day(7, 9))},
			{day(7, 9), mondays, nil},
			{day(8, 9), mondays, nil},
			{day(14, 9), mondays, span(day(7, 9), day(14, 9))}},
		"a day late":               {start, {day(8, 9), mondays, span(day(0, 9), day(7, 9))}, {day(8, 10), mondays, nil}},
		"later: in the next":       {start, {day(8, 10), mondays, nil}, {day(14, 9), mondays, span(day(0, 9), day(14, 9))}},
		"away for weeks":           {start, {day(21, 15), mondays, span(day(0, 9), day(21, 9))}, {day(28, 9), mondays, span(day(21, 9), day(28, 9))}},
		"away for weeks, and late": {start, {day(24, 15), mondays, nil}, {day(28, 9), mondays, span(day(0, 9), day(28, 9))}},
		"daily from now on": {start,
			{day(7, 9), mondays, span(day(0, 9), day(7, 9))},
			{day(9, 12), daily, nil},
			{day(10, 9), daily, span(day(7, 9), day(10, 9))},
			{day(11, 9), daily, span(day(10, 9), day(11, 9))}},
		"changed there and back": {start,
			{day(7, 9), mondays, span(day(0, 9), day(7, 9))},
			{day(7, 10), daily, nil}, {day(7, 11), mondays, nil},
			{day(14, 9), mondays, span(day(7, 9), day(14, 9))}},
		"changed when it was due": {start, {day(7, 9), daily, nil}, {day(8, 9), daily, span(day(0, 9), day(8, 9))}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			for _, c := range calls {
				h.digest(c.spec, c.now)
				if diff := gocmp.Diff(c.want, h.periods()); diff != "" {
					t.Errorf("at %v (-want +got):\n%s", c.now, diff)
				}
			}
		})
	}
}

func TestDigestNotices(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.digest(mondays, day(2, 12))
	h.digest(mondays, day(7, 10))
	of := func(kind desk.NoticeKind) desk.Notice {
		return desk.Notice{
			Kind: kind, OrderingKey: "digest:2026-11-23T09:00:00Z", Queue: desk.QueueDigest, DueAt: day(7, 9), Urgency: desk.UrgencyDigest,
			NoticeDetails: desk.NoticeDetails{Period: &ticket.Period{From: day(0, 9), To: day(7, 9)}},
		}
	}
	want := []desk.Notice{of(desk.NoticeDigest), of(desk.NoticePicture), of(desk.NoticeBreakdown)}
	if diff := gocmp.Diff(want, h.enqueued()); diff != "" {
		t.Errorf("enqueued (-want +got):\n%s", diff)
	}
}

// The spans follow each other without a hole or an overlap when the clocks go
// forward and back, and end when the clocks on the wall show the hour.
func TestDigestsWhenTheClocksChange(t *testing.T) {
	t.Parallel()
	utc := func(year int, month time.Month, day, hour, minute int) time.Time {
		return time.Date(year, month, day, hour, minute, 0, 0, time.UTC)
	}
	for name, test := range map[string]struct {
		spec string
		from time.Time
		ends []time.Time
	}{
		"forward":                       {mondays, utc(2027, 3, 17, 0, 0), []time.Time{utc(2027, 3, 22, 9, 0), utc(2027, 3, 29, 8, 0), utc(2027, 4, 5, 8, 0)}},
		"back":                          {mondays, utc(2027, 10, 20, 0, 0), []time.Time{utc(2027, 10, 25, 8, 0), utc(2027, 11, 1, 9, 0), utc(2027, 11, 8, 9, 0)}},
		"in the gap, which is left out": {inAGap, utc(2027, 3, 17, 0, 0), []time.Time{utc(2027, 3, 21, 1, 30), utc(2027, 4, 4, 0, 30)}},
		"in the hour that comes twice, looked at once": {inAGap, utc(2027, 10, 20, 0, 0), []time.Time{utc(2027, 10, 24, 0, 30), utc(2027, 10, 31, 1, 30), utc(2027, 11, 7, 1, 30)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			var periods []ticket.Period
			last := test.ends[len(test.ends)-1]
			for now := test.from; !now.After(last.Add(4 * time.Hour)); now = now.Add(3 * time.Hour) {
				h.digest(test.spec, now)
				periods = append(periods, h.periods()...)
			}
			var ends []time.Time
			for i, p := range periods {
				ends = append(ends, p.To)
				if i > 0 && !p.From.Equal(periods[i-1].To) {
					t.Errorf("a span from %v follows one to %v", p.From, periods[i-1].To)
				}
			}
			if diff := gocmp.Diff(test.ends, ends); diff != "" {
				t.Errorf("spans end (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOneDigestOfSeveralCopies(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for _, now := range []time.Time{day(2, 12), day(7, 9), day(14, 9)} {
		var wg sync.WaitGroup
		for range 3 {
			copied := desk.New(h.connect(), everybody, h.policies, categories)
			wg.Go(func() {
				if err := copied.Digest(t.Context(), mondays, nextOf(t, mondays), now); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
	want := []ticket.Period{{From: day(0, 9), To: day(7, 9)}, {From: day(7, 9), To: day(14, 9)}}
	if diff := gocmp.Diff(want, h.periods()); diff != "" {
		t.Errorf("digests (-want +got):\n%s", diff)
	}
}

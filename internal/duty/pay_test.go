package duty_test

import (
	"math/rand/v2"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"supporty/internal/duty"
	"supporty/internal/sla"
)

// days are those of a desk in Berlin that opens on workdays.
func days(t *testing.T, zone string) duty.Days {
	t.Helper()
	h := sla.Hours{Zone: zone, Holidays: []string{"2026-12-25"}}
	for day := time.Monday; day <= time.Friday; day++ {
		h.Week[day] = []sla.Span{{From: 9 * 60, To: 18 * 60}}
	}
	c, err := sla.NewCalendar(h)
	if err != nil {
		t.Fatal(err)
	}
	return duty.Days{Zone: c.Zone(), Hours: c}
}

func instant(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// A week is cut at the weekend and at the holiday, by the clocks of the desk.
func TestParts(t *testing.T) {
	t.Parallel()
	week := duty.Shift{Person: "A", From: instant(t, "2026-12-21T08:00:00Z"), Until: instant(t, "2026-12-28T08:00:00Z")}
	type part struct {
		Kind  duty.Kind
		Hours float64
	}
	var got []part
	for _, p := range days(t, "Europe/Berlin").Parts(week) {
		got = append(got, part{p.Kind, p.Long().Hours()})
	}
	want := []part{{duty.Working, 87}, {duty.Holiday, 24}, {duty.Weekend, 48}, {duty.Working, 9}}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	always := duty.Days{Zone: time.UTC}
	if kind := always.Of(instant(t, "2026-12-26T00:00:00Z")); kind != duty.Weekend {
		t.Errorf("Saturday without hours of the desk: %s", kind)
	}
	if kind := always.Of(instant(t, "2026-12-25T00:00:00Z")); kind != duty.Working {
		t.Errorf("Friday without hours of the desk: %s", kind)
	}
}

// The parts of a shift cover it, without gaps, each of the kind of all its days, in any zone; and every
// night has one middle.
func TestPartsCoverTheShift(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for _, zone := range []string{"Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Beirut", "Pacific/Apia"} {
		of := days(t, zone)
		for range 200 {
			from := time.Date(2010+random.IntN(20), 1, 1, 0, random.IntN(366*24*60), 0, 0, time.UTC)
			s := duty.Shift{Person: "A", From: from, Until: from.Add(time.Duration(1+random.IntN(20*24*60)) * time.Minute)}
			at, nights := s.From, 0
			for _, p := range of.Parts(s) {
				if !p.From.Equal(at) || !p.Until.After(p.From) || of.Of(p.From) != p.Kind || of.Of(p.Until.Add(-time.Second)) != p.Kind {
					t.Fatalf("%s, %v: %v after %v", zone, s, p, at)
				}
				at, nights = p.Until, nights+duty.UsualNight.Middles(p.Shift, of.Zone)
			}
			if whole := duty.UsualNight.Middles(s, of.Zone); !at.Equal(s.Until) || nights != whole {
				t.Fatalf("%s, %v: until %v; %d nights, in parts %d", zone, s, at, whole, nights)
			}
		}
	}
}

func TestRates(t *testing.T) {
	t.Parallel()
	all := duty.Rates{Hour: 5, Weekend: 8.5, Holiday: 10}
	for _, test := range []struct {
		rates duty.Rates
		kind  duty.Kind
		long  time.Duration
		want  float64
	}{
		{all, duty.Working, 87 * time.Hour, 435}, {all, duty.Weekend, 90 * time.Minute, 12.75}, {all, duty.Holiday, 24 * time.Hour, 240},
		{duty.Rates{Hour: 5, Weekend: 8}, duty.Holiday, time.Hour, 8}, {duty.Rates{Hour: 5}, duty.Holiday, time.Hour, 5},
		{duty.Rates{Hour: 5}, duty.Weekend, time.Hour, 5}, {duty.Rates{Weekend: 8}, duty.Working, time.Hour, 0}, {duty.Rates{Hour: 1}, duty.Working, 20 * time.Minute, 0.33},
	} {
		if got := test.rates.Of(test.kind, test.long); got != test.want {
			t.Errorf("%+v, %s %s: %v, want %v", test.rates, test.kind, test.long, got, test.want)
		}
	}
}

func TestLoads(t *testing.T) {
	t.Parallel()
	from, until := instant(t, "2026-12-21T08:00:00Z"), instant(t, "2026-12-28T08:00:00Z")
	records := []duty.Record{{Squad: "S", Changes: []duty.Change{{Person: "A", At: from.Add(-time.Hour)}, {Person: "B", At: from.Add(36 * time.Hour)}}}}
	called := []duty.Called{{Squad: "S", Person: "A", Woke: true}, {Squad: "S", Person: "A"}, {Squad: "S", Person: "C"}}
	got := duty.Loads(records, called, from, until, days(t, "Europe/Berlin"), duty.UsualNight)
	want := []duty.Load{
		{Squad: "S", Person: "B", Hours: map[duty.Kind]time.Duration{duty.Working: 60 * time.Hour, duty.Weekend: 48 * time.Hour, duty.Holiday: 24 * time.Hour}, Nights: 6},
		{Squad: "S", Person: "A", Hours: map[duty.Kind]time.Duration{duty.Working: 36 * time.Hour}, Nights: 1, Pages: 2, Woken: 1},
		{Squad: "S", Person: "C", Hours: map[duty.Kind]time.Duration{}, Pages: 1},
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestBurdens(t *testing.T) {
	t.Parallel()
	from, until := instant(t, "2026-12-21T08:00:00Z"), instant(t, "2026-12-23T08:00:00Z")
	hours := sla.Hours{Zone: "UTC"}
	for day := time.Monday; day <= time.Friday; day++ {
		hours.Week[day] = []sla.Span{{From: 9 * 60, To: 17 * 60}}
	}
	open, err := sla.NewCalendar(hours)
	if err != nil {
		t.Fatal(err)
	}
	records := []duty.Record{
		{Squad: "S", Changes: []duty.Change{{Person: "A", At: from.Add(-time.Hour)}, {Person: "B", At: from.Add(24 * time.Hour)}}},
		{Squad: "T", Changes: []duty.Change{{Person: "B", At: from.Add(47 * time.Hour)}}},
	}
	called := []duty.Called{{Person: "A", At: from.Add(2 * time.Hour)}, {Person: "A", At: from}, {Person: "C", At: from}}
	got := duty.Burdens(records, called, map[string]int{"A": 2, "D": 1}, open, from, until)
	want := []duty.Burden{
		{Person: "A", Open: 2, Hours: 8 * time.Hour, OutOfHours: 16 * time.Hour, Calls: 1, CallsOut: 1},
		{Person: "B", Hours: 8 * time.Hour, OutOfHours: 17 * time.Hour}, {Person: "C", CallsOut: 1}, {Person: "D", Open: 1},
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := duty.Burdens(records, called, nil, nil, from, until); got[0].OutOfHours != 0 || got[0].Calls != 2 {
		t.Errorf("without hours: %+v", got)
	}
}

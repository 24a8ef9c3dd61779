package insight_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/insight"
	"supporty/internal/ticket"
)

func TestLate(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name       string
		priorities []insight.Attainment
		want       int
	}{
		{name: "nothing counted"},
		{name: "all kept", priorities: []insight.Attainment{{Priority: 1, Kept: 2, Counted: 2}}},
		{name: "of several priorities", priorities: []insight.Attainment{
			{Priority: 1, Kept: 1, Counted: 2}, {Priority: 3, Kept: 14, Counted: 17}}, want: 4},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := (insight.Numbers{Priorities: test.priorities}).Late(); got != test.want {
				t.Errorf("late = %d, want %d", got, test.want)
			}
		})
	}
}

func TestAll(t *testing.T) {
	t.Parallel()
	answers, solutions := insight.Spread{Median: time.Hour, Count: 3}, insight.Spread{Median: time.Minute, Count: 4}
	got := insight.Numbers{
		Respond: answers, Resolve: solutions,
		Priorities: []insight.Attainment{{Priority: 1, Kept: 1, Counted: 2}, {Priority: 3, Kept: 14, Counted: 17}},
	}.All()
	if want := (insight.Attainment{Kept: 15, Counted: 19, Respond: answers, Resolve: solutions}); got != want {
		t.Errorf("all = %+v, want %+v", got, want)
	}
}

func TestPriority(t *testing.T) {
	t.Parallel()
	p2 := insight.Attainment{Priority: ticket.P2, Kept: 1, Counted: 2}
	n := insight.Numbers{Priorities: []insight.Attainment{p2}}
	if got := n.Priority(ticket.P2); got != p2 {
		t.Errorf("P2 = %+v", got)
	}
	if got := n.Priority(ticket.P1); got != (insight.Attainment{Priority: ticket.P1}) {
		t.Errorf("P1 = %+v, want zero", got)
	}
}

func TestQuiet(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		n    insight.Numbers
		want bool
	}{
		{name: "nothing", want: true},
		{name: "opened", n: insight.Numbers{Opened: 1}},
		{name: "reopened", n: insight.Numbers{Reopened: 1}},
		{name: "resolved", n: insight.Numbers{Resolved: 1}},
		{name: "closed", n: insight.Numbers{Closed: 1}},
		{name: "still open", n: insight.Numbers{Open: 1}},
		{name: "late then, and closed since", n: insight.Numbers{Priorities: []insight.Attainment{{Priority: 1, Counted: 1}}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := test.n.Quiet(); got != test.want {
				t.Errorf("quiet = %v, want %v", got, test.want)
			}
		})
	}
}

// source answers with the length of a period in hours, and remembers periods.
type source struct {
	asked  []ticket.Period
	failAt int // the question, counted from 1, that fails
}

var errAway = errors.New("away")

func (s *source) Numbers(_ context.Context, q insight.Question) (insight.Numbers, error) {
	p := q.Period
	s.asked = append(s.asked, p)
	if len(s.asked) == s.failAt {
		return insight.Numbers{}, errAway
	}
	return insight.Numbers{Opened: int(p.To.Sub(p.From).Hours())}, nil
}

func (*source) Series(_ context.Context, periods []ticket.Period, _ insight.Selection) ([]insight.Week, error) {
	return make([]insight.Week, len(periods)), nil
}

func (*source) Lessons(context.Context, insight.Question) ([]insight.Lesson, error) { return nil, nil }

func (*source) Marks(context.Context, insight.Question) ([]insight.Mark, error) {
	return []insight.Mark{{Kind: insight.MarkHours}}, nil
}

func TestWeek(t *testing.T) {
	t.Parallel()
	london := load(t, "Europe/London")
	// Clocks went back on Sunday, 25 October: that week has 169 hours.
	p := ticket.Period{
		From: time.Date(2026, 10, 26, 9, 0, 0, 0, london).UTC(),
		To:   time.Date(2026, 11, 2, 9, 0, 0, 0, london).UTC(),
	}
	s := &source{}
	got, err := insight.Digests{Source: s, Zone: london}.Week(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	if got.Period != p || got.Zone != london || got.This.Opened != 168 || got.Last.Opened != 169 || len(got.Marks) != 1 {
		t.Errorf("digest = %+v", got)
	}
	want := []ticket.Period{p, {From: time.Date(2026, 10, 19, 8, 0, 0, 0, time.UTC), To: p.From}}
	if diff := cmp.Diff(want, s.asked); diff != "" {
		t.Errorf("asked for (-want +got):\n%s", diff)
	}
}

func TestWeekWithoutAZone(t *testing.T) {
	t.Parallel()
	got, err := insight.Digests{Source: &source{}}.Week(t.Context(), ticket.Period{})
	if err != nil || got.Zone != time.UTC {
		t.Errorf("zone = %v (%v), want UTC", got.Zone, err)
	}
}

func TestWeekWhenTheSourceFails(t *testing.T) {
	t.Parallel()
	for failAt := 1; failAt <= 2; failAt++ {
		_, err := insight.Digests{Source: &source{failAt: failAt}}.Week(t.Context(), ticket.Period{})
		if !errors.Is(err, errAway) {
			t.Errorf("error at question %d = %v, want the source's", failAt, err)
		}
	}
}

func TestLookAt(t *testing.T) {
	t.Parallel()
	billing, rest := insight.Category{Name: "Billing", Tickets: 9, CodeChanges: 1}, insight.Category{Name: "Product", Tickets: 40, CodeChanges: 30}
	for _, test := range []struct {
		name       string
		categories []insight.Category
		want       string
	}{
		{name: "nothing"},
		{name: "nothing stands out", categories: []insight.Category{billing, {Name: "Access", Tickets: 9, CodeChanges: 1}}},
		{name: "few changes", categories: []insight.Category{rest, billing}, want: "Billing"},
		{name: "most tickets", categories: []insight.Category{rest, billing, {Name: "Data", Tickets: 10, CodeChanges: 1}}, want: "Data"},
		{name: "as many tickets, fewer changes", categories: []insight.Category{rest, billing, {Name: "Data", Tickets: 9}}, want: "Data"},
		{name: "all the same", categories: []insight.Category{rest, billing, {Name: "Access", Tickets: 9, CodeChanges: 1}}, want: "Access"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, ok := insight.Digest{This: insight.Numbers{Categories: test.categories}}.LookAt()
			if got.Name != test.want || ok != (test.want != "") {
				t.Errorf("look at %+v, %v; want %q", got, ok, test.want)
			}
		})
	}
}

func load(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

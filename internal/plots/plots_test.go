package plots_test

import (
	"strings"
	"testing"
	"time"

	"supporty/internal/chart"
	"supporty/internal/insight"
	"supporty/internal/plots"
	"supporty/internal/ticket"
)

func TestHours(t *testing.T) {
	t.Parallel()
	for hours, want := range map[float64]string{
		0: "0 min", 0.7: "42 min", 1: "1 h", 5.1666: "5 h 10", 9.999: "10 h", 31: "31 h", 60: "2.5 days", 24 * 12: "12 days",
	} {
		if got := plots.Hours(hours); got != want {
			t.Errorf("%g hours: %s, want %s", hours, got, want)
		}
	}
}

// Each number of the digest that a chart shows is in its table, and priorities and weeks without numbers have none.
func TestChartsOfADigest(t *testing.T) {
	t.Parallel()
	end := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	d := insight.Digest{Zone: time.UTC, Work: map[string]ticket.Work{"Billing": ticket.Operational}, This: insight.Numbers{Categories: []insight.Category{{Name: "Billing", Tickets: 9, CodeChanges: 1}, {Name: "Access", Tickets: 2, CodeChanges: 1}, {Name: "Data", Tickets: 2}}}}
	for i, p := range insight.Weeks(end, time.UTC) {
		w := insight.Week{Period: p}
		if i == 11 {
			w.Categories, w.Work = []insight.Category{{Name: "Billing", Tickets: 9}}, []insight.Classed{{Category: "Billing", Work: ticket.Strategic, Tickets: 2}}
			w.Priorities = []insight.Attainment{{Priority: ticket.P2, Kept: 14, Counted: 17, Resolve: insight.Spread{Median: time.Hour, P90: 30 * time.Hour, Count: 16}}}
		}
		d.Weeks = append(d.Weeks, w)
	}
	d.WeekMarks = []insight.Mark{
		{At: end.AddDate(0, 0, -90), Kind: insight.MarkHours},
		{At: end.AddDate(0, 0, -70), Kind: insight.MarkHours},
		{At: end.AddDate(0, 0, -2), Kind: insight.MarkDeployment, Service: "shop"},
		{At: end.AddDate(0, 0, -1), Kind: insight.MarkDeployment, Service: "shop"},
		{At: end.AddDate(0, 0, -1), Kind: insight.MarkTargets},
	}
	charts := plots.Of(d)
	if len(charts) != 4 {
		t.Fatalf("%d charts", len(charts))
	}
	for i, want := range []string{"16 Nov|14|3|shop deployed 2 times, 22 Nov: targets changed", "16 Nov|1 h|30 h|shop deployed 2 times, 22 Nov: targets changed", "Data|2|0", "16 Nov|7|0|2|shop deployed 2 times, 22 Nov: targets changed"} {
		_, rows := charts[i].Table()
		if got := strings.Join(rows[len(rows)-1], "|"); got != want {
			t.Errorf("%s: the last row is %s, want %s", charts[i].Title, got, want)
		}
	}
	if marks := charts[0].Marks; len(marks) != 4 || marks[0].At != 2 || marks[1].At < 11.7 || marks[1].At > 11.8 {
		t.Errorf("%+v", marks)
	}
	if got := charts[0].Panels[0].Note; got != "14 of 17 on time" {
		t.Error(got)
	}
	if text := (chart.Picture{Charts: charts}).Alt(2000); !strings.Contains(text, "Billing (hard to understand): tickets 9, code changes 1.") ||
		!strings.Contains(text, "Marked: 14 Sep: 14 Sep: opening hours changed; 16 Nov: shop deployed 2 times, 22 Nov: targets changed.") {
		t.Error(text)
	}
	if got := plots.Of(insight.Digest{}); len(got) != 0 {
		t.Errorf("%d charts of nothing", len(got))
	}
}

package slackview

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"supporty/internal/dev/slacksim/blockkit"
	"supporty/internal/insight"
	"supporty/internal/sla"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

func minutes(median, p90, count int) insight.Spread {
	return insight.Spread{Median: time.Duration(median) * time.Minute, P90: time.Duration(p90) * time.Minute, Count: count}
}

var weekEnd = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// week47 is the digest in the product's description.
func week47() insight.Digest {
	return insight.Digest{
		Period: ticket.Period{From: weekEnd.AddDate(0, 0, -7), To: weekEnd},
		Zone:   time.UTC,
		This: insight.Numbers{
			Opened: 38, Reopened: 1, Resolved: 35, Closed: 3, Open: 9, Avoided: 4,
			Priorities: []insight.Attainment{
				{Priority: 1, Kept: 2, Counted: 2, Respond: minutes(4, 9, 2), Resolve: minutes(31, 52, 2)},
				{Priority: 2, Kept: 14, Counted: 17, Respond: minutes(18, 61, 18), Resolve: minutes(95, 230, 17)},
				{Priority: 3, Kept: 16, Counted: 16, Respond: minutes(0, 350, 16), Resolve: minutes(600, 3120, 16)},
			},
			LateUnowned: 2,
			Causes:      []insight.Lateness{{Cause: ticket.CauseUnclaimed, Count: 2}, {Cause: ticket.CauseLongWait, Count: 1}},
			Respond:     minutes(35, 300, 36), Resolve: minutes(180, 1400, 35),
			Oldest: insight.OldTicket{Number: 31, OpenedAt: weekEnd.AddDate(0, 0, -6).Add(-time.Hour)},
			Categories: []insight.Category{
				{Name: "Access", Tickets: 17, CodeChanges: 8}, {Name: "Product", Tickets: 12, CodeChanges: 7}, {Name: "Billing", Tickets: 9, CodeChanges: 1},
			},
			Delivery: insight.Delivery{Deployments: 41, Failed: 3, Incidents: 4, Tied: 3, Recover: minutes(50, 190, 3)},
			Cost:     insight.Cost{Tickets: 35, Replies: 412, People: 87, Active: 31*time.Hour + 4*time.Minute, Telling: true},
			Costs: []insight.CategoryCost{
				{Name: "Billing", Cost: insight.Cost{Tickets: 9, Replies: 221, People: 31, Active: 14*time.Hour + 10*time.Minute, Telling: true}},
				{Name: "Product", Cost: insight.Cost{Tickets: 10, Replies: 98, People: 22, Active: 9 * time.Hour, Telling: true}},
			},
			Satisfaction: insight.Satisfaction{
				Answers: 9, Told: 14, Weeks: ticket.Period{From: weekEnd.AddDate(0, 0, -21).Truncate(24 * time.Hour), To: weekEnd.AddDate(0, 0, -14).Truncate(24 * time.Hour)},
				Stars: [5]int{1, 0, 2, 4, 7}, Rose: []insight.Rise{{From: 1, To: 5, Count: 1}, {From: 3, To: 4, Count: 2}},
			},
			Load: insight.Load{
				People: 8, Open: insight.Quarters[int]{People: 7, One: 1, Two: 1, Three: 3}, Hours: insight.Quarters[time.Duration]{People: 5, One: 8 * time.Hour, Two: 24 * time.Hour, Three: 24 * time.Hour},
				CallsOut: insight.Quarters[int]{People: 5, One: 1, Two: 1, Three: 2},
			},
			Costliest: []insight.Thread{
				{Number: 17, Card: ticket.Message{Channel: "C1", TS: "1795.000100"}, Replies: 143, People: 12, Took: 5*time.Hour + 10*time.Minute, Active: 6 * time.Hour},
				{Number: 23, Replies: 1, People: 3, Took: 26 * time.Hour, Active: 20 * time.Minute},
			},
		},
		Pause: 15 * time.Minute,
		Marks: []insight.Mark{
			{At: weekEnd.AddDate(0, 0, -5), Kind: insight.MarkDeployment, Service: "shop", Version: "1.4.2"},
			{At: weekEnd.AddDate(0, 0, -4), Kind: insight.MarkHours}, {At: weekEnd.AddDate(0, 0, -4).Add(time.Hour), Kind: insight.MarkHours},
			{At: weekEnd.AddDate(0, 0, -1), Kind: insight.MarkTargets},
		},
		WeekMarks: []insight.Mark{
			{At: weekEnd.AddDate(0, 0, -30), Kind: insight.MarkCategories}, {At: weekEnd.AddDate(0, 0, -20), Kind: insight.MarkDeployment, Service: "shop"},
			{At: weekEnd.AddDate(0, 0, -4), Kind: insight.MarkHours},
		},
		Last: insight.Numbers{
			Opened: 31, Resolved: 33, Closed: 0, Open: 8,
			LateUnowned: 3,
			Causes:      []insight.Lateness{{Cause: ticket.CauseUnclaimed, Count: 2}, {Cause: ticket.CauseReopened, Count: 1}, {Count: 1}},
			Respond:     minutes(40, 290, 39), Resolve: minutes(900, 4000, 39),
			Priorities: []insight.Attainment{
				{Priority: 2, Kept: 12, Counted: 15, Respond: minutes(22, 70, 15), Resolve: minutes(120, 200, 15)},
				{Priority: 3, Kept: 23, Counted: 24, Respond: minutes(60, 300, 24), Resolve: minutes(2880, 4330, 24)},
			},
		},
	}
}

// twelveWeeks is the same digest with its series. In some weeks there was no P1, in the first two nothing.
func twelveWeeks() insight.Digest {
	d := week47()
	d.Work = map[string]ticket.Work{"Billing": ticket.Operational}
	d.Lessons = []insight.Lesson{
		{Category: "Billing", Tickets: 30, Guided: 4, Questions: []insight.Returned{
			{Number: 41, Title: "Refund <!channel> of order 4711 is stuck", Card: ticket.Message{Channel: "C1", TS: "1795.000100"}, Tickets: 5, Resolve: minutes(60, 90, 5), Written: true},
			{Number: 30, Title: "Invoice has no number", Tickets: 3, Resolve: minutes(20, 25, 3)},
		}},
		{Category: "Access", Tickets: 17, Questions: []insight.Returned{{Number: 29, Tickets: 3, Resolve: minutes(200, 3000, 3)}}},
		{Category: "Data", Tickets: 9, Guided: 1},
	}
	for i, p := range insight.Weeks(weekEnd, time.UTC) {
		w := insight.Week{Period: p}
		if i > 2 {
			w.Categories = []insight.Category{{Name: "Billing", Tickets: 10 + i}, {Name: "Access", Tickets: 3}}
			w.Work = []insight.Classed{{Category: "Billing", Work: ticket.Tactical, Tickets: i % 3}, {Category: "Access", Work: ticket.Strategic, Tickets: 1}}
		}
		if i%3 == 2 {
			w.Priorities = append(w.Priorities, insight.Attainment{Priority: 1, Kept: i % 2, Counted: 1, Resolve: minutes(42+i, 42+i, 1)})
		}
		if i > 1 {
			w.Priorities = append(w.Priorities,
				insight.Attainment{Priority: 2, Kept: 11 + i%4, Counted: 14 + i%5, Resolve: minutes(95+11*i, 230+30*i, 13)},
				insight.Attainment{Priority: 3, Kept: 130 + i, Counted: 140 + i, Resolve: minutes(600, 3120+900*i, 140)})
		}
		d.Weeks = append(d.Weeks, w)
	}
	return d
}

// What the picture says is in its words, and each of its numbers by week is in the details.
func TestPicture(t *testing.T) {
	t.Parallel()
	d := twelveWeeks()
	p, details := Picture(d), DigestDetails(d, Scene{}).Text
	if len(p.Charts) != 4 || PictureName(d) != "Week 47, 16 Nov to 23 Nov.png" {
		t.Errorf("%d charts in %s", len(p.Charts), PictureName(d))
	}
	for _, want := range []string{"P2 on time: 0, 0, 13, 14,", "P3 nine in ten within: none, none, 3.4 days", "Billing (hard to understand): tickets 9, code changes 1."} {
		if alt := p.Alt(10_000); !strings.Contains(alt, want) {
			t.Errorf("no %q in %s", want, alt)
		}
	}
	for _, w := range d.Weeks {
		for _, a := range w.Priorities {
			if want := fmt.Sprintf("%d/%d", a.Kept, a.Counted); !strings.Contains(details, want) {
				t.Errorf("no %s in %s", want, details)
			}
		}
	}
	if none := Picture(insight.Digest{}); len(none.Charts) != 0 {
		t.Errorf("%d charts of nothing", len(none.Charts))
	}
}

func TestDigest(t *testing.T) {
	t.Parallel()
	got := Digest(week47(), Scene{})
	want := `Week 47, 16 Nov to 23 Nov: 38 opened, 1 reopened, 35 resolved, 3 closed without a solution, 9 open.
On time: P1 2 of 2, P2 14 of 17, P3 16 of 16.
Two of three late ones had no owner.
Oldest: #31, 6 days.
Look at Billing: 9 tickets, 1 code change.`
	if diff := cmp.Diff(want, got.Text); diff != "" {
		t.Errorf("digest (-want +got):\n%s", diff)
	}
}

// A digest on demand names its days instead of a calendar week, and it links the oldest
// ticket.
func TestDigestOnDemand(t *testing.T) {
	t.Parallel()
	d := week47()
	d.Asked = true
	d.This.Oldest.Card = ticket.Message{Channel: "C1", TS: "1795.000100"}
	got := Digest(d, Scene{Workspace: "https://acme.slack.com/"}).Text
	for _, want := range []string{"16 Nov to 23 Nov: 38 opened", "Oldest: <https://acme.slack.com/archives/C1/p1795000100|#31>, 6 days."} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in:\n%s", want, got)
		}
	}
}

// mondays are opening hours.
func mondays(t *testing.T) *sla.Calendar {
	t.Helper()
	hours := sla.Hours{Zone: "UTC"}
	hours.Week[time.Monday] = []sla.Span{{From: 9 * 60, To: 17 * 60}}
	c, err := sla.NewCalendar(hours)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestDigestGolden(t *testing.T) {
	t.Parallel()
	period := week47().Period
	hostile := week47()
	hostile.This.Categories = []insight.Category{{Name: "Product", Tickets: 40, CodeChanges: 30}}
	for range mostCategories + 2 {
		name := "<!channel> @here &*_`" + strings.Repeat("<", 80)
		hostile.This.Categories = append(hostile.This.Categories, insight.Category{Name: name, Tickets: 9})
	}
	priced := week47()
	priced.Work = map[string]ticket.Work{"Billing": ticket.Operational, "Access": ticket.Tactical}
	priced.Last.Categories = []insight.Category{{Name: "Billing", Tickets: 3}, {Name: "Access", Tickets: 2}}
	priced.Rate = insight.Rate{Hour: 60, Before: "£"}
	chosen := week47()
	chosen.Rate = insight.Rate{Hour: 60, After: " EUR"}
	chosen.Hours = mondays(t)
	chosen.Asked, chosen.Of = true, insight.Selection{Name: "A <b> & c", Categories: []string{"A"}}
	first := week47()
	first.Last = insight.Numbers{}
	for name, d := range map[string]insight.Digest{
		"week":    week47(),
		"empty":   {Period: period},
		"calm":    {Period: period, This: insight.Numbers{Open: 1, Oldest: insight.OldTicket{Number: 7, OpenedAt: period.From}}},
		"after":   {Period: period, Last: week47().This},
		"first":   first,
		"chosen":  chosen,
		"priced":  priced,
		"weeks":   twelveWeeks(),
		"hostile": hostile,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			goldenDigest(t, "digest_"+name, Digest(d, Scene{}))
			goldenDigest(t, "digest_"+name+"_details", DigestDetails(d, Scene{}))
		})
	}
}

// goldenDigest compares a message with what it was when somebody last looked,
// and with what Slack accepts. The package's -update flag refreshes the files.
func goldenDigest(t *testing.T, name string, m slackformat.Message) {
	t.Helper()
	checkDigest(t, m)
	var got bytes.Buffer
	e := json.NewEncoder(&got)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(map[string]any{"text": m.Text, "blocks": m.Blocks}); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", name+".json")
	if f := flag.Lookup("update"); f != nil && f.Value.String() == "true" {
		if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// checkDigest finds what Slack would refuse, and what could ping somebody.
var linkInText = regexp.MustCompile(`<https://acme[^|>]+\|(#\d+)>`)

func checkDigest(t interface {
	Helper()
	Errorf(string, ...any)
}, m slackformat.Message) {
	t.Helper()
	raw, err := json.Marshal(m.Blocks)
	if err != nil {
		t.Errorf("encoding: %v", err)
	}
	for _, problem := range blockkit.Message(raw) {
		t.Errorf("Slack would refuse it: %s", problem)
	}
	unlinked := linkInText.ReplaceAllString(m.Text, "$1")
	if len(m.Blocks) == 0 || m.Text == "" || strings.ContainsAny(unlinked, "<>") || strings.Contains(m.Text, "@here") {
		t.Errorf("text = %q", m.Text)
	}
}

func TestUnowned(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		late, unowned int
		want          string
	}{
		{0, 0, ""},
		{3, 0, ""},
		{1, 1, "The late one had no owner."},
		{2, 2, "Both late ones had no owner."},
		{2, 1, "One of two late ones had no owner."},
		{3, 2, "Two of three late ones had no owner."},
		{3, 3, "All three late ones had no owner."},
		{12, 12, "All twelve late ones had no owner."},
		{13, 2, "2 of 13 late ones had no owner."},
		{13, 13, "All 13 late ones had no owner."},
	} {
		t.Run(test.want, func(t *testing.T) {
			n := insight.Numbers{LateUnowned: test.unowned, Priorities: []insight.Attainment{{Priority: 1, Counted: test.late}}}
			if got := (report{Digest: insight.Digest{This: n}}).unowned(); got != test.want {
				t.Errorf("%d of %d: %q, want %q", test.unowned, test.late, got, test.want)
			}
		})
	}
}

func TestShare(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		kept, counted int
		want          string
	}{
		{0, 1, "0 of 1"},
		{19, 19, "19 of 19"},
		{19, 20, "95% of 20"},
		{20, 20, "100% of 20"},
		{999, 1000, "99% of 1000"},
	} {
		t.Run(test.want, func(t *testing.T) {
			if got := (insight.Attainment{Kept: test.kept, Counted: test.counted}).Share(); got != test.want {
				t.Errorf("%d of %d: %q, want %q", test.kept, test.counted, got, test.want)
			}
		})
	}
}

func TestDigestName(t *testing.T) {
	t.Parallel()
	auckland, err := time.LoadLocation("Pacific/Auckland")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		from time.Time
		days int
		zone *time.Location
		want string
	}{
		{"a week", weekEnd, 7, time.UTC, "week 48, 23 Nov to 30 Nov"},
		{"without a zone", weekEnd, 7, nil, "week 48, 23 Nov to 30 Nov"},
		{"Monday already in the zone", time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), 7, auckland, "week 48, 23 Nov to 30 Nov"},
		{"Sunday still in the zone", time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), 7, time.UTC, "week 47, 22 Nov to 29 Nov"},
		{"a week of the year before", time.Date(2027, 1, 1, 9, 0, 0, 0, time.UTC), 7, time.UTC, "week 53, 1 Jan to 8 Jan"},
		{"a month", time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC), 30, time.UTC, "1 Nov to 1 Dec"},
		{"whole days", time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), 30, time.UTC, "1 Nov to 30 Nov"},
		{"one whole day", time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), 1, time.UTC, "1 Nov"},
		{"over the new year", time.Date(2026, 12, 20, 9, 0, 0, 0, time.UTC), 20, time.UTC, "20 Dec 2026 to 9 Jan 2027"},
		{"a day", weekEnd, 1, time.UTC, "23 Nov to 24 Nov"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := insight.Digest{Period: ticket.Period{From: test.from, To: test.from.AddDate(0, 0, test.days)}, Zone: test.zone}
			if got := (report{Digest: d}).name(); got != test.want {
				t.Errorf("name = %q, want %q", got, test.want)
			}
		})
	}
}

func TestDurationsInWords(t *testing.T) {
	t.Parallel()
	const hour = time.Hour
	for _, test := range []struct {
		d         time.Duration
		took, age string
	}{
		{0, "under 1 min", "less than an hour"},
		{29 * time.Second, "under 1 min", "less than an hour"},
		{30 * time.Second, "1 min", "less than an hour"},
		{hour - 30*time.Second, "1 h", "less than an hour"},
		{hour + 10*time.Minute, "1 h 10 min", "1 hour"},
		{48*hour - time.Second, "2 days", "47 hours"},
		{48 * hour, "2 days", "2 days"},
		{76*hour + 31*time.Minute, "3 days 5 h", "3 days"},
		{30 * 24 * hour, "30 days", "30 days"},
	} {
		t.Run(test.took, func(t *testing.T) {
			if got := took(test.d); got != test.took {
				t.Errorf("took %v = %q, want %q", test.d, got, test.took)
			}
			if got := age(test.d); got != test.age {
				t.Errorf("age of %v = %q, want %q", test.d, got, test.age)
			}
		})
	}
}

// Whatever the numbers are, Slack accepts the message and it stays short.
func TestDigestOfAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := insight.Digest{Period: week47().Period, This: drawNumbers(t), Last: drawNumbers(t), Lessons: drawLessons(t)}
		s := Scene{Workspace: "https://acme.slack.com"}
		head, details := Digest(d, s), DigestDetails(d, s)
		checkDigest(t, head)
		checkDigest(t, details)
		if lines := strings.Count(head.Text, "\n") + 1; lines > 5 {
			t.Fatalf("%d lines:\n%s", lines, head.Text)
		}
		if !utf8.ValidString(head.Text) || strings.Contains(head.Text+details.Text, "\n\n") {
			t.Fatalf("malformed: %q", head.Text)
		}
	})
}

func drawLessons(t *rapid.T) (lessons []insight.Lesson) {
	words := rapid.OneOf(rapid.StringMatching(`.{1,150}`), rapid.Just(strings.Repeat("&", 150)))
	for range rapid.IntRange(0, 15).Draw(t, "lessons") {
		l := insight.Lesson{Category: words.Draw(t, "category"), Tickets: rapid.IntRange(0, 1_000_000).Draw(t, "tickets"), Guided: rapid.IntRange(0, 1000).Draw(t, "guided")}
		for range rapid.IntRange(0, 6).Draw(t, "questions") {
			q := insight.Returned{Number: 1_000_000, Title: words.Draw(t, "title"), Tickets: rapid.IntRange(3, 1_000_000).Draw(t, "times"), Resolve: insight.Spread{Median: 51 * time.Hour}}
			q.Card = ticket.Message{Channel: "C0123456789", TS: "1763632300.000100"}
			l.Questions = append(l.Questions, q)
		}
		lessons = append(lessons, l)
	}
	return lessons
}

func drawNumbers(t *rapid.T) insight.Numbers {
	amount := rapid.OneOf(rapid.Just(0), rapid.IntRange(0, 30), rapid.IntRange(0, 1_000_000))
	draw := func() int { return amount.Draw(t, "amount") }
	duration := func() insight.Spread { return minutes(draw(), draw(), draw()) }
	n := insight.Numbers{
		Opened: draw(), Reopened: draw(), Resolved: draw(), Closed: draw(), Open: draw(), Avoided: draw(),
		Oldest: insight.OldTicket{Number: ticket.Number(draw()), OpenedAt: weekEnd.Add(-time.Duration(draw()) * time.Minute)},
		Cost:   insight.Cost{Tickets: 1 + draw(), Replies: draw(), People: draw()},
	}
	for _, p := range ticket.Priorities {
		if a := (insight.Attainment{Priority: p, Counted: draw(), Respond: duration(), Resolve: duration()}); a.Counted > 0 {
			a.Kept = rapid.IntRange(0, a.Counted).Draw(t, "kept")
			n.Priorities = append(n.Priorities, a)
		}
	}
	n.LateUnowned = rapid.IntRange(0, n.Late()).Draw(t, "unowned")
	for range rapid.IntRange(0, 15).Draw(t, "categories") {
		n.Categories = append(n.Categories, insight.Category{Name: rapid.StringMatching(`.{1,100}`).Draw(t, "name"), Tickets: draw(), CodeChanges: draw()})
	}
	n.Cost.Active = time.Duration(draw()) * time.Second
	n.Satisfaction = insight.Satisfaction{Answers: draw(), Told: draw(), Weeks: ticket.Period{From: weekEnd, To: weekEnd.AddDate(0, 0, 7)}}
	for range rapid.IntRange(0, 25).Draw(t, "rises") {
		stars := rapid.IntRange(1, ticket.MostStars)
		n.Satisfaction.Rose = append(n.Satisfaction.Rose, insight.Rise{From: stars.Draw(t, "first"), To: stars.Draw(t, "stars"), Count: draw()})
	}
	for range rapid.IntRange(0, 15).Draw(t, "costs") {
		n.Costs = append(n.Costs, insight.CategoryCost{Name: rapid.StringMatching(`.{1,100}`).Draw(t, "name"), Cost: n.Cost})
	}
	for range rapid.IntRange(0, 3).Draw(t, "threads") {
		n.Costliest = append(n.Costliest, insight.Thread{Number: 1, Replies: draw(), People: draw(), Active: n.Cost.Active})
	}
	return n
}

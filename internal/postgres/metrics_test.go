package postgres_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/desk"
	player "supporty/internal/dev/play"
	"supporty/internal/duty"
	"supporty/internal/insight"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// metricsPage is the page that defines every number.
func metricsPage(t *testing.T) string {
	t.Helper()
	page, err := os.ReadFile("../../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

// The page defines every number that there is, and has an example of each.
func TestEveryNumberIsDefined(t *testing.T) {
	t.Parallel()
	page := metricsPage(t)
	for number := range reflect.TypeFor[insight.Numbers]().Fields() {
		if !strings.Contains(page, ": `"+number.Name+"`\n") {
			t.Errorf("no heading ends with `%s`", number.Name)
		}
		if !regexp.MustCompile(`(?m)^= ` + number.Name + `\b`).MatchString(page) {
			t.Errorf("no example asks for %s", number.Name)
		}
	}
}

var examples = regexp.MustCompile("(?s)```example\n(.*?)```")

// Each example of the page has the numbers that it says, counted at once and by days.
func TestExamplesOfNumbers(t *testing.T) {
	t.Parallel()
	for i, e := range examples.FindAllStringSubmatch(metricsPage(t), -1) {
		t.Run(fmt.Sprint(i+1), func(t *testing.T) {
			t.Parallel()
			newPlay(t).plays(e[1])
		})
	}
}

// play is an example while it is played.
type play struct {
	*postgresHarness
	player.Player
}

// insiders is a directory in which everybody answers tickets, also private ones, and Dana leads a squad.
type insiders struct{ anybody }

func (insiders) Person(ctx context.Context, id string) (desk.Person, error) {
	p, err := anybody{}.Person(ctx, id)
	p.Entrusted = []string{player.Private}
	if id == "Dana" {
		p.Leads = []string{"Money"}
	}
	return p, err
}

func newPlay(t *testing.T) *play {
	t.Helper()
	p := &play{postgresHarness: newPostgresHarness(t)}
	policies, err := p.db.AdoptPolicy(t.Context(), promise, player.Begin)
	p.must(policies, err)
	p.Desk = desk.New(p.db, insiders{}, policies, player.Categories).KeepingPrivate([]string{player.Private}).
		WithIncidents(desk.Incidents{Rules: player.Rules}).Guided([]string{player.Runbook})
	p.Deploys = p.db
	p.Duty = p
	return p
}

// ComesOnDuty implements player.Duty.
func (p *play) ComesOnDuty(ctx context.Context, person string, at time.Time) error {
	return p.db.HandOver(ctx, "Money", at, func(desk.Handover) ([]duty.Change, []desk.Notice) {
		return []duty.Change{{Person: person, At: at}}, nil
	})
}

// IsCalled implements player.Duty.
func (p *play) IsCalled(_ context.Context, person string, n ticket.Number, at time.Time) error {
	p.exec(`INSERT INTO duty_pages (squad, person, called_at, ticket, priority, step, night, woke) VALUES ('Money', $1, $2, $3, 1, '1.1', false, false)`, person, at, n)
	return nil
}

// opened are the opening hours of the example about load.
func (p *play) opened() *sla.Calendar {
	hours := sla.Hours{Zone: "UTC"}
	for day := time.Monday; day <= time.Friday; day++ {
		hours.Week[day] = []sla.Span{{From: 9 * 60, To: 17 * 60}}
	}
	c, err := sla.NewCalendar(hours)
	p.must(c, err)
	return c
}

// plays plays the lines of an example, and compares the answers below it, at once and by days.
func (p *play) plays(lines string) {
	p.t.Helper()
	p.must(nil, p.All(p.t.Context(), lines))
	for range 2 {
		for line := range strings.Lines(lines) {
			if a := answers.FindStringSubmatch(strings.TrimSpace(line)); a != nil {
				p.compare(line, a[1], a[2], a[3], a[4])
			}
		}
		countAll(p.t, p.db, player.End.AddDate(0, 1, 0))
	}
}

var answers = regexp.MustCompile(`^= (\w+)(?: (P\d))?(?: of (#?\w+))?: (.*)$`)

// On the week of 40 tickets, the statistics, counted at once and by days, and the views say what was worked
// out by hand.
func TestFortyTickets(t *testing.T) {
	t.Parallel()
	p := newPlay(t)
	p.plays(player.Forty)
	p.must(nil, p.db.NoteWorks(t.Context(), map[string]ticket.Work{"Gone": ticket.Tactical, "Billing": ticket.Tactical}))
	p.must(nil, p.db.NoteWorks(t.Context(), works))
	p.exec(`UPDATE business_clock SET business_at = $1, rate = 0`, player.End)
	selections := []insight.Selection{{}}
	for _, c := range player.Categories {
		selections = append(selections, insight.Selection{Name: c, Categories: []string{c}})
	}
	for _, of := range selections {
		q := insight.Question{Period: ticket.Period{From: player.Begin, To: player.End}, Of: of, Pause: pause}
		n, err := p.db.Numbers(t.Context(), q)
		p.must(nil, err)
		sameByViews(t, p.conn, q, n)
		p.sameWork(q, n)
	}
}

// compare asks for a number of the week.
func (p *play) compare(line, name, priority, category, want string) {
	p.t.Helper()
	if name == "Cause" {
		p.cause(line, category, want)
		return
	}
	of := insight.Selection{}
	if category != "" {
		of = insight.Selection{Name: category, Categories: []string{category}}
	}
	asked := ticket.Period{From: player.Begin, To: player.End}
	if name == "Stars" { // they are told once they are final
		asked = ticket.Period{From: player.End.AddDate(0, 0, 7), To: player.End.AddDate(0, 0, 28)}
	}
	if name == "Lessons" {
		lessons, err := p.db.Lessons(p.t.Context(), insight.Question{Period: asked, Of: of})
		p.must(nil, err)
		if got := listed(lessons, "; ", taught); got != want {
			p.t.Errorf("%s\nbut it is %s", line, got)
		}
		return
	}
	n, err := p.db.Numbers(p.t.Context(), insight.Question{Period: asked, Of: of, Pause: pause, Deployed: player.Rules, Hours: p.opened()})
	p.must(n, err)
	if got := said(n, name, priority); got != want {
		p.t.Errorf("%s\nbut it is %s", line, got)
	}
}

// cause compares the deployment that a ticket is tied to.
func (p *play) cause(line, of, want string) {
	p.t.Helper()
	var n int64
	_, err := fmt.Sscanf(of, "#%d", &n)
	p.must(nil, err)
	r, err := p.Desk.Find(p.t.Context(), ticket.Number(n))
	p.must(r, err)
	d, err := p.Desk.CauseOf(p.t.Context(), r.Ticket)
	p.must(d, err)
	if got := d.At.Format("Mon 15:04"); got != want {
		p.t.Errorf("%s\nbut it is %s", line, got)
	}
}

// works are the kinds of work of the categories.
var works = map[string]ticket.Work{"Billing": ticket.Operational, "Access": ticket.Strategic}

// sameWork compares the kinds of work with what the view says.
func (p *play) sameWork(q insight.Question, n insight.Numbers) {
	p.t.Helper()
	want, _ := insight.Digest{Work: works}.WorkOf(n)
	rows, err := p.conn.Query(p.t.Context(), `SELECT kind, sum(tickets)::int FROM insight.work
		WHERE at >= $1 AND at < $2 AND ($3::text[] IS NULL OR category = ANY ($3)) GROUP BY kind`, q.Period.From, q.Period.To, q.Of.Categories)
	p.must(nil, err)
	got := map[ticket.Work]int{}
	var kind ticket.Work
	var tickets int
	_, err = pgx.ForEachRow(rows, []any{&kind, &tickets}, func() error { got[kind] = tickets; return nil })
	p.must(nil, err)
	if !maps.Equal(got, want) {
		p.t.Errorf("kinds of work of %q: %v by the view, %v by the statistics", q.Of.Name, got, want)
	}
}

// said is a number as the page writes it.
func said(n insight.Numbers, name, priority string) string {
	switch name {
	case "Priorities":
		p, _ := ticket.ParsePriority(priority)
		if a := n.Priority(p); a.Counted > 0 {
			return fmt.Sprintf("%d of %d", a.Kept, a.Counted)
		}
		return "none"
	case "Causes":
		return listed(n.Causes, ", ", func(l insight.Lateness) string { return fmt.Sprintf("%d %s", l.Count, l.Cause.Label()) })
	case "Respond":
		return timed(n.Respond.Median) + ", " + timed(n.Respond.P90)
	case "Resolve":
		return timed(n.Resolve.Median) + ", " + timed(n.Resolve.P90)
	case "Oldest":
		return n.Oldest.Number.String()
	case "Categories":
		return listed(n.Categories, "; ", func(c insight.Category) string {
			return fmt.Sprintf("%s %d, %d by code", c.Name, c.Tickets, c.CodeChanges)
		})
	case "Hard":
		hard := slices.DeleteFunc(slices.Clone(n.Categories), func(c insight.Category) bool { return !n.Hard(c) })
		return listed(hard, ", ", func(c insight.Category) string { return c.Name })
	case "Work":
		by, all := insight.Digest{Work: works}.WorkOf(n)
		return fmt.Sprintf("%d operational, %d tactical, %d strategic, of %d", by[ticket.Operational], by[ticket.Tactical], by[ticket.Strategic], all)
	case "Load":
		return carried(n.Load)
	case "Delivery":
		return delivered(n.Delivery)
	case "Cost":
		return took(n.Cost)
	case "Satisfaction":
		return plural(n.Satisfaction.Answers, "answer")
	case "Stars":
		return satisfied(n.Satisfaction)
	case "Costs":
		return listed(n.Costs, "; ", func(c insight.CategoryCost) string { return c.Name + " " + took(c.Cost) })
	case "Costliest":
		return listed(n.Costliest, ", ", func(t insight.Thread) string { return t.Number.String() })
	}
	return fmt.Sprint(reflect.ValueOf(n).FieldByName(name))
}

func taught(l insight.Lesson) string {
	said := fmt.Sprintf("%s %s, %d return, %d written down, %d with the runbook", l.Category, plural(l.Tickets, "ticket"), l.Returning(), l.Written(), l.Guided)
	for _, q := range l.Questions {
		said += fmt.Sprintf(", %s (%s) %d times in %s", q.Title, q.Number, q.Tickets, timed(q.Resolve.Median))
	}
	return said
}

func carried(l insight.Load) string {
	if !l.Telling() {
		return fmt.Sprintf("%d carry it, too few to tell", l.People)
	}
	said := fmt.Sprintf("%d people", l.People)
	counts := func(name string, q insight.Quarters[int]) {
		if q.People > 0 {
			said += fmt.Sprintf("; %s %d, %d, %d of %d", name, q.One, q.Two, q.Three, q.People)
		}
	}
	times := func(name string, q insight.Quarters[time.Duration]) {
		if q.People > 0 {
			said += fmt.Sprintf("; %s %s, %s, %s of %d", name, timed(q.One), timed(q.Two), timed(q.Three), q.People)
		}
	}
	counts("open", l.Open)
	times("in hours", l.Hours)
	times("out of hours", l.OutOfHours)
	counts("called", l.Calls)
	counts("called out of hours", l.CallsOut)
	return said
}

func satisfied(s insight.Satisfaction) string {
	if s.Told == 0 {
		return "none"
	}
	said := fmt.Sprintf("%s from %s to %s", plural(s.Told, "answer"), s.Weeks.From.Format("2 Jan"), s.Weeks.To.AddDate(0, 0, -1).Format("2 Jan"))
	for i, n := range s.Stars {
		if n > 0 {
			said += fmt.Sprintf(", %d with %s", n, plural(i+1, "star"))
		}
	}
	return said + "; rose: " + listed(s.Rose, ", ", func(r insight.Rise) string { return fmt.Sprintf("%d from %d to %d", r.Count, r.From, r.To) })
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func delivered(d insight.Delivery) string {
	s := fmt.Sprintf("%s, %d failed; %s, %d of a deployment", plural(d.Deployments, "deployment"), d.Failed, plural(d.Incidents, "incident"), d.Tied)
	if d.Recover.Count > 0 {
		s += "; recovered in " + timed(d.Recover.Median) + ", " + timed(d.Recover.P90)
	}
	return s
}

func took(c insight.Cost) string {
	s := fmt.Sprintf("%s, %d replies, %d people", plural(c.Tickets, "ticket"), c.Replies, c.People)
	if c.Active > 0 {
		s += ", " + timed(c.Active) + " active"
	}
	return s
}

func listed[T any](all []T, between string, say func(T) string) string {
	if len(all) == 0 {
		return "none"
	}
	var words []string
	for _, one := range all {
		words = append(words, say(one))
	}
	return strings.Join(words, between)
}

// timed writes "2 h" and "40 min".
func timed(d time.Duration) string {
	if d%time.Hour == 0 {
		return fmt.Sprintf("%d h", d/time.Hour)
	}
	return fmt.Sprintf("%d min", d/time.Minute)
}

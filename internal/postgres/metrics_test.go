package postgres_test

import (
	"fmt"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"supporty/internal/desk"
	"supporty/internal/insight"
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
			p := &play{postgresHarness: newPostgresHarness(t), written: map[string]ticket.Message{}}
			policies, err := p.db.AdoptPolicy(t.Context(), promise, playBegin)
			p.must(policies, err)
			p.desk = desk.New(p.db, anybody{}, policies, []string{"Billing", "Access"})
			lines := strings.Split(strings.TrimSpace(e[1]), "\n")
			for _, line := range lines {
				p.line(line)
			}
			countAll(t, p.db, playEnd.AddDate(0, 1, 0))
			for _, line := range lines {
				if strings.HasPrefix(line, "=") {
					p.line(line)
				}
			}
		})
	}
}

// The week of the examples.
var (
	playBegin = time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)
	playEnd   = playBegin.AddDate(0, 0, 7)
)

// play is an example while it is played.
type play struct {
	*postgresHarness
	written map[string]ticket.Message // the last message of each person
	at      time.Time
}

var (
	happens = regexp.MustCompile(`^((?:Next )?\w{3} \d\d:\d\d) +(\w+) (.*?)#(\d+)(.*)$`)
	answers = regexp.MustCompile(`^= (\w+)(?: (P\d))?(?: of (\w+))?: (.*)$`)
)

// line plays one line of an example.
func (p *play) line(line string) {
	p.t.Helper()
	if a := answers.FindStringSubmatch(line); a != nil {
		p.compare(line, a[1], a[2], a[3], a[4])
		return
	}
	e := happens.FindStringSubmatch(line)
	if e == nil {
		p.t.Fatalf("cannot be read: %s", line)
	}
	p.at = moments(p.t, e[1])
	var n int64
	fmt.Sscan(e[4], &n)
	p.does(line, e[2], strings.TrimSpace(e[3]), ticket.Number(n), strings.TrimSpace(e[5]))
}

func moments(t testing.TB, text string) time.Time {
	t.Helper()
	rest, next := strings.CutPrefix(text, "Next ")
	clock, err := time.Parse("15:04", rest[4:])
	day := strings.Index("MonTueWedThuFriSatSun", rest[:3])
	if err != nil || day < 0 {
		t.Fatalf("no time: %s", text)
	}
	if next {
		day += 21
	}
	return playBegin.AddDate(0, 0, day/3).Add(time.Duration(clock.Hour())*time.Hour + time.Duration(clock.Minute())*time.Minute)
}

func (p *play) does(line, who, what string, n ticket.Number, more string) {
	p.t.Helper()
	g := desk.Gesture{Ticket: n, Actor: who, By: ticket.ByButton, Key: p.key(), At: p.at, Now: p.at}
	ctx := p.t.Context()
	switch what {
	case "opens":
		p.opens(who, n, more)
	case "claims":
		p.must(p.desk.Claim(ctx, g))
	case "resolves":
		p.must(p.desk.Resolve(ctx, g, map[string]ticket.Solution{"": "", "by code": ticket.SolvedByCode}[more], ""))
	case "reopens":
		p.must(p.desk.Reopen(ctx, g))
	case "withdraws":
		p.must(p.desk.Close(ctx, g, ticket.Withdrawn, 0, ""))
	case "writes in":
		p.written[who] = ticket.Message{Channel: "C1", TS: fmt.Sprintf("%d.000100", p.at.Unix())}
		p.must(p.desk.Reply(ctx, g, desk.Written{Message: p.written[who], Text: "Look."}))
	case "links a commit in":
		m := ticket.Message{Channel: "C1", TS: fmt.Sprintf("%d.000100", p.at.Unix())}
		p.must(p.desk.Reply(ctx, g, desk.Written{Message: m, Text: "https://github.com/acme/shop/commit/1a2b3c4d5e6f"}))
	case "deletes it in":
		p.must(p.desk.Retract(ctx, g, p.written[who]))
	case "waits for Alice on":
		p.must(p.desk.Wait(ctx, g, "Which card?"))
	default:
		p.t.Fatalf("nobody can do this: %s", line)
	}
}

func (p *play) opens(who string, n ticket.Number, more string) {
	p.t.Helper()
	in := regexp.MustCompile(`^in (\w+), (P\d)$`).FindStringSubmatch(more)
	if in == nil {
		p.t.Fatalf("#%d opens in nothing: %s", n, more)
	}
	priority, err := ticket.ParsePriority(in[2])
	p.must(nil, err)
	r, err := p.desk.Open(p.t.Context(), desk.NewTicket{
		Content:   desk.Content{Priority: priority, Title: "Cards fail", Category: in[1]},
		Requester: who, Gesture: ticket.ByForm, Key: p.key(), At: p.at, Now: p.at,
	})
	p.must(r, err)
	if r.Ticket.Number != n {
		p.t.Fatalf("%s is %s", n, r.Ticket.Number)
	}
}

// compare asks for a number of the week.
func (p *play) compare(line, name, priority, category, want string) {
	p.t.Helper()
	of := insight.Selection{}
	if category != "" {
		of = insight.Selection{Name: category, Categories: []string{category}}
	}
	n, err := p.db.Numbers(p.t.Context(), insight.Question{Period: ticket.Period{From: playBegin, To: playEnd}, Of: of, Pause: pause})
	p.must(n, err)
	if got := said(n, name, priority); got != want {
		p.t.Errorf("%s\nbut it is %s", line, got)
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
	case "Work":
		by, all := insight.Digest{Work: map[string]insight.Work{"Billing": insight.Operational, "Access": insight.Strategic}}.WorkOf(n)
		return fmt.Sprintf("%d operational, %d tactical, %d strategic, of %d", by[insight.Operational], by[insight.Tactical], by[insight.Strategic], all)
	case "Cost":
		return took(n.Cost)
	case "Costs":
		return listed(n.Costs, "; ", func(c insight.CategoryCost) string { return c.Name + " " + took(c.Cost) })
	case "Costliest":
		return listed(n.Costliest, ", ", func(t insight.Thread) string { return t.Number.String() })
	}
	return fmt.Sprint(reflect.ValueOf(n).FieldByName(name))
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
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

package history_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/dev/demo/history"
	"supporty/internal/insight"
)

const seed = 7

func plan(t *testing.T, seed uint64) history.Plan {
	t.Helper()
	p, err := history.NewPlan(seed, monday)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestSameSeedSamePlan(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(plan(t, seed), plan(t, seed)); diff != "" {
		t.Errorf("two plans of one seed differ:\n%s", diff)
	}
	if cmp.Equal(plan(t, seed), plan(t, seed+1)) {
		t.Error("two seeds give one plan")
	}
}

func TestThePlanHasEverything(t *testing.T) {
	t.Parallel()
	p := plan(t, seed)
	if n := len(p.Tickets); n < 380 || n > 440 {
		t.Errorf("%d tickets", n)
	}
	actions, ways, categories, people, titles := map[history.Action]int{}, map[history.Way]int{}, map[string]int{}, map[string]int{}, map[string]int{}
	priorities, closings, solutions := map[string]int{}, map[string]int{}, map[string]int{}
	for _, ticket := range p.Tickets {
		ways[ticket.Way]++
		categories[ticket.Category]++
		people[ticket.Requester]++
		priorities[ticket.Priority]++
		titles[ticket.Title]++
		for _, s := range ticket.Steps {
			people[s.Who]++
			if s.At > p.End {
				continue
			}
			actions[s.Do]++
			switch s.Do {
			case history.Close:
				closings[s.To]++
			case history.How, history.ResolveForm:
				solutions[s.To]++
			}
		}
	}
	for _, d := range history.Actions {
		if actions[d] == 0 {
			t.Errorf("nobody does %q", d)
		}
	}
	for what, n := range map[string]int{
		"ways in": len(ways) - 3, "categories": len(categories) - len(history.Categories) - 1, "people": len(people) - 12,
		"priorities": len(priorities) - 3, "reasons to close": len(closings) - 3, "solutions": len(solutions) - 5,
	} {
		if n != 0 {
			t.Errorf("%s: %+d of what there should be", what, n)
		}
	}
	for title, n := range titles {
		if n > 6 {
			t.Errorf("%d tickets are called %q", n, title)
		}
	}
}

func TestStoriesAreInOrder(t *testing.T) {
	t.Parallel()
	p := plan(t, seed)
	var last time.Duration
	for i, ticket := range p.Tickets {
		if ticket.At < last {
			t.Errorf("%q is filed before the one above it", ticket.Title)
		}
		last = ticket.At
		now := ticket.At
		for _, s := range ticket.Steps {
			if s.At < now {
				t.Errorf("%q: %s comes before what it follows", ticket.Title, s.Do)
			}
			now = s.At
		}
		if o := ticket.Original; o >= i || o >= 0 && !strings.HasPrefix(ticket.Title, p.Tickets[o].Title) {
			t.Errorf("%q is no duplicate of ticket %d", ticket.Title, o)
		}
		if ticket.Category == history.Warehouse {
			continue // at night
		}
		if clock := ticket.At % (24 * time.Hour); clock < 8*time.Hour || clock > 20*time.Hour {
			t.Errorf("%q is filed at %s", ticket.Title, clock)
		}
		for _, text := range []string{ticket.Title, ticket.Text} {
			if strings.ContainsAny(text, "{}") {
				t.Errorf("a gap is open in %q", text)
			}
		}
	}
}

func TestSomeAreOpenAtTheEnd(t *testing.T) {
	t.Parallel()
	ends := []history.Action{
		history.ResolveTick, history.ResolveMark, history.ResolveForm, history.SolvedIt, history.Withdraw, history.Close,
	}
	p := plan(t, seed)
	open := 0
	for _, ticket := range p.Tickets {
		if !slices.ContainsFunc(ticket.Steps, func(s history.Step) bool { return s.At <= p.End && slices.Contains(ends, s.Do) }) {
			open++
		}
	}
	if open < 7 || open > 20 {
		t.Errorf("%d tickets are open at the end", open)
	}
}

var written = regexp.MustCompile(`\b\d\d:\d\d\b`)

// TestPeopleWriteTimesAsTheirClocksShowThem: the text of a ticket says since when
// something is broken, in the company's zone. The card says when it was filed, in its
// reader's zone. So the first time must not be later than the second.
func TestPeopleWriteTimesAsTheirClocksShowThem(t *testing.T) {
	t.Parallel()
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[bool]int{} // whether in summer time
	for _, ticket := range plan(t, seed).Tickets {
		filed := monday.Add(ticket.At).In(london)
		for _, clock := range written.FindAllString(ticket.Title+" "+ticket.Text, -1) {
			at, err := time.ParseInLocation(time.DateOnly+" 15:04", filed.Format(time.DateOnly)+" "+clock, london)
			if before := filed.Sub(at); ticket.Original < 0 && (err != nil || before < 0 || before > time.Hour) {
				t.Errorf("filed at %s: %q, %v", filed.Format("Mon 15:04 MST"), ticket.Title+": "+ticket.Text, err)
			}
			seen[filed.IsDST()]++
		}
		if today := filed.Weekday().String(); strings.Contains(ticket.Text, "ince "+today) && ticket.Original < 0 {
			t.Errorf("filed on %s: %q", today, ticket.Text)
		}
	}
	if seen[true] < 10 || seen[false] < 10 {
		t.Errorf("times in summer and in winter: %v", seen)
	}
}

// One part of the product is hard to understand, and the others are not.
func TestWhatIsHardToUnderstand(t *testing.T) {
	t.Parallel()
	p := plan(t, seed)
	var n insight.Numbers
	for _, name := range history.Categories {
		c := insight.Category{Name: name}
		for _, ticket := range p.Tickets {
			if ticket.Category == name {
				c.Tickets++
				if slices.ContainsFunc(ticket.Steps, func(s history.Step) bool { return s.At <= p.End && s.To == "code" }) {
					c.CodeChanges++
				}
			}
		}
		n.Categories = append(n.Categories, c)
	}
	for _, c := range n.Categories {
		if n.Hard(c) != (c.Name == "Internal tools") {
			t.Errorf("%+v: hard to understand is %v, of %+v", c, n.Hard(c), n.Categories)
		}
	}
}

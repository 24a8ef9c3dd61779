package web

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"supporty/internal/insight"
	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

// table is one of the statistics. Its first column names the rows.
type table struct {
	ID, Title, Note string
	Head            []string
	Rows            [][]cell
	Chart           *drawing // nil if it has none
}

// cell is a figure as people read it, and as programs do.
type cell struct {
	Text   string
	Exact  string // for CSV; empty if Text is exact
	Unit   string // of Exact
	URL    string
	Marked bool // a category that is hard to understand
}

func words(text string) cell { return cell{Text: text} }

func count(n int) cell { return cell{Text: strconv.Itoa(n)} }

// lasting is a duration, in seconds for programs.
func lasting(d time.Duration) cell {
	return cell{Text: slackview.Took(d), Exact: strconv.FormatInt(int64(d.Seconds()), 10), Unit: "seconds"}
}

// statement makes the tables of a digest.
type statement struct {
	insight.Digest
	link func(ticket.Message) string // the address of a ticket's thread
}

// tables are those that have something to tell.
func (s statement) tables() []table {
	var all []table
	for _, t := range []table{
		s.movement(), s.onTime(), s.causes(),
		s.times("answer", "Time to answer", "From the beginning to the first claim or answer.", func(a insight.Attainment) insight.Spread { return a.Respond }),
		s.times("solve", "Time to solve", "From the beginning to the solution, without the time in which it waited.", func(a insight.Attainment) insight.Spread { return a.Resolve }),
		s.oldest(), s.categories(), s.lessons(), s.returned(), s.work(), s.cost(), s.costs(), s.costliest(), s.satisfaction(), s.load(), s.delivery(),
	} {
		if len(t.Rows) > 0 {
			all = append(all, t)
		}
	}
	return all
}

func (s statement) movement() table {
	this, last := s.This, s.Last
	row := func(what string, this, last int) []cell { return []cell{words(what), count(this), count(last)} }
	return table{ID: "tickets", Title: "Tickets", Head: []string{"", "This period", "Before"}, Rows: [][]cell{
		row("Opened", this.Opened, last.Opened), row("Reopened", this.Reopened, last.Reopened),
		row("Resolved", this.Resolved, last.Resolved), row("Closed without a solution", this.Closed, last.Closed),
		row("Open at the end", this.Open, last.Open), row("Not filed, because the form showed the solution", this.Avoided, last.Avoided),
	}}
}

// onTime has a row for each priority, and one for all if there are several.
func (s statement) onTime() table {
	t := table{ID: "on-time", Title: "On time", Note: "Of what was solved, or became late.", Head: []string{"Priority", "On time", "Solved or late", "Share", "Before"}}
	for _, row := range s.byPriority(func(a insight.Attainment) int { return a.Counted }) {
		before := words("")
		if row.comparable {
			before = words(slackview.Share(row.last.Kept, row.last.Counted))
		}
		t.Rows = append(t.Rows, []cell{words(row.name), count(row.this.Kept), count(row.this.Counted), words(slackview.Share(row.this.Kept, row.this.Counted)), before})
	}
	return t
}

// results are those of a priority, and of the period before.
type results struct {
	name       string
	this, last insight.Attainment
	comparable bool // both have enough to say something
}

func (s statement) byPriority(count func(insight.Attainment) int) []results {
	var rows []results
	add := func(name string, this, last insight.Attainment) {
		rows = append(rows, results{name, this, last, min(count(this), count(last)) >= insight.Comparable})
	}
	for _, p := range ticket.Priorities {
		if this := s.This.Priority(p); count(this) > 0 {
			add(p.String(), this, s.Last.Priority(p))
		}
	}
	if len(rows) > 1 {
		add("All", s.This.All(), s.Last.All())
	}
	return rows
}

func (s statement) causes() table {
	t := table{ID: "causes", Title: "Late, by cause", Note: "Each counted once; what was reopened as that. " + s.unowned(), Head: []string{"Cause", "Late"}}
	for _, c := range s.This.Causes {
		t.Rows = append(t.Rows, []cell{words(capital(slackview.LateBecause(c.Cause))), count(c.Count)})
	}
	return t
}

func (s statement) unowned() string {
	return fmt.Sprintf("%d of %d had no owner at the target.", s.This.LateUnowned, s.This.Late())
}

func (s statement) times(id, title, note string, of func(insight.Attainment) insight.Spread) table {
	t := table{ID: id, Title: title, Note: note, Head: []string{"Priority", "Half within", "Nine in ten within", "Of", "Half before", "Nine in ten before"}}
	for _, row := range s.byPriority(func(a insight.Attainment) int { return of(a).Count }) {
		this, last := of(row.this), of(row.last)
		cells := []cell{words(row.name), lasting(this.Median), lasting(this.P90), count(this.Count), words(""), words("")}
		if row.comparable {
			cells[4], cells[5] = lasting(last.Median), lasting(last.P90)
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

func (s statement) oldest() table {
	o := s.This.Oldest
	t := table{ID: "oldest", Title: "Oldest still open", Head: []string{"Ticket", "Open since", "For"}}
	if o.Number == 0 {
		return t
	}
	age := s.Period.To.Sub(o.OpenedAt)
	since := cell{Text: o.OpenedAt.In(cmp.Or(s.Zone, time.UTC)).Format("2 Jan 2006"), Exact: o.OpenedAt.UTC().Format(time.RFC3339)}
	t.Rows = [][]cell{{s.numbered(o.Number), since, {Text: slackview.Age(age), Exact: strconv.FormatInt(int64(age.Seconds()), 10), Unit: "seconds"}}}
	return t
}

// numbered leads to a ticket's own page.
func (s statement) numbered(n ticket.Number) cell {
	return cell{Text: n.String(), URL: "/tickets/" + strconv.FormatInt(int64(n), 10)}
}

func (s statement) categories() table {
	t := table{ID: "categories", Title: "Tickets and code changes", Note: "Of what was opened" + s.privateOnes() + ". Many more tickets, or far fewer code changes, than in the other categories: that part of the product is hard to understand.", Head: []string{"Category", "Tickets", "Code changes"}}
	for _, c := range s.This.Categories {
		name := words(c.Name)
		name.Marked = s.This.Hard(c)
		t.Rows = append(t.Rows, []cell{name, count(c.Tickets), count(c.CodeChanges)})
	}
	return t
}

// privateOnes says why the categories add up to less than what was opened.
func (s statement) privateOnes() string {
	if s.This.PrivateOpened() == 0 {
		return ""
	}
	return "; private tickets have no category here"
}

func (s statement) work() table {
	t := table{ID: "work", Title: "Kind of work", Note: "Of what was opened, where the category has one.", Head: []string{"Kind", "Tickets", "Share", "Before"}}
	this, all := s.WorkOf(s.This)
	last, before := s.WorkOf(s.Last)
	if all == 0 {
		return t
	}
	for _, w := range ticket.Works {
		earlier := words("")
		if min(all, before) >= insight.Comparable {
			earlier = words(slackview.Share(last[w], before))
		}
		t.Rows = append(t.Rows, []cell{words(capital(string(w))), count(this[w]), words(slackview.Share(this[w], all)), earlier})
	}
	return t
}

func (s statement) cost() table {
	c := s.This.Cost
	t := table{ID: "cost", Title: "What it took", Note: "Of tickets that were solved and still are, over their whole life.", Head: []string{"", "This period"}}
	if c.Replies == 0 {
		return t
	}
	t.Rows = [][]cell{{words("Solved tickets"), count(c.Tickets)}, {words("Replies"), count(c.Replies)}, {words("People who wrote, each once a ticket"), count(c.People)}}
	if c.Active > 0 {
		t.Rows = append(t.Rows, []cell{words("Active in the threads"), s.active(c.Active)})
		t.Note += fmt.Sprintf(" Active time is an estimate: the pauses between two replies of a person, but none over %s.", slackview.Took(s.Pause))
	}
	return t
}

// active is a time of activity, for programs in seconds and without money; as rounded as for people.
func (s statement) active(d time.Duration) cell {
	return cell{Text: slackview.ActiveFor(s.Digest, d), Exact: strconv.FormatInt(int64(slackview.RoundActive(d).Seconds()), 10), Unit: "seconds"}
}

func (s statement) costs() table {
	t := table{
		ID: "costs", Title: "What it took, by category", Head: []string{"Category", "Tickets", "Replies", "Active"},
		Note: fmt.Sprintf("Categories with %d solved tickets and %d people or more.", insight.TellingTickets, insight.TellingPeople),
	}
	if !s.Of.All() && len(s.Of.Categories) < 2 {
		return t // the total says the same
	}
	for _, c := range s.This.Costs {
		t.Rows = append(t.Rows, []cell{words(c.Name), count(c.Tickets), count(c.Replies), s.active(c.Active)})
	}
	return t
}

func (s statement) costliest() table {
	t := table{
		ID: "costliest", Title: "The costliest threads", Head: []string{"Ticket", "Replies", "People", "Took", "Active", "Thread"},
		Note: fmt.Sprintf("Those in which people were active for longest, with %d people or more.", insight.TellingPeople),
	}
	for _, c := range s.This.Costliest {
		took := lasting(c.Took)
		took.Text = slackview.Spent(c.Took)
		t.Rows = append(t.Rows, []cell{s.numbered(c.Number), count(c.Replies), count(c.People), took, s.active(c.Active), {Text: "Slack", Exact: s.link(c.Card), URL: s.link(c.Card)}})
	}
	return t
}

func (s statement) satisfaction() table {
	said := s.This.Satisfaction
	t := table{ID: "help", Title: "How the help was", Head: []string{"Stars", "Answers"}}
	if said.Answers+said.Told == 0 {
		return t
	}
	t.Rows, t.Note = [][]cell{{words("New answers"), count(said.Answers)}}, slackview.StarsTold()
	if said.Told == 0 {
		return t
	}
	t.Note = slackview.StarsOf(said) + " " + t.Note
	for i := ticket.MostStars; i > 0; i-- {
		t.Rows = append(t.Rows, []cell{words(strconv.Itoa(i)), count(said.Stars[i-1])})
	}
	for _, r := range said.Rose {
		t.Rows = append(t.Rows, []cell{words(fmt.Sprintf("Rose from %d to %d", r.From, r.To)), count(r.Count)})
	}
	return t
}

// load is how what people carry is spread over them.
func (s statement) load() table {
	t := table{
		ID: "load", Title: "What people carry", Head: []string{"", "People", "A quarter", "Half", "Three quarters"},
		Note: fmt.Sprintf("Of the people who had open tickets at the end, were on duty, or were called, if they are %d or more: so many of these have no more than this. Each sees their own on Home, and that of those they lead.", insight.TellingCarriers),
	}
	for _, p := range slackview.LoadParts(s.Digest) {
		t.Rows = append(t.Rows, []cell{words(p.Name), count(p.People), words(p.Quarters[0]), words(p.Quarters[1]), words(p.Quarters[2])})
	}
	return t
}

// lessons are what categories teach.
func (s statement) lessons() table {
	t := table{
		ID: "lessons", Title: "Questions that return", Head: []string{"Category", "Solved", "Repeated", "Questions", "Written", "Runbook"},
		Note: fmt.Sprintf("Of the last %d solved tickets: how many ask what was asked three times or more, by titles that are alike; how many questions these are, and of how many the answer was written down; and in how many threads the runbook was posted.", insight.MostLearnt),
	}
	for _, l := range s.Lessons {
		t.Rows = append(t.Rows, []cell{words(l.Category), count(l.Tickets), count(l.Returning()), count(len(l.Questions)), count(l.Written()), count(l.Guided)})
	}
	return t
}

// mostReturned is how many questions are listed.
const mostReturned = 10

// returned are the questions that were asked most often.
func (s statement) returned() table {
	t := table{ID: "returned", Title: "Asked most often", Note: "Each by the title of its last ticket, or by its number if you may not read it.", Head: []string{"Question", "Times", "Half solved within", "Nine in ten within", "Written down"}}
	for _, q := range insight.MostReturned(s.Lessons, mostReturned) {
		t.Rows = append(t.Rows, []cell{{Text: cmp.Or(q.Title, q.Number.String()), URL: s.numbered(q.Number).URL}, count(q.Tickets), lasting(q.Resolve.Median), lasting(q.Resolve.P90), words(yesNo(q.Written))})
	}
	return t
}

func yesNo(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}

// delivery has how deployments went, and the time to recover.
func (s statement) delivery() table {
	this, last := s.This.Delivery, s.Last.Delivery
	t := table{ID: "delivery", Title: "Deployments and incidents", Head: []string{"", "This period", "Before"}}
	if !this.Any() {
		return t
	}
	row := func(what string, this, last int) {
		t.Rows = append(t.Rows, []cell{words(what), count(this), count(last)})
	}
	row("Deployments", this.Deployments, last.Deployments)
	row("Of these, broke something", this.Failed, last.Failed)
	row("Incidents", this.Incidents, last.Incidents)
	row("Of these, after a deployment", this.Tied, last.Tied)
	if this.Recover.Count == 0 {
		return t
	}
	half, most := words(""), words("")
	if min(this.Recover.Count, last.Recover.Count) >= insight.Comparable {
		half, most = lasting(last.Recover.Median), lasting(last.Recover.P90)
	}
	t.Rows = append(t.Rows, []cell{words("Recovered, half within"), lasting(this.Recover.Median), half}, []cell{words("Recovered, nine in ten within"), lasting(this.Recover.P90), most})
	return t
}

func capital(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

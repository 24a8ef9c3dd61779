package web

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"supporty/internal/desk"
	"supporty/internal/insight"
	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

// Filters are in the address, so that a view can be bookmarked and passed on. They have the words
// of Slack's commands.

// periods are those that the form offers, beside two days.
var periods = []struct{ Word, Label string }{
	{"7d", "Last 7 days"}, {"30d", "Last 30 days"}, {"90d", "Last 90 days"}, {"quarter", "This quarter"}, {"365d", "Last 365 days"},
}

// choice is one of a menu.
type choice struct {
	Value, Label string
	Chosen       bool
}

// asked is what an address asks for, as it was written.
type asked struct {
	Period, From, To string // a word, or else two days
	Category, Squad  string
	State, Priority  string
	Words            string
	Below            ticket.Number
	Page             int // of what was found by words, from 1
}

// read reads an address. It takes any text: what makes no sense is told later, or left out.
func read(q url.Values) asked {
	text := func(name string) string {
		return strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(q.Get(name), ""), "\x00", ""))
	}
	number := func(name string) int64 {
		n, err := strconv.ParseInt(text(name), 10, 64)
		if err != nil || n < 0 {
			return 0
		}
		return n
	}
	a := asked{
		Period: text("period"), From: text("from"), To: text("to"), Category: text("category"), Squad: text("squad"),
		State: text("state"), Priority: text("priority"), Words: text("words"),
		Below: ticket.Number(number("below")), Page: int(min(number("page"), desk.MostBrowsed)),
	}
	if a.Period == "" && a.From != "" {
		a.Period = a.From + ".." + cmp.Or(a.To, a.From)
	}
	if from, to, days := strings.Cut(a.Period, ".."); days {
		a.From, a.To = from, to
	} else {
		a.From, a.To = "", ""
	}
	return a
}

// address is where a page with these filters is. Filters that are empty are left out.
func (a asked) address(path string) string {
	q := url.Values{}
	put := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	put("period", a.Period)
	put("category", a.Category)
	put("squad", a.Squad)
	put("state", a.State)
	put("priority", a.Priority)
	put("words", a.Words)
	if a.Below > 0 {
		put("below", strconv.FormatInt(int64(a.Below), 10))
	}
	if a.Page > 1 {
		put("page", strconv.Itoa(a.Page))
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// span is the period of an address; usual if it names none.
func (a asked) span(usual string, now time.Time, zone *time.Location) (ticket.Period, error) {
	word := cmp.Or(a.Period, usual)
	p, ok, err := insight.Span(word, now, zone)
	if err == nil && !ok {
		err = ticket.Errorf(ticket.Invalid, "%q is no period. Choose one, or write two days: 2026-10-01..2026-10-31.", short(word))
	}
	return p, err
}

// short is a value as a sentence repeats it.
func short(value string) string {
	runes := []rune(value)
	return string(runes[:min(len(runes), 60)])
}

// selection is which tickets are counted.
func (a asked) selection(v visit) (insight.Selection, error) {
	switch {
	case a.Category != "" && a.Squad != "":
		return insight.Selection{}, ticket.Errorf(ticket.Invalid, "Choose a category or a squad, not both.")
	case a.Category != "":
		name, ok := named(a.Category, v.Categories)
		if !ok {
			return insight.Selection{}, ticket.Errorf(ticket.Invalid, "There is no category %q.", short(a.Category))
		}
		return insight.Selection{Name: name, Categories: []string{name}}, nil
	case a.Squad != "":
		name, ok := named(a.Squad, squadNames(v))
		if !ok {
			return insight.Selection{}, ticket.Errorf(ticket.Invalid, "There is no squad %q.", short(a.Squad))
		}
		return insight.Selection{Name: name, Categories: append([]string{}, v.Squads[name]...)}, nil
	}
	return insight.Selection{}, nil
}

func named(name string, all []string) (string, bool) {
	i := slices.IndexFunc(all, func(other string) bool { return strings.EqualFold(other, name) })
	if i < 0 {
		return "", false
	}
	return all[i], true
}

func squadNames(v visit) []string {
	var names []string
	for name := range v.Squads {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// filter is which tickets are listed, and the words that they have.
func (a asked) filter(v visit, now time.Time) (desk.Query, error) {
	found, err := slackview.ReadQuery(a.Words, slackview.Reading{Categories: v.Categories, Person: v.person})
	if err != nil {
		return desk.Query{}, err
	}
	q := found.Query
	q.Page = max(a.Page-1, 0)
	if a.Words == "" || a.State != "" {
		if err := slackview.FilterByState(&q.Filter, cmp.Or(a.State, usualState)); err != nil {
			return desk.Query{}, err
		}
	}
	if a.Category != "" {
		name, ok := named(a.Category, v.Categories)
		if !ok {
			return desk.Query{}, ticket.Errorf(ticket.Invalid, "There is no category %q.", short(a.Category))
		}
		q.Filter.Category = name
	}
	if a.Priority != "" {
		if q.Filter.Priority, err = ticket.ParsePriority(a.Priority); err != nil {
			return desk.Query{}, ticket.Errorf(ticket.Invalid, "There is no priority %q.", short(a.Priority))
		}
	}
	return q, a.opened(&q.Filter, now, v.Zone)
}

// usualState is what the list of tickets shows if an address names no state and no words.
const usualState = "open"

// opened selects by the time of opening, if a period is asked for.
func (a asked) opened(f *desk.Filter, now time.Time, zone *time.Location) error {
	if a.Period == "" {
		return nil
	}
	p, err := a.span("", now, zone)
	f.After, f.Before = p.From, p.To
	return err
}

// menu is a list of names to choose from. The first choice is no name.
func menu(chosen, none string, names []string) []choice {
	all := []choice{{"", none, chosen == ""}}
	for _, name := range names {
		all = append(all, choice{name, name, strings.EqualFold(name, chosen)})
	}
	return all
}

// menuOfPeriods has what was chosen among them, also if it is none of the usual ones.
func menuOfPeriods(chosen, none string) []choice {
	var all []choice
	if none != "" {
		all = append(all, choice{"", none, chosen == ""})
	}
	known := chosen == ""
	for _, p := range periods {
		is := strings.EqualFold(p.Word, chosen)
		known = known || is
		all = append(all, choice{p.Word, p.Label, is})
	}
	if !known {
		all = append(all, choice{chosen, strings.Replace(short(chosen), "..", " to ", 1), true})
	}
	return all
}

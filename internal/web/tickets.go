package web

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"supporty/internal/desk"
	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

// How many tickets are listed.
const (
	ofAPage  = 50
	ofAFile  = 5000 // in CSV
	ofABatch = desk.MostBrowsed
)

// list is the content of the page of tickets.
type list struct {
	Problem    string
	States     []choice
	Categories []choice
	Priorities []choice
	Periods    []choice
	Words      string
	Rows       []row
	Note       string
	Newer      string // address of the page before; empty for none
	Older      string
	CSV        string
	Filtered   bool
}

// row is a ticket in the list.
type row struct {
	desk.Summary
	Address    string
	StateWords string
	Asked, Has string // names
	Late       bool   // past its target
}

func (s *Server) tickets(w http.ResponseWriter, r *http.Request, v visit) {
	a := read(r.URL.Query())
	shown := s.listed(a, v)
	status := http.StatusOK
	err := s.look(r.Context(), v, a, &shown)
	switch {
	case ticket.CodeOf(err) == ticket.Invalid:
		status, shown.Problem = http.StatusBadRequest, ticket.SentenceOf(err)
	case err != nil:
		s.refuse(w, r, v, err)
		return
	}
	s.show(w, r, v, status, page{Template: "tickets", Title: "Tickets", Here: "tickets", Content: shown})
}

// listed is the page without its tickets.
func (s *Server) listed(a asked, v visit) list {
	csv := a
	csv.Below, csv.Page = 0, 0
	return list{
		States: menuOfStates(a), Categories: menu(a.Category, "All categories", v.Categories),
		Priorities: menu(a.Priority, "All priorities", []string{"P1", "P2", "P3"}),
		Periods:    menuOfPeriods(a.Period, "Opened at any time"), Words: a.Words, CSV: csv.address("/tickets.csv"),
		Filtered: a.Category+a.Priority+a.Period+a.Words+a.State != "",
	}
}

// menuOfStates has "any" chosen if words are searched for and no state.
func menuOfStates(a asked) []choice {
	chosen := a.State
	if chosen == "" && a.Words == "" {
		chosen = usualState
	}
	if chosen == "" {
		chosen = "any"
	}
	var all []choice
	for _, word := range slackview.StateWords() {
		label := map[string]string{"hold": "On hold", "any": "Any state", "open": "All open", "unowned": "Without an owner", "ended": "All ended"}[word]
		if label == "" {
			label = capital(word)
		}
		all = append(all, choice{word, label, word == chosen})
	}
	return all
}

// look fills in a page of tickets.
func (s *Server) look(ctx context.Context, v visit, a asked, into *list) error {
	now := s.o.Now()
	q, err := a.filter(v, now)
	if err != nil {
		return err
	}
	if len(q.Words) > 0 || q.Number > 0 {
		return s.find(ctx, v, a, q, into)
	}
	q.Filter.Limit = ofAPage
	found, err := v.Desk.Browse(ctx, v.person, q.Filter, a.Below)
	if err != nil {
		return err
	}
	into.Rows = v.rows(ctx, found.Tickets, now)
	into.Note = narrower(found.Narrower)
	if found.More {
		older := a
		older.Below = found.Tickets[len(found.Tickets)-1].Number
		into.Older = older.address("/tickets")
	}
	if a.Below > 0 {
		newest := a
		newest.Below = 0
		into.Newer = newest.address("/tickets")
	}
	return nil
}

// find fills in a page of what words find.
func (s *Server) find(ctx context.Context, v visit, a asked, q desk.Query, into *list) error {
	found, err := v.Desk.Search(ctx, v.person, q, s.o.Now())
	if err != nil {
		return err
	}
	into.Rows = v.rows(ctx, found.Tickets, s.o.Now())
	into.Note = narrower(found.Narrower)
	if found.Loose {
		into.Note = "No ticket has all of these words; these have some of them. " + into.Note
	}
	at := func(page int) string {
		other := a
		other.Page = page
		return other.address("/tickets")
	}
	if (q.Page+1)*desk.FoundPage < found.Total {
		into.Older = at(q.Page + 2)
	}
	if q.Page > 0 {
		into.Newer = at(q.Page)
	}
	return nil
}

func narrower(is bool) string {
	if is {
		return "You see the tickets that you asked for or have. Others are for the people in their channel."
	}
	return ""
}

func (v visit) rows(ctx context.Context, tickets []desk.Summary, now time.Time) []row {
	var rows []row
	for _, t := range tickets {
		r := row{Summary: t, Address: "/tickets/" + strconv.FormatInt(int64(t.Number), 10), StateWords: stateWords(t.State), Asked: v.Name(ctx, t.Requester)}
		if t.Assignee != "" {
			r.Has = v.Name(ctx, t.Assignee)
		}
		if t.Withheld {
			r.Title = "(its text is withheld)"
		}
		r.Late = !t.State.Ended() && !t.DueAt.IsZero() && now.After(t.DueAt)
		rows = append(rows, r)
	}
	return rows
}

func stateWords(s ticket.State) string {
	if s == ticket.StateOnHold {
		return "on hold"
	}
	return string(s)
}

// ticketsCSV writes the tickets that the filters select, without paging.
func (s *Server) ticketsCSV(w http.ResponseWriter, r *http.Request, v visit) {
	a := read(r.URL.Query())
	rows, err := s.export(r.Context(), v, a)
	if err != nil {
		s.refuse(w, r, v, err)
		return
	}
	s.writeCSV(w, "tickets.csv", rows)
}

func (s *Server) export(ctx context.Context, v visit, a asked) ([][]string, error) {
	q, err := a.filter(v, s.o.Now())
	if err != nil {
		return nil, err
	}
	all, err := s.all(ctx, v, q)
	if err != nil {
		return nil, err
	}
	rows := [][]string{{"number", "priority", "state", "title", "category", "requester", "owner", "opened", "target", "thread"}}
	for _, t := range v.rows(ctx, all, s.o.Now()) {
		rows = append(rows, []string{
			strconv.FormatInt(int64(t.Number), 10), t.Priority.String(), t.StateWords, t.Title, t.Category, t.Asked, t.Has,
			stamp(t.OpenedAt), stamp(t.DueAt), v.thread(t.Card),
		})
	}
	return rows, nil
}

// all reads page after page.
func (s *Server) all(ctx context.Context, v visit, q desk.Query) (all []desk.Summary, err error) {
	if len(q.Words) > 0 || q.Number > 0 {
		return s.allFound(ctx, v, q)
	}
	q.Filter.Limit = ofABatch
	for below := ticket.Number(0); len(all) < ofAFile; below = all[len(all)-1].Number {
		found, err := v.Desk.Browse(ctx, v.person, q.Filter, below)
		if err != nil {
			return nil, err
		}
		if all = append(all, found.Tickets...); !found.More {
			break
		}
	}
	return all, nil
}

func (s *Server) allFound(ctx context.Context, v visit, q desk.Query) (all []desk.Summary, err error) {
	for q.Page = 0; ; q.Page++ {
		found, err := v.Desk.Search(ctx, v.person, q, s.o.Now())
		if err != nil {
			return nil, err
		}
		if all = append(all, found.Tickets...); (q.Page+1)*desk.FoundPage >= found.Total {
			return all, nil
		}
	}
}

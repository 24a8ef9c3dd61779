package web

import (
	"cmp"
	"net/http"

	"supporty/internal/insight"
	"supporty/internal/slackformat"
	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

// usualPeriod is what is counted if an address names no period, as in Slack.
const usualPeriod = "7d"

// overview is the content of the page of statistics.
type overview struct {
	Problem    string // what is wrong with the address; empty if nothing is
	Of, Period string // what is counted, in words
	Quiet      bool
	Periods    []choice
	From, To   string
	Categories []choice
	Squads     []choice
	Tables     []table
	CSV        string
}

func (s *Server) statistics(w http.ResponseWriter, r *http.Request, v visit) {
	a := read(r.URL.Query())
	shown := overview{
		Periods: menuOfPeriods(cmp.Or(a.Period, usualPeriod), ""), From: a.From, To: a.To, CSV: a.address("/statistics.csv"),
		Categories: menu(a.Category, "All categories", v.Categories), Squads: menu(a.Squad, "All squads", squadNames(v)),
	}
	status := http.StatusOK
	d, err := s.digest(r, v, a)
	switch {
	case ticket.CodeOf(err) == ticket.Invalid:
		status, shown.Problem = http.StatusBadRequest, ticket.SentenceOf(err)
	case err != nil:
		s.fail(w, r, err)
		return
	default:
		if err := shown.fill(d, v); err != nil {
			s.fail(w, r, err)
			return
		}
	}
	s.show(w, r, v, status, page{Template: "statistics", Title: "Statistics", Here: "statistics", Content: shown})
}

// fill puts the numbers of a digest into the page.
func (o *overview) fill(d insight.Digest, v visit) (err error) {
	o.Period, o.Of, o.Quiet = slackview.PeriodName(d), cmp.Or(d.Of.Name, "All tickets"), d.This.Quiet()
	told := v.statement(d)
	o.Tables = told.tables()
	charts := told.charts()
	for i, t := range o.Tables {
		if o.Tables[i].Chart, err = draw(t.ID, charts[t.ID]); err != nil {
			return err
		}
	}
	return nil
}

func (v visit) statement(d insight.Digest) statement { return statement{d, v.thread} }

// thread is the address of a ticket's thread; "" if it is not known.
func (v visit) thread(card ticket.Message) string { return slackformat.Permalink(v.Workspace, card) }

// digest counts what an address asks for. Its error is a ticket.Error for an address that makes no
// sense.
func (s *Server) digest(r *http.Request, v visit, a asked) (insight.Digest, error) {
	p, err := a.span(usualPeriod, s.o.Now(), v.Zone)
	if err != nil {
		return insight.Digest{}, err
	}
	of, err := a.selection(v)
	if err != nil {
		return insight.Digest{}, err
	}
	reads, err := v.Desk.Reads(r.Context(), v.person)
	if err != nil {
		return insight.Digest{}, err
	}
	d, err := v.Digests.Digest(r.Context(), p, of)
	if err == nil {
		d.Reads = reads
		d, err = v.Digests.WithWeeks(r.Context(), d)
	}
	if err != nil {
		return d, ticket.Errorf(ticket.Unavailable, "The numbers could not be read. Please try again in a minute.").Because(err)
	}
	d.Asked = true
	return d, nil
}

// statisticsCSV writes every figure of the page in a row of its own.
func (s *Server) statisticsCSV(w http.ResponseWriter, r *http.Request, v visit) {
	d, err := s.digest(r, v, read(r.URL.Query()))
	if err != nil {
		s.refuse(w, r, v, err)
		return
	}
	rows := [][]string{{"from", "to", "of", "table", "row", "column", "value", "unit"}}
	for _, t := range v.statement(d).tables() {
		rows = append(rows, t.records(stamp(d.Period.From), stamp(d.Period.To), cmp.Or(d.Of.Name, "all tickets"))...)
	}
	s.writeCSV(w, "statistics.csv", rows)
}

// records are the figures of a table, each behind the same first values.
func (t table) records(first ...string) [][]string {
	var rows [][]string
	for _, row := range t.Rows {
		for i, c := range row[1:] {
			if value := cmp.Or(c.Exact, c.Text); value != "" {
				rows = append(rows, append(append([]string{}, first...), t.Title, row[0].Text, t.Head[i+1], value, c.Unit))
			}
		}
	}
	return rows
}

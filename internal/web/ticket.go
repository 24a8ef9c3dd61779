package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/slackformat"
	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

// story is the content of a ticket's page.
type story struct {
	ticket.Ticket
	StateWords string
	Asked, Has string // names
	Filed      string // the name of who filed it for somebody else; empty if nobody did
	Ended      string // how it ended
	DueAt      time.Time
	Late       bool
	Cost       string
	Thread     string // address
	Facts      []fact
	Timeline   [][]slackformat.Span
	Why        [][]slackformat.Span
}

// fact is a field that the category asks for.
type fact struct{ Name, Value string }

// ticket shows one ticket to who may read it; to others there is none, or it says why not.
func (s *Server) ticket(w http.ResponseWriter, r *http.Request, v visit) {
	n, err := strconv.ParseInt(r.PathValue("number"), 10, 64)
	if err != nil || n < 1 {
		s.refuse(w, r, v, ticket.Errorf(ticket.Unknown, "There is no such ticket."))
		return
	}
	x, err := v.Desk.Why(r.Context(), ticket.Number(n), v.person, s.o.Now())
	if err != nil {
		s.refuse(w, r, v, err)
		return
	}
	t := x.Record.Ticket
	s.show(w, r, v, http.StatusOK, page{Template: "ticket", Title: t.Number.String(), Here: "tickets", Content: v.story(r, x)})
}

func (v visit) story(r *http.Request, x desk.Explanation) story {
	t, names := x.Record.Ticket, func(id string) string { return v.Name(r.Context(), id) }
	scene := slackview.Scene{Names: names, Command: v.Command, Workspace: v.Workspace, Now: x.Now}
	told := story{
		Ticket: t, StateWords: stateWords(t.State), Asked: names(t.Requester), Ended: slackview.EndOf(t),
		Cost: slackview.CostOf(x.Record), Thread: v.thread(x.Record.Card),
		Timeline: spans(slackview.TimelineRows(x.Record, scene), names), Why: spans(slackview.WhyRows(x, scene), names),
	}
	if t.Withheld {
		told.Title, told.Text, told.Fields, told.Resolution = "(its text is withheld)", "", nil, ""
	}
	if t.Owned() {
		told.Has = names(t.Assignee)
	}
	if t.Filer != "" {
		told.Filed = names(t.Filer)
	}
	for _, f := range told.Fields {
		told.Facts = append(told.Facts, fact{f.Name, fieldWords(f, names)})
	}
	told.due(x)
	return told
}

func fieldWords(f ticket.Field, names slackformat.Names) string {
	values := f.Values
	if f.Kind == ticket.FieldPerson {
		values = nil
		for _, id := range f.Values {
			values = append(values, names(id))
		}
	}
	return strings.Join(values, ", ")
}

// due is the target that a running clock has.
func (s *story) due(x desk.Explanation) {
	if len(x.Record.Cycles) == 0 {
		return
	}
	c := x.Record.Cycles[len(x.Record.Cycles)-1].Clock(sla.Resolve)
	if c.Promised() && c.Running() && !c.Paused() {
		s.DueAt, s.Late = c.DueAt, c.Late(x.Now)
	}
}

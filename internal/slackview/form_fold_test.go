package slackview

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

func TestFoldInForm(t *testing.T) {
	t.Parallel()
	into := ticket42(t, opened())
	f := desk.Foldable{Into: into}
	none := FoldInForm(f)
	checkModal(t, none)
	golden(t, "form_fold_in_none", none)
	for n := range 3 {
		other := ticket42(t, opened())
		other.Ticket.Number = ticket.Number(43 + n)
		f.Flood = append(f.Flood, summaries(other)...)
	}
	form := FoldInForm(f)
	checkModal(t, form)
	golden(t, "form_fold_in", form)
}

// A menu of tickets has an option for each, and a list without any is no null.
func TestTicketOptions(t *testing.T) {
	t.Parallel()
	ended := ticket42(t, opened())
	ended.Ticket.State, ended.Ticket.Title = ticket.StateResolved, strings.Repeat("Überläufe ", 12)
	list := summaries(ended)
	if got, _ := json.Marshal(TicketOptions(nil)); string(got) != `{"options":[]}` {
		t.Errorf("none: %s", got)
	}
	list = append(list, desk.Summary{Number: 43, Priority: ticket.P3, State: ticket.StateOpen, Withheld: true})
	want := `{"options":[{"text":{"type":"plain_text","text":"#42 · P2 · resolved · ` + strings.Repeat("Überläufe ", 5) + `Üb…","emoji":false},"value":"42"},` +
		`{"text":{"type":"plain_text","text":"#43 · P3","emoji":false},"value":"43"}]}`
	if got, _ := json.Marshal(TicketOptions(list)); string(got) != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

func TestOtherTickets(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]desk.Query{
		"":             {Typing: true, Filter: desk.Filter{Scope: desk.ScopeAll}},
		"42":           {Typing: true, Number: 42, Filter: desk.Filter{Scope: desk.ScopeAll}},
		"#42":          {Typing: true, Number: 42, Filter: desk.Filter{Scope: desk.ScopeAll}},
		"cards fai":    {Typing: true, Words: []string{"cards", "fai"}, Filter: desk.Filter{Scope: desk.ScopeAll}},
		"owner:nobody": {Typing: true, Filter: desk.Filter{Scope: desk.ScopeAll, Unowned: true}},
	} {
		got, ok := OtherTickets(FormClose, text, Reading{})
		if diff := cmp.Diff(want, got); diff != "" || !ok {
			t.Errorf("%q: %t (-want +got):\n%s", text, ok, diff)
		}
	}
	if _, ok := OtherTickets(FormClose, "state:op", Reading{}); ok {
		t.Error("half a filter is looked for")
	}
	if q, ok := OtherTickets(FormFoldIn, "cards", Reading{}); !ok || q.Filter.Scope != desk.ScopeOpen {
		t.Errorf("to be folded in: %+v", q)
	}
}

func TestChosenOptions(t *testing.T) {
	t.Parallel()
	s, err := ReadState([]byte(`{"duplicate":{"duplicate_input":{"type":"multi_external_select","selected_options":[{"value":"43"},{"value":"45"}]}}}`))
	if got := s.Choices(desk.FieldDuplicate); err != nil || len(got) != 2 || got[0] != "43" || got[1] != "45" {
		t.Errorf("%v, %v", got, err)
	}
}

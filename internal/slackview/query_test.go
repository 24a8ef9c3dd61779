package slackview

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

var reading = Reading{Categories: []string{"Payments", "Data warehouse"}, Person: "UME"}

func TestReadQuery(t *testing.T) {
	t.Parallel()
	november := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	for in, want := range map[string]desk.Query{
		"checkout fails":                            {Words: []string{"checkout", "fails"}},
		"  checkout   state:OPEN ":                  {Words: []string{"checkout"}, Filter: desk.Filter{Scope: desk.ScopeOpen}},
		"by:@U0ALICE owner:me":                      {Filter: desk.Filter{Requester: "U0ALICE", Owner: "UME", Scope: desk.ScopeAll}},
		"by: @U0ALICE cards":                        {Words: []string{"cards"}, Filter: desk.Filter{Requester: "U0ALICE", Scope: desk.ScopeAll}},
		"owner:nobody":                              {Filter: desk.Filter{Unowned: true, Scope: desk.ScopeAll}},
		`category:"data warehouse" slow`:            {Words: []string{"slow"}, Filter: desk.Filter{Category: "Data warehouse", Scope: desk.ScopeAll}},
		"category:“Data warehouse”":                 {Filter: desk.Filter{Category: "Data warehouse", Scope: desk.ScopeAll}},
		"category:payments priority:p1":             {Filter: desk.Filter{Category: "Payments", Priority: ticket.P1, Scope: desk.ScopeAll}},
		"before:2026-11-01 after:2026-11-01":        {Filter: desk.Filter{Before: november, After: november, Scope: desk.ScopeAll}},
		"state:unowned":                             {Filter: desk.Filter{Unowned: true}},
		"state:hold":                                {Filter: desk.Filter{State: ticket.StateOnHold}},
		"state:resolved":                            {Filter: desk.Filter{State: ticket.StateResolved, Scope: desk.ScopeEnded}},
		"42":                                        {Number: 42},
		"#42 cards":                                 {Number: 42, Words: []string{"cards"}},
		"error 500":                                 {Words: []string{"error", "500"}},
		`"credit card"`:                             {Words: []string{"credit", "card"}},
		`"not closed`:                               {Words: []string{`"not`, "closed"}},
		"https://example.com/a?b=c":                 {Words: []string{"https://example.com/a?b=c"}},
		"^.*(a|b)+$ O'Reilly":                       {Words: []string{"^.*(a|b)+$", "O'Reilly"}},
		"state:":                                    {Words: []string{"state:"}},
		strings.Repeat("🔥", 120):                    {},
		strings.TrimSpace(strings.Repeat("a ", 40)): {Words: []string{"a", "a", "a", "a", "a", "a", "a", "a", "a", "a", "a", "a"}},
	} {
		t.Run(in, func(t *testing.T) {
			t.Parallel()
			got, err := ReadQuery(in, reading)
			if !strings.Contains(strings.ToLower(in), "state:o") && !strings.Contains(in, "state:u") && !strings.Contains(in, "state:h") && want.Filter.Scope == 0 {
				want.Filter.Scope = desk.ScopeAll
			}
			if diff := cmp.Diff(want, got.Query); diff != "" || err != nil || got.Note != "" {
				t.Errorf("%v, note %q (-want +got):\n%s", err, got.Note, diff)
			}
		})
	}
}

// An unknown filter is searched as a word, and the person is told.
func TestReadQueryUnknownFilter(t *testing.T) {
	t.Parallel()
	got, err := ReadQuery("colour:red fails", reading)
	if diff := cmp.Diff([]string{"colour", "red", "fails"}, got.Query.Words); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if want := "“colour:” is no filter, so it was searched as a word. " + filterHelp; got.Note != want {
		t.Errorf("note %q", got.Note)
	}
}

// A filter whose value means nothing gets a sentence that says what to write.
func TestReadQuerySentences(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"state:broken":              `There is no state "broken". Write state: and one of open, unowned, claimed, waiting, hold, paused, ended, resolved, closed, any.`,
		"by:bob":                    `It is not known who "bob" is. Write by:me, or by:@ and choose a person from Slack's list.`,
		"owner:<!channel>":          `It is not known who "!channel" is. Write owner:me, or owner:@ and choose a person from Slack's list.`,
		"category:Nope":             `There is no category "Nope". There are: Payments, Data warehouse. Put a name with spaces in quotes.`,
		"priority:urgent":           `There is no priority "urgent". Write priority:P1, P2 or P3.`,
		"before:yesterday":          `"yesterday" is no day. Write it as in before:2026-11-01.`,
		"after:2026-13-01 checkout": `"2026-13-01" is no day. Write it as in after:2026-11-01.`,
	} {
		t.Run(in, func(t *testing.T) {
			t.Parallel()
			_, err := ReadQuery(in, reading)
			if got := ticket.SentenceOf(err); got != want || ticket.CodeOf(err) != ticket.Invalid {
				t.Errorf("%q", got)
			}
		})
	}
}

func TestReadFilter(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]desk.Filter{
		"":                                  {},
		"P1 unowned":                        {Priority: ticket.P1, Unowned: true},
		"p3 paused data warehouse":          {Priority: ticket.P3, Paused: true, Category: "Data warehouse"},
		"state:any by:me before:2026-11-01": {Scope: desk.ScopeAll, Requester: "UME", Before: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)},
	} {
		t.Run(in, func(t *testing.T) {
			t.Parallel()
			got, ok, err := ReadFilter(in, reading)
			if diff := cmp.Diff(want, got); diff != "" || err != nil || !ok {
				t.Errorf("%v, %v (-want +got):\n%s", ok, err, diff)
			}
		})
	}
	for _, in := range []string{"of what is broken", "P1 for nobody", "Paymentss", "colour:red"} {
		if f, ok, err := ReadFilter(in, reading); ok || err != nil {
			t.Errorf("%q is a filter: %+v, %v", in, f, err)
		}
	}
	if _, _, err := ReadFilter("state:broken", reading); err == nil {
		t.Error("a state that is none is taken")
	}
}

func FuzzReadQuery(f *testing.F) {
	for _, in := range []string{
		"checkout state:open by:@U0ALICE owner:me category:Payments before:2026-11-01", `category:"Data warehouse`,
		"by:", "a:b:c", "“”", "' & | ! <-> \\", "state: open", "\x00\xff", "#9223372036854775808", "category:   ", strings.Repeat("🔥", 120),
	} {
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, in string) {
		a, err := ReadQuery(in, reading)
		if err != nil {
			if ticket.CodeOf(err) != ticket.Invalid || !utf8.ValidString(ticket.SentenceOf(err)) && utf8.ValidString(in) {
				t.Fatalf("%q: %v", in, err)
			}
			return
		}
		if len(a.Query.Words) > mostWords || a.Query.Number < 0 {
			t.Fatalf("%q: %+v", in, a.Query)
		}
		again, err := ReadQuery(a.Text, reading)
		if diff := cmp.Diff(a, again); diff != "" || err != nil {
			t.Fatalf("%q is read otherwise on the next page: %v\n%s", in, err, diff)
		}
		if _, _, err := ReadFilter(in, reading); err != nil && ticket.CodeOf(err) != ticket.Invalid {
			t.Fatalf("%q: %v", in, err)
		}
	})
}

func TestFound(t *testing.T) {
	t.Parallel()
	s := sceneAt(after(time.Hour))
	s.Workspace = "https://acme.slack.com"
	list := []desk.Summary{
		{Number: 42, Title: hostile, State: ticket.StateOpen, Card: ticket.Message{Channel: "C1", TS: "1.1"}},
		{Number: 43, Title: "Cards", State: ticket.StateClaimed, Assignee: "UBOB"},
		{Number: 44, Title: "Cards", State: ticket.StateWaiting, Assignee: "UBOB", Requester: "UALICE"},
		{Number: 45, Title: "Cards", State: ticket.StateOnHold, Assignee: "UBOB"},
		{Number: 46, Title: "Cards", State: ticket.StateResolved, Assignee: "UBOB"},
		{Number: 47, State: ticket.StateClosed, Withheld: true},
	}
	query := func(text string, page int) (Asked, desk.Query) {
		a, err := ReadQuery(text, reading)
		if err != nil {
			t.Fatal(err)
		}
		a.Query.Page = page
		return a, a.Query
	}
	simple, q := query("checkout & <fails> by:@UALICE", 0)
	second, q2 := query("checkout colour:red", 1)
	for name, test := range map[string]struct {
		asked Asked
		found desk.Found
	}{
		"found":        {simple, desk.Found{Tickets: list, Total: 6, Query: q}},
		"found_none":   {simple, desk.Found{Query: q, Narrower: true}},
		"found_second": {second, desk.Found{Tickets: list[1:3], Total: 200, More: true, Loose: true, Query: q2}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			goldenMessage(t, "answer_"+name, Found(test.asked, test.found, s))
		})
	}
	goldenMessage(t, "answer_find", HowToFind(s))
}

func TestParseFound(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]bool{"1 checkout": true, "0 ": true, "": false, "x y": false, "-1 y": false, "1000 y": false, "1": false} {
		if _, _, ok := ParseFound(in); ok != want {
			t.Errorf("%q: %v", in, ok)
		}
	}
}

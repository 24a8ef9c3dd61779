package desk_test

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

func numbersOf(list []desk.Summary) (numbers []ticket.Number) {
	for _, s := range list {
		numbers = append(numbers, s.Number)
	}
	return numbers
}

// What a ticket may be the same as is found by words and by number, by those who may see it.
func TestOthers(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.Desk = h.KeepingPrivate([]string{"Access"})
	n := h.files(rita, "Cards fail in the US", "Billing", 0)
	ended := h.files(ann, "Cards fail in France", "Billing", 10)
	h.do(ended, resolve(ann, ticket.SolvedByCode, "", 11))
	printer := h.files(ann, "The printer jams", "Billing", 20)
	hers := h.files(olga, "My cards fail", "Billing", 30)
	private := h.files(rita, "Cards were stolen", "Access", 40)
	withheld := h.files(ann, "Cards of the board", "Billing", 50)
	h.do(withheld, post, withhold(51))
	for name, test := range map[string]struct {
		who   string
		query desk.Query
		want  []ticket.Number
	}{
		"by words":               {ann, desk.Query{Words: []string{"failing", "cards"}, Filter: desk.Filter{Scope: desk.ScopeAll}}, []ticket.Number{hers, ended}},
		"open ones by words":     {ann, desk.Query{Words: []string{"cards"}}, []ticket.Number{hers}},
		"by number":              {ann, desk.Query{Number: printer, Filter: desk.Filter{Scope: desk.ScopeAll}}, []ticket.Number{printer}},
		"itself":                 {ann, desk.Query{Number: n, Filter: desk.Filter{Scope: desk.ScopeAll}}, nil},
		"not there":              {ann, desk.Query{Number: 99, Filter: desk.Filter{Scope: desk.ScopeAll}}, nil},
		"a private one":          {rita, desk.Query{Number: private, Filter: desk.Filter{Scope: desk.ScopeAll}}, nil},
		"before anything typed":  {ann, desk.Query{Filter: desk.Filter{Scope: desk.ScopeAll}}, []ticket.Number{hers, ended, printer, withheld}},
		"only what olga may see": {olga, desk.Query{Words: []string{"cards"}, Filter: desk.Filter{Scope: desk.ScopeAll}}, []ticket.Number{hers}},
	} {
		list, err := h.Others(t.Context(), n, test.who, test.query, minutes(60))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := gocmp.Diff(test.want, numbersOf(list)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		for _, s := range list {
			if s.Number == withheld && s.Title != "" {
				t.Errorf("%s: its title is withheld: %q", name, s.Title)
			}
		}
	}
	if _, err := h.Others(t.Context(), n, olga, desk.Query{}, minutes(60)); ticket.CodeOf(err) != ticket.Forbidden {
		t.Errorf("like one that Olga may not see: %v", err)
	}
}

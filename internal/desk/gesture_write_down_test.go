package desk

import (
	"reflect"
	"testing"

	"supporty/internal/ticket"
)

// Answers are the same if they are the same saved answer, or notes that share most of their words.
func TestSameAnswers(t *testing.T) {
	t.Parallel()
	saved := func(n ticket.Number, name string) Given { return Given{Ticket: n, Category: "Payments", Answer: name} }
	noted := func(n ticket.Number, note string) Given { return Given{Ticket: n, Category: "Payments", Note: note} }
	elsewhere := saved(2, "logs")
	elsewhere.Category = "Access"
	for name, tt := range map[string]struct {
		given []Given // the newest first
		want  []ticket.Number
	}{
		"nothing":            {nil, nil},
		"of others":          {[]Given{saved(2, "logs")}, nil},
		"saved":              {[]Given{saved(9, "logs"), saved(5, "Logs"), saved(2, "refund"), saved(1, "logs")}, []ticket.Number{1, 5, 9}},
		"of one ticket":      {[]Given{saved(9, "logs"), saved(9, "logs"), saved(5, "logs"), saved(5, "logs")}, []ticket.Number{5, 9}},
		"of categories":      {[]Given{saved(9, "logs"), elsewhere}, []ticket.Number{9}},
		"the newest counts":  {[]Given{saved(9, "refund"), saved(9, "logs"), saved(2, "logs")}, []ticket.Number{9}},
		"notes":              {[]Given{noted(9, "Restarted the payment worker."), noted(5, "restarted the payment worker"), noted(2, "rolled back the release")}, []ticket.Number{5, 9}},
		"notes in any order": {[]Given{noted(9, "the card rule for US is lifted now"), noted(5, "lifted is the card rule for US")}, []ticket.Number{5, 9}},
		"half of the words":  {[]Given{noted(9, "restarted the payment worker"), noted(5, "restarted the search index")}, []ticket.Number{9}},
		"too short":          {[]Given{noted(9, "fixed it"), noted(5, "fixed it")}, nil},
		"note and saved":     {[]Given{noted(9, "please add the logs"), saved(5, "please add the logs")}, []ticket.Number{9}},
	} {
		if got := numbersOf(repeated(tt.given, 9)); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

// What is to be written down goes to the category without targets of the squad, or else to one of
// its categories that is not private.
func TestWhereSomethingIsWrittenDown(t *testing.T) {
	t.Parallel()
	d := (&Desk{}).KeepingPrivate([]string{"Security"}).
		Owning(map[string][]string{"Checkout": {"Payments", "Garden"}, "Core": {"Security", "Product"}}).
		Gardening(map[string]string{"Checkout": "Garden"})
	for name, tt := range map[string]struct {
		squads []string
		asked  string
		want   string
	}{
		"no squad":               {nil, "Payments", "Payments"},
		"garden":                 {[]string{"Core", "Checkout"}, "Payments", "Garden"},
		"of another squad":       {[]string{"Core"}, "Payments", "Product"},
		"its own":                {[]string{"Core"}, "Product", "Product"},
		"first of its squads":    {[]string{"Core", "Checkout"}, "Other", "Product"},
		"squad without anything": {[]string{"New"}, "Other", "Other"},
	} {
		if got := d.garden(Person{Squads: tt.squads}, tt.asked); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

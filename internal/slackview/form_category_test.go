package slackview

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// offersWithAbouts has a category of which the settings tell everything, and one of which
// they tell nothing.
func offersWithAbouts() FormParams {
	p := offers()
	p.About = Abouts{
		"Payments": {
			Description: "Invoices, cards & refunds", Priority: ticket.P2, Runbook: "https://wiki.example.com/pay?a=1&b=2",
			Help: "The number of the order.\nSee https://status.example.com first. " + hostile,
		},
		"Product": {Description: "Faults of the product itself"},
	}
	return p
}

func TestFormOfCategories(t *testing.T) {
	t.Parallel()
	chosen := offersWithAbouts()
	chosen.Category = "Payments"
	for name, m := range map[string]Modal{"offered": Form(offersWithAbouts()), "chosen": Form(chosen)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkModal(t, m)
			golden(t, "form_category_"+name, m)
		})
	}
}

// A category suggests a priority to who has not chosen one. What a person has chosen stays.
func TestSuggestedPriority(t *testing.T) {
	t.Parallel()
	p := offersWithAbouts()
	for _, test := range []struct {
		name             string
		element, holds   string // of the form in which a category is chosen
		category         string
		wantID, wantHold string
	}{
		{"nothing chosen", "priority_input", "P3", "Payments", "priority_input~P2", "P2"},
		{"another chosen", "priority_input", "P1", "Payments", "priority_input", "P1"},
		{"a category without a suggestion", "priority_input~P2", "P2", "Other", "priority_input", "P3"},
		{"another chosen than was suggested", "priority_input~P2", "P3", "Other", "priority_input~P2", "P3"},
		{"the same again", "priority_input~P2", "P2", "Payments", "priority_input~P2", "P2"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s, err := ReadState(json.RawMessage(fmt.Sprintf(
				`{"priority": {%q: {"selected_option": {"value": %q}}}, "category": {"category_input": {"selected_option": {"value": %q}}}}`,
				test.element, test.holds, idOf(test.category))))
			if err != nil {
				t.Fatal(err)
			}
			radio := Reoffered(p, s, Metadata{}, nil).Blocks.BlockSet[0].(*slack.InputBlock).Element.(*slack.RadioButtonsBlockElement)
			if radio.ActionID != test.wantID || radio.InitialOption.Value != test.wantHold {
				t.Errorf("%s holds %s, want %s with %s", radio.ActionID, radio.InitialOption.Value, test.wantID, test.wantHold)
			}
			if got, err := s.Priority(); err != nil || got.String() != test.holds {
				t.Errorf("the form is read as %s, %v", got, err)
			}
		})
	}
}

func TestHelpOfCategories(t *testing.T) {
	t.Parallel()
	goldenMessage(t, "answer_help_categories", Help(offersWithAbouts(), sceneAt(friday)), toRunbook(offersWithAbouts(), "Payments"))
	goldenMessage(t, "answer_help_category", CategoryHelp(offersWithAbouts(), "Payments"), toRunbook(offersWithAbouts(), "Payments"))
	goldenMessage(t, "answer_help_category_plain", CategoryHelp(offersWithAbouts(), "Other"))
}

// toRunbook is the code of a link to a category's runbook.
func toRunbook(p FormParams, category string) string {
	return strings.Trim(runbookLink(p.About[category].Runbook), "<>")
}

// With as many categories as there can be, each as long as it can be, the help still fits
// into a message.
func TestHelpOfManyCategories(t *testing.T) {
	t.Parallel()
	p := offers()
	p.Categories, p.About = nil, Abouts{}
	for i := range 100 {
		name := strings.Repeat("&", 72) + fmt.Sprintf("%03d", i)
		p.Categories = append(p.Categories, name)
		p.About[name] = About{Description: strings.Repeat("&", 75), Help: strings.Repeat("&", 1000), Runbook: "https://e.org/" + strings.Repeat("&", 236)}
	}
	m := Help(p, sceneAt(friday))
	link := toRunbook(p, p.Categories[0])
	checkMessage(t, m, link)
	if text, _ := json.Marshal(m.Blocks); !strings.Contains(string(text), "… and 97 more. ") {
		t.Errorf("it does not say how much it leaves out:\n%s", text)
	}
	checkMessage(t, CategoryHelp(p, p.Categories[0]), link)
	p.Category = p.Categories[0]
	checkModal(t, Form(p))
}

// The card leads to the runbook for as long as the ticket needs somebody.
func TestCardWithRunbook(t *testing.T) {
	t.Parallel()
	s := sceneAt(friday)
	s.About = offersWithAbouts().About
	solved := entry(ticket.Resolved, "UBOB", time.Hour, ticket.Details{})
	goldenMessage(t, "card_runbook", Card(ticket42(t, opened()), s), toRunbook(offersWithAbouts(), "Payments"))
	for name, r := range map[string]desk.Record{"ended": ticket42(t, opened(), solved), "another category": ticket42(t, elsewhere())} {
		if raw, _ := json.Marshal(Card(r, s).Blocks); strings.Contains(string(raw), "Runbook") {
			t.Errorf("%s: the card has the runbook", name)
		}
	}
}

func elsewhere() ticket.Entry {
	e := opened()
	e.Category = "Product"
	return e
}

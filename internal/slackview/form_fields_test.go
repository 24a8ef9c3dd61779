package slackview

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"pgregory.net/rapid"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// everyField is a field of each kind, with names and hints that contain something
// dangerous.
var everyField = []desk.AskedField{
	{Name: "Order & <number>", Kind: ticket.FieldText, Required: true, Hint: "It stands in the *confirmation*."},
	{Name: "Steps", Kind: ticket.FieldLongText},
	{Name: "Amount", Kind: ticket.FieldNumber},
	{Name: "Browser", Kind: ticket.FieldChoice, Required: true, Choices: []string{"Chrome", "Firefox & <co>"}},
	{Name: "Systems", Kind: ticket.FieldChoices, Choices: []string{"Mail", "Shop", "Wiki"}},
	{Name: "Seen on", Kind: ticket.FieldDate},
	{Name: "Customer's contact", Kind: ticket.FieldPerson},
	{Name: "Page", Kind: ticket.FieldLink},
	{Name: "Contract", Kind: ticket.FieldFile, Required: true, Hint: "The signed one."},
}

// everyValue is what is filled in in everyField.
var everyValue = [][]string{
	{hostile}, {"One.\nTwo. " + hostile + strings.Repeat(" and on", 60)}, {"-3.50"}, {"Firefox & <co>"}, {"Mail", "Wiki"}, {"2026-11-30"}, {"UDANA"}, {"https://example.com/a?b=1&c=2#" + strings.Repeat("d", 90)}, {"contract " + hostile + ".pdf"},
}

func everyFilled() []ticket.Field {
	var all []ticket.Field
	for i, a := range everyField {
		f := a.Empty()
		f.Values = everyValue[i]
		all = append(all, f)
	}
	return all
}

func offersWithFields() FormParams {
	p := offers()
	p.Files = true
	p.About = Abouts{"Payments": {Help: "The number of the order.", Fields: everyField}, "Product": {Fields: everyField[3:4]}}
	return p
}

func openedWithFields() ticket.Entry {
	e := opened()
	e.Fields = everyFilled()
	return e
}

func TestFormsOfFields(t *testing.T) {
	t.Parallel()
	empty := offersWithFields()
	empty.Category = "Payments"
	outdated := empty
	outdated.Lost, outdated.Outdated = []string{"Order & <number>", "Steps"}, true
	r := ticket42(t, openedWithFields())
	for name, m := range map[string]Modal{"empty": Form(empty), "edit": EditForm(r.Ticket, offersWithFields()), "told": Form(outdated)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkModal(t, m)
			golden(t, "form_fields_"+name, m)
		})
	}
}

func TestCardWithFields(t *testing.T) {
	t.Parallel()
	s, page := sceneAt(friday), "https://example.com/a?b=1&amp;c=2#"+strings.Repeat("d", 90)+"|https://example.com/a?b=1&amp;c=2#"+strings.Repeat("d", 44)+"…"
	r := ticket42(t, openedWithFields())
	goldenMessage(t, "card_fields", Card(r, s), page)
	goldenMessage(t, "answer_show_fields", Show(r, s), page)
	hidden := entry(ticket.Withheld, "", time.Minute, ticket.Details{})
	if raw, _ := json.Marshal(Card(ticket42(t, openedWithFields(), hidden), s).Blocks); strings.Contains(string(raw), "Order") {
		t.Error("a card that withholds its text shows the fields")
	}
}

// However much people fill in, and however often the category changes, Slack takes the card.
func TestCardOfManyFields(t *testing.T) {
	t.Parallel()
	e := opened()
	for i := range 45 {
		e.Fields = append(e.Fields, ticket.Field{Name: fmt.Sprint(i, strings.Repeat("&", 73)), Kind: ticket.FieldLongText, Values: []string{strings.Repeat("<", 1000)}})
	}
	checkMessage(t, Card(ticket42(t, e), sceneAt(friday)))
}

// A value that was filled in before the settings changed breaks no link.
func TestLinkThatIsNone(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"javascript:alert(1)", "https://e.org/a|b", "https://e.org/><!channel>", "x"} {
		got := fieldValue(ticket.Field{Kind: ticket.FieldLink, Values: []string{value}}, sceneAt(friday))
		if strings.HasPrefix(got, "<") {
			t.Errorf("%q is shown as %q", value, got)
		}
	}
}

// A value that Slack would not take back, such as one that was redacted, does not keep the
// form from opening.
func TestFormOfRedactedFields(t *testing.T) {
	t.Parallel()
	e := openedWithFields()
	for i := range e.Fields {
		e.Fields[i].Values = []string{ticket.RedactedMark}
	}
	m := EditForm(ticket42(t, e).Ticket, offersWithFields())
	checkModal(t, m)
	for id, f := range offersWithFields().FilledIn(stateOf(t, m)) {
		kind, _ := desk.FieldKindOf(id)
		if held := len(f.Values) > 0; held != (kind == ticket.FieldText || kind == ticket.FieldLongText) {
			t.Errorf("the %s %q holds %q", kind, f.Name, f.Values)
		}
	}
	checkMessage(t, Card(ticket42(t, e), sceneAt(friday)))
}

// inEdit are the fields of everyField that Edit… shows: a form cannot begin with a file.
func inEdit() []ticket.Field {
	return slices.DeleteFunc(everyFilled(), func(f ticket.Field) bool { return f.Kind == ticket.FieldFile })
}

// What a form is drawn with is what is read from it.
func TestFieldsComeBack(t *testing.T) {
	t.Parallel()
	p := offersWithFields()
	m := EditForm(ticket42(t, openedWithFields()).Ticket, p)
	p.Files = false
	got, err := p.Fields(stateOf(t, m))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(inEdit(), got); diff != "" {
		t.Errorf("fields (-drawn +read):\n%s", diff)
	}
}

// Of a field or a choice that the settings have lost, the form itself has the name. Slack
// may escape it.
func TestFieldThatIsGone(t *testing.T) {
	t.Parallel()
	before := offersWithFields()
	m := EditForm(ticket42(t, openedWithFields()).Ticket, before)
	blocks, err := json.Marshal(m.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	escaped := json.RawMessage(strings.ReplaceAll(strings.ReplaceAll(string(blocks), `\u003c`, "&lt;"), `\u0026`, "&amp;"))
	for name, blocks := range map[string]json.RawMessage{"as drawn": blocks, "escaped": escaped} {
		now := offers()
		got, err := now.Fields(stateOf(t, m).Labelled(blocks))
		if err != nil {
			t.Fatal(err)
		}
		names := map[string]string{}
		for _, f := range got {
			names[f.Name] = strings.Join(f.Values, ", ")
		}
		if names["Order & <number>"] != everyValue[0][0] || names["Browser"] != "Firefox & <co>" || len(names) != len(inEdit()) {
			t.Errorf("%s: %v", name, names)
		}
	}
}

// A form has the name of a file for the ticket, and the file itself for its thread.
func TestFileInAForm(t *testing.T) {
	t.Parallel()
	p := offersWithFields()
	contract := everyField[len(everyField)-1]
	s, err := ReadState(json.RawMessage(fmt.Sprintf(`{%q: {%q: {"files": [{"id": "F1", "name": "contract.pdf"}]}}, "files": {"files_input": {"files": []}}}`, contract.ID(), inputID(contract.ID()))))
	if err != nil {
		t.Fatal(err)
	}
	if f := p.FilledIn(s)[contract.ID()]; !slices.Equal(f.Values, []string{"contract.pdf"}) {
		t.Errorf("it holds %q", f.Values)
	}
	if files := s.FieldFiles(); len(files) != 1 || !strings.Contains(string(files[0]), "F1") {
		t.Errorf("files: %s", files)
	}
}

// stateOf is a form as Slack sends it when nothing was changed in it.
func stateOf(t interface{ Fatal(...any) }, m Modal) State {
	values := map[string]map[string]any{}
	for _, b := range m.Blocks.BlockSet {
		in, ok := b.(*slack.InputBlock)
		if !ok {
			continue
		}
		raw, err := json.Marshal(in.Element)
		if err != nil {
			t.Fatal(err)
		}
		var e map[string]any
		if err := json.Unmarshal(raw, &e); err != nil {
			t.Fatal(err)
		}
		values[in.BlockID] = map[string]any{e["action_id"].(string): map[string]any{
			"value": e["initial_value"], "selected_option": e["initial_option"], "selected_options": e["initial_options"],
			"selected_date": e["initial_date"], "selected_user": e["initial_user"],
		}}
	}
	raw, err := json.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	s, err := ReadState(raw)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// However often the category changes, what was filled in is shown again with its category,
// as long as it is known; what is not known is told once.
func TestNothingIsLostInSilence(t *testing.T) {
	t.Parallel()
	categories := []string{"Payments", "Product", "Other"}
	rapid.Check(t, func(t *rapid.T) {
		p, known, filled := offersWithFields(), FilledIn{}, map[string]bool{}
		m := Form(p)
		for range rapid.IntRange(1, 8).Draw(t, "turns") {
			if rapid.Bool().Draw(t, "forgets") {
				known = FilledIn{}
			}
			s := stateOf(t, m)
			for id := range p.FilledIn(s) {
				if kind, _ := desk.FieldKindOf(id); kind == ticket.FieldText {
					s.values[id][inputID(id)] = field{Value: rapid.SampledFrom([]string{"", "7"}).Draw(t, "order")}
				}
			}
			chosen := rapid.SampledFrom(categories).Draw(t, "category")
			s.values[desk.FieldCategory] = map[string]field{inputID(desk.FieldCategory): {Selected: chosenOption(idOf(chosen))}}
			for id, f := range p.FilledIn(s) {
				known[id], filled[id] = f, len(f.Values) > 0
			}
			meta, err := ReadMetadata(m.PrivateMetadata)
			if err != nil {
				t.Fatal(err)
			}
			m = Reoffered(p, s, meta, known)
			raw, _ := json.Marshal(m.Blocks)
			shown := p.FilledIn(stateOf(t, m))
			for _, a := range p.About[chosen].Fields {
				if a.Kind != ticket.FieldText {
					continue
				}
				lost := filled[a.ID()] && len(shown[a.ID()].Values) == 0
				if told := strings.Contains(string(raw), "is lost: Order"); lost != told {
					t.Fatalf("%s is lost: %v, told: %v", a.Name, lost, told)
				}
				filled[a.ID()] = filled[a.ID()] && !lost
			}
		}
	})
}

func chosenOption(value string) chosen { return chosen{Value: value} }

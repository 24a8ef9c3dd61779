package desk_test

import (
	"errors"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// asked are the fields of the category Billing, one of each kind.
var asked = []desk.AskedField{
	{Name: "Order", Kind: ticket.FieldText, Required: true},
	{Name: "Steps", Kind: ticket.FieldLongText},
	{Name: "Amount", Kind: ticket.FieldNumber},
	{Name: "Browser", Kind: ticket.FieldChoice, Choices: []string{"Chrome", "Firefox"}},
	{Name: "Systems", Kind: ticket.FieldChoices, Choices: []string{"Mail", "Wiki", "Shop"}},
	{Name: "Seen on", Kind: ticket.FieldDate},
	{Name: "Customer", Kind: ticket.FieldPerson},
	{Name: "Page", Kind: ticket.FieldLink},
	{Name: "Contract", Kind: ticket.FieldFile},
}

func newHarnessWithFields(t testing.TB) *deskHarness {
	t.Helper()
	h := newHarness(t)
	h.Desk = h.Asking(map[string][]desk.AskedField{"Billing": asked})
	return h
}

// filled is a field of asked with values.
func filled(name string, values ...string) ticket.Field {
	for _, a := range asked {
		if a.Name == name {
			f := a.Empty()
			f.Values = values
			return f
		}
	}
	return ticket.Field{Name: name, Kind: ticket.FieldText, Values: values}
}

func (h *deskHarness) opensWith(fields ...ticket.Field) (desk.Record, error) {
	h.t.Helper()
	f := h.newTicket(ticket.P2)
	f.Fields = fields
	return h.Open(h.t.Context(), f)
}

func TestFieldsOfACategory(t *testing.T) {
	t.Parallel()
	h := newHarnessWithFields(t)
	for _, test := range []struct {
		name   string
		fields []ticket.Field // beside the order
		want   string         // what is wrong
		at     string         // in which field
	}{
		{"all of them", []ticket.Field{
			filled("Steps", "One.\nTwo."), filled("Amount", "-3.50"), filled("Browser", "Firefox"), filled("Systems", "Shop", "Mail"),
			filled("Seen on", "2026-11-30"), filled("Customer", rita), filled("Page", "https://example.com/a?b=1&c=2"),
		}, "", ""},
		{"all at their limits", []ticket.Field{filled("Steps", strings.Repeat("é", 1000)), filled("Page", "https://e.org/"+strings.Repeat("a", 986))}, "", ""},
		{"a long text", []ticket.Field{filled("Steps", strings.Repeat("é", 1001))}, "Please keep this under 1000 characters.", "Steps"},
		{"a number in words", []ticket.Field{filled("Amount", "three")}, "Write a number, such as 12 or 3.5.", "Amount"},
		{"a number that is none", []ticket.Field{filled("Amount", "0x1p-2")}, "Write a number, such as 12 or 3.5.", "Amount"},
		{"another browser", []ticket.Field{filled("Browser", "Lynx")}, "This is not in the settings any more. Choose another.", "Browser"},
		{"another system", []ticket.Field{filled("Systems", "Mail", "Fax")}, "This is not in the settings any more. Choose another.", "Systems"},
		{"a day that is none", []ticket.Field{filled("Seen on", "2026-02-30")}, "Choose a date.", "Seen on"},
		{"nobody", []ticket.Field{filled("Customer", "<!channel>")}, "Choose a person.", "Customer"},
		{"a script", []ticket.Field{filled("Page", "javascript:alert(1)")}, "Write the address of a page, such as https://example.com/page.", "Page"},
		{"an address that would end its link", []ticket.Field{filled("Page", "https://e.org/a|b>")}, "Write the address of a page, such as https://example.com/page.", "Page"},
	} {
		_, err := h.opensWith(append(test.fields, filled("Order", "7"))...)
		e, refused := errors.AsType[*ticket.Error](err)
		switch {
		case !refused && test.want == "":
		case !refused:
			t.Errorf("%s: accepted", test.name)
		case e.Sentence != test.want || e.Field != desk.FieldID(filled(test.at)):
			t.Errorf("%s: %q at %s, want %q at %s", test.name, e.Sentence, e.Field, test.want, test.at)
		}
	}
}

// What a field may lack, and who does not have to fill in any.
func TestRequiredFields(t *testing.T) {
	t.Parallel()
	h := newHarnessWithFields(t)
	for _, order := range []string{"", " ", "\u200b\u0007"} {
		_, err := h.opensWith(filled("Order", order))
		if e, _ := errors.AsType[*ticket.Error](err); e == nil || e.Sentence != "Please fill this in." || e.Field != desk.FieldID(filled("Order")) {
			t.Errorf("an order of %q: %v", order, err)
		}
	}
	if _, err := h.opensWith(); err != nil {
		t.Errorf("a ticket of a message, about which nobody was asked: %v", err)
	}
}

// Values are stored as they are read, in the order in which the category asks for them.
// A field that the settings do not have stays on the ticket, also after an edit.
func TestFieldsAreStored(t *testing.T) {
	t.Parallel()
	h := newHarnessWithFields(t)
	gone := ticket.Field{Name: "Fax", Kind: ticket.FieldText, Values: []string{"030 124"}}
	r, err := h.opensWith(gone, filled("Systems", "Shop", "Mail"), filled("Steps", " One.\r\nTwo.\u0007 "), filled("Order", " 7 \n 8 "), filled("Amount", ""))
	if err != nil {
		t.Fatal(err)
	}
	want := []ticket.Field{filled("Order", "7 8"), filled("Steps", "One.\nTwo."), filled("Systems", "Shop", "Mail"), gone}
	n := r.Ticket.Number
	stored := func() []ticket.Field {
		other := desk.New(h.connect(), everybody, h.policies, categories)
		r, err := other.Find(t.Context(), n)
		if err != nil {
			t.Fatal(err)
		}
		return r.Ticket.Fields
	}
	if diff := gocmp.Diff(want, stored()); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
	_, err = h.Edit(t.Context(), desk.Gesture{Ticket: n, Actor: rita, By: ticket.ByForm, Now: minutes(1), Key: h.key()}, desk.Content{
		Title: "Cards fail", Text: "In the US.", Category: "Access", Fields: []ticket.Field{filled("Systems"), filled("Order", "9")},
	})
	if err != nil {
		t.Fatal(err)
	}
	want = []ticket.Field{filled("Order", "9"), filled("Steps", "One.\nTwo."), gone}
	if diff := gocmp.Diff(want, stored()); diff != "" {
		t.Errorf("after an edit (-want +got):\n%s", diff)
	}
}

// A form that is sent again with other fields changes the same ticket.
func TestFormSentAgainWithOtherFields(t *testing.T) {
	t.Parallel()
	h := newHarnessWithFields(t)
	f := h.newTicket(ticket.P2)
	for _, sent := range [][]ticket.Field{
		{filled("Order", "7"), filled("Amount", "3")}, {filled("Order", "8"), filled("Steps", "One.")}, {filled("Order", "8"), filled("Steps", "One.")},
	} {
		f.Fields = sent
		r, err := h.Open(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(sent, h.find(r.Ticket.Number).Ticket.Fields); diff != "" || r.Ticket.Number != 1 {
			t.Errorf("%s (-want +got):\n%s", r.Ticket.Number, diff)
		}
	}
	if n := h.number(`SELECT count(*) FROM entries WHERE kind = 'edited'`); n != 1 {
		t.Errorf("%d edits, want 1", n)
	}
}

// Ids of fields lead back to their kinds.
func TestFieldKindOf(t *testing.T) {
	t.Parallel()
	for _, kind := range ticket.FieldKinds {
		if got, ok := desk.FieldKindOf(desk.FieldID(ticket.Field{Name: "Order", Kind: kind})); !ok || got != kind {
			t.Errorf("%s is read as %s, %v", kind, got, ok)
		}
	}
	for _, id := range []string{"", desk.FieldTitle, "field:", "field:none:1"} {
		if _, ok := desk.FieldKindOf(id); ok {
			t.Errorf("%q is a field", id)
		}
	}
}

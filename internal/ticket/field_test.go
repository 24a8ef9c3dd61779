package ticket_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/ticket"
)

func text(name string, values ...string) ticket.Field {
	return ticket.Field{Name: name, Kind: ticket.FieldText, Values: values}
}

func openedWith(fields ...ticket.Field) ticket.Entry {
	e := opened()
	e.Fields = fields
	return e
}

func editedWith(n int, fields ...ticket.Field) ticket.Entry {
	e := opened()
	return entry(ticket.Edited, alice, minute(n), with(ticket.Details{Title: e.Title, Text: e.Text, Category: e.Category, Fields: fields}))
}

// What is not mentioned in an edit stays, such as the fields of an earlier category, and
// the fields of a version that did not know any.
func TestFields(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		entries []ticket.Entry
		want    []ticket.Field
	}{
		"opened with fields":     {[]ticket.Entry{openedWith(text("Browser", "Firefox"), text("Order"))}, []ticket.Field{text("Browser", "Firefox")}},
		"edited without any":     {[]ticket.Entry{openedWith(text("Browser", "Firefox")), entry(ticket.Edited, alice, minute(1), with(ticket.Details{Title: "Other"}))}, []ticket.Field{text("Browser", "Firefox")}},
		"filled in again":        {[]ticket.Entry{openedWith(text("Browser", "Firefox"), text("Order", "7")), editedWith(1, text("Browser", "Chrome"))}, []ticket.Field{text("Browser", "Chrome"), text("Order", "7")}},
		"emptied":                {[]ticket.Entry{openedWith(text("Browser", "Firefox"), text("Order", "7")), editedWith(1, text("Browser"))}, []ticket.Field{text("Order", "7")}},
		"of another kind is new": {[]ticket.Entry{openedWith(text("Order", "7")), editedWith(1, ticket.Field{Name: "Order", Kind: ticket.FieldNumber, Values: []string{"8"}})}, []ticket.Field{text("Order", "7"), {Name: "Order", Kind: ticket.FieldNumber, Values: []string{"8"}}}},
		"hidden with the text":   {[]ticket.Entry{openedWith(text("Browser", "Firefox")), entry(ticket.Withheld, "", minute(1))}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, play(t, test.entries...).WithoutWithheld().Fields); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSameFieldsAreNoChange(t *testing.T) {
	t.Parallel()
	folded := play(t, openedWith(text("Browser", "Firefox")))
	for name, e := range map[string]ticket.Entry{"as they are": editedWith(1, text("Browser", "Firefox"), text("Order")), "none": editedWith(1)} {
		if _, err := folded.Apply(e); !ticket.Same(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := folded.Apply(editedWith(1, text("Browser", "Chrome"))); err != nil {
		t.Errorf("another value: %v", err)
	}
}

// What is redacted is gone from a copy; the entry from which it was taken keeps its values.
func TestRedactedFields(t *testing.T) {
	t.Parallel()
	before := openedWith(text("Order", "7"), text("Login", "alice hunter2"))
	after := before
	if !after.Redact(func(s string) string { return strings.ReplaceAll(s, "hunter2", ticket.RedactedMark) }) {
		t.Error("nothing was redacted")
	}
	if diff := cmp.Diff([]ticket.Field{text("Order", "7"), text("Login", "alice [redacted]")}, after.Fields); diff != "" {
		t.Errorf("after (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]ticket.Field{text("Order", "7"), text("Login", "alice hunter2")}, before.Fields); diff != "" {
		t.Errorf("before (-want +got):\n%s", diff)
	}
	if after.Redact(func(s string) string { return s }) {
		t.Error("nothing counts as something")
	}
}

// The format of the database.
func TestFieldsAsStored(t *testing.T) {
	t.Parallel()
	got, err := json.Marshal(ticket.Details{Fields: []ticket.Field{{Name: "Systems", Kind: ticket.FieldChoices, Values: []string{"Mail", "Wiki"}}, text("Order")}})
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"fields":[{"name":"Systems","kind":"choices","values":["Mail","Wiki"]},{"name":"Order","kind":"text"}]}`; string(got) != want {
		t.Errorf("stored as %s, want %s", got, want)
	}
}

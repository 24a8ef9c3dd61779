package slackview

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

func offers() FormParams {
	return FormParams{
		Command:    "/support",
		Categories: []string{"Payments", "Product", "Other"},
		Priorities: []PriorityChoice{
			{ticket.P1, "Business critical", "customers cannot use the product, production is down, security", sla.Target{Resolve: time.Hour, Respond: 15 * time.Minute, WarnAt: 0.75}},
			{ticket.P2, "Business affected", "work is blocked, customers are not", sla.Target{Resolve: 3 * time.Hour, Respond: 45 * time.Minute, WarnAt: 0.75}},
			{ticket.P3, "Minor", "cosmetics, questions, small changes", sla.Target{Resolve: 24 * time.Hour, Respond: 6 * time.Hour, WarnAt: 0.75}},
		},
	}
}

func TestForms(t *testing.T) {
	t.Parallel()
	typed := offers()
	typed.Title, typed.Text = "Checkout\nfails", hostile
	typed.Source = ticket.Message{Channel: "CGENERAL", TS: "1763632100.000200"}
	long := offers()
	long.Title, long.Text = strings.Repeat("a", 500), strings.Repeat("é", 5000)
	custom := offers()
	custom.Priorities[1].Title, custom.Priorities[1].Impact = strings.Repeat("W", 60), strings.Repeat("w", 75)
	custom.Priorities[1].Target.Resolve = 3*24*time.Hour + 5*time.Hour
	r := ticket42(t, opened())
	moved := r.Ticket
	moved.Category = "No longer offered"

	for name, m := range map[string]Modal{
		"new":         Form(offers()),
		"new_typed":   Form(typed),
		"new_long":    Form(long),
		"new_custom":  Form(custom),
		"resolve":     ResolveForm(42),
		"hand_over":   HandOverForm(42),
		"edit":        EditForm(r.Ticket, offers()),
		"edit_moved":  EditForm(moved, offers()),
		"priority":    PriorityForm(r.Ticket, offers()),
		"close":       CloseForm(42),
		"wait":        WaitForm(42),
		"hold":        HoldForm(42),
		"close_large": CloseForm(9223372036854775807),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkModal(t, m)
			golden(t, "form_"+name, m)
			if first := m.Blocks.BlockSet[0].ID(); first != FirstField(m.CallbackID) {
				t.Errorf("the first field is %q, FirstField says %q", first, FirstField(m.CallbackID))
			}
		})
	}
}

// Forms that only tell or offer something.
func TestPages(t *testing.T) {
	t.Parallel()
	owned := ticket42(t, opened(), entry(ticket.Claimed, "UBOB", 1, ticket.Details{}))
	for name, m := range map[string]Modal{"more": More(owned.Ticket), "done": Page(42, "Done."), "unknown": Page(0, "This button is no longer in use.")} {
		checkModal(t, m)
		golden(t, "page_"+name, m)
	}
}

// What is written in a form comes back as it is, at the names of the desk.
func TestFormFieldsAreTheDesks(t *testing.T) {
	t.Parallel()
	known := map[string]bool{
		desk.FieldPriority: true, desk.FieldTitle: true, desk.FieldText: true, desk.FieldCategory: true, desk.FieldAssignee: true,
		desk.FieldNote: true, desk.FieldSolution: true, desk.FieldReason: true, desk.FieldDuplicate: true,
		desk.FieldQuestion: true, desk.FieldReview: true,
	}
	tk := ticket.Ticket{Number: 42, Priority: ticket.P2}
	for _, m := range []Modal{Form(offers()), ResolveForm(42), HandOverForm(42), EditForm(tk, offers()), PriorityForm(tk, offers()), CloseForm(42), WaitForm(42), HoldForm(42)} {
		for _, b := range m.Blocks.BlockSet {
			if in, ok := b.(*slack.InputBlock); !ok || !known[in.BlockID] {
				t.Errorf("%s: block %q", m.CallbackID, b.ID())
			}
		}
	}
}

func TestPriorityText(t *testing.T) {
	t.Parallel()
	c := offers().Priorities[1]
	if got, want := priorityText(c), "P2 · Business affected · solved within 3 h, answered within 45 min"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	c.Title = strings.Repeat("x", 60)
	got := priorityText(c)
	if utf8.RuneCountInString(got) != longestOption || !strings.HasSuffix(got, "x… · solved within 3 h, answered within 45 min") {
		t.Errorf("a long title: %q", got)
	}
}

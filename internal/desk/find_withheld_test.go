package desk_test

import (
	"testing"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// withheldTicket is one whose card was deleted while it waited for an answer.
func withheldTicket(t *testing.T) (*deskHarness, ticket.Number) {
	t.Helper()
	h := newHarness(t)
	n := h.open(ticket.P2)
	h.do(n, post, claim(ann, 1), wait(ann, "Which card, and its code?", 2), withhold(9))
	return h, n
}

func TestWithheldIsInNoRecord(t *testing.T) {
	t.Parallel()
	h, n := withheldTicket(t)
	hidden := h.find(n).Ticket
	if hidden.Title != "" || hidden.Text != "" || hidden.Pause.Text != "" {
		t.Errorf("withheld: %q, %q, %q", hidden.Title, hidden.Text, hidden.Pause.Text)
	}
	list, err := h.List(t.Context(), ann, desk.Filter{})
	if err != nil || len(list.Tickets) != 1 || list.Tickets[0].Title != "" {
		t.Errorf("the list: %+v, %v", list.Tickets, err)
	}
	if stored := h.number(`SELECT count(*) FROM tickets WHERE title || body <> ''`); stored != 0 {
		t.Error("the words stand beside the timeline")
	}
	h.do(n, show(rita, 10))
	shown := h.find(n).Ticket
	if shown.Title != "Cards fail" || shown.Text != "In the US." || shown.Pause.Text != "Which card, and its code?" {
		t.Errorf("shown again: %q, %q, %q", shown.Title, shown.Text, shown.Pause.Text)
	}
}

// A title that an older version stored is not in a list either.
func TestWithheldIsInNoListThatWasStoredBefore(t *testing.T) {
	t.Parallel()
	h, _ := withheldTicket(t)
	h.exec(`UPDATE tickets SET title = 'A secret'`)
	list, err := h.List(t.Context(), ann, desk.Filter{})
	if err != nil || len(list.Tickets) != 1 || list.Tickets[0].Title != "" {
		t.Errorf("the list: %+v, %v", list.Tickets, err)
	}
	h.exec(`UPDATE tickets SET assignee = '', resolve_due_at = $1`, minutes(5))
	unowned, err := h.Unowned(t.Context(), "", minutes(24*60))
	if err != nil || len(unowned) != 1 || unowned[0].Title != "" {
		t.Errorf("what nobody has: %+v, %v", unowned, err)
	}
}

// What is withheld is still what it is: a form that is sent again, and a question that
// is read again, change nothing.
func TestWithheldIsNotChanged(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	in := h.newTicket(ticket.P2)
	r, err := h.Open(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	n := r.Ticket.Number
	asked := ticket.Message{Channel: "C1", TS: "1.5"}
	h.do(n, post, claim(ann, 1), hourglass(ann, asked, 5), withhold(9))
	before := h.find(n).Timeline
	if _, err := h.Open(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Amend(t.Context(), h.gesture(n, ann, 10), desk.Written{Message: asked, Text: "Which card?"}); err != nil {
		t.Fatal(err)
	}
	if after := h.find(n).Timeline; len(after) != len(before) {
		t.Errorf("%d entries, want %d", len(after), len(before))
	}
	if _, err := h.Amend(t.Context(), h.gesture(n, ann, 11), desk.Written{Message: asked, Text: "Which of them?"}); err != nil {
		t.Fatal(err)
	}
	h.do(n, show(rita, 12))
	if got := h.find(n).Ticket.Pause.Text; got != "Which of them?" {
		t.Errorf("the question is %q", got)
	}
}

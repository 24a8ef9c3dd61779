package slackview

import (
	"testing"

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
		f.Tickets = append(f.Tickets, summaries(other)...)
	}
	f.Flood = []ticket.Number{43, 45}
	form := FoldInForm(f)
	checkModal(t, form)
	golden(t, "form_fold_in", form)
}

func TestChosenOptions(t *testing.T) {
	t.Parallel()
	s, err := ReadState([]byte(`{"duplicate":{"duplicate_input":{"type":"multi_static_select","selected_options":[{"value":"43"},{"value":"45"}]}}}`))
	if got := s.Choices(desk.FieldDuplicate); err != nil || len(got) != 2 || got[0] != "43" || got[1] != "45" {
		t.Errorf("%v, %v", got, err)
	}
}

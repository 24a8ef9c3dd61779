package desk_test

import (
	"testing"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// A note stands in the timeline; it tells nobody, and moves no clock and no card.
func TestNote(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	n := h.open(ticket.P2)
	h.enqueued()
	before := h.find(n)
	h.do(n, noted(rita, "It was a <card> from 2019.", 5))
	after := h.find(n)
	last := after.Timeline[len(after.Timeline)-1]
	if last.Kind != ticket.Noted || last.Note != "It was a <card> from 2019." || last.Role != ticket.RoleRequester || last.Void != "" {
		t.Errorf("%+v", last)
	}
	if told := h.enqueued(); len(told) != 0 {
		t.Errorf("somebody is told: %v", told)
	}
	if before.Ticket.State != after.Ticket.State || !before.Clock("resolve").DueAt.Equal(after.Clock("resolve").DueAt) || after.Clock("respond").Running() != before.Clock("respond").Running() {
		t.Errorf("the ticket changed: %+v", after.Ticket)
	}
	_, err := noted(ann, " \n", 6)(h, n)
	if want := refusal(ticket.Invalid, desk.FieldNote, "Write what is to be noted."); err == nil || err.Error() != want.Error() {
		t.Errorf("%v", err)
	}
}

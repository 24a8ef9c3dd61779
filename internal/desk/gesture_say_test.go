package desk_test

import (
	"testing"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// A saved answer is filled in, counts as an answer of its actor, and is posted once.
func TestSay(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	n := h.open(ticket.P2)
	h.enqueued()
	h.do(n, say(ann, "Hello {requester}, see {number}.", 5))
	r := h.find(n)
	last := r.Timeline[len(r.Timeline)-1]
	if last.Kind != ticket.Replied || !last.Saved || !last.Carried || last.Aside || r.Ticket.Replies != 1 || r.Ticket.RespondedAt.IsZero() {
		t.Errorf("%+v; %+v", last, r.Ticket)
	}
	text := "Hello Rita, see " + n.String() + "."
	var to []string
	for _, notice := range h.enqueued() {
		switch notice.Kind {
		case desk.NoticeQuote, desk.NoticeCarried:
			to = append(to, string(notice.Kind)+" to "+notice.To)
			if notice.Text != text || notice.Actor != ann {
				t.Errorf("%+v", notice)
			}
		case desk.NoticeWroteAbove:
			t.Errorf("Rita is told twice: %+v", notice)
		default:
		}
	}
	if len(to) != 2 || to[0] != "quote to " || to[1] != "words to "+rita {
		t.Errorf("posted: %q", to)
	}
}

package postgres_test

import (
	"testing"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// A form that is sent again takes no number, nor does one about a message that has a ticket.
func TestNumbersHaveNoGaps(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	open := func(in desk.Submission) desk.Opened {
		t.Helper()
		in.Now = monday
		out, err := b.db.Open(t.Context(), in, func(n ticket.Number) desk.Change {
			return desk.Change{Now: monday, After: desk.Record{Ticket: ticket.Ticket{Number: n, Priority: ticket.P2, OpenedAt: monday}}}
		})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	first := open(desk.Submission{Key: "form:1", Source: "source:1", Content: "a"})
	for range 3 {
		if again := open(desk.Submission{Key: "form:1", Source: "source:1", Content: "b"}); again.Number != first.Number || again.Fresh || again.Taken || again.Content != "a" {
			t.Errorf("the same form again: %+v", again)
		}
		if other := open(desk.Submission{Key: "form:other", Source: "source:1"}); other.Number != first.Number || !other.Taken || other.Fresh {
			t.Errorf("another form about the same message: %+v", other)
		}
	}
	if second := open(desk.Submission{Key: "form:2"}); second.Number != first.Number+1 || !second.Fresh {
		t.Errorf("after %d comes %+v", first.Number, second)
	}
}

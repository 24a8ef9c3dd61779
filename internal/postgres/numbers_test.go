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
		out, err := b.db.Open(t.Context(), in, blank)
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

// The ticket's number is in everything that is stored with it.
func TestEverythingHasTheNumber(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	b.open(ticket.P2, "U1")
	f := b.newTicket(ticket.P2, "U1")
	f.Filer, f.Source, f.Thread = "U2", ticket.Message{Channel: "C2", TS: "1.1"}, ticket.Message{Channel: "C2", TS: "1.0"}
	r, err := b.desk.Open(t.Context(), f)
	b.must(r, err)
	if r.Ticket.Number != 2 {
		t.Errorf("returned as %s", r.Ticket.Number)
	}
	const stored = `
		SELECT (SELECT count(*) FROM entries WHERE ticket = 2), (SELECT count(*) FROM cycles WHERE ticket = 2),
			(SELECT count(*) FROM inputs WHERE ticket = 2),
			(SELECT string_agg(kind || ' ' || ordering_key, ', ' ORDER BY id) FROM outbox WHERE ticket = 2)`
	if got, want := b.text(stored), `(1,1,2,"card ticket:2, receipt ticket:2, receipt ticket:2, made source:#2")`; got != want {
		t.Errorf("entries, cycles, inputs, messages: %s, want %s", got, want)
	}
}

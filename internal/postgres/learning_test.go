package postgres_test

import (
	"testing"
	"time"

	"supporty/internal/insight"
	"supporty/internal/ticket"
)

// An answer is written down if a ticket got a saved answer, or if a ticket about writing it down is solved. Private
// tickets and those without words teach nothing.
func TestLessonsOfWhatWasWrittenDown(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	var n []ticket.Number
	for range 4 {
		n = append(n, b.open(ticket.P2, "U2"))
	}
	lessons := func() []insight.Lesson {
		got, err := b.db.Lessons(t.Context(), insight.Question{Period: ticket.Period{From: at(0), To: at(100)}})
		b.must(nil, err)
		return got
	}
	for i := range 3 {
		b.must(b.desk.Resolve(t.Context(), b.later(n[i], "U1", float64(i+1)), "", ""))
	}
	got := lessons()
	if len(got) != 1 || got[0].Tickets != 3 || got[0].Returning() != 3 || got[0].Written() != 0 {
		t.Fatalf("%+v", got)
	}
	if q := got[0].Questions[0]; q.Number != n[2] || q.Title == "" || q.Resolve.Median < time.Hour {
		t.Errorf("%+v", q)
	}

	writesDown := func() {
		b.exec(`UPDATE tickets SET title = 'Write down: how to', body = E'These tickets got the same answer:\n#' || $2::bigint || ' https://x' WHERE number = $1`, n[3], int64(n[0]))
	}
	writesDown()
	if got := lessons(); got[0].Written() != 0 {
		t.Errorf("it is to be written down, and counts already: %+v", got)
	}
	b.must(b.desk.Resolve(t.Context(), b.later(n[3], "U1", 5), "", ""))
	writesDown() // the desk has written its own words
	if got := lessons(); got[0].Written() != 1 {
		t.Errorf("it was written down by a ticket: %+v", got)
	}

	b.exec(`UPDATE tickets SET body = '', title = 'x' WHERE number = $1`, n[3])
	b.must(b.desk.Say(t.Context(), b.later(n[1], "U1", 6), "logs", "Please add the log."))
	if got := lessons(); got[0].Written() != 1 {
		t.Errorf("one got a saved answer: %+v", got)
	}
	b.exec(`UPDATE tickets SET withheld = true WHERE number = $1`, n[0])
	b.exec(`UPDATE tickets SET private = true WHERE number = $1`, n[1])
	if got := lessons(); len(got) != 0 {
		t.Errorf("private ones, and those without words: %+v", got)
	}
}

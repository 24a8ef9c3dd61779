package postgres_test

import (
	"errors"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// later is a gesture at a number of hours after opening, received later than it was made.
func (b *postgresHarness) later(n ticket.Number, who string, hours float64) desk.Gesture {
	a := b.gesture(n, who)
	a.At, a.Now = at(hours), at(hours+1)
	return a
}

// A ticket is read from the database exactly as it was decided.
func TestRecordIsKept(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	f := b.newTicket(ticket.P2, "U1")
	f.Source, f.Text = ticket.Message{Channel: "C1", TS: "1.1"}, "In the \"US\".\n<@U1> \\ '"
	r, err := b.desk.Open(t.Context(), f)
	b.must(r, err)
	n, ctx := r.Ticket.Number, t.Context()
	for i, do := range []func() (desk.Record, error){
		func() (desk.Record, error) { return b.desk.Claim(ctx, b.later(n, "U3", 0.5)) },
		func() (desk.Record, error) { return b.desk.Claim(ctx, b.later(n, "U2", 0.4)) }, // makes the other claim void
		func() (desk.Record, error) {
			return b.desk.Reply(ctx, b.later(n, "U2", 0.6), desk.Written{Message: ticket.Message{Channel: "C1", TS: "2.2"}})
		},
		func() (desk.Record, error) {
			return b.desk.Reprioritise(ctx, b.later(n, "U2", 0.7), ticket.P1, "Grave.")
		},
		func() (desk.Record, error) { _, err := b.desk.Sweep(ctx, at(5)); return b.find(n), err },
		func() (desk.Record, error) { return b.desk.HandOver(ctx, b.later(n, "U2", 5), "U3", "Yours.") },
		func() (desk.Record, error) {
			return b.desk.Resolve(ctx, b.later(n, "U3", 6), ticket.SolvedByData, "Key renewed.")
		},
		func() (desk.Record, error) {
			return b.desk.React(ctx, b.later(n, "U3", 6.1), ticket.Undone, ticket.Message{}, "")
		},
		func() (desk.Record, error) {
			return b.desk.Close(ctx, b.later(n, "U3", 7), ticket.NotAnIssue, 0, "Sorry.")
		},
		func() (desk.Record, error) { return b.desk.Reopen(ctx, b.later(n, "U1", 8)) },
	} {
		decided, err := do()
		if err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
		stored := b.find(n)
		ignored := cmpopts.IgnoreFields(ticket.Entry{}, "ID")
		byTime := gocmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })
		if diff := gocmp.Diff(decided, stored, ignored, byTime, cmpopts.IgnoreFields(desk.Record{}, "Version", "Posted")); diff != "" {
			t.Errorf("step %d (-decided +stored):\n%s", i, diff)
		}
		if stored.Version != int64(i)+2 {
			t.Errorf("step %d: version %d", i, stored.Version)
		}
		b.checkRow(stored)
	}
	if got := b.text(`SELECT string_agg(kind || void, '+' ORDER BY happened_at) FROM entries WHERE void <> ''`); got != "(claimedconflict)" {
		t.Errorf("void: %s", got)
	}
	if got := b.text(`SELECT count(*), count(*) FILTER (WHERE notified) FROM alerts`); got != "(2,1)" {
		t.Errorf("alerts, of which notified: %s", got)
	}
	if got := b.text(`SELECT desired FROM outbox WHERE kind = 'resolved'`); got != "(2)" {
		t.Errorf("what told of the solution that was taken back is desired in version %s", got)
	}
}

// checkRow checks that lists and sweeps agree with the timeline.
func (b *postgresHarness) checkRow(r desk.Record) {
	b.t.Helper()
	type summary struct {
		Title, Body, Category, State, Requester, Assignee, Solution string
		Priority, Cycle, Replies, People                            int
		Withheld                                                    bool
		Opened, Due                                                 time.Time
		Ended                                                       *time.Time
	}
	var got summary
	err := b.conn.QueryRow(b.t.Context(), `
		SELECT title, body, category, state, requester, assignee, solution, priority, cycle, replies, people,
			withheld, opened_at, resolve_due_at, ended_at FROM tickets WHERE number = $1`, r.Ticket.Number).Scan(
		&got.Title, &got.Body, &got.Category, &got.State, &got.Requester, &got.Assignee, &got.Solution,
		&got.Priority, &got.Cycle, &got.Replies, &got.People, &got.Withheld, &got.Opened, &got.Due, &got.Ended)
	b.must(nil, err)
	t := r.Ticket
	want := summary{
		Title: t.Title, Body: t.Text, Category: t.Category, State: string(t.State), Requester: t.Requester,
		Assignee: t.Assignee, Solution: string(t.Solution), Priority: int(t.Priority), Cycle: t.Cycle,
		Replies: t.Replies, People: len(t.People), Withheld: t.Withheld, Opened: t.OpenedAt, Due: r.Clock(sla.Resolve).DueAt,
	}
	if !t.EndedAt.IsZero() {
		want.Ended = &t.EndedAt
	}
	byTime := gocmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })
	if diff := gocmp.Diff(want, got, byTime); diff != "" {
		b.t.Errorf("row (-want +got):\n%s", diff)
	}
}

// A change saves nothing if it was decided on an older version, or if its key was used before.
func TestSaveIsGuarded(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	n := b.open(ticket.P2, "U1")
	stale := b.find(n)
	b.must(b.desk.Claim(t.Context(), b.gesture(n, "U2")))
	const everything = `
		SELECT t, (SELECT array_agg(e ORDER BY id) FROM entries e), (SELECT array_agg(o ORDER BY id) FROM outbox o),
			(SELECT array_agg(key ORDER BY key) FROM inputs) FROM tickets t`
	before := b.text(everything)
	for name, c := range map[string]desk.Change{
		"stale":     {Key: "new", After: stale},
		"duplicate": {Key: "key:1", After: b.find(n)},
	} {
		c.Now, c.Card = at(1), desk.CardEdited
		c.New = []ticket.Entry{{Kind: ticket.PutBack, Actor: "U2", HappenedAt: at(1), RecordedAt: at(1)}}
		want := map[string]error{"stale": desk.ErrStale, "duplicate": desk.ErrDuplicate}[name]
		if _, err := b.db.Save(t.Context(), c); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
		if after := b.text(everything); after != before {
			t.Errorf("%s is saved all the same: %s, was %s", name, after, before)
		}
	}
}

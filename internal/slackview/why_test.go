package slackview

import (
	"context"
	"fmt"
	"testing"
	"time"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// explained is the explanation of ticket 42 at now. Its first entry was made at the
// entry's own time, under policy 3.
func explained(t *testing.T, now time.Time, first ticket.Entry, rest ...ticket.Entry) desk.Explanation {
	t.Helper()
	stored := desk.Record{Ticket: ticket.Ticket{Number: 42}, Timeline: append([]ticket.Entry{first}, rest...)}
	x, err := desk.New(history{record: stored}, members{}, promises1{}, nil).Why(context.Background(), 42, "UALICE", now)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// filedAt opens ticket 42 under the policy with hours and categories.
func filedAt(at time.Time, p ticket.Priority, category string) ticket.Entry {
	e := opened()
	e.HappenedAt, e.Priority, e.Category, e.Policy = at, p, category, 3
	return e
}

// at is an entry that happened at a time.
func (b because) at(at time.Time, kind ticket.Kind, actor string, d ticket.Details) because {
	e := ticket.Entry{Kind: kind, Actor: actor, Role: ticket.RoleResponder, Gesture: ticket.ByEmoji, HappenedAt: at, Details: d}
	return append(b, e)
}

type because []ticket.Entry

func TestWhy(t *testing.T) {
	t.Parallel()
	clock := func(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, time.UTC) }
	byBob, p := "UBOB", func(p ticket.Priority) ticket.Details { return ticket.Details{Priority: p, Policy: 3} }
	inexact := because{}.at(clock(20, 17, 10), ticket.Claimed, byBob, ticket.Details{})
	inexact[0].Inexact = true
	for _, test := range []struct {
		name  string
		now   time.Time
		first ticket.Entry
		rest  because
	}{
		{"weekend", clock(20, 17, 30), filedAt(clock(20, 16, 50), ticket.P2, "Product"), inexact},
		{"weekend_over", clock(23, 10, 0), filedAt(clock(20, 16, 50), ticket.P2, "Product"), inexact},
		{"late", clock(23, 14, 0), filedAt(clock(20, 16, 50), ticket.P2, "Product"), because{}.
			at(clock(23, 12, 0), ticket.Reprioritised, byBob, p(ticket.P3))},
		{"whole_life", clock(24, 10, 0), filedAt(clock(20, 9, 0), ticket.P3, "Product"), because{}.
			at(clock(20, 11, 0), ticket.Replied, "UDANA", ticket.Details{}).
			at(clock(20, 14, 0), ticket.Reprioritised, byBob, p(ticket.P1)).
			at(clock(20, 14, 10), ticket.Claimed, byBob, ticket.Details{}).
			at(clock(20, 14, 30), ticket.Reprioritised, byBob, p(ticket.P3)).
			at(clock(20, 15, 0), ticket.Resolved, byBob, ticket.Details{}).
			at(clock(20, 15, 5), ticket.Undone, byBob, ticket.Details{}).
			at(clock(23, 9, 30), ticket.Resolved, byBob, ticket.Details{Note: "Mended."}).
			at(clock(23, 16, 0), ticket.Reopened, "UALICE", ticket.Details{Policy: 3})},
		{"gardening", clock(24, 10, 0), filedAt(clock(20, 9, 0), ticket.P2, "Gardening"), because{}.
			at(clock(23, 9, 0), ticket.Edited, "UALICE", ticket.Details{Title: "Checkout fails", Category: "Payments", Policy: 3}).
			at(clock(23, 9, 30), ticket.Edited, "UALICE", ticket.Details{Title: "Checkout fails", Category: "Gardening", Policy: 3})},
		{"withdrawn", clock(24, 10, 0), filedAt(clock(20, 9, 0), ticket.P1, "Product"), because{}.
			at(clock(20, 9, 30), ticket.Closed, "UALICE", ticket.Details{CloseReason: ticket.Withdrawn})},
		{"paused", clock(24, 10, 0), filedAt(clock(20, 15, 0), ticket.P2, "Product"), because{}.
			at(clock(20, 15, 10), ticket.Claimed, byBob, ticket.Details{}).
			at(clock(20, 15, 30), ticket.Waited, byBob, ticket.Details{Text: "Which card?"}).
			at(clock(20, 16, 10), ticket.Replied, "UALICE", ticket.Details{}).
			at(clock(20, 17, 0), ticket.Held, byBob, ticket.Details{Text: "The bank", ReviewAt: clock(30, 9, 0)}).
			at(clock(23, 10, 0), ticket.Resumed, byBob, ticket.Details{}).
			at(clock(23, 11, 0), ticket.Waited, byBob, ticket.Details{Text: "Solved?"})},
		{"retargeted", clock(20, 12, 0), filedAt(clock(20, 10, 0), ticket.P2, "Product"), because{}.
			at(clock(20, 10, 30), ticket.Retargeted, "", ticket.Details{Policy: 1})},
		{"raised_unanswered", clock(20, 15, 0), filedAt(clock(20, 10, 0), ticket.P2, "Product"), because{}.
			at(clock(20, 11, 0), ticket.Reprioritised, byBob, p(ticket.P1)).
			at(clock(20, 11, 15), ticket.Replied, byBob, ticket.Details{})},
		{"raised_unasked", clock(23, 15, 0), filedAt(clock(20, 9, 0), ticket.P3, "Product"), because{}.
			at(clock(23, 11, 0), ticket.Reprioritised, byBob, p(ticket.P2))},
		{"working_days", clock(20, 17, 0), filedAt(clock(20, 16, 50), ticket.P3, "Product"), nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			m := Why(explained(t, test.now, test.first, test.rest...), sceneAt(test.now))
			goldenMessage(t, "why_"+test.name, m)
			checkModal(t, WhyPage(explained(t, test.now, test.first, test.rest...), sceneAt(test.now)))
		})
	}
}

// yearEnd closes for all of December.
var yearEnd = func() sla.Policy {
	h := sla.Hours{Zone: "UTC"}
	for day := range h.Week {
		h.Week[day] = []sla.Span{{From: 9 * 60, To: 17 * 60}}
	}
	for day := 1; day <= 30; day++ {
		h.Holidays = append(h.Holidays, fmt.Sprintf("2026-12-%02d", day))
	}
	c, err := sla.NewCalendar(h)
	if err != nil {
		panic(err)
	}
	return sla.Policy{Targets: sla.Targets{2: {Resolve: 100 * time.Hour, Respond: time.Hour, WarnAt: 0.75, Calendar: c}}}
}()

// Thirty closed days in a row are one line, and so are thirty nights.
func TestWhyIsShort(t *testing.T) {
	t.Parallel()
	first := filedAt(time.Date(2026, 11, 30, 16, 0, 0, 0, time.UTC), ticket.P2, "Product")
	first.Policy = 4
	now := time.Date(2027, 1, 4, 12, 0, 0, 0, time.UTC)
	m := Why(explained(t, now, first), sceneAt(now))
	goldenMessage(t, "why_long", m)
}

func TestWhyOfAVeryLongLife(t *testing.T) {
	t.Parallel()
	rest := because{}
	for i := range 60 {
		rest = rest.at(after(time.Duration(i+1)*time.Second), ticket.Reprioritised, "UDANA", ticket.Details{Priority: ticket.Priority(1 + i%3), Policy: 3})
	}
	m := Why(explained(t, after(time.Hour), filedAt(friday, ticket.P3, "Product"), rest...), sceneAt(after(time.Hour)))
	checkMessage(t, m)
}

func TestAmount(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		0: "0 s", 29*time.Second + 600*time.Millisecond: "30 s", 90 * time.Second: "2 min", 45 * time.Minute: "45 min",
		time.Hour: "1 h", 90 * time.Minute: "1 h 30", 24 * time.Hour: "24 h", 100*time.Hour + 5*time.Minute: "100 h 05",
	} {
		t.Run(fmt.Sprint(d), func(t *testing.T) {
			if got := amount(d); got != want {
				t.Errorf("%s is %q, want %q", d, got, want)
			}
		})
	}
}

package desk_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// one is a store that holds one ticket's timeline, and the policy 1 that it
// names.
type one struct {
	desk.Store
	timeline []ticket.Entry
	policy   sla.Policy
}

func (h one) Load(context.Context, ticket.Number) (desk.Record, error) {
	return desk.Record{Ticket: ticket.Ticket{Number: 1}, Timeline: h.timeline}, nil
}

func (h one) Current() int { return 1 }

func (h one) Policy(context.Context, int) (sla.Policy, error) { return h.policy, nil }

func (h one) why(t interface{ Fatal(...any) }, now time.Time) desk.Explanation {
	x, err := desk.New(h, everybody, h, nil).Why(context.Background(), 1, ann, now)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// weekdays is open from 9 to 17 on workdays but the 1st to the 3rd of December.
var weekdays = func() *sla.Calendar {
	hours := sla.Hours{Zone: "UTC", Holidays: []string{"2026-12-01", "2026-12-02", "2026-12-03"}}
	for day := time.Monday; day <= time.Friday; day++ {
		hours.Week[day] = []sla.Span{{From: 9 * 60, To: 17 * 60}}
	}
	c, err := sla.NewCalendar(hours)
	if err != nil {
		panic(err)
	}
	return c
}()

var mixedHours = sla.Policy{Targets: sla.Targets{
	1: promise.Targets[1],
	2: {Resolve: 3 * time.Hour, Respond: 45 * time.Minute, WarnAt: 0.75, Calendar: weekdays},
	3: {Resolve: 40 * time.Hour, Respond: 6 * time.Hour, WarnAt: 0.75, Calendar: weekdays},
}, Categories: map[string]sla.Targets{"Gardening": {}}}

// drawLife draws what may happen to a ticket in a few weeks, whether it is
// possible or not.
func drawLife(t *rapid.T) []ticket.Entry {
	at := nine
	priority := rapid.SampledFrom(ticket.Priorities)
	category := rapid.SampledFrom([]string{"Billing", "Billing", "Gardening"})
	timeline := []ticket.Entry{{
		ID: 1, Kind: ticket.Opened, Actor: rita, HappenedAt: at,
		Details: ticket.Details{Title: "x", Category: category.Draw(t, "category"), Priority: priority.Draw(t, "priority"), Policy: 1},
	}}
	kinds := []ticket.Kind{
		ticket.Claimed, ticket.PutBack, ticket.Replied, ticket.Reprioritised, ticket.Edited, ticket.Resolved, ticket.Undone, ticket.Reopened, ticket.Closed,
		ticket.Waited, ticket.Held, ticket.Resumed,
	}
	for i := range rapid.IntRange(0, 10).Draw(t, "length") {
		at = at.Add(time.Duration(rapid.OneOf(rapid.IntRange(1, 15), rapid.IntRange(1, 4*24*60)).Draw(t, "minutes")) * time.Minute)
		e := ticket.Entry{ID: int64(i + 2), Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Actor: ann, Role: ticket.RoleResponder, Gesture: ticket.ByEmoji, HappenedAt: at}
		e.Details = ticket.Details{Title: "x", Policy: 1, Priority: priority.Draw(t, "to priority"), Category: category.Draw(t, "to category")}
		timeline = append(timeline, e)
	}
	return timeline
}

// The lines add up to the numbers that are shown: from one to the next, what was
// used grows and what is left shrinks by the time in which, by the lines alone,
// the desk was open.
func TestWhyAddsUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		life := one{timeline: drawLife(t), policy: mixedHours}
		now := life.timeline[len(life.timeline)-1].HappenedAt.Add(time.Duration(rapid.IntRange(1, 60*24*60).Draw(t, "later")) * time.Minute)
		x := life.why(t, now)
		if len(x.Cycles) != len(x.Record.Cycles) {
			t.Fatalf("%d cycles are explained, there are %d", len(x.Cycles), len(x.Record.Cycles))
		}
		for i, steps := range x.Cycles {
			checkSum(t, steps)
			checkEnd(t, steps, x.Record.Cycles[i], now)
		}
	})
}

func checkSum(t *rapid.T, steps []desk.Line) {
	var opens time.Time // when the desk opens again, after a closing that was told
	for i, s := range steps {
		if i == 0 {
			continue
		}
		from := steps[i-1]
		if s.At.Before(from.At) {
			t.Fatalf("%s at %s comes after %s at %s", s.Kind, s.At, from.Kind, from.At)
		}
		clock := from.After.Clock(sla.Resolve)
		open := s.At.Sub(from.At)
		if !clock.Calendar.Always() {
			open = time.Duration(0)
			if from.Kind == desk.LineClosed {
				open, opens = from.Closing.Open, from.Closing.Until
			}
			open += max(0, s.At.Sub(later(from.At, opens)))
		}
		if !clock.Running() || !clock.Promised() || s.At.After(clock.DueAt) || !s.Before.Clock(sla.Resolve).Running() || clock.Paused() {
			continue // it stands still, its hours no longer matter, or an end was taken back
		}
		used, left := s.Before.Clock(sla.Resolve).Spent(s.At)-clock.Spent(from.At), clock.Left(from.At)-s.Before.Clock(sla.Resolve).Left(s.At)
		if used != open || left != open {
			t.Fatalf("from %s at %s to %s at %s: open for %s by the lines, but %s used and %s left less",
				from.Kind, from.At, s.Kind, s.At, open, used, left)
		}
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// checkEnd compares the last lines with what the card shows.
func checkEnd(t *rapid.T, steps []desk.Line, shown sla.Cycle, now time.Time) {
	for _, s := range steps {
		c := s.After.Clock(sla.Resolve)
		if s.Kind == desk.LineDue && (!s.At.Equal(c.DueAt) || s.Left != 0) {
			t.Errorf("due %s with %s left, the clock says %s", s.At, s.Left, c.DueAt)
		}
		if s.Kind == desk.LineNow && (s.Spent != shown.Clock(sla.Resolve).Spent(now) || s.Left != shown.Clock(sla.Resolve).Left(now) || !s.At.Equal(now)) {
			t.Errorf("now: %s used and %s left at %s", s.Spent, s.Left, s.At)
		}
	}
	last := steps[len(steps)-1]
	switch {
	case !shown.Clock(sla.Resolve).Running() && !last.At.Equal(shown.Clock(sla.Resolve).StoppedAt):
		t.Errorf("the last line is of %s, but the clock stopped %s", last.At, shown.Clock(sla.Resolve).StoppedAt)
	case !shown.Clock(sla.Resolve).Running() && (last.Spent != shown.Clock(sla.Resolve).Spent(now) || last.Left != shown.Clock(sla.Resolve).Left(now)):
		t.Errorf("at the end %s used and %s left", last.Spent, last.Left)
	case shown.Clock(sla.Resolve).Running() && shown.Clock(sla.Resolve).Promised() && !shown.Clock(sla.Resolve).Paused() && !shown.Clock(sla.Resolve).Late(now) && (last.Kind != desk.LineDue || !last.At.Equal(shown.Clock(sla.Resolve).DueAt)):
		t.Errorf("the last line is %s at %s, want it due %s", last.Kind, last.At, shown.Clock(sla.Resolve).DueAt)
	}
}

// steps are a cycle's, in short.
func steps(all []desk.Line) []string {
	var said []string
	for _, s := range all {
		line := fmt.Sprintf("%s %s", s.At.Format("2 15:04"), s.Kind)
		switch s.Kind {
		case desk.LineGesture:
			line += " " + string(s.Entry.Kind)
		case desk.LineClosed:
			line += fmt.Sprintf(" until %s, %d times, open %s, %d holidays", s.Closing.Until.Format("2 15:04"), s.Closing.Times, s.Closing.Open, len(s.Closing.Holidays))
		default:
		}
		said = append(said, line)
	}
	return said
}

func TestWhySteps(t *testing.T) {
	t.Parallel()
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, time.UTC) }
	entries := func(p ticket.Priority, opened time.Time, more ...ticket.Entry) []ticket.Entry {
		first := ticket.Entry{Kind: ticket.Opened, Actor: rita, HappenedAt: opened, Details: ticket.Details{Priority: p, Policy: 1, Category: "Billing"}}
		all := append([]ticket.Entry{first}, more...)
		for i := range all {
			all[i].ID = int64(i + 1)
		}
		return all
	}
	did := func(at time.Time, kind ticket.Kind, d ticket.Details) ticket.Entry {
		return ticket.Entry{Kind: kind, Actor: ann, Role: ticket.RoleResponder, Gesture: ticket.ByEmoji, HappenedAt: at, Details: d}
	}
	for _, test := range []struct {
		name     string
		timeline []ticket.Entry
		now      time.Time
		want     []string
	}{
		{"over the weekend", entries(ticket.P2, at(20, 16, 0), did(at(20, 16, 20), ticket.Claimed, ticket.Details{})), at(20, 16, 30), []string{
			"20 16:00 gesture opened", "20 16:20 gesture claimed", "20 16:30 now", "20 17:00 closed until 23 09:00, 1 times, open 0s, 0 holidays", "23 11:00 due",
		}},
		{"opened while closed, claimed while closed", entries(ticket.P2, at(21, 12, 0), did(at(22, 12, 0), ticket.Claimed, ticket.Details{})), at(22, 13, 0), []string{
			"21 12:00 gesture opened", "21 12:00 closed until 23 09:00, 1 times, open 0s, 0 holidays", "22 12:00 gesture claimed", "22 13:00 now", "23 12:00 due",
		}},
		{"late, and nobody answered", entries(ticket.P2, at(20, 10, 0)), at(20, 20, 0), []string{
			"20 10:00 gesture opened", "20 10:45 answer_due", "20 13:00 due", "20 20:00 now",
		}},
		{"many nights, and holidays", entries(ticket.P3, at(30, 16, 0), did(at(30, 16, 1), ticket.Claimed, ticket.Details{})), at(30, 16, 30), []string{
			"30 16:00 gesture opened", "30 16:01 gesture claimed", "30 16:30 now", "30 17:00 closed until 10 09:00, 5 times, open 32h0m0s, 3 holidays", "10 16:00 due",
		}},
		{"what the clocks do not notice", entries(ticket.P1, at(20, 10, 0), did(at(20, 10, 5), ticket.Claimed, ticket.Details{}),
			did(at(20, 10, 6), ticket.Replied, ticket.Details{}), did(at(20, 10, 7), ticket.PutBack, ticket.Details{}), did(at(20, 10, 8), ticket.Claimed, ticket.Details{}),
			did(at(20, 10, 9), ticket.Resolved, ticket.Details{}), did(at(20, 10, 10), ticket.Explained, ticket.Details{Solution: ticket.SolvedByCode})), at(25, 10, 0), []string{
			"20 10:00 gesture opened", "20 10:05 gesture claimed", "20 10:09 gesture resolved",
		}},
		{"raised when late", entries(ticket.P2, at(20, 10, 0), did(at(20, 13, 1), ticket.Reprioritised, ticket.Details{Priority: ticket.P1, Policy: 1})), at(20, 14, 0), []string{
			"20 10:00 gesture opened", "20 10:45 answer_due", "20 13:00 due", "20 13:01 gesture reprioritised", "20 14:00 now",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			x := one{timeline: test.timeline, policy: mixedHours}.why(t, test.now)
			if diff := gocmp.Diff(test.want, steps(slices.Concat(x.Cycles...))); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.name, diff)
			}
		})
	}
}

// An explanation of what is away is refused like everything else.
func TestWhyWithoutATicket(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	if _, err := h.Why(t.Context(), 7, ann, nine); ticket.CodeOf(err) != ticket.Unknown {
		t.Errorf("%v", err)
	}
}

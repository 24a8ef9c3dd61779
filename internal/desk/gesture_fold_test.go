package desk_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// openAt files a ticket of somebody, some minutes after nine.
func (h *deskHarness) openAt(who string, p ticket.Priority, m float64) ticket.Number {
	h.t.Helper()
	f := h.newTicket(p)
	f.Requester, f.At, f.Now = who, minutes(m), minutes(m)
	r, err := h.Open(h.t.Context(), f)
	if err != nil {
		h.t.Fatal(err)
	}
	return r.Ticket.Number
}

// The original takes the higher priority, and the earlier promise if that is still to come:
// never one that nobody made, and none that was broken before.
func TestWhatTheOriginalTakes(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for name, test := range map[string]struct {
		original, duplicate ticket.Priority
		originalAt, at      float64 // when they were opened
		by                  string
		foldedAt            float64
		wantPriority        ticket.Priority
		wantDue             float64 // minutes after nine
	}{
		"the earlier promise":                 {ticket.P2, ticket.P2, 60, 0, ann, 70, ticket.P2, 180},
		"its own, if that is earlier":         {ticket.P2, ticket.P2, 0, 60, ann, 70, ticket.P2, 180},
		"a higher priority":                   {ticket.P2, ticket.P1, 0, 60, ann, 70, ticket.P1, 120},
		"a higher priority, late already":     {ticket.P2, ticket.P1, 60, 0, ann, 70, ticket.P1, 130},
		"not a lower one, which is due later": {ticket.P2, ticket.P3, 60, 0, ann, 70, ticket.P2, 240},
		"of a ticket that is late, none":      {ticket.P2, ticket.P2, 170, 0, ann, 181, ticket.P2, 350},
		"nothing, if its requester says so":   {ticket.P2, ticket.P1, 0, 60, rita, 70, ticket.P2, 180},
	} {
		t.Run(name, func(t *testing.T) {
			original, duplicate := h.openAt(zoe, test.original, test.originalAt), h.openAt(rita, test.duplicate, test.at)
			h.do(duplicate, closeAs(test.by, ticket.Duplicate, original, test.foldedAt))
			r := h.find(original)
			due := r.Clock(sla.Resolve).DueAt.Sub(nine).Minutes()
			if r.Ticket.Priority != test.wantPriority || due != test.wantDue {
				t.Errorf("%s, due after %v min; want %s, %v", r.Ticket.Priority, due, test.wantPriority, test.wantDue)
			}
			if !r.Ticket.FollowedBy(rita) || r.Ticket.FoldOf(rita).Ticket != duplicate {
				t.Errorf("Rita does not follow it: %+v", r.Ticket)
			}
		})
	}
}

// A ticket is not folded into itself, in a circle, or twice. What is folded into a duplicate
// is folded into its original.
func TestFoldingInACircle(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	a, b, c := h.open(ticket.P2), h.open(ticket.P2), h.open(ticket.P2)
	h.do(b, closeAs(ann, ticket.Duplicate, a, 1))
	for name, test := range map[string]struct {
		n, of ticket.Number
		want  string
	}{
		"itself":   {a, a, "Choose another ticket, by its number or its words."},
		"a circle": {a, b, b.String() + " is already a duplicate of " + a.String() + "."},
		"nothing":  {a, 999, "There is no ticket #999."},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := closeAs(ann, ticket.Duplicate, test.of, 2)(h, test.n)
			if e, ok := errors.AsType[*ticket.Error](err); !ok || e.Sentence != test.want || e.Field != desk.FieldDuplicate {
				t.Errorf("%v", err)
			}
		})
	}
	h.do(c, closeAs(ann, ticket.Duplicate, b, 3))
	if got := h.find(c).Ticket.DuplicateOf; got != a {
		t.Errorf("it is a duplicate of %s, not of the original", got)
	}
	var folded []ticket.Number
	for _, f := range h.find(a).Ticket.Folded {
		folded = append(folded, f.Ticket)
	}
	if diff := gocmp.Diff([]ticket.Number{b, c}, folded); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Of two people who fold two tickets into each other at once, one succeeds.
func TestFoldingAtOnce(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	a, b := h.open(ticket.P2), h.open(ticket.P2)
	var wg sync.WaitGroup
	for n, of := range map[ticket.Number]ticket.Number{a: b, b: a} {
		g := h.gesture(n, ann, 1)
		wg.Go(func() { _, _ = h.Close(t.Context(), g, ticket.Duplicate, of, "") })
	}
	wg.Wait()
	ended := 0
	for _, n := range []ticket.Number{a, b} {
		if r := h.find(n); r.Ticket.State.Ended() {
			ended++
			if into := h.find(r.Ticket.DuplicateOf).Ticket; len(into.Folded) != 1 || into.Folded[0].Ticket != n {
				t.Errorf("%s was not folded in: %+v", n, into.Folded)
			}
		}
	}
	if ended != 1 {
		t.Errorf("%d are closed", ended)
	}
}

// When the original ends, everybody hears it. A duplicate can be a ticket of its own again,
// also long after it was folded in, with a target that begins then.
func TestDuplicatesHearOfTheEndAndPart(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	original, duplicate, second := h.openAt(ann, ticket.P2, 0), h.openAt(rita, ticket.P2, 1), h.openAt(olga, ticket.P2, 2)
	h.do(second, closeAs(bob, ticket.Duplicate, duplicate, 3))
	h.do(duplicate, closeAs(bob, ticket.Duplicate, original, 4))
	h.enqueued()
	month := 30.0 * 24 * 60
	h.do(original, resolve(bob, "", "Restarted.", month))
	if diff := gocmp.Diff([]string{olga, rita}, addressed(h.enqueued(), desk.NoticeFollowed)); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	h.do(second, reopen(olga, month+1))
	r := h.find(second)
	if due := r.Clock(sla.Resolve).DueAt; r.Ticket.State != ticket.StateOpen || !due.Equal(minutes(month+1).Add(3*time.Hour)) {
		t.Errorf("%s, due %s", r.Ticket.State, due)
	}
	if left := h.find(original).Ticket; left.FollowedBy(olga) || !left.FollowedBy(rita) || left.FoldOf(olga).Ticket != 0 {
		t.Errorf("%v, %v", left.Followers, left.Folded)
	}
}

// Who asked for a duplicate may reopen the original; others who may not read it may not.
func TestWhoMayReopenTheOriginal(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	original, duplicate := h.openAt(ann, ticket.P2, 0), h.openAt(rita, ticket.P2, 1)
	h.do(duplicate, closeAs(bob, ticket.Duplicate, original, 2))
	h.do(original, resolve(bob, "", "", 3))
	if _, err := reopen(olga, 4)(h, original); ticket.CodeOf(err) != ticket.Forbidden {
		t.Errorf("Olga: %v", err)
	}
	h.do(original, reopen(rita, 5))
}

// Several tickets are folded in at once, in one change of the original. In a flood those that
// came with it are found.
func TestFoldingSeveralIn(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	original := h.openAt(ann, ticket.P3, 0)
	var flood []ticket.Number
	for m := range 4 {
		flood = append(flood, h.openAt(rita, ticket.P2, float64(m+1)))
	}
	apart := h.openAt(olga, ticket.P1, 60)
	f, err := h.Foldable(t.Context(), original, bob)
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(flood, numbersOf(f.Flood)); diff != "" {
		t.Errorf("the flood (-want +got):\n%s", diff)
	}
	h.do(flood[3], resolve(bob, "", "", 61))
	h.enqueued()
	fold := func(who string, of ...ticket.Number) error {
		_, err := h.FoldIn(t.Context(), h.gesture(original, who, 62), of)
		return err
	}
	if err := fold(olga, flood[0]); ticket.CodeOf(err) != ticket.Forbidden || h.find(flood[0]).Ticket.State.Ended() {
		t.Errorf("Olga: %v", err)
	}
	if err := fold(bob, append(flood, apart, original)...); err != nil {
		t.Fatal(err)
	}
	r := h.find(original)
	if due := r.Clock(sla.Resolve).DueAt; len(r.Ticket.Folded) != 4 || r.Ticket.Priority != ticket.P1 || !due.Equal(minutes(120)) {
		t.Errorf("%+v, %s, due %s", r.Ticket.Folded, r.Ticket.Priority, due)
	}
	if diff := gocmp.Diff([]string{olga, rita, rita, rita}, addressed(h.enqueued(), desk.NoticeClosed)); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	refused := func(want string, err error) {
		t.Helper()
		if e, ok := errors.AsType[*ticket.Error](err); !ok || e.Sentence != want || e.Field != desk.FieldDuplicate {
			t.Errorf("%v, want %q", err, want)
		}
	}
	refused("Choose at least one ticket.", fold(bob))
	refused("Choose at most 20 tickets at once.", fold(bob, make([]ticket.Number, 21)...))
	refused("These have ended already.", fold(bob, flood...))
	h.do(original, resolve(bob, "", "", 63))
	refused(original.String()+" is already resolved. Reopen it first.", fold(bob, flood...))
}

package desk_test

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// Slack sends again what it believes not to have arrived.
func TestSameInputTwice(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	annHasIt := []gesture{claim(ann, 1)}
	annSolved := []gesture{tick(ann, 1)}
	for name, test := range map[string]struct {
		setup []gesture
		do    func(desk.Gesture) (desk.Record, error)
	}{
		"claim":     {nil, func(a desk.Gesture) (desk.Record, error) { return h.Claim(t.Context(), a) }},
		"put back":  {annHasIt, func(a desk.Gesture) (desk.Record, error) { return h.PutBack(t.Context(), a) }},
		"hand over": {annHasIt, func(a desk.Gesture) (desk.Record, error) { return h.HandOver(t.Context(), a, bob, "") }},
		"resolve":   {annHasIt, func(a desk.Gesture) (desk.Record, error) { return h.Resolve(t.Context(), a, "", "") }},
		"undo": {annSolved, func(a desk.Gesture) (desk.Record, error) {
			return h.React(t.Context(), a, ticket.Undone, ticket.Message{}, "")
		}},
		"explain": {annSolved, func(a desk.Gesture) (desk.Record, error) { return h.Explain(t.Context(), a, ticket.SolvedByCode) }},
		"close":   {nil, func(a desk.Gesture) (desk.Record, error) { return h.Close(t.Context(), a, ticket.NotAnIssue, 0, "") }},
		"reopen":  {annSolved, func(a desk.Gesture) (desk.Record, error) { return h.Reopen(t.Context(), a) }},
		"edit": {annHasIt, func(a desk.Gesture) (desk.Record, error) {
			return h.Edit(t.Context(), a, desk.Content{Title: "Other", Category: "Access"})
		}},
		"reprioritise": {annHasIt, func(a desk.Gesture) (desk.Record, error) { return h.Reprioritise(t.Context(), a, 1, "") }},
		"reply": {nil, func(a desk.Gesture) (desk.Record, error) {
			return h.Reply(t.Context(), a, desk.Written{Message: inThread})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, by := range []ticket.Gesture{ticket.ByButton, ticket.ByEmoji} {
				n := h.open(ticket.P2)
				h.do(n, test.setup...)
				a := h.gesture(n, ann, 5)
				a.By = by
				if _, err := test.do(a); err != nil {
					t.Errorf("%v", err)
				}
				once := h.find(n)
				h.enqueued()
				again, err := test.do(a)
				if err != nil {
					t.Errorf("%s by %s again: %v", name, by, err)
				}
				if diff := gocmp.Diff(once.Ticket, again.Ticket); diff != "" {
					t.Errorf("%s by %s again returns (-once +again):\n%s", name, by, diff)
				}
				if diff := gocmp.Diff(once, h.find(n)); diff != "" {
					t.Errorf("%s by %s again changes (-once +again):\n%s", name, by, diff)
				}
				if enqueued := h.enqueued(); len(enqueued) > 0 {
					t.Errorf("%s by %s again enqueues %v", name, by, enqueued)
				}
			}
		})
	}
}

func TestSameInputAfterOthers(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	n := h.open(ticket.P2)
	first := h.gesture(n, ann, 1)
	for _, step := range []gesture{
		func(*deskHarness, ticket.Number) (desk.Record, error) { return h.HandOver(t.Context(), first, bob, "") },
		handOver(bob, ann, "", 2),
		func(*deskHarness, ticket.Number) (desk.Record, error) { return h.HandOver(t.Context(), first, bob, "") },
	} {
		h.do(n, step)
	}
	if r := h.find(n); r.Ticket.Assignee != ann || len(r.Timeline) != 3 {
		t.Errorf("owner %s after %d entries, want Ann after 3", r.Ticket.Assignee, len(r.Timeline))
	}
	if seen := h.number(`SELECT count(*) FROM inputs WHERE key = $1`, first.Key); seen != 1 {
		t.Errorf("the key is kept %d times", seen)
	}
}

func TestEarlierGestureArrivesLater(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		arrive []gesture // in this order
		state  ticket.State
		owner  string
		void   []string // of the entries after opening, in the order they happened
	}{
		"the earlier claim wins":                 {[]gesture{eyes(bob, 5), eyes(ann, 2)}, ticket.StateClaimed, ann, []string{"", "conflict"}},
		"a claim before the solution":            {[]gesture{tick(ann, 30), eyes(ann, 10)}, ticket.StateResolved, ann, []string{"", ""}},
		"a solution before a claim":              {[]gesture{eyes(bob, 7), tick(ann, 5)}, ticket.StateResolved, "", []string{"", "conflict"}},
		"taken back before it was ticked":        {[]gesture{untick(ann, 31), tick(ann, 30)}, ticket.StateOpen, "", []string{"", ""}},
		"put back before it was claimed":         {[]gesture{noEyes(ann, 6), eyes(ann, 5)}, ticket.StateOpen, "", []string{"", ""}},
		"somebody else in between":               {[]gesture{eyes(ann, 2), eyes(bob, 8), noEyes(ann, 5)}, ticket.StateClaimed, bob, []string{"", "", ""}},
		"before it was opened, by another clock": {[]gesture{eyes(bob, 5), eyes(ann, -3)}, ticket.StateClaimed, ann, []string{"", "conflict"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			n := h.open(ticket.P2)
			for _, g := range test.arrive {
				if _, err := g(h, n); err != nil && ticket.CodeOf(err) != ticket.Conflict {
					t.Fatal(err)
				}
			}
			r := h.find(n)
			if r.Ticket.State != test.state || r.Ticket.Assignee != test.owner {
				t.Errorf("%s by %q, want %s by %q", r.Ticket.State, r.Ticket.Assignee, test.state, test.owner)
			}
			if diff := gocmp.Diff(test.void, h.voids(n)); diff != "" {
				t.Errorf("stored as void (-want +got):\n%s", diff)
			}
		})
	}
}

// A tick that was void because another stood before it counts once that other
// is known to have been taken back. Then its news is enqueued as well.
func TestGestureThatIsPossibleAfterAllIsTold(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	n := h.open(ticket.P2)
	h.do(n, tick(ann, 5), tick(bob, 7))
	h.enqueued()
	h.do(n, untick(ann, 6)) // arrives last
	r := h.find(n)
	if r.Ticket.State != ticket.StateResolved || r.Ticket.EndedBy != bob {
		t.Fatalf("%s by %s, want resolved by Bob", r.Ticket.State, r.Ticket.EndedBy)
	}
	told := map[desk.NoticeKind]string{}
	for _, notice := range h.enqueued() {
		if why := desk.Obsolete(notice, r, minutes(8)); why == "" {
			told[notice.Kind] = notice.Actor + notice.To
		}
	}
	want := map[desk.NoticeKind]string{desk.NoticeResolved: bob + rita, desk.NoticeAskSolution: bob}
	if diff := gocmp.Diff(want, told); diff != "" {
		t.Errorf("who is told (-want +got):\n%s", diff)
	}
}

// voids returns what is stored as void, which has to agree with the fold.
func (h *deskHarness) voids(n ticket.Number) []string {
	h.t.Helper()
	rows, err := h.conn.Query(h.t.Context(),
		`SELECT void FROM entries WHERE ticket = $1 AND kind <> 'opened' ORDER BY happened_at, id`, n)
	if err != nil {
		h.t.Fatal(err)
	}
	var voids []string
	for rows.Next() {
		var v string
		if err := rows.Scan(&v); err != nil {
			h.t.Fatal(err)
		}
		voids = append(voids, v)
	}
	if err := rows.Err(); err != nil {
		h.t.Fatal(err)
	}
	return voids
}

// A button names no time: it is pressed after all that its maker could see.
func TestGestureWithoutATime(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	n := h.open(ticket.P2)
	h.do(n, eyes(bob, 5))
	a := h.gesture(n, bob, 3) // our clock is behind Slack's
	a.At = time.Time{}
	if _, err := h.PutBack(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	r := h.find(n)
	if at := r.Timeline[2].HappenedAt; r.Ticket.State != ticket.StateOpen || !at.Equal(minutes(5)) {
		t.Errorf("%s at %v, want open, at the time of the claim", r.Ticket.State, at)
	}
}

// Who presses a button acts on what they see, however far Slack's clock, which
// says when it was pressed, is behind the one that says when a form was sent. An
// emoji happened when Slack says.
func TestButtonActsOnWhatIsSeen(t *testing.T) {
	t.Parallel()
	for by, cycle := range map[ticket.Gesture]int{ticket.ByButton: 2, ticket.ByEmoji: 1} {
		h := newHarness(t)
		n := h.open(ticket.P2)
		h.do(n, resolve(ann, ticket.SolvedByCode, "", 5))
		a := h.gesture(n, rita, 4.9)
		a.By = by
		_, err := h.Reopen(t.Context(), a)
		if r := h.find(n); r.Ticket.Cycle != cycle {
			t.Errorf("reopening by %s: %v, cycle %d, want %d", by, err, r.Ticket.Cycle, cycle)
		}
	}
}

// A reopening becomes void when it turns out that the solution had been taken
// back before.
func TestVoidReopeningLeavesNoCycle(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	n := h.open(ticket.P2)
	h.do(n, tick(ann, 1), reopen(rita, 3))
	if _, err := h.Sweep(t.Context(), minutes(150)); err != nil {
		t.Fatal(err)
	}
	const second = `SELECT (SELECT count(*) FROM cycles WHERE cycle = 2) + (SELECT count(*) FROM alerts WHERE cycle = 2)`
	if rows := h.number(second); rows < 2 {
		t.Fatalf("%d rows of the second cycle, want it and an alert", rows)
	}
	h.do(n, untick(ann, 2))
	if diff := gocmp.Diff([]string{"", "", "already so"}, h.voids(n)); diff != "" {
		t.Errorf("stored as void (-want +got):\n%s", diff)
	}
	if r := h.find(n); r.Ticket.Cycle != 1 || r.Ticket.State != ticket.StateOpen {
		t.Errorf("%s in cycle %d, want open in the first", r.Ticket.State, r.Ticket.Cycle)
	}
	if rows := h.number(second); rows != 0 {
		t.Errorf("%d rows of the second cycle are left", rows)
	}
}

// What a ticket comes to depends on what happened, not on the order in which it
// became known.
func TestOrderOfArrivalDoesNotMatter(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	rapid.Check(t, func(rt *rapid.T) {
		gestures := make([]gesture, rapid.IntRange(2, 7).Draw(rt, "gestures"))
		for i := range gestures {
			of := rapid.SampledFrom([]func(string, float64) gesture{eyes, noEyes, tick, untick}).Draw(rt, "gesture")
			gestures[i] = of(rapid.SampledFrom([]string{ann, bob}).Draw(rt, "who"), float64(i+1))
		}
		want := h.arrive(gestures)
		shuffled := append([]gesture(nil), gestures...)
		rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "order"), 0)).
			Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		got := h.arrive(shuffled)
		ignored := cmpopts.IgnoreFields(ticket.Ticket{}, "Number")
		if diff := gocmp.Diff(want.Ticket, got.Ticket, ignored); diff != "" {
			rt.Errorf("ticket (-in order +shuffled):\n%s", diff)
		}
		if diff := gocmp.Diff(want.Outcomes(), got.Outcomes()); diff != "" {
			rt.Errorf("outcomes (-in order +shuffled):\n%s", diff)
		}
		if diff := gocmp.Diff(h.voids(want.Ticket.Number), h.voids(got.Ticket.Number)); diff != "" {
			rt.Errorf("voids (-in order +shuffled):\n%s", diff)
		}
	})
}

// arrive opens a ticket and makes gestures, whether they are possible or not.
func (h *deskHarness) arrive(gestures []gesture) desk.Record {
	h.t.Helper()
	n := h.open(ticket.P2)
	for _, g := range gestures {
		if _, err := g(h, n); err != nil && ticket.CodeOf(err) != ticket.Conflict {
			h.t.Fatal(err)
		}
	}
	return h.find(n)
}

func TestTwoClaimsAtOnce(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for range 10 {
		n := h.open(ticket.P2)
		errs := h.atOnce(n, claim(ann, 1), claim(bob, 1))
		won, lost := errs[0], errs[1]
		winner := ann
		if won != nil {
			won, lost, winner = lost, won, bob
		}
		if won != nil || ticket.CodeOf(lost) != ticket.Conflict {
			t.Fatalf("claims end with %v", errs)
		}
		if r := h.find(n); r.Ticket.Assignee != winner || len(r.Timeline) != 2 {
			t.Errorf("owner %s after %d entries, want %s after 2", r.Ticket.Assignee, len(r.Timeline), winner)
		}
	}
}

func TestNoReplyIsLost(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	n := h.open(ticket.P2)
	for _, err := range h.atOnce(n, reply(ann, 1), reply(bob, 1), reply(olga, 1), reply(rita, 1), claim(ann, 1), reply(bob, 2)) {
		if err != nil {
			t.Error(err)
		}
	}
	r := h.find(n)
	if r.Ticket.Replies != 5 || len(r.Timeline) != 7 || r.Version != 7 || r.Ticket.Assignee != ann {
		t.Errorf("%d replies, %d entries, version %d, owner %q; want 5, 7, 7 and Ann",
			r.Ticket.Replies, len(r.Timeline), r.Version, r.Ticket.Assignee)
	}
}

// As many at one ticket as there are workers: nobody is told to try again.
func TestCrowdAtOneTicket(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	n := h.open(ticket.P2)
	crowd := slices.Repeat([]gesture{reply(ann, 1), reply(bob, 1), reply(olga, 1), reply(rita, 1)}, 4)
	for _, err := range h.atOnce(n, crowd...) {
		if err != nil {
			t.Error(err)
		}
	}
	if got := h.find(n).Ticket.Replies; got != len(crowd) {
		t.Errorf("%d replies, want %d", got, len(crowd))
	}
}

// Nor is whoever sends their form again with another priority, while others write.
func TestAFormSentAgainIntoACrowd(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	f := h.newTicket(ticket.P2)
	r, err := h.Open(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	f.Priority = ticket.P3
	again := func(h *deskHarness, _ ticket.Number) (desk.Record, error) { return h.Open(t.Context(), f) }
	for _, err := range h.atOnce(r.Ticket.Number, append(slices.Repeat([]gesture{reply(ann, 1), reply(bob, 1)}, 6), again)...) {
		if err != nil {
			t.Error(err)
		}
	}
	if got := h.find(r.Ticket.Number).Ticket; got.Priority != ticket.P3 || got.Replies != 12 {
		t.Errorf("%s with %d replies", got.Priority, got.Replies)
	}
}

// atOnce makes gestures at the same time and returns what each came to.
func (h *deskHarness) atOnce(n ticket.Number, gestures ...gesture) []error {
	errs := make([]error, len(gestures))
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i, g := range gestures {
		wg.Go(func() {
			<-start
			_, errs[i] = g(h, n)
		})
	}
	close(start)
	wg.Wait()
	return errs
}

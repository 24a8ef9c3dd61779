package desk_test

import (
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// byCategory promises to Billing what promise does, less time to Access, and
// nothing to Gardening.
var byCategory = sla.Policy{Targets: promise.Targets, Categories: map[string]sla.Targets{
	"Access": {
		1: promise.Targets[1],
		2: {Resolve: 2 * time.Hour, Respond: 30 * time.Minute, WarnAt: 0.5},
		3: promise.Targets[3],
	},
	"Gardening": {},
}}

func newOfficeByCategory(t *testing.T) *deskHarness {
	t.Helper()
	h := newHarness(t)
	h.adopt(byCategory)
	return h
}

// adopt makes a policy the one of what happens from now on.
func (h *deskHarness) adopt(p sla.Policy) {
	h.t.Helper()
	var err error
	if h.policies, err = h.db.AdoptPolicy(h.t.Context(), p, nine); err != nil {
		h.t.Fatal(err)
	}
	h.Desk = desk.New(h.db, everybody, h.policies, append(categories, "Gardening", "Data"))
}

// openIn files a P2 in a category at nine.
func (h *deskHarness) openIn(category string) ticket.Number {
	h.t.Helper()
	f := h.newTicket(ticket.P2)
	f.Category = category
	r, err := h.Open(h.t.Context(), f)
	if err != nil {
		h.t.Fatal(err)
	}
	return r.Ticket.Number
}

// move puts a ticket into another category.
func move(category string, m float64) gesture {
	return func(h *deskHarness, n ticket.Number) (desk.Record, error) {
		return h.Edit(h.t.Context(), h.gesture(n, rita, m), desk.Content{Title: "Cards fail: " + category, Text: "In the US.", Category: category})
	}
}

func TestPromiseOfACategory(t *testing.T) {
	t.Parallel()
	h := newOfficeByCategory(t)
	for _, test := range []struct {
		name     string
		category string
		gestures []gesture
		due      float64 // minutes after nine; negative for never
		promise  int
	}{
		{"the general one", "Billing", nil, 180, 0},
		{"its own", "Access", nil, 120, 0},
		{"none", "Gardening", nil, -1, 0},
		{"moved where the same is promised", "Billing", []gesture{move("Data", 60)}, 180, 0},
		{"moved where less time is", "Billing", []gesture{move("Access", 30)}, 150, 1},
		{"moved where less time is, late", "Billing", []gesture{move("Access", 90)}, 180, 0},
		{"moved where more time is", "Access", []gesture{move("Billing", 60)}, 180, 1},
		{"moved when late already", "Access", []gesture{move("Billing", 121)}, 120, 0},
		{"moved where nothing is", "Access", []gesture{move("Gardening", 60)}, -1, 1},
		{"moved from where nothing was", "Gardening", []gesture{move("Billing", 600)}, 780, 1},
		{"moved after its end", "Access", []gesture{tick(ann, 10), move("Billing", 60)}, 120, 0},
		{"moved, then raised", "Billing", []gesture{move("Access", 10), reprioritise(ann, ticket.P1, "", 20)}, 80, 2},
		{"moved after its end, then reopened", "Billing", []gesture{tick(ann, 10), move("Access", 60), reopen(rita, 70)}, 190, 0},
		{"only its title is edited", "Access", []gesture{edit(rita, "Other title", 50)}, 120, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			n := h.openIn(test.category)
			h.do(n, test.gestures...)
			r := h.find(n)
			want := time.Time{}
			if test.due >= 0 {
				want = minutes(test.due)
			}
			if c := r.Clock(sla.Resolve); !c.DueAt.Equal(want) || c.Promise != test.promise {
				t.Errorf("due %v by promise %d, want %v by %d", c.DueAt, c.Promise, want, test.promise)
			}
			if stored := h.number(`SELECT coalesce(extract(epoch FROM resolve_due_at)::bigint, -1) FROM tickets WHERE number = $1`, n); test.due < 0 && stored != -1 || test.due >= 0 && stored != want.Unix() {
				t.Errorf("%d is stored", stored)
			}
		})
	}
}

// What holds by an older policy is kept by an edit that moves nothing.
func TestEditKeepsAnOldPromise(t *testing.T) {
	t.Parallel()
	h := newOfficeByCategory(t)
	n := h.openIn("Billing")
	h.adopt(sla.Policy{Targets: sla.Targets{2: {Resolve: time.Hour, Respond: time.Minute, WarnAt: 0.5}}})
	h.do(n, move("Billing", 5))
	if c := h.find(n).Clock(sla.Resolve); !c.DueAt.Equal(minutes(180)) || c.Promise != 0 {
		t.Errorf("due %v by promise %d", c.DueAt, c.Promise)
	}
}

// Without a target nothing is told, counted or listed as due.
func TestNothingPromised(t *testing.T) {
	t.Parallel()
	h := newOfficeByCategory(t)
	n := h.openIn("Gardening")
	h.enqueued()
	if looked, err := h.Sweep(t.Context(), minutes(1e6)); looked != 0 || err != nil {
		t.Errorf("the sweep looked at %d: %v", looked, err)
	}
	list, err := h.List(t.Context(), ann, desk.Filter{})
	if err != nil || list.Total != 1 || !list.Tickets[0].DueAt.IsZero() {
		t.Errorf("listed as %+v, %v", list.Tickets, err)
	}
	h.do(n, claim(ann, 1e4), tick(ann, 2e4))
	outcome := h.find(n).Outcomes()[0]
	outcome.StartedAt, outcome.RespondedAt, outcome.EndedAt = time.Time{}, time.Time{}, time.Time{}
	want := desk.Outcome{Cycle: 1, Priority: ticket.P2, Category: "Gardening", Resolved: true}
	if diff := gocmp.Diff(want, outcome); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if counted := h.number(`SELECT count(*) FROM cycles WHERE resolve_due_at IS NOT NULL OR respond_due_at IS NOT NULL`); counted != 0 {
		t.Errorf("%d cycles have a deadline", counted)
	}
}

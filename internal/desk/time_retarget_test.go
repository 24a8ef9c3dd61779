package desk_test

import (
	"sync"
	"testing"
	"time"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// resolving is the usual policy, but for the time to solve a P2.
func resolving(within time.Duration) sla.Policy {
	targets := sla.Targets{1: promise.Targets[1], 2: promise.Targets[2], 3: promise.Targets[3]}
	p2 := targets[2]
	p2.Resolve = within
	targets[2] = p2
	return sla.Policy{Targets: targets}
}

// retarget brings all tickets to another policy, m minutes after nine.
func (h *deskHarness) retarget(p sla.Policy, m float64) {
	h.t.Helper()
	h.adopt(p)
	for n := desk.SweepBatch; n == desk.SweepBatch; {
		var err error
		if n, err = h.Retarget(h.t.Context(), minutes(m)); err != nil {
			h.t.Fatal(err)
		}
	}
}

func TestRetarget(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		priority ticket.Priority
		gestures []gesture
		policy   sla.Policy
		due      float64 // minutes after nine
		entries  int64   // that say so
	}{
		{"less time", ticket.P2, nil, resolving(time.Hour), 90, 1},
		{"less time, but nearer than the old deadline already", ticket.P2, nil, resolving(170 * time.Minute), 180, 1},
		{"more time: what was spent counts", ticket.P2, []gesture{claim(ann, 5)}, resolving(5 * time.Hour), 300, 1},
		{"another priority's target", ticket.P1, nil, resolving(5 * time.Hour), 60, 0},
		{"the same again", ticket.P2, nil, resolving(3 * time.Hour), 180, 0},
		{"ended", ticket.P2, []gesture{tick(ann, 10)}, resolving(time.Hour), 180, 0},
		{"raised since", ticket.P2, []gesture{reprioritise(ann, ticket.P1, "", 10)}, resolving(time.Hour), 70, 0},
		{"nothing promised from here on", ticket.P2, nil, sla.Policy{Targets: sla.Targets{}, Categories: map[string]sla.Targets{"Billing": {}}}, -1, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			n := h.open(test.priority)
			h.do(n, test.gestures...)
			before := h.find(n).Clock(sla.Resolve).Promise
			h.retarget(test.policy, 30)
			c := h.find(n).Clock(sla.Resolve)
			want := time.Time{}
			if test.due > 0 {
				want = minutes(test.due)
			}
			if !c.DueAt.Equal(want) || c.Promise != before {
				t.Errorf("due %v by promise %d, want %v by %d", c.DueAt, c.Promise, want, before)
			}
			if said := h.number(`SELECT count(*) FROM entries WHERE kind = 'retargeted' AND (details->'policy')::int = $1`, h.policies.Current()); said != test.entries {
				t.Errorf("%d entries say so, want %d", said, test.entries)
			}
			if outdated, err := h.policies.Refresh(t.Context()); outdated || err != nil {
				t.Errorf("outdated %t, %v", outdated, err)
			}
		})
	}
}

// What was told stays told, a lateness stays, and nobody is told of the change.
func TestRetargetRepeatsNothing(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	warned, late := h.open(ticket.P2), h.open(ticket.P1)
	h.sweep(140)
	h.enqueued()
	h.retarget(resolving(4*time.Hour), 150)
	h.retarget(sla.Policy{Targets: sla.Targets{1: promise.Targets[3], 2: resolving(4 * time.Hour).Targets[2]}}, 151)
	if enqueued := h.enqueued(); len(enqueued) != 0 {
		t.Errorf("enqueued: %+v", enqueued)
	}
	h.sweep(239)
	if enqueued := h.enqueued(); len(enqueued) != 0 {
		t.Errorf("told before the new deadline: %+v", enqueued)
	}
	h.sweep(241)
	enqueued := h.enqueued()
	if len(enqueued) != 2 || enqueued[0].Ticket != warned || enqueued[0].Alert.Step != sla.Late || enqueued[1].Kind != desk.NoticeDelayed {
		t.Errorf("told after the new deadline: %+v", enqueued)
	}
	if c := h.find(late).Clock(sla.Resolve); !c.DueAt.Equal(minutes(60)) || !c.Late(minutes(100)) {
		t.Errorf("the lateness is gone: due %v", c.DueAt)
	}
}

// Many tickets, many copies: each ticket says it once.
func TestRetargetByManyCopies(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	const tickets = desk.SweepBatch + 30
	for range tickets {
		h.open(ticket.P2)
	}
	h.adopt(resolving(time.Hour))
	var all sync.WaitGroup
	for range 3 {
		db := h.connect()
		policies, err := db.AdoptPolicy(t.Context(), resolving(time.Hour), nine)
		if err != nil {
			t.Fatal(err)
		}
		copied := desk.New(db, everybody, policies, categories)
		all.Go(func() {
			for n := desk.SweepBatch; n == desk.SweepBatch; {
				if n, err = copied.Retarget(t.Context(), minutes(30)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	h.retarget(resolving(time.Hour), 31) // what one copy held, another has passed over
	if said := h.number(`SELECT count(*) FROM entries WHERE kind = 'retargeted'`); said != tickets {
		t.Errorf("%d entries, want %d", said, tickets)
	}
}

// A copy that has not heard yet makes old promises; they are found.
func TestOldPromisesMadeLate(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	old, policies := h.Desk, h.policies
	h.adopt(resolving(time.Hour))
	r, err := old.Open(t.Context(), h.newTicket(ticket.P2))
	if err != nil {
		t.Fatal(err)
	}
	if outdated, err := policies.Refresh(t.Context()); !outdated || err != nil || policies.Current() != h.policies.Current() {
		t.Fatalf("outdated %t, %v, current %d, want %d", outdated, err, policies.Current(), h.policies.Current())
	}
	h.retarget(resolving(time.Hour), 10)
	if due := h.find(r.Ticket.Number).Clock(sla.Resolve).DueAt; !due.Equal(minutes(70)) {
		t.Errorf("due %v", due)
	}
}

// The priority alone says in which direction the deadline may move.
func TestTheDirectionIsThatOfThePriority(t *testing.T) {
	t.Parallel()
	upsideDown := sla.Policy{Targets: sla.Targets{1: promise.Targets[3], 2: promise.Targets[2], 3: promise.Targets[1]}}
	for _, test := range []struct {
		name     string
		from, to ticket.Priority
	}{
		{"lowered to what is solved sooner", ticket.P2, ticket.P3},
		{"raised to what is solved later", ticket.P2, ticket.P1},
	} {
		h := newHarnessWith(t, upsideDown)
		n := h.open(test.from)
		h.do(n, reprioritise(ann, test.to, "It is.", 10))
		if c := h.find(n).Clock(sla.Resolve); !c.DueAt.Equal(minutes(180)) {
			t.Errorf("%s: due %s", test.name, c.DueAt)
		}
	}
}

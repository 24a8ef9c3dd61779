package desk_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"supporty/internal/desk"
	"supporty/internal/duty"
	"supporty/internal/ticket"
)

// looking is a harness whose directory, members and requests for people look around before they answer.
func looking(t *testing.T, look func(h *deskHarness, ctx context.Context, who string)) *deskHarness {
	t.Helper()
	h := newHarness(t)
	h.Desk = desk.New(h.db, asking{everybody, func(ctx context.Context, who string) { look(h, ctx, who) }}, h.policies, categories).Offering(desk.Offers{
		Categories: map[string]desk.Offering{
			"Billing": {Squad: "Checkout", Assign: desk.AssignLeastLoaded, For: time.Hour},
			"Access":  {Squad: "Doors", Assign: desk.AssignDuty, For: time.Hour, Gardeners: []string{olga}},
		},
		Requesters: map[string]string{rita: zoe},
		Members: func(ctx context.Context, squad string) ([]string, error) {
			look(h, ctx, squad)
			return []string{gus, bob, ann}, nil
		},
	})
	h.Desk = h.OnDuty(duty.Roster{{Name: "Doors", Categories: []string{"Access"}, Rota: turns(bob, ann)[0].Rota}}, desk.RosterMark{})
	return h
}

// asking is a directory that tells of whom it is asked.
type asking struct {
	desk.People
	look func(ctx context.Context, who string)
}

func (a asking) Person(ctx context.Context, id string) (desk.Person, error) {
	a.look(ctx, id)
	return a.People.Person(ctx, id)
}

// locked is how many tickets a sweep has locked.
func (h *deskHarness) locked() int64 {
	h.t.Helper()
	return h.number(`SELECT (SELECT count(*) FROM tickets) - count(*) FROM (SELECT FROM tickets FOR UPDATE SKIP LOCKED) AS free`)
}

// Whom a ticket can be offered to is looked up before anything is locked: that can mean to ask Slack, and
// whoever waits too long with locked tickets loses all of them.
func TestNothingIsLockedWhileOffersAreLookedUp(t *testing.T) {
	t.Parallel()
	looked := map[string]bool{}
	h := looking(t, func(h *deskHarness, _ context.Context, who string) {
		if looked[who] = true; h.locked() != 0 {
			t.Errorf("%s is looked up while tickets are locked", who)
		}
	})
	h.open(ticket.P2)
	moved := h.newTicket(ticket.P2)
	moved.Category = "Access"
	if _, err := h.Open(t.Context(), moved); err != nil {
		t.Fatal(err)
	}
	clear(looked)
	h.enqueued()
	h.sweep(0)
	if got := strings.Fields(h.offered()); len(got) != 2 || !slices.Contains(got, bob) {
		t.Errorf("offered to %v", got)
	}
	for _, who := range []string{"Checkout", gus, bob, ann, zoe} {
		if !looked[who] {
			t.Errorf("%s is not looked up", who)
		}
	}
}

// What nobody looked up before is asked for within a bounded time while tickets are locked.
func TestLookingUpIsBoundedWhileTicketsAreLocked(t *testing.T) {
	t.Parallel()
	unmet := 0
	h := newHarnessWith(t, laddered(t))
	h.Desk = desk.New(h.db, asking{everybody, func(ctx context.Context, who string) {
		if h.locked() == 0 {
			return
		}
		unmet++
		if until, bounded := ctx.Deadline(); !bounded || time.Until(until) > 2*time.Second {
			t.Errorf("%s is looked up until %v", who, until)
		}
	}}, h.policies, categories)
	h.climbing(turns(ann, bob), usualLadder)
	h.open(ticket.P1)
	h.sweep(0)
	if unmet == 0 {
		t.Error("nobody is looked up while tickets are locked: the test says nothing")
	}
}

// While the people of a squad cannot be looked up, everything else is told, and the offer waits.
func TestAnOfferThatFailsHoldsUpNothing(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.offering(desk.AssignRoundRobin, bob)
	working := h.Desk
	h.Desk = h.Offering(desk.Offers{
		Categories: map[string]desk.Offering{"Billing": {Squad: "Checkout", Assign: desk.AssignRoundRobin, For: time.Hour}},
		Members:    func(context.Context, string) ([]string, error) { return nil, errors.New("no answer") },
	})
	n := h.open(ticket.P1)
	h.enqueued()
	if _, err := h.Sweep(t.Context(), minutes(15)); err == nil {
		t.Error("that nobody can be looked up is not reported")
	}
	if got := h.alerts(); got != "1/respond/0/late" {
		t.Errorf("told %q", got)
	}
	if next := h.next(n); next.After(minutes(15)) {
		t.Errorf("the offer waits until %v", next)
	}
	h.Desk = working
	h.enqueued()
	h.sweep(16)
	if got := h.offered(); got != bob {
		t.Errorf("then it is offered to %q", got)
	}
}

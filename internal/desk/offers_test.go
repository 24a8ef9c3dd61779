package desk_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"supporty/internal/desk"
	"supporty/internal/duty"
	"supporty/internal/ticket"
)

// offering has the tickets of Billing offered, for half an hour of open time.
func (h *deskHarness) offering(assign desk.Assign, members ...string) {
	h.Desk = h.Offering(desk.Offers{
		Categories: map[string]desk.Offering{"Billing": {Squad: "Checkout", Assign: assign, For: 30 * time.Minute}, "Access": {For: time.Hour}},
		Members:    func(context.Context, string) ([]string, error) { return members, nil },
	})
}

// offered are those to whom tickets were offered, in order.
func (h *deskHarness) offered() string {
	h.t.Helper()
	var people []string
	for _, n := range h.enqueued() {
		if n.Kind == desk.NoticeOffered {
			people = append(people, n.To)
		}
	}
	return strings.Join(people, " ")
}

func passOn(who string, m float64) gesture {
	return func(h *deskHarness, n ticket.Number) (desk.Record, error) {
		return h.PassOn(h.t.Context(), h.gesture(n, who, m))
	}
}

// Nobody is asked who is away, has left, is a bot, may not take the ticket or asks for it; and nobody twice,
// by whichever copy. Who is not asked, or not any more, cannot pass on.
func TestOffers(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.offering(desk.AssignRoundRobin, zoe, gus, beep, olga, rita, bob, ann)
	n := h.open(ticket.P2)
	other := h.Desk
	h.enqueued()
	h.sweep(0)
	other.Sweep(t.Context(), minutes(0)) //nolint:errcheck // another copy
	if got := h.offered(); got != bob {
		t.Fatalf("offered to %q", got)
	}
	if _, err := passOn(ann, 1)(h, n); ticket.CodeOf(err) != ticket.Conflict {
		t.Errorf("who was not asked passes it on: %v", err)
	}
	h.do(n, passOn(bob, 1))
	if got := h.offered(); got != ann {
		t.Errorf("passed on to %q", got)
	}
	if _, err := passOn(bob, 1)(h, n); ticket.CodeOf(err) != ticket.Conflict {
		t.Errorf("it is passed on twice: %v", err)
	}
	h.do(n, passOn(ann, 2))
	h.sweep(31)
	if got := h.offered(); got != "" {
		t.Errorf("then it is offered to %q", got)
	}
	if entries := h.find(n).Timeline; len(entries) != 1 {
		t.Errorf("the timeline knows who passed: %+v", entries)
	}
}

// A claim ends an offer for good, also if the ticket is put back. Reopened, it is new.
func TestAnOfferThatEnds(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.offering(desk.AssignLeastLoaded, bob, ann)
	n := h.open(ticket.P2)
	h.sweep(0)
	h.do(n, claim(ann, 1), putBack(ann, 2))
	h.enqueued()
	if _, err := passOn(bob, 3)(h, n); ticket.CodeOf(err) != ticket.Conflict {
		t.Errorf("passed on after a claim: %v", err)
	}
	h.do(n, tick(rita, 4), reopen(rita, 5))
	h.sweep(5)
	if got := h.offered(); got != ann { // of the two Bob was asked last
		t.Errorf("reopened, it is offered to %q", got)
	}
}

// Another squad's tickets are offered to its people, from then on; what nobody was asked for in time is
// offered to nobody.
func TestAnOfferOfAnotherSquad(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.offering(desk.AssignRoundRobin, bob)
	moved := h.newTicket(ticket.P2)
	moved.Category = "Access"
	r, err := h.Open(t.Context(), moved)
	if err != nil {
		t.Fatal(err)
	}
	h.sweep(0)
	if got := h.offered(); got != "" {
		t.Errorf("without a setting it is offered to %q", got)
	}
	h.do(r.Ticket.Number, func(h *deskHarness, n ticket.Number) (desk.Record, error) {
		return h.Edit(t.Context(), h.gesture(n, rita, 90), desk.Content{Title: "Cards fail", Text: "In the US.", Category: "Billing"})
	})
	h.sweep(91)
	if got := h.offered(); got != bob {
		t.Errorf("in its new squad it is offered to %q", got)
	}
	h.open(ticket.P2)
	h.sweep(31)
	if got := h.offered(); got != "" {
		t.Errorf("after half an hour without the bot it is offered to %q", got)
	}
}

// With a rota it is offered to who is on duty, and then to who is next. Several at once go to several people.
func TestOffersInTurn(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.offering(desk.AssignDuty)
	h.Desk = h.OnDuty(duty.Roster{{Name: "Checkout", Categories: []string{"Billing"}, Rota: turns(ann, bob)[0].Rota}}, desk.RosterMark{})
	n := h.open(ticket.P2)
	h.sweep(0)
	h.do(n, passOn(ann, 1))
	if got := h.offered(); got != "UANN UBOB" {
		t.Errorf("offered to %q", got)
	}
	h.offering(desk.AssignLeastLoaded, ann, bob)
	h.open(ticket.P2)
	h.open(ticket.P2)
	h.sweep(1)
	if got := strings.Fields(h.offered()); len(got) != 2 || got[0] == got[1] || !slices.Contains(got, ann) {
		t.Errorf("two at once are offered to %v", got)
	}
}

// Whatever is done, by whichever copy: a ticket is offered to one person at a time, to nobody twice, to nobody once
// somebody has it, and the timeline knows nothing of it.
func TestOfferProperties(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	copies := []*desk.Desk{}
	for range 2 {
		h.Desk = desk.New(h.connect(), everybody, h.policies, categories).Remembering()
		h.offering(desk.AssignRoundRobin, ann, bob, zoe)
		copies = append(copies, h.Desk)
	}
	rapid.Check(t, func(rt *rapid.T) {
		h.exec(`UPDATE tickets SET next_at = NULL, category = ''`)
		n := h.open(ticket.P2)
		for m := range rapid.IntRange(1, 8).Draw(rt, "acts") {
			h.Desk = copies[rapid.IntRange(0, 1).Draw(rt, "copy")]
			at := float64(m * rapid.IntRange(1, 9).Draw(rt, "minutes"))
			who := rapid.SampledFrom([]string{ann, bob}).Draw(rt, "who")
			act := rapid.SampledFrom([]gesture{passOn(who, at), passOn(who, at), claim(who, at), putBack(who, at), swept(at), swept(at), tick(who, at), reply(rita, at)}).Draw(rt, "act")
			if _, err := act(h, n); err != nil && ticket.CodeOf(err) == "" {
				rt.Fatal(err)
			}
			r, standing, asked := h.find(n), 0, map[string]int{}
			for _, p := range r.Posted {
				if p.Kind != desk.NoticeOffered || p.Cycle != r.Ticket.Cycle {
					continue
				}
				if asked[p.To]++; asked[p.To] > 1 {
					rt.Fatalf("%s is asked twice", p.To)
				}
				if r.Pressable(desk.Notice{Kind: p.Kind, To: p.To, NoticeDetails: p.NoticeDetails}) {
					standing++
				}
			}
			if standing > 1 || standing == 1 && r.Ticket.Owned() || asked[zoe] > 0 {
				rt.Fatalf("%d offers stand, of %v; the ticket is %s", standing, asked, r.Ticket.State)
			}
		}
	})
}

// A private ticket is offered to those alone who may read it.
func TestOffersOfPrivateTickets(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	people := staff{}
	for id, p := range everybody {
		if id == bob {
			p.Entrusted = []string{"Billing"}
		}
		people[id] = p
	}
	h.Desk = desk.New(h.db, people, h.policies, categories).KeepingPrivate([]string{"Billing"})
	h.offering(desk.AssignRoundRobin, ann, bob)
	n := h.open(ticket.P2)
	h.sweep(0)
	h.do(n, passOn(bob, 1))
	h.sweep(2)
	if got := h.offered(); got != bob {
		t.Errorf("offered to %q", got)
	}
}

// While the desk is closed nobody is disturbed by what somebody else passes on: it waits for the desk to open.
func TestPassedOnWhileTheDeskIsClosed(t *testing.T) {
	t.Parallel()
	h := newHarnessWith(t, laddered(t)) // it is open on Tuesdays from ten to twelve
	h.Desk = h.Offering(desk.Offers{Categories: map[string]desk.Offering{
		"Billing": {Squad: "Checkout", Assign: desk.AssignDuty, For: 3 * time.Hour},
	}})
	h.Desk = h.OnDuty(duty.Roster{{Name: "Checkout", Categories: []string{"Billing"}, Rota: turns(bob, ann)[0].Rota}}, desk.RosterMark{})
	h.open(ticket.P3)
	const ten, nextTen = 25 * 60, (25 + 7*24) * 60
	h.sweep(0)
	if got := h.offered(); got != "" {
		t.Fatalf("while the desk is closed it is offered to %q", got)
	}
	h.sweep(ten)
	if got := h.offered(); got != ann {
		t.Fatalf("offered to %q", got)
	}
	h.do(1, passOn(ann, ten+150))
	var told []desk.Notice
	for _, n := range h.enqueued() {
		if n.Kind == desk.NoticeOffered {
			told = append(told, n)
		}
	}
	if len(told) != 1 || told[0].To != bob || !told[0].DueAt.Equal(minutes(nextTen)) {
		t.Errorf("passed on at half past twelve: %+v", told)
	}
}

package desk_test

import (
	"maps"
	"testing"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// drilling is a harness whose squad Checkout, with the category Billing, has a ladder; Bob leads it.
func drilling(t *testing.T) *deskHarness {
	t.Helper()
	h := newHarnessWith(t, sla.Policy{Targets: promise.Targets, Ladder: []string{"Billing"}})
	people := maps.Clone(everybody)
	people[bob] = desk.Person{ID: bob, Name: "Bob", Member: true, Responder: true, Leads: []string{"Checkout"}}
	h.Desk = desk.New(h.db, people, h.policies, append(categories, "Security")).
		Owning(map[string][]string{"Checkout": {"Billing", "Security"}, "Doors": {"Access"}}).KeepingPrivate([]string{"Security"})
	h.climbing(turns(ann, bob), usualLadder)
	return h
}

func (h *deskHarness) drill(m float64) (ticket.Number, error) {
	r, err := h.StartDrill(h.t.Context(), "Checkout", bob, h.key(), minutes(m))
	return r.Ticket.Number, err
}

// A real P1 ends the drill of its squad, however it came to be one, also if the copy that filed it ended
// right then. Nothing tells why: the P1 may be private.
func TestARealP1EndsADrill(t *testing.T) {
	t.Parallel()
	file := func(h *deskHarness, category string, p ticket.Priority) ticket.Number {
		filed := h.newTicket(p)
		filed.Category, filed.At, filed.Now = category, minutes(1), minutes(1)
		r, err := h.Open(h.t.Context(), filed)
		if err != nil {
			h.t.Fatal(err)
		}
		return r.Ticket.Number
	}
	for name, come := range map[string]func(h *deskHarness){
		"opened":  func(h *deskHarness) { file(h, "Billing", ticket.P1) },
		"private": func(h *deskHarness) { file(h, "Security", ticket.P1) },
		"raised": func(h *deskHarness) {
			h.do(file(h, "Billing", ticket.P2), reprioritise(ann, ticket.P1, "", 2))
		},
		"moved": func(h *deskHarness) {
			n := file(h, "Access", ticket.P1)
			content := desk.Content{Title: "Cards fail", Text: "In the US.", Category: "Billing"}
			if _, err := h.Edit(h.t.Context(), h.gesture(n, rita, 2), content); err != nil {
				h.t.Fatal(err)
			}
		},
		"opened by a copy that ended": func(h *deskHarness) {
			whole := h.Desk
			h.Desk = desk.New(h.db, everybody, h.policies, categories)
			h.open(ticket.P1)
			h.Desk = whole
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := drilling(t)
			n, err := h.drill(0)
			if err != nil {
				t.Fatal(err)
			}
			come(h)
			h.sweep(3)
			r := h.find(n)
			if r.Ticket.State != ticket.StateClosed {
				t.Fatalf("the drill is %s", r.Ticket.State)
			}
			if note := r.Timeline[len(r.Timeline)-1].Note; note != "" {
				t.Errorf("it says why: %q", note)
			}
			_, err = h.drill(4)
			if got := ticket.CodeOf(err); got != ticket.Conflict || err.Error() != "conflict: This is no time for a drill of Checkout." {
				t.Errorf("another begins: %v", err)
			}
		})
	}
}

// A P1 of another squad, a P2, and one that has ended leave a drill alone.
func TestADrillGoesOnBesideOthers(t *testing.T) {
	t.Parallel()
	h := drilling(t)
	h.do(h.open(ticket.P1), tick(ann, 0))
	h.open(ticket.P2)
	other := h.newTicket(ticket.P1)
	other.Category = "Access"
	if _, err := h.Open(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	n, err := h.drill(1)
	if err != nil {
		t.Fatal(err)
	}
	h.sweep(20)
	if r := h.find(n); r.Ticket.State.Ended() {
		t.Errorf("the drill is %s", r.Ticket.State)
	}
}

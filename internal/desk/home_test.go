package desk_test

import (
	"testing"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// Who has more tickets than are looked at for what needs them now turns through all of them, with
// a filter as well.
func TestPagesOfManyOwnedTickets(t *testing.T) {
	t.Parallel()
	const own, access, late = 225, 12, 3
	h := newHarness(t)
	for i := range own {
		f := h.newTicket(ticket.P3)
		switch {
		case i < late:
			f.Priority = ticket.P2
		case i >= own-access:
			f.Category = "Access" // the last ones by their targets
		}
		r, err := h.Open(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		h.do(r.Ticket.Number, claim(bob, 1))
	}
	for name, test := range map[string]struct {
		choice desk.HomeChoice
		total  int
	}{
		"all":      {desk.HomeChoice{}, own - late},
		"filtered": {desk.HomeChoice{Category: "Access"}, access},
	} {
		if err := h.ChooseHome(t.Context(), bob, func(desk.HomeChoice) desk.HomeChoice { return test.choice }); err != nil {
			t.Fatal(err)
		}
		seen := map[ticket.Number]bool{}
		for from := 0; from < test.total; from += desk.ShelfPage {
			if err := h.ChooseHome(t.Context(), bob, func(c desk.HomeChoice) desk.HomeChoice { return c.Turned(desk.ShelfMine, from) }); err != nil {
				t.Fatal(err)
			}
			home, err := h.Home(t.Context(), bob, minutes(170))
			if err != nil {
				t.Fatal(err)
			}
			mine := home.Shelf(desk.ShelfMine)
			if mine.From != from || mine.Total != test.total || len(mine.Rows) != min(desk.ShelfPage, test.total-from) {
				t.Fatalf("%s from %d: %d rows from %d of %d", name, from, len(mine.Rows), mine.From, mine.Total)
			}
			for _, r := range mine.Rows {
				seen[r.Ticket.Number] = true
			}
			if needs := home.Shelf(desk.ShelfNeedsMe); needs.Total != late {
				t.Errorf("%s from %d: %d need him now", name, from, needs.Total)
			}
		}
		if len(seen) != test.total {
			t.Errorf("%s: %d tickets on all pages, want %d", name, len(seen), test.total)
		}
	}
}

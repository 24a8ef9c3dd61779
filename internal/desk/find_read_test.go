package desk_test

import (
	"slices"
	"testing"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// The support channel sees all tickets; everybody else what they asked for. Whoever
// may not see a ticket may not follow it either.
func TestWhoMayRead(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	n := h.open(ticket.P2)
	for who, may := range map[string]bool{rita: true, ann: true, olga: false, beep: false, "": false} {
		t.Run(who, func(t *testing.T) {
			_, found := h.Read(t.Context(), n, who)
			_, explained := h.Why(t.Context(), n, who, nine)
			for what, err := range map[string]error{"read": found, "why": explained} {
				if may != (err == nil) || !may && ticket.CodeOf(err) != ticket.Forbidden {
					t.Errorf("%q: %s: %v", who, what, err)
				}
			}
		})
	}
	if _, err := h.Read(t.Context(), 99, olga); ticket.CodeOf(err) != ticket.Unknown {
		t.Errorf("what is not there: %v", err)
	}
}

func TestWhoSeesWhichList(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	n := h.open(ticket.P2)
	for name, test := range map[string]struct {
		who      string
		filter   desk.Filter
		sees     []ticket.Number
		narrower bool
	}{
		"the channel sees all":           {ann, desk.Filter{}, []ticket.Number{n}, false},
		"who asked sees theirs":          {rita, desk.Filter{}, []ticket.Number{n}, true},
		"others see none":                {olga, desk.Filter{}, nil, true},
		"also if they name somebody":     {olga, desk.Filter{Person: rita}, nil, true},
		"who asks for theirs gets those": {rita, desk.Filter{Person: rita}, []ticket.Number{n}, false},
	} {
		t.Run(name, func(t *testing.T) {
			list, err := h.List(t.Context(), test.who, test.filter)
			var got []ticket.Number
			for _, s := range list.Tickets {
				got = append(got, s.Number)
			}
			if err != nil || !slices.Equal(got, test.sees) || list.Total != len(got) || list.Narrower != test.narrower {
				t.Errorf("%v, %+v", err, list)
			}
		})
	}
}

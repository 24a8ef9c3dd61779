package desk_test

import (
	"slices"
	"testing"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// Of the emoji of several people, news can come in any order: who has it in the end, or
// has resolved it, is the same, and each is told once.
func TestEmojiStandInForEachOther(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for name, test := range map[string]struct {
		gestures  []gesture
		state     ticket.State
		who       string
		inherited int
	}{
		"as it was":              {[]gesture{eyes(ann, 1), eyes(bob, 2), noEyes(ann, 3)}, ticket.StateClaimed, bob, 1},
		"the claim comes last":   {[]gesture{eyes(ann, 1), noEyes(ann, 3), eyes(bob, 2)}, ticket.StateClaimed, bob, 1},
		"the end comes first":    {[]gesture{noEyes(ann, 3), eyes(ann, 1), eyes(bob, 2)}, ticket.StateClaimed, bob, 1},
		"put after it was free":  {[]gesture{eyes(ann, 1), noEyes(ann, 2), eyes(bob, 3)}, ticket.StateClaimed, bob, 0},
		"both are gone":          {[]gesture{eyes(ann, 1), eyes(bob, 2), noEyes(bob, 3), noEyes(ann, 4)}, ticket.StateOpen, "", 0},
		"by a button":            {[]gesture{eyes(ann, 1), eyes(bob, 2), putBack(ann, 3)}, ticket.StateOpen, "", 0},
		"who may not claim":      {[]gesture{eyes(ann, 1), eyes(olga, 2), noEyes(ann, 3)}, ticket.StateOpen, "", 0},
		"a tick":                 {[]gesture{tick(ann, 1), tick(bob, 2), untick(ann, 3)}, ticket.StateResolved, bob, 0},
		"a tick that comes last": {[]gesture{tick(ann, 1), untick(ann, 3), tick(bob, 2)}, ticket.StateResolved, bob, 0},
		"no tick is left":        {[]gesture{tick(ann, 1), tick(bob, 2), untick(ann, 3), untick(bob, 4)}, ticket.StateOpen, "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			h.t = t
			n := h.open(ticket.P2)
			h.enqueued()
			for _, g := range test.gestures {
				_, _ = g(h, n) // some are refused
			}
			got := h.find(n).Ticket
			if who := got.Assignee + got.EndedBy; got.State != test.state || who != test.who {
				t.Errorf("%s, %q; want %s, %q", got.State, who, test.state, test.who)
			}
			told := slices.DeleteFunc(h.enqueued(), func(n desk.Notice) bool { return n.Kind != desk.NoticeInherited })
			if len(told) != test.inherited || len(told) == 1 && told[0].To != test.who {
				t.Errorf("told %+v, want %d", told, test.inherited)
			}
		})
	}
}

package ticket_test

import (
	"slices"
	"testing"

	"supporty/internal/ticket"
)

// Thanks are for the solution that stands, once a person, and for all who helped but who asked.
func TestThanks(t *testing.T) {
	t.Parallel()
	week := ticket.Period{From: minute(0), To: minute(100)}
	solved := []ticket.Entry{opened(), entry(ticket.Claimed, bob, minute(1)), entry(ticket.Replied, carol, minute(2)), entry(ticket.Replied, alice, minute(3)), entry(ticket.Resolved, bob, minute(10))}
	for name, test := range map[string]struct {
		more []ticket.Entry
		want []string
	}{
		"please":        {[]ticket.Entry{entry(ticket.Thanked, alice, minute(5))}, nil},
		"thanks":        {[]ticket.Entry{entry(ticket.Thanked, dan, minute(10)), entry(ticket.Thanked, alice, minute(11))}, []string{dan, alice}},
		"taken back":    {[]ticket.Entry{entry(ticket.Thanked, alice, minute(11)), entry(ticket.Unthanked, alice, minute(12))}, nil},
		"in another":    {[]ticket.Entry{entry(ticket.Thanked, alice, minute(100))}, nil},
		"reopened":      {[]ticket.Entry{entry(ticket.Thanked, alice, minute(11)), entry(ticket.Reopened, alice, minute(12))}, nil},
		"solved anew":   {[]ticket.Entry{entry(ticket.Thanked, alice, minute(11)), entry(ticket.Reopened, alice, minute(12)), entry(ticket.Resolved, bob, minute(20))}, []string{alice}},
		"once a person": {[]ticket.Entry{entry(ticket.Thanked, alice, minute(11)), entry(ticket.Thanked, alice, minute(12))}, []string{alice}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, _ := ticket.Fold(42, slices.Concat(solved, test.more))
			if thankful := got.Thankful(week); !slices.Equal(thankful, test.want) {
				t.Errorf("%v, want %v", thankful, test.want)
			}
			if helpers := got.Helpers(); !slices.Equal(helpers, []string{bob, carol}) {
				t.Errorf("helped: %v", helpers)
			}
		})
	}
}

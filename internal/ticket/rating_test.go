package ticket_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/ticket"
)

func rated(stars int, at time.Time, changes ...func(*ticket.Entry)) ticket.Entry {
	return entry(ticket.Rated, alice, at, append([]func(*ticket.Entry){with(ticket.Details{Stars: stars})}, changes...)...)
}

func inWords(word string) func(*ticket.Entry) {
	return func(e *ticket.Entry) { e.Gesture, e.Note = ticket.ByForm, word }
}

// The stars of a cycle are kept one after the other. A button changes them alone, the form all.
func TestRatings(t *testing.T) {
	t.Parallel()
	solved := entry(ticket.Resolved, bob, minute(20))
	got := play(t, opened(), claimed, solved,
		rated(0, minute(30)), rated(1, minute(31)), rated(2, minute(32), inWords("Slow")), rated(5, minute(33)),
		entry(ticket.Reopened, alice, minute(40)), entry(ticket.Resolved, bob, minute(50)), rated(4, minute(60)))
	want := []ticket.Rating{
		{Cycle: 1, Stars: []int{1, 2, 5}, RatedAt: minute(31), Word: "Slow"},
		{Cycle: 2, Stars: []int{4}, RatedAt: minute(60)},
	}
	if diff := cmp.Diff(want, got.Ratings); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got.FirstStars() != 1 || got.Rating(2).Now() != 4 || got.Rating(3).Now() != 0 {
		t.Errorf("first %d, now %d", got.FirstStars(), got.Rating(2).Now())
	}
}

func TestRatingsThatAreNotPossible(t *testing.T) {
	t.Parallel()
	solved := []ticket.Entry{opened(), claimed, entry(ticket.Resolved, bob, minute(20)), rated(4, minute(30), inWords("Good"))}
	week := minute(30).Add(ticket.RateWindow)
	for name, test := range map[string]struct {
		entry ticket.Entry
		want  string
	}{
		"at the last moment":   {rated(5, week), ""},
		"too late":             {rated(5, week.Add(time.Microsecond)), "conflict"},
		"the same":             {rated(4, minute(31)), "same"},
		"the same form":        {rated(4, minute(31), inWords("Good")), "same"},
		"another word":         {rated(4, minute(31), inWords("Fine")), ""},
		"fixed after stars":    {rated(0, minute(31)), "same"},
		"the same after weeks": {rated(4, week.Add(time.Hour)), "same"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := play(t, solved...).Apply(test.entry)
			got := string(ticket.CodeOf(err))
			if ticket.Same(err) {
				got = "same"
			}
			if got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

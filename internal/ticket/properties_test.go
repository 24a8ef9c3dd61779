package ticket_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"supporty/internal/ticket"
)

var (
	people = []string{alice, bob, carol, dan}
	roles  = []ticket.Role{ticket.RoleRequester, ticket.RoleOwner, ticket.RoleResponder, ticket.RoleOther}
	kinds  = []ticket.Kind{
		ticket.Opened, ticket.Claimed, ticket.PutBack, ticket.HandedOver, ticket.Replied, ticket.Edited,
		ticket.Reprioritised, ticket.Resolved, ticket.Undone, ticket.Explained, ticket.Closed, ticket.Reopened,
		ticket.Withheld, ticket.Shown, ticket.Waited, ticket.Held, ticket.Resumed,
		ticket.MadePrivate, ticket.Rated,
	}
)

func drawEntry(t *rapid.T, at time.Time, from []ticket.Kind) ticket.Entry {
	return ticket.Entry{
		Kind: rapid.SampledFrom(from).Draw(t, "kind"), Actor: rapid.SampledFrom(people).Draw(t, "actor"),
		Role:       rapid.SampledFrom(roles).Draw(t, "role"),
		Gesture:    rapid.SampledFrom([]ticket.Gesture{ticket.ByEmoji, ticket.ByButton}).Draw(t, "gesture"),
		HappenedAt: at,
		Details: ticket.Details{
			Title:        rapid.SampledFrom([]string{"A", "B"}).Draw(t, "title"),
			MakesPrivate: rapid.Bool().Draw(t, "makes private"),
			Priority:     rapid.SampledFrom(ticket.Priorities).Draw(t, "priority"),
			Assignee:     rapid.SampledFrom(people).Draw(t, "assignee"),
			Solution:     rapid.SampledFrom(ticket.Solutions).Draw(t, "solution"),
			Stars:        rapid.IntRange(0, ticket.MostStars).Draw(t, "stars"),
			Emoji:        rapid.SampledFrom([]string{"eyes", "hand"}).Draw(t, "emoji"),
			Fields:       rapid.SampledFrom([][]ticket.Field{nil, {text("Order", "7")}, {text("Order")}, {text("Order", "8"), text("Page", "1")}}).Draw(t, "fields"),
		},
	}
}

// drawTimeline draws a ticket's opening and later entries, mostly minutes apart, at times days.
// Either all entries have different times, or entries share times and are stored.
func drawTimeline(t *rapid.T) []ticket.Entry {
	stored := rapid.Bool().Draw(t, "stored")
	first := opened()
	first.ID = 1
	entries := []ticket.Entry{first}
	now := morning
	for i := range rapid.IntRange(0, 30).Draw(t, "length") {
		gap := rapid.OneOf(rapid.IntRange(0, 12), rapid.IntRange(0, 12), rapid.IntRange(0, 12*24*60)).Draw(t, "minutes")
		now = now.Add(time.Duration(gap) * time.Minute)
		if !stored {
			now = now.Add(time.Microsecond)
		}
		e := drawEntry(t, now, kinds)
		if stored {
			e.ID = int64(i + 2)
		}
		entries = append(entries, e)
	}
	return entries
}

func TestFoldIgnoresTheOrderOfArrival(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		entries := drawTimeline(t)
		want, timeline := ticket.Fold(42, entries)
		got, shuffled := ticket.Fold(42, rapid.Permutation(entries).Draw(t, "arrival"))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("ticket (-in order +as arrived):\n%s", diff)
		}
		if diff := cmp.Diff(timeline, shuffled); diff != "" {
			t.Errorf("timeline (-in order +as arrived):\n%s", diff)
		}
	})
}

// The result is also the same if entries arrive one by one, each folded with those before.
func TestFoldStepByStep(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		entries := drawTimeline(t)
		want, timeline := ticket.Fold(42, entries)
		var got ticket.Ticket
		var known []ticket.Entry
		for _, e := range rapid.Permutation(entries).Draw(t, "arrival") {
			got, known = ticket.Fold(42, append(known, e))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("ticket (-at once +step by step):\n%s", diff)
		}
		if diff := cmp.Diff(timeline, known); diff != "" {
			t.Errorf("timeline (-at once +step by step):\n%s", diff)
		}
	})
}

// An emoji that had no effect still stands on the card: see the tests of reactions.
func TestVoidEntriesChangeNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want, timeline := ticket.Fold(42, drawTimeline(t))
		counted := slices.DeleteFunc(slices.Clone(timeline), func(e ticket.Entry) bool { return e.Void != "" && e.Gesture != ticket.ByEmoji })
		got, again := ticket.Fold(42, counted)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-with void entries +without):\n%s", diff)
		}
		if diff := cmp.Diff(counted, again); diff != "" {
			t.Errorf("timeline without void entries (-before +after):\n%s", diff)
		}
	})
}

func TestTicketsMakeSense(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		got, timeline := ticket.Fold(42, drawTimeline(t))
		count := map[ticket.Kind]int{}
		for _, e := range timeline {
			if e.Void == "" {
				count[e.Kind]++
			}
		}
		sense := map[string]bool{
			"claimed means owned":          got.State != ticket.StateClaimed || got.Owned(),
			"open means not owned":         got.State != ticket.StateOpen || !got.Owned(),
			"owned means when":             got.Owned() == !got.ClaimedAt.IsZero(),
			"ended means when":             got.State.Ended() == !got.EndedAt.IsZero(),
			"ended means by whom":          got.State.Ended() == (got.EndedBy != ""),
			"solved means resolved":        got.Solution == "" || got.State == ticket.StateResolved,
			"one cycle and the reopenings": got.Cycle == 1+count[ticket.Reopened],
			"replies are counted":          got.Replies == count[ticket.Replied],
			"people are counted once":      len(got.People) == len(slices.Compact(slices.Sorted(slices.Values(got.People)))),
			"a cycle starts in its ticket": !got.StartedAt.Before(got.OpenedAt),
			"responses are of this cycle":  got.RespondedAt.IsZero() || !got.RespondedAt.Before(got.StartedAt),
			"ends are of this cycle":       got.EndedAt.IsZero() || !got.EndedAt.Before(got.StartedAt),
		}
		for claim, holds := range sense {
			if !holds {
				t.Errorf("%s: does not hold of %+v", claim, got)
			}
		}
	})
}

// After an undone resolution the ticket is as if it had not been resolved, with any entries
// meanwhile.
func TestUndoneAsIfItHadNeverBeen(t *testing.T) {
	t.Parallel()
	meanwhile := []ticket.Kind{ticket.Replied, ticket.Edited, ticket.Withheld, ticket.Shown}
	rapid.Check(t, func(t *rapid.T) {
		before, _ := ticket.Fold(42, []ticket.Entry{opened()})
		if rapid.Bool().Draw(t, "owned") {
			before, _ = before.Apply(entry(ticket.Claimed, bob, minute(1)))
		}
		with, err := before.Apply(entry(ticket.Resolved, carol, minute(2), by(ticket.ByEmoji)))
		without := before
		for i := range rapid.IntRange(0, 6).Draw(t, "entries meanwhile") {
			e := drawEntry(t, minute(3+i), meanwhile)
			with, _ = with.Apply(e)
			without, _ = without.Apply(e)
		}
		with, undoing := with.Apply(entry(ticket.Undone, carol, minute(12), by(ticket.ByEmoji)))
		if err != nil || undoing != nil {
			t.Fatalf("resolving: %v; undoing: %v", err, undoing)
		}
		if diff := cmp.Diff(without, with); diff != "" {
			t.Errorf("(-never resolved +undone):\n%s", diff)
		}
	})
}

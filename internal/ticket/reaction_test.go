package ticket_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"supporty/internal/ticket"
)

func emoji(kind ticket.Kind, who, name string, m int) ticket.Entry {
	return entry(kind, who, minute(m), by(ticket.ByEmoji), with(ticket.Details{Emoji: name}))
}

func TestWhatTheEmojiOfOthersSayStillHolds(t *testing.T) {
	t.Parallel()
	const claimed, back, resolved, undone = ticket.Claimed, ticket.PutBack, ticket.Resolved, ticket.Undone
	for name, test := range map[string]struct {
		entries []ticket.Entry
		state   ticket.State
		who     string // the person who owns or has ended it
	}{
		"another's claim": {[]ticket.Entry{emoji(claimed, bob, "eyes", 1), emoji(claimed, carol, "eyes", 2), emoji(back, bob, "eyes", 3)}, ticket.StateClaimed, carol},
		"another's claim, taken away first": {[]ticket.Entry{emoji(claimed, bob, "eyes", 1), emoji(claimed, carol, "eyes", 2),
			emoji(back, carol, "eyes", 3), emoji(back, bob, "eyes", 4)}, ticket.StateOpen, ""},
		"the first of the others": {[]ticket.Entry{emoji(claimed, bob, "eyes", 1), emoji(claimed, dan, "eyes", 2), emoji(claimed, carol, "eyes", 3),
			emoji(back, dan, "eyes", 4), emoji(claimed, dan, "eyes", 5), emoji(back, bob, "eyes", 6)}, ticket.StateClaimed, carol},
		"one's own second emoji": {[]ticket.Entry{emoji(claimed, bob, "eyes", 1), emoji(claimed, bob, "hand", 2), emoji(claimed, carol, "eyes", 3),
			emoji(back, bob, "eyes", 4)}, ticket.StateClaimed, bob},
		"both of one's own": {[]ticket.Entry{emoji(claimed, bob, "eyes", 1), emoji(claimed, bob, "hand", 2), emoji(back, bob, "eyes", 3),
			emoji(back, bob, "hand", 4)}, ticket.StateOpen, ""},
		"put back by a button": {[]ticket.Entry{emoji(claimed, bob, "eyes", 1), emoji(claimed, carol, "eyes", 2), entry(back, bob, minute(3))}, ticket.StateOpen, ""},
		"who put it back by a button does not get it again": {[]ticket.Entry{emoji(claimed, bob, "eyes", 1), entry(back, bob, minute(2)),
			emoji(claimed, carol, "eyes", 3), emoji(back, carol, "eyes", 4)}, ticket.StateOpen, ""},
		"nor who handed it over": {[]ticket.Entry{emoji(claimed, bob, "eyes", 1), entry(ticket.HandedOver, bob, minute(2), to(carol)),
			emoji(claimed, carol, "eyes", 3), emoji(back, carol, "eyes", 4)}, ticket.StateOpen, ""},
		"a new card has none": {[]ticket.Entry{emoji(claimed, bob, "eyes", 1), emoji(claimed, carol, "eyes", 2), entry(ticket.Withheld, "", minute(3)),
			emoji(claimed, bob, "eyes", 4), emoji(back, bob, "eyes", 5)}, ticket.StateOpen, ""},
		"another's tick": {[]ticket.Entry{emoji(resolved, bob, "tick", 1), emoji(resolved, carol, "tick", 2), emoji(undone, bob, "tick", 3)}, ticket.StateResolved, carol},
		"no tick is left": {[]ticket.Entry{emoji(resolved, bob, "tick", 1), emoji(resolved, carol, "tick", 2), emoji(undone, bob, "tick", 3),
			emoji(undone, carol, "tick", 4)}, ticket.StateOpen, ""},
		"one's own second tick": {[]ticket.Entry{emoji(resolved, bob, "tick", 1), emoji(resolved, bob, "check", 2), emoji(undone, bob, "tick", 3)}, ticket.StateResolved, bob},
		"too late to be another's": {[]ticket.Entry{emoji(resolved, bob, "tick", 1), emoji(resolved, carol, "tick", 2), emoji(undone, bob, "tick", 12),
			emoji(undone, carol, "tick", 12)}, ticket.StateResolved, bob},
		"a tick from before it was reopened": {[]ticket.Entry{emoji(resolved, bob, "tick", 1), entry(ticket.Reopened, alice, minute(2)),
			emoji(resolved, carol, "tick", 3), emoji(undone, carol, "tick", 4)}, ticket.StateOpen, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, _ := ticket.Fold(42, append([]ticket.Entry{opened()}, test.entries...))
			who := got.Assignee + got.EndedBy
			if got.State != test.state || who != test.who {
				t.Errorf("%s, %q; want %s, %q", got.State, who, test.state, test.who)
			}
		})
	}
}

func TestTwoEmojiOnOneQuestion(t *testing.T) {
	t.Parallel()
	on := func(kind ticket.Kind, name, text string, m int) ticket.Entry {
		e := emoji(kind, bob, name, m)
		e.Message, e.Text = ticket.Message{Channel: "C1", TS: "5.0"}, text
		return e
	}
	asked := []ticket.Entry{
		opened(), emoji(ticket.Claimed, bob, "eyes", 1), on(ticket.Waited, "hourglass", "Which?", 2),
		on(ticket.Waited, "sand", "", 3), on(ticket.Resumed, "hourglass", "", 4),
	}
	got, _ := ticket.Fold(42, asked)
	if got.State != ticket.StateWaiting || got.Pauses != 1 {
		t.Errorf("%s with %d pauses, while an hourglass stands", got.State, got.Pauses)
	}
	if got, _ = ticket.Fold(42, append(asked, on(ticket.Resumed, "sand", "", 5))); got.State != ticket.StateClaimed {
		t.Errorf("%s, though no hourglass stands any more", got.State)
	}
}

// drawReactions draws emoji that people add to a card and remove, and other gestures between
// them. All are within UndoWindow.
func drawReactions(t *rapid.T) []ticket.Entry {
	byEmoji := []ticket.Kind{ticket.Claimed, ticket.PutBack, ticket.Resolved, ticket.Undone}
	byButton := []ticket.Kind{ticket.PutBack, ticket.HandedOver, ticket.Reopened, ticket.Withheld}
	entries := []ticket.Entry{opened()}
	for i := range rapid.IntRange(0, 15).Draw(t, "length") {
		e := drawEntry(t, morning.Add(ticket.UndoWindow*time.Duration(i+1)/20), append(byEmoji, byButton...))
		e.Gesture = ticket.ByButton
		if slices.Contains(byEmoji, e.Kind) && rapid.Bool().Draw(t, "by emoji") {
			e.Gesture = ticket.ByEmoji
		}
		entries = append(entries, e)
	}
	return entries
}

// After any entries: if a claim or resolve emoji is removed and another one stands, the ticket
// stays owned or resolved, by the person of that emoji. It also stays so if the same person has a
// second emoji with the same meaning.
func TestEmojiThatStand(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var before ticket.Ticket
		for _, e := range drawReactions(t) {
			after, err := before.Apply(e)
			before = after
			asked, away := map[ticket.Kind]ticket.Kind{ticket.PutBack: ticket.Claimed, ticket.Undone: ticket.Resolved}[e.Kind]
			if err != nil || !away || e.Gesture != ticket.ByEmoji {
				continue
			}
			holds := after.Owned()
			if e.Kind == ticket.Undone {
				holds = after.State == ticket.StateResolved
			}
			stands := func(r ticket.Reaction) bool { return r.Asks == asked }
			own := func(r ticket.Reaction) bool { return r.Asks == asked && r.Person == e.Actor }
			if slices.ContainsFunc(after.Reactions, stands) != holds || slices.ContainsFunc(after.Reactions, own) {
				t.Fatalf("%s by %s, with %v: %s of %q", e.Kind, e.Actor, after.Reactions, after.State, after.Assignee)
			}
		}
	})
}

// If the owner or the resolver adds a second emoji and removes it, nothing changes.
func TestSecondEmojiChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]ticket.Kind{ticket.Claimed, ticket.Resolved}).Draw(t, "kind")
		back := map[ticket.Kind]ticket.Kind{ticket.Claimed: ticket.PutBack, ticket.Resolved: ticket.Undone}[kind]
		entries, who := withFirstEmoji(t, kind)
		want, _ := ticket.Fold(42, entries)
		got, _ := ticket.Fold(42, append(entries, emoji(kind, who, "second", 11), emoji(back, who, "second", 12)))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-without +with):\n%s", diff)
		}
	})
}

// withFirstEmoji returns a timeline at whose end a person owns or has resolved the ticket, and
// their emoji stands. If the drawn timeline does not end so, it adds one more emoji.
func withFirstEmoji(t *rapid.T, kind ticket.Kind) (entries []ticket.Entry, who string) {
	entries = drawReactions(t)
	if who = sayer(entries, kind); who != "" {
		return entries, who
	}
	entries = append(entries, entry(ticket.Reopened, alice, minute(9)))
	at, _ := ticket.Fold(42, entries)
	entries = append(entries, entry(ticket.PutBack, at.Assignee, minute(9)), emoji(kind, bob, "first", 10))
	if who = sayer(entries, kind); who == "" {
		t.Fatal("no first emoji")
	}
	return entries, who
}

// sayer is the person who owns or has resolved the ticket and whose emoji stands.
func sayer(entries []ticket.Entry, kind ticket.Kind) string {
	at, _ := ticket.Fold(42, entries)
	who := map[ticket.Kind]string{ticket.Claimed: at.Assignee, ticket.Resolved: at.EndedBy}[kind]
	if slices.ContainsFunc(at.Reactions, func(r ticket.Reaction) bool { return r.Asks == kind && r.Person == who }) {
		return who
	}
	return ""
}

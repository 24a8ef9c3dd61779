package ticket_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/ticket"
)

// situations are the states in which every gesture is tried. Each is reached before minute 30. Bob
// owns the ticket in all except the first two.
var situations = []struct {
	name    string
	history []ticket.Entry
}{
	{"unopened", nil},
	{"open", []ticket.Entry{opened()}},
	{"claimed", []ticket.Entry{opened(), claimed}},
	{"resolved", []ticket.Entry{opened(), claimed, entry(ticket.Resolved, bob, minute(25), by(ticket.ByEmoji))}},
	{"closed", []ticket.Entry{opened(), claimed, entry(ticket.Closed, bob, minute(25))}},
}

var claimed = entry(ticket.Claimed, bob, minute(10))

func TestEveryKindInEveryState(t *testing.T) {
	t.Parallel()
	edit := func(title string) func(*ticket.Entry) {
		return with(ticket.Details{Title: title, Text: "For US cards", Category: "payments"})
	}
	solved := func(s ticket.Solution) func(*ticket.Entry) { return with(ticket.Details{Solution: s}) }
	now := minute(30)
	tests := []struct {
		name  string
		entry ticket.Entry
		want  [5]string // the state afterwards, or why it is not possible: unopened, open, claimed, resolved, closed
	}{
		{"open", opened(), [5]string{"open", "conflict", "conflict", "conflict", "conflict"}},
		{"claim by the owner", entry(ticket.Claimed, bob, now), [5]string{"conflict", "claimed", "same", "conflict", "conflict"}},
		{"claim by another", entry(ticket.Claimed, carol, now), [5]string{"conflict", "claimed", "conflict", "conflict", "conflict"}},
		{"put back by the owner", entry(ticket.PutBack, bob, now), [5]string{"conflict", "same", "open", "conflict", "conflict"}},
		{"put back by another", entry(ticket.PutBack, carol, now), [5]string{"conflict", "same", "conflict", "conflict", "conflict"}},
		{"hand over to the owner", entry(ticket.HandedOver, carol, now, to(bob)), [5]string{"conflict", "claimed", "same", "conflict", "conflict"}},
		{"hand over to another", entry(ticket.HandedOver, bob, now, to(carol)), [5]string{"conflict", "claimed", "claimed", "conflict", "conflict"}},
		{"reply", entry(ticket.Replied, dan, now), [5]string{"conflict", "open", "claimed", "resolved", "closed"}},
		{"edit", entry(ticket.Edited, alice, now, edit("Checkout is down")), [5]string{"conflict", "open", "claimed", "resolved", "closed"}},
		{"edit to the same", entry(ticket.Edited, alice, now, edit("Checkout fails")), [5]string{"conflict", "same", "same", "same", "same"}},
		{"raise", entry(ticket.Reprioritised, bob, now, at(ticket.P1)), [5]string{"conflict", "open", "claimed", "conflict", "conflict"}},
		{"lower", entry(ticket.Reprioritised, bob, now, at(ticket.P3)), [5]string{"conflict", "open", "claimed", "conflict", "conflict"}},
		{"same priority", entry(ticket.Reprioritised, bob, now, at(ticket.P2)), [5]string{"conflict", "same", "same", "conflict", "conflict"}},
		{"escalate", entry(ticket.Escalated, alice, now), [5]string{"conflict", "open", "claimed", "conflict", "conflict"}},
		{"be reached", entry(ticket.Reached, dan, now), [5]string{"conflict", "open", "claimed", "conflict", "conflict"}},
		{"note", entry(ticket.Noted, dan, now), [5]string{"conflict", "open", "claimed", "resolved", "closed"}},
		{"resolve", entry(ticket.Resolved, carol, now), [5]string{"conflict", "resolved", "resolved", "same", "conflict"}},
		{"undo by the resolver", entry(ticket.Undone, bob, now), [5]string{"conflict", "same", "same", "claimed", "same"}},
		{"undo by another", entry(ticket.Undone, carol, now), [5]string{"conflict", "same", "same", "same", "same"}},
		{"rate", entry(ticket.Rated, alice, now, with(ticket.Details{Stars: 2})), [5]string{"conflict", "conflict", "conflict", "resolved", "conflict"}},
		{"explain", entry(ticket.Explained, bob, now, solved(ticket.SolvedByCode)), [5]string{"conflict", "conflict", "conflict", "resolved", "conflict"}},
		{"explain as before", entry(ticket.Explained, bob, now), [5]string{"conflict", "conflict", "conflict", "same", "conflict"}},
		{"close", entry(ticket.Closed, alice, now), [5]string{"conflict", "closed", "closed", "conflict", "same"}},
		{"reopen", entry(ticket.Reopened, alice, now), [5]string{"conflict", "same", "same", "claimed", "claimed"}},
		{"withhold", entry(ticket.Withheld, "", now), [5]string{"conflict", "open", "claimed", "resolved", "closed"}},
		{"show what is shown", entry(ticket.Shown, alice, now), [5]string{"conflict", "same", "same", "same", "same"}},
		{"agree", entry(ticket.Agreed, alice, now), [5]string{"conflict", "open", "claimed", "resolved", "closed"}},
		{"decline", entry(ticket.Declined, alice, now), [5]string{"conflict", "open", "claimed", "resolved", "closed"}},
		{"follow", entry(ticket.Followed, dan, now), [5]string{"conflict", "open", "claimed", "resolved", "closed"}},
		{"unfollow what one does not follow", entry(ticket.Unfollowed, dan, now), [5]string{"conflict", "same", "same", "same", "same"}},
		{"make private", entry(ticket.MadePrivate, bob, now), [5]string{"conflict", "open", "claimed", "resolved", "closed"}},
		{"say that it is an incident", entry(ticket.Assessed, bob, now, with(ticket.Details{Incident: ticket.IsIncident})), [5]string{"conflict", "open", "claimed", "resolved", "closed"}},
		{"say that it is none, as before", entry(ticket.Assessed, bob, now, with(ticket.Details{Incident: ticket.NotIncident})), [5]string{"conflict", "same", "same", "same", "same"}},
		{"say which work it is", entry(ticket.Classed, bob, now, with(ticket.Details{Work: ticket.Tactical})), [5]string{"conflict", "open", "claimed", "resolved", "closed"}},
		{"say that it is that of its category", entry(ticket.Classed, bob, now), [5]string{"conflict", "same", "same", "same", "same"}},
		{"say which work it is, and it is none", entry(ticket.Classed, bob, now, with(ticket.Details{Work: "fun"})), [5]string{"conflict", "invalid", "invalid", "invalid", "invalid"}},
		{"say thanks", entry(ticket.Thanked, alice, now), [5]string{"conflict", "open", "claimed", "resolved", "closed"}},
		{"take thanks back that nobody said", entry(ticket.Unthanked, alice, now), [5]string{"conflict", "same", "same", "same", "same"}},
		{"an unknown kind", entry("juggled", alice, now), [5]string{"conflict", "invalid", "invalid", "invalid", "invalid"}},
	}
	for _, test := range tests {
		for i, situation := range situations {
			t.Run(test.name+" when "+situation.name, func(t *testing.T) {
				t.Parallel()
				before := play(t, situation.history...)
				next, err := before.Apply(test.entry)
				if got := outcome(next, err); got != test.want[i] {
					t.Errorf("%s, want %s", got, test.want[i])
				}
				if diff := cmp.Diff(before, next); err != nil && diff != "" {
					t.Errorf("a refused entry changed the ticket (-before +after):\n%s", diff)
				}
			})
		}
	}
}

func outcome(t ticket.Ticket, err error) string {
	switch {
	case err == nil:
		return string(t.State)
	case ticket.Same(err):
		return "same"
	}
	return string(ticket.CodeOf(err))
}

// The card that replaces a deleted one can be deleted too, any number of times. To show the text
// once is enough.
func TestShownAgain(t *testing.T) {
	t.Parallel()
	for _, situation := range situations[1:] {
		t.Run(situation.name, func(t *testing.T) {
			t.Parallel()
			before := play(t, situation.history...)
			got := before
			for i, kind := range []ticket.Kind{ticket.Withheld, ticket.Withheld, ticket.Shown} {
				next, err := got.Apply(entry(kind, alice, minute(26+i)))
				if err != nil {
					t.Fatalf("%s: %v", kind, err)
				}
				if next.Withheld != (kind == ticket.Withheld) {
					t.Errorf("after %s: Withheld = %t", kind, next.Withheld)
				}
				got = next
			}
			before.Reactions = nil // of the card that was deleted
			if diff := cmp.Diff(before, got); diff != "" {
				t.Errorf("(-before +withheld and shown):\n%s", diff)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	resolved := entry(ticket.Resolved, bob, minute(25), by(ticket.ByEmoji))
	tests := []struct {
		name     string
		history  []ticket.Entry
		entry    ticket.Entry
		sentence string
		person   string
	}{
		{"not opened", nil, claimed, "#42 was not opened yet.", ""},
		{"opened twice", []ticket.Entry{opened()}, opened(), "#42 was opened already.", ""},
		{"claim of another's", []ticket.Entry{opened(), claimed}, entry(ticket.Claimed, carol, minute(30)),
			"{name} already has #42. To take it over, ask them, or use More, Hand over.", bob},
		{"putting another's back", []ticket.Entry{opened(), claimed}, entry(ticket.PutBack, carol, minute(30)),
			"{name} has #42 and can put it back. To take it over, ask them, or use More, Hand over.", bob},
		{"claim of a resolved one", []ticket.Entry{opened(), resolved}, entry(ticket.Claimed, carol, minute(30)),
			"#42 is already resolved. Reopen it first.", ""},
		{"raising a closed one", []ticket.Entry{opened(), entry(ticket.Closed, bob, minute(25))},
			entry(ticket.Reprioritised, bob, minute(30), at(ticket.P1)), "#42 is already closed. Reopen it first.", ""},
		{"explaining an open one", []ticket.Entry{opened()}, entry(ticket.Explained, bob, minute(30)), "#42 is not resolved.", ""},
		{"undo too late", []ticket.Entry{opened(), resolved}, entry(ticket.Undone, bob, minute(36)),
			"#42 stays resolved: it was more than 10 minutes ago. Use Reopen if it is not fixed.", ""},
		{"reopening too late", []ticket.Entry{opened(), resolved}, entry(ticket.Reopened, alice, after(8*24*time.Hour)),
			"#42 ended more than 7 days ago. Please open a new ticket.", ""},
		{"an unknown kind", []ticket.Entry{opened()}, entry("juggled", bob, minute(1)), "There is no such gesture.", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := play(t, test.history...).Apply(test.entry)
			refusal, ok := errors.AsType[*ticket.Error](err)
			if !ok {
				t.Fatalf("error = %v, want a refusal for people", err)
			}
			if refusal.Sentence != test.sentence || refusal.Person != test.person {
				t.Errorf("%q about %q,\nwant %q about %q", refusal.Sentence, refusal.Person, test.sentence, test.person)
			}
		})
	}
}

func TestUndoWindow(t *testing.T) {
	t.Parallel()
	end := minute(20)
	tests := []struct {
		after time.Duration
		code  ticket.Code
	}{
		{0, ""}, {time.Minute, ""}, {ticket.UndoWindow - time.Microsecond, ""}, {10 * time.Minute, ""},
		{10*time.Minute + time.Microsecond, ticket.Conflict}, {24 * time.Hour, ticket.Conflict},
	}
	for _, test := range tests {
		t.Run(test.after.String(), func(t *testing.T) {
			t.Parallel()
			_, err := play(t, opened(), entry(ticket.Resolved, bob, end, by(ticket.ByEmoji))).
				Apply(entry(ticket.Undone, bob, end.Add(test.after)))
			if got := ticket.CodeOf(err); got != test.code || (err == nil) != (test.code == "") {
				t.Errorf("undoing after %s: %v, want code %q", test.after, err, test.code)
			}
		})
	}
}

func TestUndoIsForEmojiOnly(t *testing.T) {
	t.Parallel()
	for _, g := range []ticket.Gesture{ticket.ByForm, ticket.ByShortcut, ticket.ByButton, ticket.ByCommand, ticket.ByReply, ticket.ByMessage, ticket.ByDeletion} {
		_, err := play(t, opened(), entry(ticket.Resolved, bob, minute(1), by(g))).
			Apply(entry(ticket.Undone, bob, minute(2), by(ticket.ByEmoji)))
		if !ticket.Same(err) {
			t.Errorf("undoing a resolution by %s: %v, want nothing to happen", g, err)
		}
	}
}

// With two ticks the ticket stays resolved until both are removed.
func TestUndoIsForTheLastEmojiThatStands(t *testing.T) {
	t.Parallel()
	tick := func(kind ticket.Kind, n int, emoji string) ticket.Entry {
		return entry(kind, bob, minute(n), by(ticket.ByEmoji), with(ticket.Details{Emoji: emoji}))
	}
	for first, second := range map[string]string{"white_check_mark": "heavy_check_mark", "heavy_check_mark": "white_check_mark"} {
		ticked := []ticket.Entry{
			opened(), tick(ticket.Resolved, 1, "white_check_mark"), tick(ticket.Resolved, 2, "heavy_check_mark"),
			tick(ticket.Undone, 3, first), tick(ticket.Undone, 4, second),
		}
		one, _ := ticket.Fold(42, ticked[:4])
		both, _ := ticket.Fold(42, ticked)
		if one.State != ticket.StateResolved || both.State != ticket.StateOpen {
			t.Errorf("%s taken away: %s; and %s: %s", first, one.State, second, both.State)
		}
	}
}

func TestReopenWindow(t *testing.T) {
	t.Parallel()
	end := minute(20)
	tests := []struct {
		after time.Duration
		code  ticket.Code
	}{
		{0, ""}, {ticket.ReopenWindow - time.Microsecond, ""}, {7 * 24 * time.Hour, ""},
		{7*24*time.Hour + time.Microsecond, ticket.Conflict},
	}
	for _, kind := range []ticket.Kind{ticket.Resolved, ticket.Closed} {
		for _, test := range tests {
			t.Run(fmt.Sprintf("%s %s ago", kind, test.after), func(t *testing.T) {
				t.Parallel()
				_, err := play(t, opened(), entry(kind, bob, end)).Apply(entry(ticket.Reopened, alice, end.Add(test.after)))
				if got := ticket.CodeOf(err); got != test.code || (err == nil) != (test.code == "") {
					t.Errorf("%v, want code %q", err, test.code)
				}
			})
		}
	}
}

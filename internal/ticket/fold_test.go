package ticket_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/ticket"
)

func TestSort(t *testing.T) {
	t.Parallel()
	numbered := func(id int64, note string, at int) ticket.Entry {
		return ticket.Entry{ID: id, HappenedAt: minute(at), Details: ticket.Details{Note: note}}
	}
	entries := []ticket.Entry{
		numbered(0, "not stored, first", 1), numbered(9, "late", 2), numbered(3, "stored third", 1),
		numbered(0, "not stored, second", 1), numbered(1, "stored first", 1), numbered(0, "earliest", 0),
	}
	ticket.Sort(entries)
	var got []string
	for _, e := range entries {
		got = append(got, e.Note)
	}
	want := []string{"earliest", "stored first", "stored third", "not stored, first", "not stored, second", "late"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFoldOfNothing(t *testing.T) {
	t.Parallel()
	got, timeline := ticket.Fold(42, nil)
	if diff := cmp.Diff(ticket.Ticket{Number: 42}, got); diff != "" || len(timeline) != 0 {
		t.Errorf("timeline %v, ticket (-want +got):\n%s", timeline, diff)
	}
}

func TestFoldKeepsWhatItIsGiven(t *testing.T) {
	t.Parallel()
	given := []ticket.Entry{entry(ticket.Claimed, bob, minute(1)), opened()}
	given[1].Void = "stale"
	before := slices.Clone(given)
	_, timeline := ticket.Fold(42, given)
	if diff := cmp.Diff(before, given); diff != "" {
		t.Errorf("the entries passed in changed (-before +after):\n%s", diff)
	}
	if timeline[0].Kind != ticket.Opened || timeline[0].Void != "" {
		t.Errorf("first of the timeline: %s, void %q; want what was opened, and no reason", timeline[0].Kind, timeline[0].Void)
	}
}

// Every case is a known timeline and an entry that arrives later. Voids lists the reasons in the
// order of the times.
func TestLateEntries(t *testing.T) {
	t.Parallel()
	claim := func(who string, at int) ticket.Entry { return entry(ticket.Claimed, who, minute(at)) }
	resolve := func(who string, at int) ticket.Entry {
		return entry(ticket.Resolved, who, minute(at), by(ticket.ByEmoji))
	}
	tests := []struct {
		name          string
		known         []ticket.Entry
		late          ticket.Entry
		before, after []string
		state         ticket.State
		owner         string
	}{
		{
			name: "an earlier claim voids the one that was known", state: ticket.StateClaimed, owner: carol,
			known: []ticket.Entry{opened(), claim(bob, 10)}, late: claim(carol, 5),
			before: []string{"", ""}, after: []string{"", "", "conflict"},
		},
		{
			name: "a put back makes room for a claim that was void", state: ticket.StateClaimed, owner: carol,
			known: []ticket.Entry{opened(), claim(bob, 5), claim(carol, 15)}, late: entry(ticket.PutBack, bob, minute(10)),
			before: []string{"", "", "conflict"}, after: []string{"", "", "", ""},
		},
		{
			name: "an earlier resolution voids a claim", state: ticket.StateResolved,
			known: []ticket.Entry{opened(), claim(bob, 10)}, late: resolve(carol, 5),
			before: []string{"", ""}, after: []string{"", "", "conflict"},
		},
		{
			name: "a claim made twice was so already", state: ticket.StateClaimed, owner: bob,
			known: []ticket.Entry{opened(), claim(bob, 10)}, late: claim(bob, 5),
			before: []string{"", ""}, after: []string{"", "", "already so"},
		},
		{
			name: "the earlier of two resolutions counts, so the other's undoing does not", state: ticket.StateResolved,
			known: []ticket.Entry{opened(), resolve(bob, 10), entry(ticket.Undone, bob, minute(12))}, late: resolve(carol, 5),
			before: []string{"", "", ""}, after: []string{"", "", "already so", "already so"},
		},
		{
			name: "a resolution gives sense to its undoing", state: ticket.StateOpen,
			known: []ticket.Entry{opened(), entry(ticket.Undone, bob, minute(12))}, late: resolve(bob, 10),
			before: []string{"", "already so"}, after: []string{"", "", ""},
		},
		{
			name: "what happened before the opening waits for it", state: ticket.StateClaimed, owner: bob,
			known: []ticket.Entry{claim(bob, 10)}, late: opened(),
			before: []string{"conflict"}, after: []string{"", ""},
		},
		{
			name: "a second opening does not count", state: ticket.StateOpen,
			known: []ticket.Entry{opened()}, late: entry(ticket.Opened, dan, minute(1)),
			before: []string{""}, after: []string{"", "conflict"},
		},
		{
			name: "what is none does not count", state: ticket.StateOpen,
			known: []ticket.Entry{opened()}, late: entry("juggled", dan, minute(1)),
			before: []string{""}, after: []string{"", "invalid"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, known := ticket.Fold(42, test.known)
			if diff := cmp.Diff(test.before, voids(known)); diff != "" {
				t.Fatalf("voids before (-want +got):\n%s", diff)
			}
			got, timeline := ticket.Fold(42, append(known, test.late))
			if diff := cmp.Diff(test.after, voids(timeline)); diff != "" {
				t.Errorf("voids after (-want +got):\n%s", diff)
			}
			if got.State != test.state || got.Assignee != test.owner {
				t.Errorf("%s, owner %q; want %s, owner %q", got.State, got.Assignee, test.state, test.owner)
			}
		})
	}
}

func voids(timeline []ticket.Entry) []string {
	reasons := make([]string, len(timeline))
	for i, e := range timeline {
		reasons[i] = e.Void
	}
	return reasons
}

// The names are part of the database's format.
func TestDetailsAsStored(t *testing.T) {
	t.Parallel()
	tests := map[string]ticket.Details{
		`{}`: {},
		`{"title":"T","text":"X","category":"C","priority":1,"policy":3,"message":{"channel":"C1","ts":"1.000200"}}`: {
			Title: "T", Text: "X", Category: "C", Priority: ticket.P1, Policy: 3, Message: ticket.Message{Channel: "C1", TS: "1.000200"},
		},
		`{"assignee":"UBOB","note":"N","solution":"no_change","close_reason":"not_an_issue","duplicate_of":7,"emoji":"eyes"}`: {
			Assignee: bob, Note: "N", Solution: ticket.SolvedWithoutChange, CloseReason: ticket.NotAnIssue, DuplicateOf: 7, Emoji: "eyes",
		},
	}
	for want, details := range tests {
		stored, err := json.Marshal(details)
		if err != nil || string(stored) != want {
			t.Errorf("stored as %s, %v\nwant %s", stored, err, want)
		}
		var read ticket.Details
		if err := json.Unmarshal(stored, &read); err != nil {
			t.Errorf("reading %s: %v", stored, err)
		}
		if diff := cmp.Diff(details, read); diff != "" {
			t.Errorf("read back (-want +got):\n%s", diff)
		}
	}
}

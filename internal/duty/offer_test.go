package duty

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Who has fewest tickets comes first, among equals who was asked longest ago, and then who stands first.
func TestOrderOfCandidates(t *testing.T) {
	t.Parallel()
	at := func(minute int) time.Time { return time.Date(2026, 11, 16, 10, minute, 0, 0, time.UTC) }
	all := []Candidate{{"ann", 2, at(1)}, {"bob", 1, at(3)}, {"cat", 1, at(2)}, {"dan", 0, at(9)}, {"eve", 2, time.Time{}}}
	if got := LeastLoaded(all); !slices.Equal(got, []string{"dan", "cat", "bob", "eve", "ann"}) {
		t.Errorf("by load: %v", got)
	}
	if got := RoundRobin(all); !slices.Equal(got, []string{"eve", "ann", "cat", "bob", "dan"}) {
		t.Errorf("in turn: %v", got)
	}
	if all[0].Person != "ann" {
		t.Error("the list itself is sorted")
	}
}

// Whatever happens, in a round robin nobody is asked twice more often than somebody else who could be asked.
func TestRoundRobinIsFair(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		people := rapid.IntRange(1, 12).Draw(t, "people")
		all, asked := make([]Candidate, people), make([]int, people)
		for i := range all {
			all[i].Person = string(rune('a' + i))
		}
		now := time.Date(2026, 11, 16, 10, 0, 0, 0, time.UTC)
		for range rapid.IntRange(1, 60).Draw(t, "tickets") {
			now = now.Add(time.Minute)
			i := slices.IndexFunc(all, func(c Candidate) bool { return c.Person == RoundRobin(all)[0] })
			all[i].Asked, asked[i] = now, asked[i]+1
		}
		if slices.Max(asked)-slices.Min(asked) > 1 {
			t.Fatalf("asked %v", asked)
		}
	})
}

// Who is on duty comes first, then who is next, each once.
func TestInTurn(t *testing.T) {
	t.Parallel()
	monday := time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)
	r := Rota{Layers: []Layer{{People: []string{"ann", "bob", "cat"}, First: monday, Turn: 24 * time.Hour}}}
	if got := r.InTurn(monday.Add(25 * time.Hour)); !slices.Equal(got, []string{"bob", "cat", "ann"}) {
		t.Errorf("in turn: %v", got)
	}
	if got := (Rota{}).InTurn(monday); len(got) != 0 {
		t.Errorf("of nobody: %v", got)
	}
}

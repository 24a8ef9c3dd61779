package duty_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"supporty/internal/duty"
)

// After a swap each has the other's shift, and nobody else's duty has changed.
func TestSwap(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	from := time.Date(2026, 3, 24, 0, 0, 0, 0, time.UTC)
	swapped := 0
	for range 200 {
		rota := drawRota(t, r, from.AddDate(0, 0, -2))
		ahead := rota.Ahead(from, from.AddDate(0, 0, 14), 50)
		if len(ahead) < 2 {
			continue
		}
		gives, takes := draw(r, ahead...), draw(r, ahead...)
		if gives.Person == takes.Person {
			continue
		}
		swapped++
		swap := duty.Swap{Gives: gives, To: takes.Person, Takes: takes}
		after := rota
		after.Overrides = append(slices.Clip(rota.Overrides), swap.Overrides()...)
		for m := from; m.Before(from.AddDate(0, 0, 14)); m = m.Add(15 * time.Minute) {
			want := rota.At(m)
			switch {
			case within(m, gives) && !absent(rota, takes.Person, m):
				want = takes.Person
			case within(m, takes) && !absent(rota, gives.Person, m):
				want = gives.Person
			}
			if got := after.At(m); got != want {
				t.Fatalf("at %v %q is on duty, want %q: %+v in %+v", m, got, want, swap, rota)
			}
		}
	}
	if swapped < 50 {
		t.Errorf("only %d swaps were drawn", swapped)
	}
}

func within(t time.Time, s duty.Shift) bool { return !t.Before(s.From) && t.Before(s.Until) }

func absent(r duty.Rota, person string, t time.Time) bool {
	return slices.ContainsFunc(r.Absences, func(a duty.Absence) bool {
		return a.Person == person && !t.Before(a.From) && t.Before(a.Until)
	})
}

func TestHasAndAhead(t *testing.T) {
	t.Parallel()
	rota := duty.Rota{Layers: []duty.Layer{weekly(t, "alice", "bob")}}
	nine := func(day int) time.Time { return time.Date(2026, 11, day, 9, 0, 0, 0, time.UTC) }
	bobs, hers := duty.Shift{Person: "bob", From: nine(9), Until: nine(16)}, duty.Shift{Person: "alice", From: nine(16), Until: nine(23)}
	if diff := gocmp.Diff([]duty.Shift{bobs, hers}, rota.Ahead(nine(3), nine(25), 9)); diff != "" {
		t.Errorf("ahead (-want +got):\n%s", diff)
	}
	if got := rota.Ahead(nine(3), nine(25), 1); len(got) != 1 {
		t.Errorf("at most one is asked for: %v", got)
	}
	for name, test := range map[string]struct {
		shift duty.Shift
		want  bool
	}{
		"as it is":        {bobs, true},
		"a part":          {duty.Shift{Person: "bob", From: nine(10), Until: nine(11)}, true},
		"of another":      {duty.Shift{Person: "alice", From: nine(9), Until: nine(16)}, false},
		"too long":        {duty.Shift{Person: "bob", From: nine(9), Until: nine(17)}, false},
		"of nobody":       {duty.Shift{From: nine(9), Until: nine(16)}, false},
		"ends at once":    {duty.Shift{Person: "bob", From: nine(9), Until: nine(9)}, false},
		"before any turn": {duty.Shift{Person: "bob", From: nine(1), Until: nine(2)}, false},
	} {
		if got := rota.Has(test.shift); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestStrain(t *testing.T) {
	t.Parallel()
	nine := func(day int) time.Time { return time.Date(2026, 11, day, 9, 0, 0, 0, time.UTC) }
	day := weekly(t, "alice", "bob")
	day.Turn = 24 * time.Hour
	roster := duty.Roster{
		{Name: "Checkout", Rota: duty.Rota{Layers: []duty.Layer{day}}},
		{Name: "Logistics", Rota: duty.Rota{Layers: []duty.Layer{weekly(t, "carol", "dana")}}},
	}
	put := func(squad int, person string, from, until time.Time) duty.Roster {
		changed := slices.Clone(roster)
		changed[squad].Rota.Overrides = []duty.Override{{Person: person, From: from, Until: until}}
		return changed
	}
	for name, test := range map[string]struct {
		roster duty.Roster
		shift  duty.Shift
		want   duty.Strain
	}{
		"a usual day": {roster, duty.Shift{Person: "alice", From: nine(4), Until: nine(5)}, duty.Strain{}},
		"the day between two of hers": {put(0, "alice", nine(5), nine(6)), duty.Shift{Person: "alice", From: nine(5), Until: nine(6)},
			duty.Strain{Unbroken: duty.Shift{Person: "alice", From: nine(4), Until: nine(7)}}},
		"eleven hours before her day": {put(0, "alice", nine(5), nine(5).Add(13*time.Hour)), duty.Shift{Person: "alice", From: nine(5).Add(12 * time.Hour), Until: nine(5).Add(13 * time.Hour)},
			duty.Strain{Unbroken: duty.Shift{Person: "alice", From: nine(4), Until: nine(5).Add(13 * time.Hour)}}},
		"for two squads": {put(0, "carol", nine(3), nine(4)), duty.Shift{Person: "carol", From: nine(3), Until: nine(4)},
			duty.Strain{Unbroken: duty.Shift{Person: "carol", From: nine(2), Until: nine(9)}, Also: []string{"Logistics"}}},
	} {
		if diff := gocmp.Diff(test.want, test.roster.Strain("Checkout", test.shift)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

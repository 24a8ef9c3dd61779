package duty

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func hour(h int) time.Time { return time.Date(2026, 11, 16, h, 0, 0, 0, time.UTC) }

func fixed(person string, from, until int) Shift {
	return Shift{Person: person, From: hour(from), Until: hour(until)}
}

// A layer of fixed shifts stands among others; where nobody has a shift, the layer below counts. An
// exception within a shift counts before it.
func TestFixedShifts(t *testing.T) {
	t.Parallel()
	r := Rota{Layers: []Layer{
		{People: []string{"below"}, First: hour(0), Turn: 24 * time.Hour},
		{Fixed: []Shift{fixed("a", 2, 10), fixed("b", 4, 6), fixed("c", 12, 14), fixed("d", 12, 13)}},
	}}
	want := []Shift{
		fixed("below", 0, 2), fixed("a", 2, 4), fixed("b", 4, 6), fixed("a", 6, 10), fixed("below", 10, 12),
		fixed("d", 12, 13), fixed("c", 13, 14), fixed("below", 14, 20),
	}
	if diff := cmp.Diff(want, r.Between(hour(0), hour(20))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	r = r.Without(func(person string) bool { return person == "b" }, hour(4))
	if got := r.At(hour(5)); got != "a" {
		t.Errorf("who has left has a shift that goes to %q", got)
	}
	if diff := cmp.Diff([]string{"below", "a", "b", "c", "d"}, r.People()); diff != "" {
		t.Errorf("people (-want +got):\n%s", diff)
	}
}

// What is computed agrees with a reading of all shifts, at every hour; and the changes agree with it.
func TestFixedShiftsAgreeWithASlowReading(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var shifts []Shift
		from := 0
		for range rapid.IntRange(0, 12).Draw(t, "shifts") {
			from += rapid.IntRange(0, 5).Draw(t, "after")
			person := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "person")
			shifts = append(shifts, fixed(person, from, from+rapid.IntRange(1, 12).Draw(t, "long")))
		}
		r := Rota{Layers: []Layer{{Fixed: shifts}}}
		slow := func(at time.Time) (person string) {
			for _, s := range shifts {
				if !at.Before(s.From) && at.Before(s.Until) {
					person = s.Person
				}
			}
			return person
		}
		for h := -1; h < 80; h++ {
			if got, want := r.At(hour(h)), slow(hour(h)); got != want {
				t.Fatalf("at hour %d: %q, want %q", h, got, want)
			}
		}
		for _, s := range r.Between(hour(-1), hour(80)) {
			for at := s.From; at.Before(s.Until); at = at.Add(time.Hour) {
				if s.Person != slow(at) {
					t.Fatalf("the shift %v covers %v, where %q is on duty", s, at, slow(at))
				}
			}
		}
	})
}

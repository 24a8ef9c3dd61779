package duty

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"supporty/internal/sla"
)

// From a version on its layers count, and what was before stays as it was. Overrides count through it.
func TestVersions(t *testing.T) {
	t.Parallel()
	before := Rota{Layers: []Layer{{People: []string{"a", "b"}, First: hour(0), Turn: 4 * time.Hour}}}
	after := before
	after.Versions = []Version{
		{From: hour(6), Layers: []Layer{{People: []string{"c", "d"}, First: hour(6), Turn: 2 * time.Hour}}},
		{From: hour(11), Layers: nil},
		{From: hour(12), Layers: before.Layers},
	}
	want := []Shift{
		fixed("a", 0, 4), fixed("b", 4, 6), fixed("c", 6, 8), fixed("d", 8, 10), fixed("c", 10, 11), fixed("", 11, 12),
		fixed("b", 12, 16), fixed("a", 16, 20),
	}
	if diff := cmp.Diff(want, after.Between(hour(0), hour(20))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(before.Between(hour(0), hour(6)), after.Between(hour(0), hour(6))); diff != "" {
		t.Errorf("the past has changed (-want +got):\n%s", diff)
	}
	after.Overrides = []Override{{Person: "e", From: hour(5), Until: hour(7)}}
	if diff := cmp.Diff([]Shift{fixed("b", 4, 5), fixed("e", 5, 7), fixed("c", 7, 8)}, after.Between(hour(4), hour(8))); diff != "" {
		t.Errorf("with an override (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"a", "b", "c", "d"}, after.People()); diff != "" {
		t.Errorf("people (-want +got):\n%s", diff)
	}
	if now, next := after.Now(hour(10)); now != fixed("c", 10, 11) || next != fixed("", 11, 12) {
		t.Errorf("at hour 10: %v, then %v", now, next)
	}
}

// Changes, shifts and questions agree on rotas with any versions.
func TestVersionsAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		layers := func() (all []Layer) {
			for range rapid.IntRange(0, 2).Draw(t, "layers") {
				all = append(all, Layer{
					People: rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c"}), 1, 3).Draw(t, "people"),
					First:  hour(rapid.IntRange(-10, 20).Draw(t, "first")), Turn: time.Duration(rapid.IntRange(1, 9).Draw(t, "turn")) * time.Hour,
				})
			}
			return all
		}
		r := Rota{Layers: layers()}
		from := 0
		for range rapid.IntRange(0, 4).Draw(t, "versions") {
			from += rapid.IntRange(0, 8).Draw(t, "later")
			r.Versions = append(r.Versions, Version{From: hour(from), Layers: layers()})
		}
		slow := func(at time.Time) string {
			base := Rota{Layers: r.Layers}
			for _, v := range r.Versions {
				if !at.Before(v.From) {
					base.Layers = v.Layers
				}
			}
			return base.At(at)
		}
		var sum time.Duration
		for _, s := range r.Between(hour(-5), hour(50)) {
			sum += s.Long()
			for at := s.From; at.Before(s.Until); at = at.Add(time.Hour) {
				if s.Person != slow(at) || r.At(at) != s.Person {
					t.Fatalf("at %v: %q in a shift, %q, and by layers %q", at, s.Person, r.At(at), slow(at))
				}
			}
		}
		if sum != 55*time.Hour {
			t.Fatalf("the shifts are %v long", sum)
		}
		changes := r.Changes(Change{Person: r.At(hour(-5)), At: hour(-5)}, hour(50))
		person := r.At(hour(-5))
		for h := -5; h < 50; h++ {
			for len(changes) > 0 && !hour(h).Before(changes[0].At) {
				person, changes = changes[0].Person, changes[1:]
			}
			if person != r.At(hour(h)) {
				t.Fatalf("at hour %d the changes say %q, the rota %q", h, person, r.At(hour(h)))
			}
		}
	})
}

func TestMade(t *testing.T) {
	t.Parallel()
	monday := time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		weekday int
		want    time.Time
	}{{-1, monday.Add(9 * time.Hour)}, {1, monday.Add(9 * time.Hour)}, {0, monday.AddDate(0, 0, 6).Add(9 * time.Hour)}} {
		if got := FirstHandover(monday, test.weekday, 9*60); !got.Equal(test.want) {
			t.Errorf("on day %d: %v", test.weekday, got)
		}
	}
	for _, turn := range []time.Duration{30 * time.Minute, 12 * time.Hour, 24 * time.Hour, 36*time.Hour + 30*time.Minute, 48 * time.Hour, 7 * 24 * time.Hour, 8 * 24 * time.Hour, longestTurn} {
		if got, err := ParseTurn(TurnWords(turn)); err != nil || got != turn {
			t.Errorf("%v is %q, which is %v, %v", turn, TurnWords(turn), got, err)
		}
	}
	for _, wrong := range []string{"", "0h", "400 days", "13 weeks", "90s", "-1 day", "a week", "1 fortnight", "29m"} {
		if got, err := ParseTurn(wrong); err == nil {
			t.Errorf("%q is %v", wrong, got)
		}
	}
	made := Made{People: []string{"a"}, Turn: 24 * time.Hour, First: monday.Add(150 * time.Minute), Zone: "Europe/London", During: DuringOutside}
	desk, err := sla.NewCalendar(sla.Hours{})
	if err != nil {
		t.Fatal(err)
	}
	if l, err := made.Layer(desk); err != nil || !l.Outside || l.Hours != desk || l.Zone.String() != "Europe/London" {
		t.Errorf("the layer is %+v, %v", l, err)
	}
	for _, zone := range []string{"", "Local", "Europe/Londn"} {
		made.Zone = zone
		if _, err := made.Layer(desk); err == nil {
			t.Errorf("%q is a zone", zone)
		}
		if _, err := made.Begins(); err == nil {
			t.Errorf("%q is a zone", zone)
		}
	}
}

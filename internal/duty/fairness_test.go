package duty

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestUnfairness(t *testing.T) {
	t.Parallel()
	load := func(person string, hours, weekend, nights int) Load {
		return Load{Person: person, Nights: nights, Hours: map[Kind]time.Duration{Working: time.Duration(hours) * time.Hour, Weekend: time.Duration(weekend) * time.Hour}}
	}
	for name, test := range map[string]struct {
		loads []Load
		want  Unfair
	}{
		"even":                  {[]Load{load("ann", 100, 20, 5), load("bob", 90, 22, 6)}, Unfair{}},
		"nights":                {[]Load{load("ann", 100, 20, 9), load("bob", 100, 20, 1)}, Unfair{OfNights, "ann", 9, 5, 2, "bob"}},
		"too few to tell":       {[]Load{load("ann", 10, 0, 3), load("bob", 0, 0, 0)}, Unfair{}},
		"of several, the worst": {[]Load{load("ann", 400, 30, 4), load("bob", 100, 0, 0), load("cat", 0, 0, 0)}, Unfair{OfNights, "ann", 4, 4.0 / 3, 3, "bob"}},
		"alone":                 {[]Load{load("ann", 400, 30, 4)}, Unfair{}},
		"nobody":                {nil, Unfair{}},
	} {
		got, found := Unfairness(test.loads, 1.5)
		if got != test.want || found != (test.want != Unfair{}) {
			t.Errorf("%s: %+v, want %+v", name, got, test.want)
		}
	}
}

// Whatever people have carried and whatever comes: a swap that is proposed gives away a shift of who has
// carried most, to who has carried least, and makes the difference between them smaller. Nobody else is touched.
func TestAMendIsOne(t *testing.T) {
	t.Parallel()
	begin := time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)
	scale := Scale{Days: Days{Zone: time.UTC}, Night: UsualNight}
	rapid.Check(t, func(t *rapid.T) {
		people := []string{"ann", "bob", "cat", "dan"}[:rapid.IntRange(1, 4).Draw(t, "people")]
		loads := make([]Load, len(people))
		for i, p := range people {
			loads[i] = Load{Person: p, Nights: rapid.IntRange(0, 40).Draw(t, "nights"), Hours: map[Kind]time.Duration{
				Working: time.Duration(rapid.IntRange(0, 900).Draw(t, "hours")) * time.Hour, Weekend: time.Duration(rapid.IntRange(0, 300).Draw(t, "weekend")) * time.Hour,
			}}
		}
		u, found := Unfairness(loads, 1.2)
		if !found {
			return
		}
		if u.Has <= 1.2*u.Average || u.Person == u.Least {
			t.Fatalf("unfair: %+v", u)
		}
		r := Rota{Layers: []Layer{{People: people, First: begin, Turn: time.Duration(rapid.IntRange(4, 100).Draw(t, "turn")) * time.Hour}}}
		coming := r.Ahead(begin, begin.Add(8*7*24*time.Hour), 40)
		before := total(u, u.Person, coming, loads, scale) - total(u, u.Least, coming, loads, scale)
		for _, s := range u.Mend(coming, loads, scale) {
			if s.Gives.Person != u.Person || s.To != u.Least || s.Exchanges() && s.Takes.Person != u.Least {
				t.Fatalf("a swap of others: %+v", s)
			}
			var after []Shift
			for _, shift := range coming {
				switch shift {
				case s.Gives:
					shift.Person = s.To
				case s.Takes:
					shift.Person = s.Gives.Person
				}
				after = append(after, shift)
			}
			if left := total(u, u.Person, after, loads, scale) - total(u, u.Least, after, loads, scale); math.Abs(left) >= before {
				t.Fatalf("%+v leaves %f of %f", s, left, before)
			}
		}
	})
}

// total is what somebody has carried and will carry, counted apart from the code.
func total(u Unfair, person string, coming []Shift, loads []Load, scale Scale) (sum float64) {
	for _, l := range loads {
		if l.Person != person {
			continue
		}
		switch u.Measure {
		case OfNights:
			sum += float64(l.Nights)
		case OfWeekends:
			sum += l.Hours[Weekend].Hours()
		case OfHours:
			sum += l.Hours[Weekend].Hours() + l.Hours[Working].Hours()
		}
	}
	for _, s := range coming {
		if s.Person == person {
			sum += scale.Of(u.Measure, s)
		}
	}
	return sum
}

// Of several swaps the first one is proposed that leaves everybody their rest.
func TestTheEasiestSwap(t *testing.T) {
	t.Parallel()
	begin := time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)
	day := func(person string, n int) Shift {
		return Shift{Person: person, From: begin.AddDate(0, 0, n), Until: begin.AddDate(0, 0, n+1)}
	}
	r := Roster{{Name: "Core", Rota: Rota{Layers: []Layer{{People: []string{"ann", "cat", "bob", "cat", "cat", "cat"}, First: begin, Turn: 24 * time.Hour}}}}}
	hard, easy := Swap{Gives: day("ann", 6), To: "bob", Takes: Shift{}}, Swap{Gives: day("ann", 0), To: "bob", Takes: Shift{}}
	hard.Gives = Shift{Person: "cat", From: begin.AddDate(0, 0, 1), Until: begin.AddDate(0, 0, 2)} // the day before Bob's
	if got, found := r.Easiest("Core", []Swap{hard, easy}); !found || got != easy {
		t.Errorf("%+v", got)
	}
	if got, found := r.Easiest("Core", []Swap{hard}); !found || got != hard {
		t.Errorf("of hard ones only: %+v", got)
	}
	if _, found := r.Easiest("Core", nil); found {
		t.Error("there is none")
	}
}

package duty

import (
	"cmp"
	"slices"
	"time"
)

// Load is what somebody has carried for a squad in a period.
type Load struct {
	Squad, Person string
	Hours         map[Kind]time.Duration
	Nights        int // in the middle of which they were on duty
	Pages         int // how often they were called
	Woken         int // how often that woke them
}

// Long is all hours.
func (l Load) Long() (sum time.Duration) {
	for _, long := range l.Hours {
		sum += long
	}
	return sum
}

// Called is that somebody was called, and whether it woke them.
type Called struct {
	Squad, Person string
	At            time.Time
	Woke          bool
}

// Loads adds up what people have carried, by squad and person. Whoever has carried nothing is not
// in it.
func Loads(records []Record, called []Called, from, until time.Time, days Days, night Night) []Load {
	var all loads
	for _, r := range records {
		for _, s := range r.Served(from, until) {
			of := all.of(r.Squad, s.Person)
			for _, p := range days.Parts(s) {
				of.Hours[p.Kind] += p.Long()
			}
			of.Nights += night.Middles(s, days.Zone)
		}
	}
	for _, c := range called {
		of := all.of(c.Squad, c.Person)
		of.Pages++
		if c.Woke {
			of.Woken++
		}
	}
	return all.sorted()
}

type loads []*Load

func (l *loads) of(squad, person string) *Load {
	for _, of := range *l {
		if of.Squad == squad && of.Person == person {
			return of
		}
	}
	of := &Load{Squad: squad, Person: person, Hours: map[Kind]time.Duration{}}
	*l = append(*l, of)
	return of
}

func (l loads) sorted() (all []Load) {
	for _, of := range l {
		all = append(all, *of)
	}
	slices.SortStableFunc(all, func(a, b Load) int {
		return cmp.Or(cmp.Compare(a.Squad, b.Squad), cmp.Compare(b.Long(), a.Long()), cmp.Compare(a.Person, b.Person))
	})
	return all
}

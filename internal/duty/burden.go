package duty

import (
	"maps"
	"slices"
	"time"

	"supporty/internal/sla"
)

// Burden is what somebody carries, in all squads: the tickets that are open, and what a period asked of
// them. It knows no replies, no speed and no ratings: nothing that somebody could want to be good at.
type Burden struct {
	Person            string
	Open              int           // tickets that they have
	Hours, OutOfHours time.Duration // on duty while the desk is open, and while it is not
	Calls, CallsOut   int           // how often they were called, likewise
}

// Long is all time on duty.
func (b Burden) Long() time.Duration { return b.Hours + b.OutOfHours }

// Called counts all calls.
func (b Burden) Called() int { return b.Calls + b.CallsOut }

// Burdens returns what each person carries, ordered by their ids. open counts the open tickets of each.
// Without opening hours, the desk is always open. Whoever carries nothing is not in it.
func Burdens(records []Record, called []Called, open map[string]int, hours *sla.Calendar, from, until time.Time) []Burden {
	all := map[string]*Burden{}
	of := func(person string) *Burden {
		if all[person] == nil {
			all[person] = &Burden{Person: person}
		}
		return all[person]
	}
	for person, n := range open {
		of(person).Open = n
	}
	for _, r := range records {
		for _, s := range r.Served(from, until) {
			inside := hours.Between(s.From, s.Until)
			b := of(s.Person)
			b.Hours, b.OutOfHours = b.Hours+inside, b.OutOfHours+s.Long()-inside
		}
	}
	for _, c := range called {
		b := of(c.Person)
		if isOpen, _ := hours.State(c.At); isOpen {
			b.Calls++
		} else {
			b.CallsOut++
		}
	}
	sorted := make([]Burden, 0, len(all))
	for _, person := range slices.Sorted(maps.Keys(all)) {
		sorted = append(sorted, *all[person])
	}
	return sorted
}

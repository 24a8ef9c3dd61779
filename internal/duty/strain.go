package duty

import (
	"slices"
	"time"
)

// Rest is the shortest time off duty between two shifts in which a person can rest: the daily rest of
// the European Union's Directive 2003/88/EC, article 3.
const Rest = 11 * time.Hour

// Strain is what is hard on somebody about a shift. The zero value is nothing.
type Strain struct {
	Unbroken Shift    // from when until when they have no Rest; zero if it is the shift alone
	Also     []string // the other squads for which they are on duty in the same time
}

// Any reports whether there is anything hard.
func (s Strain) Any() bool { return len(s.Also) > 0 || s.Unbroken != Shift{} }

// around is how far from a shift others are looked at: nobody is on duty for longer without a rest.
const around = 28 * 24 * time.Hour

// Strain returns what is hard about a shift in a squad, for who has it by the roster.
func (r Roster) Strain(squad string, s Shift) Strain {
	var all []Shift
	var strain Strain
	for _, of := range r {
		for _, other := range of.Rota.Between(s.From.Add(-around), s.Until.Add(around)) {
			if other.Person != s.Person {
				continue
			}
			all = append(all, other)
			if of.Name != squad && other.From.Before(s.Until) && s.From.Before(other.Until) && !slices.Contains(strain.Also, of.Name) {
				strain.Also = append(strain.Also, of.Name)
			}
		}
	}
	if whole := unbroken(s, all); whole != s {
		strain.Unbroken = whole
	}
	return strain
}

// unbroken adds to a shift all others that follow it, or that it follows, without a rest.
func unbroken(s Shift, all []Shift) Shift {
	for {
		whole := s
		for _, other := range all {
			if !other.From.Before(whole.Until.Add(Rest)) || !whole.From.Before(other.Until.Add(Rest)) {
				continue
			}
			if other.From.Before(whole.From) {
				whole.From = other.From
			}
			if other.Until.After(whole.Until) {
				whole.Until = other.Until
			}
		}
		if whole == s {
			return s
		}
		s = whole
	}
}

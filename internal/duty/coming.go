package duty

import (
	"slices"
	"time"
)

// Coming lists the shifts after the one at a moment that begin before another moment, in order, at most
// so many. Where nobody is on duty in between, or in a part of a shift, is left out: somebody who is
// on duty again after a gap, before anybody else, has one shift.
func (r Rota) Coming(t, until time.Time, most int) (shifts []Shift) {
	now := r.change(t)
	last := now.Person
	for at := now.Until; !at.IsZero() && at.Before(until); {
		s := r.change(at)
		at = s.Until
		switch {
		case s.Person == "":
		case s.Person != last:
			if len(shifts) == most {
				return shifts
			}
			shifts, last = append(shifts, s), s.Person
		case len(shifts) > 0:
			shifts[len(shifts)-1].Until = s.Until
		}
	}
	return shifts
}

// People are all who take turns, in any version, each once.
func (r Rota) People() (people []string) {
	add := func(p string) {
		if !slices.Contains(people, p) {
			people = append(people, p)
		}
	}
	layers := slices.Clone(r.Layers)
	for _, v := range r.Versions {
		layers = append(layers, v.Layers...)
	}
	for _, l := range layers {
		for _, p := range l.People {
			add(p)
		}
		for _, s := range l.Fixed {
			add(s.Person)
		}
	}
	return people
}

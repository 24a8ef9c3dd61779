package duty

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Measure is what a rota shares among its people. Its values are part of the database's format.
type Measure string

// The measures.
const (
	OfHours    Measure = "hours"
	OfNights   Measure = "nights"
	OfWeekends Measure = "weekends" // hours of weekends and holidays
)

// fewest is what somebody has to have carried of a measure in 90 days before it counts as unfair.
var fewest = map[Measure]float64{OfHours: 24, OfNights: 4, OfWeekends: 24}

// Scale measures shifts.
type Scale struct {
	Days  Days
	Night Night
}

// Of is how much of a measure a shift has.
func (c Scale) Of(m Measure, s Shift) (sum float64) {
	if m == OfNights {
		return float64(c.Night.Middles(s, c.Days.Zone))
	}
	for _, p := range c.Days.Parts(s) {
		if m == OfHours || p.Kind != Working {
			sum += p.Long().Hours()
		}
	}
	return sum
}

// of is how much of a measure somebody has carried.
func (l Load) of(m Measure) float64 {
	switch m {
	case OfNights:
		return float64(l.Nights)
	case OfWeekends:
		return (l.Hours[Weekend] + l.Hours[Holiday]).Hours()
	default:
		return l.Long().Hours()
	}
}

// Unfair is that somebody has carried more of a measure than the others. It is stored as JSON, so the
// tags are part of the database's format.
type Unfair struct {
	Measure Measure `json:"measure"`
	Person  string  `json:"person"`
	Has     float64 `json:"has"`
	Average float64 `json:"average"` // of all, the person among them
	People  int     `json:"people"`
	Least   string  `json:"least"` // who has carried least of it
}

// Unfairness finds who has carried more than some times the average of a squad's people, each of whom
// has a load, if only an empty one. Of several it is the worst.
func Unfairness(loads []Load, times float64) (worst Unfair, found bool) {
	for _, m := range []Measure{OfNights, OfWeekends, OfHours} {
		if u := most(loads, m); u.Has >= fewest[m] && u.Has > times*u.Average && (!found || u.Has*worst.Average > worst.Has*u.Average) {
			worst, found = u, true
		}
	}
	return worst, found
}

func most(loads []Load, m Measure) Unfair {
	u := Unfair{Measure: m, People: len(loads), Has: -1}
	sum, least := 0.0, math.Inf(1)
	for _, l := range loads {
		has := l.of(m)
		sum += has
		if has > u.Has {
			u.Person, u.Has = l.Person, has
		}
		if has < least {
			u.Least, least = l.Person, has
		}
	}
	u.Average = sum / float64(max(len(loads), 1))
	return u
}

// Mend lists swaps of two people's coming shifts that make the difference between them smaller, of what
// they have carried and what comes: the best first. Without one that does, or if what comes evens it out by
// itself, there are none.
func (u Unfair) Mend(coming []Shift, loads []Load, scale Scale) (swaps []Swap) {
	more, less := shiftsOf(coming, u.Person), shiftsOf(coming, u.Least)
	difference := carried(loads, u.Person, u.Measure) - carried(loads, u.Least, u.Measure) + scale.sum(u.Measure, more) - scale.sum(u.Measure, less)
	if u.Person == u.Least || difference <= 0 {
		return nil
	}
	type scored struct {
		Swap
		left float64
	}
	var all []scored
	for _, gives := range more {
		for _, takes := range append([]Shift{{}}, less...) {
			moved := scale.Of(u.Measure, gives) - scale.Of(u.Measure, takes)
			if left := math.Abs(difference - 2*moved); left < difference {
				all = append(all, scored{Swap{Gives: gives, To: u.Least, Takes: takes}, left})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b scored) int { return cmp.Compare(a.left, b.left) })
	for _, s := range all {
		swaps = append(swaps, s.Swap)
	}
	return swaps
}

func (c Scale) sum(m Measure, shifts []Shift) (sum float64) {
	for _, s := range shifts {
		sum += c.Of(m, s)
	}
	return sum
}

func carried(loads []Load, person string, m Measure) float64 {
	for _, l := range loads {
		if l.Person == person {
			return l.of(m)
		}
	}
	return 0
}

func shiftsOf(all []Shift, person string) []Shift {
	return slices.DeleteFunc(slices.Clone(all), func(s Shift) bool { return s.Person != person })
}

// Easiest is the first of swaps that is hard on nobody, or else the first. There is none without swaps.
func (r Roster) Easiest(squad string, swaps []Swap) (Swap, bool) {
	const looked = 20
	for _, s := range swaps[:min(len(swaps), looked)] {
		after := r.swapped(squad, s)
		hard := after.Strain(squad, Shift{Person: s.To, From: s.Gives.From, Until: s.Gives.Until}).Any()
		if s.Exchanges() {
			hard = hard || after.Strain(squad, Shift{Person: s.Gives.Person, From: s.Takes.From, Until: s.Takes.Until}).Any()
		}
		if !hard {
			return s, true
		}
	}
	if len(swaps) == 0 {
		return Swap{}, false
	}
	return swaps[0], true
}

// swapped is the roster with a swap in effect.
func (r Roster) swapped(squad string, s Swap) Roster {
	after := slices.Clone(r)
	for i := range after {
		if after[i].Name == squad {
			after[i].Rota.Overrides = append(slices.Clip(after[i].Rota.Overrides), s.Overrides()...)
		}
	}
	return after
}

// Covered reports whether somebody's turns were recorded in all of a period: since its beginning, or
// a day after it.
func (r Record) Covered(from time.Time) bool {
	return len(r.Changes) > 0 && !r.Changes[0].At.After(from.Add(24*time.Hour))
}

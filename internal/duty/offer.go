package duty

import (
	"cmp"
	"slices"
	"time"
)

// Candidate is somebody of a squad to whom a ticket can be offered.
type Candidate struct {
	Person string
	Open   int       // how many open tickets they have
	Asked  time.Time // when one was offered to them last; zero for never
}

// LeastLoaded orders candidates by how many open tickets they have. Who has as many as others, and was
// asked longest ago, comes first.
func LeastLoaded(all []Candidate) []string {
	return ordered(all, func(a, b Candidate) int { return cmp.Or(cmp.Compare(a.Open, b.Open), a.Asked.Compare(b.Asked)) })
}

// RoundRobin orders candidates by when they were asked last: who never was comes first.
func RoundRobin(all []Candidate) []string {
	return ordered(all, func(a, b Candidate) int { return a.Asked.Compare(b.Asked) })
}

func ordered(all []Candidate, compare func(a, b Candidate) int) (people []string) {
	all = slices.Clone(all)
	slices.SortStableFunc(all, compare)
	for _, c := range all {
		people = append(people, c.Person)
	}
	return people
}

// InTurn lists who of a rota is on duty at a moment, who is next, and so on, each once. Whoever
// has no turn in the next twelve weeks comes last.
func (r Rota) InTurn(t time.Time) (people []string) {
	const (
		weeks = 12 * 7 * 24 * time.Hour
		most  = 200
	)
	add := func(person string) {
		if person != "" && !slices.Contains(people, person) {
			people = append(people, person)
		}
	}
	add(r.At(t))
	for _, s := range r.Coming(t, t.Add(weeks), most) {
		add(s.Person)
	}
	for _, person := range r.People() {
		add(person)
	}
	return people
}

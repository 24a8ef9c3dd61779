package insight

import (
	"cmp"
	"slices"
	"time"

	"supporty/internal/duty"
)

// TellingCarriers is how many people it takes that a distribution of what they carry tells of nobody in
// particular.
const TellingCarriers = 5

// Load is how what there is to carry is spread over the people who carry anything of it: a ticket that was
// open at the period's end, duty, or a call in the period. It names nobody. Of a category it has open tickets
// only, because duty is for a squad.
type Load struct {
	People  int
	Telling bool // there are enough people; else all that follows is zero

	Open              Quarters[int] // tickets that were open at the period's end, by who has them, or had them last
	Hours, OutOfHours Quarters[time.Duration]
	Calls, CallsOut   Quarters[int]
}

// Quarters describe a distribution by the nearest rank: a quarter of the values, a half and three quarters
// are not more than these. There is no least and no most: that would be the figure of one person.
type Quarters[T cmp.Ordered] struct{ One, Two, Three T }

// LoadOf describes how burdens are spread. Who carries nothing is none of them.
func LoadOf(burdens []duty.Burden) Load {
	l := Load{People: len(burdens), Telling: len(burdens) >= TellingCarriers}
	if !l.Telling {
		return l
	}
	l.Open = quarters(burdens, func(b duty.Burden) int { return b.Open })
	l.Hours = quarters(burdens, func(b duty.Burden) time.Duration { return b.Hours })
	l.OutOfHours = quarters(burdens, func(b duty.Burden) time.Duration { return b.OutOfHours })
	l.Calls = quarters(burdens, func(b duty.Burden) int { return b.Calls })
	l.CallsOut = quarters(burdens, func(b duty.Burden) int { return b.CallsOut })
	return l
}

func quarters[T cmp.Ordered](burdens []duty.Burden, of func(duty.Burden) T) Quarters[T] {
	values := make([]T, len(burdens))
	for i, b := range burdens {
		values[i] = of(b)
	}
	slices.Sort(values)
	at := func(quarter int) T { return values[(len(values)*quarter+3)/4-1] }
	return Quarters[T]{at(1), at(2), at(3)}
}

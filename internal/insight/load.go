package insight

import (
	"cmp"
	"slices"
	"time"

	"supporty/internal/duty"
)

// TellingCarriers is how many people who have any of it it takes that a distribution tells of nobody in
// particular.
const TellingCarriers = 5

// Load is how what there is to carry is spread over the people who carry any of it: a ticket that was open at
// the period's end, duty, or a call in the period. It names nobody. Of a category it has open tickets only,
// because duty is for a squad.
type Load struct {
	People int // who carry anything

	Open              Quarters[int] // tickets that were open at the period's end, by who has them, or had them last
	Hours, OutOfHours Quarters[time.Duration]
	Calls, CallsOut   Quarters[int]
}

// Quarters describe a distribution by the nearest rank: a quarter of the values, a half and three quarters
// are not more than these. There is no least and no most: that would be the figure of one person. They are
// zero if fewer than TellingCarriers have any: of two, each would know what the other has.
type Quarters[T cmp.Ordered] struct {
	People          int // who have any
	One, Two, Three T
}

// Telling reports whether anything is told.
func (l Load) Telling() bool {
	return l.Open.People+l.Hours.People+l.OutOfHours.People+l.Calls.People+l.CallsOut.People > 0
}

// LoadOf describes how burdens are spread. Who carries nothing is none of them.
func LoadOf(burdens []duty.Burden) Load {
	return Load{
		People:     len(burdens),
		Open:       quarters(burdens, func(b duty.Burden) int { return b.Open }),
		Hours:      quarters(burdens, func(b duty.Burden) time.Duration { return b.Hours }),
		OutOfHours: quarters(burdens, func(b duty.Burden) time.Duration { return b.OutOfHours }),
		Calls:      quarters(burdens, func(b duty.Burden) int { return b.Calls }),
		CallsOut:   quarters(burdens, func(b duty.Burden) int { return b.CallsOut }),
	}
}

func quarters[T cmp.Ordered](burdens []duty.Burden, of func(duty.Burden) T) Quarters[T] {
	var none T
	var values []T
	for _, b := range burdens {
		if v := of(b); v > none {
			values = append(values, v)
		}
	}
	if len(values) < TellingCarriers {
		return Quarters[T]{}
	}
	slices.Sort(values)
	at := func(quarter int) T { return values[(len(values)*quarter+3)/4-1] }
	return Quarters[T]{len(values), at(1), at(2), at(3)}
}

package insight

import (
	"cmp"
	"slices"

	"supporty/internal/ticket"
)

// Satisfaction is what requesters said of the help, of the solutions that got their first stars in the
// period. Stars are those that they have now.
type Satisfaction struct {
	Answers int // solutions with stars
	// Stars counts them: Stars[0] are the answers with one star. It is zero unless Telling.
	Stars [ticket.MostStars]int
	// Rose are the answers with more stars than their ticket got first, because somebody changed them or
	// because a later solution was better; by the stars, the lowest first. It is nil unless Telling.
	Rose    []Rise
	Telling bool // there are enough answers and people that the stars are about nobody in particular
}

// Rise is how often stars rose from one number to another.
type Rise struct{ From, To, Count int }

// Stars are told only of so many answers, by so many different people, about the help of so many others:
// there is no rating of a single person.
const (
	TellingAnswers = 5
	TellingRaters  = 3
	TellingHelpers = 2
)

// Answers are some answers that are alike.
type Answers struct{ First, Stars, Count int }

// SatisfactionOf adds up answers. raters and helpers are how many different people gave them, and had the
// tickets.
func SatisfactionOf(all []Answers, raters, helpers int) Satisfaction {
	var s Satisfaction
	for _, a := range all {
		s.Answers += a.Count
	}
	s.Telling = s.Answers >= TellingAnswers && raters >= TellingRaters && helpers >= TellingHelpers
	if !s.Telling {
		return s
	}
	for _, a := range all {
		s.Stars[a.Stars-1] += a.Count
		if a.Stars > a.First {
			s.Rose = append(s.Rose, Rise{From: a.First, To: a.Stars, Count: a.Count})
		}
	}
	slices.SortFunc(s.Rose, func(a, b Rise) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	return s
}

package ticket

import (
	"slices"
	"time"
)

// MostStars is the best rating; the worst is 1.
const MostStars = 5

// RateWindow is how long stars can be changed, from when they were given first.
const RateWindow = 7 * 24 * time.Hour

// fewStars are so few that something went wrong.
const fewStars = 2

// Rating is what the requester says of the solution of one cycle. The zero Rating means that they
// have not answered.
type Rating struct {
	Cycle    int
	Stars    []int     // one after the other; empty if they only say that it is fixed
	RatedAt  time.Time // when they first gave stars; zero before
	Word     string    // in their own words; may be empty
	FollowUp bool      // they ask the lead to look at it
}

// Now returns the stars that count, the last ones; 0 if there are none.
func (r Rating) Now() int {
	if len(r.Stars) == 0 {
		return 0
	}
	return r.Stars[len(r.Stars)-1]
}

// Low reports whether the stars say that something went wrong.
func (r Rating) Low() bool { return r.Now() > 0 && r.Now() <= fewStars }

// Telling reports whether there is something that the owner is to hear.
func (r Rating) Telling() bool { return r.Low() || r.Word != "" }

// Rating returns what the requester says of the solution of a cycle.
func (t Ticket) Rating(cycle int) Rating {
	if i := t.ratingOf(cycle); i >= 0 {
		return t.Ratings[i]
	}
	return Rating{}
}

func (t Ticket) ratingOf(cycle int) int {
	return slices.IndexFunc(t.Ratings, func(r Rating) bool { return r.Cycle == cycle })
}

// FirstStars returns the stars that the ticket got first, in any cycle; 0 if it has none.
func (t Ticket) FirstStars() int {
	for _, r := range t.Ratings {
		if len(r.Stars) > 0 {
			return r.Stars[0]
		}
	}
	return 0
}

// rated is about the solution that stands. A reopening withdraws the question, and what was said
// of the cycle before stays.
func (t Ticket) rated(e Entry) (Ticket, error) {
	before := t.Rating(t.Cycle)
	switch {
	case t.State != StateResolved:
		return t, Errorf(Conflict, "%s is not solved any more. You may be asked again when it is.", t.Number)
	case before.same(e):
		return t, errSame
	case !before.RatedAt.IsZero() && e.HappenedAt.Sub(before.RatedAt) > RateWindow:
		return t, Errorf(Conflict, "This could be changed for 7 days. What you said stays.")
	}
	t.Ratings = slices.Clone(t.Ratings)
	if i := t.ratingOf(t.Cycle); i >= 0 {
		t.Ratings = slices.Delete(t.Ratings, i, i+1)
	}
	before.Cycle = t.Cycle
	t.Ratings = append(t.Ratings, before.with(e))
	return t, nil
}

// same reports whether an entry says nothing new. Who says again that it is fixed takes no stars
// back.
func (r Rating) same(e Entry) bool {
	if e.Stars == 0 {
		return r.Cycle != 0
	}
	return e.Stars == r.Now() && (e.Gesture != ByForm || e.Note == r.Word && e.FollowUp == r.FollowUp)
}

// with is the rating after an entry. The form has all of it, a button the stars alone.
func (r Rating) with(e Entry) Rating {
	if e.Stars == 0 {
		return r
	}
	if e.Stars != r.Now() {
		r.Stars = append(slices.Clone(r.Stars), e.Stars)
	}
	if r.RatedAt.IsZero() {
		r.RatedAt = e.HappenedAt
	}
	if e.Gesture == ByForm {
		r.Word, r.FollowUp = e.Note, e.FollowUp
	}
	return r
}

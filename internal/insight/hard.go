package insight

import "slices"

// What makes a category hard to understand; see Numbers.Hard.
const (
	hardTickets    = 5 // fewer tickets say nothing
	ticketsPerFix  = 3 // few code changes: at most one for so many tickets
	standingOut    = 2 // so many times as many tickets, or as few code changes, as the others have
	missingChanges = 3 // a difference of fewer code changes can be chance
	fewestOthers   = 2 // a median of fewer categories says nothing
)

// Hard reports whether a category, one of n.Categories, is hard to understand: people keep asking about this
// part of the product, and no code change follows, unlike in the other categories of the same numbers. It
// has five tickets or more, at most one code change for every three, and it stands out by one of two
// comparisons with the others:
//
//   - It has at most half of the code changes that it would have with the share of the others, and three
//     fewer or more.
//   - It has at least twice as many tickets as the median of the others, of which there are two or more,
//     and no larger share of code changes than they have.
func (n Numbers) Hard(c Category) bool {
	if c.Tickets < hardTickets || c.CodeChanges*ticketsPerFix > c.Tickets {
		return false
	}
	var rest Category
	var tickets []int
	for _, o := range n.Categories {
		if o.Name != c.Name {
			rest.Tickets, rest.CodeChanges = rest.Tickets+o.Tickets, rest.CodeChanges+o.CodeChanges
			tickets = append(tickets, o.Tickets)
		}
	}
	return rest.Tickets > 0 && (c.changesLess(rest) || c.asksMore(rest, tickets))
}

// changesLess reports whether a category has far fewer code changes than it would have with the share of
// the rest. Both sides are multiplied by the tickets of the rest.
func (c Category) changesLess(rest Category) bool {
	has, would := c.CodeChanges*rest.Tickets, c.Tickets*rest.CodeChanges
	return has*standingOut <= would && would-has >= missingChanges*rest.Tickets
}

// asksMore reports whether a category has far more tickets than its like, and no more of them are solved by
// code.
func (c Category) asksMore(rest Category, others []int) bool {
	if len(others) < fewestOthers {
		return false
	}
	slices.Sort(others)
	twice := others[(len(others)-1)/2] + others[len(others)/2] // twice the median
	return 2*c.Tickets >= standingOut*twice && c.CodeChanges*rest.Tickets <= c.Tickets*rest.CodeChanges
}

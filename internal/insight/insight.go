// Package insight is one definition of every number that the desk tells about
// itself: what it counts, in which period, and what a digest holds. The digest,
// commands and pages show the same numbers because all of them come from here.
//
// The package is pure and knows tickets and promises only. No SQL, no Slack, no
// configuration and no current time may enter; how a number is computed from
// storage is a Source's business, what it means is decided in the comments of
// Numbers. There are no numbers per person, and none may enter.
package insight

import (
	"cmp"
	"context"
	"slices"
	"time"

	"supporty/internal/ticket"
)

// Source computes the numbers of a period. Implementations are safe for
// concurrent use. The period must not reach into the future (see Period.Until):
// a deadline in it is taken to have passed.
type Source interface {
	Numbers(ctx context.Context, p ticket.Period) (Numbers, error)
}

// Numbers is what is told of one period. The unit of most of them is the cycle:
// a ticket from its opening, or from a reopening, to its end. So everything but
// Open, Oldest and the spreads adds up: two adjacent periods together have the
// sum of their numbers.
//
// Numbers are computed from what is known when they are asked for. News of what
// happened in a past period changes its numbers.
type Numbers struct {
	Opened   int // tickets opened in the period, whatever became of them
	Reopened int // reopenings in the period
	Resolved int // cycles ended by a solution in the period; resolved again after a reopening counts again
	Closed   int // cycles ended without one: duplicates, withdrawn, not an issue
	Open     int // tickets that had not ended at the period's end; before it + Opened + Reopened - Resolved - Closed

	Priorities  []Attainment // the most urgent first; priorities without any number are left out
	LateUnowned int          // of Late: those that nobody had at the deadline
	Causes      []Lateness   // of Late, each counted for one cause; the most frequent first
	Respond     Spread       // from a cycle's start to its first claim or answer, of cycles answered in the period
	Resolve     Spread       // from a cycle's start to its solution, of cycles resolved in the period

	Oldest     OldTicket  // of those that Open counts
	Categories []Category // of the tickets that Opened counts; the most tickets first, then by name
	Cost       Cost
}

// Attainment is how one priority fared: its promises to solve, and how long
// things took.
//
// A promise is counted in the period in which it was decided: when the ticket
// was resolved or when the target passed, whichever came first. It was kept if
// the ticket was resolved at or before the target. A cycle that was closed
// without a solution is not counted, even if it was late before; one that still
// runs before its target is not counted yet. The priority is the one the ticket
// had when the cycle ended, or has.
type Attainment struct {
	Priority ticket.Priority
	Kept     int
	Counted  int    // kept or broken
	Respond  Spread // as Numbers.Respond
	Resolve  Spread // as Numbers.Resolve
}

// Spread describes how long things took, by the nearest rank: every duration in
// it is one that happened. It is zero without any.
type Spread struct {
	Median time.Duration // half of them took so long or less
	P90    time.Duration // nine in ten took so long or less
	Count  int           // of how many
}

// Lateness is how often promises were broken for one cause.
type Lateness struct {
	Cause ticket.Cause // empty for what no cause is known of
	Count int
}

// ByWeight orders causes, the most frequent first, then as ticket.Causes, and what no
// cause is known of last.
func ByWeight(a, b Lateness) int {
	return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.rank(), b.rank()))
}

func (l Lateness) rank() int {
	if l.Cause == "" {
		return len(ticket.Causes)
	}
	return slices.Index(ticket.Causes, l.Cause)
}

// OldTicket is a ticket that has been open for long. Its Number is 0 if there
// is none.
type OldTicket struct {
	Number   ticket.Number
	OpenedAt time.Time // opened, or reopened last, UTC
	Card     ticket.Message
}

// Category compares tickets with what was changed for them. Many tickets and
// few code changes: this part of the product is hard to understand.
type Category struct {
	Name        string // as the ticket has it now
	Tickets     int    // opened in the period
	CodeChanges int    // of these, resolved by a code change so far
}

// Cost is what went into the tickets that were resolved in the period and have
// stayed so, over their whole life.
type Cost struct {
	Tickets int
	Replies int // of people, in the threads
	People  int // who replied; counted once in every ticket they wrote under
}

// All returns how all priorities together fared. Its Priority is 0.
func (n Numbers) All() Attainment {
	all := Attainment{Respond: n.Respond, Resolve: n.Resolve}
	for _, a := range n.Priorities {
		all.Kept += a.Kept
		all.Counted += a.Counted
	}
	return all
}

// Late returns how many promises were broken.
func (n Numbers) Late() int { return n.All().Counted - n.All().Kept }

// Priority returns how one priority fared; all zero but for the priority itself
// if there is nothing to tell.
func (n Numbers) Priority(p ticket.Priority) Attainment {
	for _, a := range n.Priorities {
		if a.Priority == p {
			return a
		}
	}
	return Attainment{Priority: p}
}

// Quiet reports whether there is nothing to tell: nothing happened, no target
// passed, and nothing is open.
func (n Numbers) Quiet() bool {
	return n.Opened+n.Reopened+n.Resolved+n.Closed+n.Open == 0 && len(n.Priorities) == 0
}

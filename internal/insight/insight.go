// Package insight has one definition of every number of the statistics: what it counts, in
// which period, and what a digest contains. The digest, commands and pages show the same
// numbers, because all of them come from here.
//
// The package is pure and knows tickets and promises only. No SQL, no Slack, no settings and
// no current time may enter. A Source computes the numbers from storage; the comments of
// Numbers define their meaning. There are no numbers about single people, and none may
// enter.
package insight

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"sort"
	"time"

	"supporty/internal/deploy"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// Source computes the numbers of a period. Implementations are safe for concurrent use. The
// period must not reach into the future (see Period.Until), because every deadline in it
// counts as passed.
type Source interface {
	Numbers(ctx context.Context, q Question) (Numbers, error)
	// Series returns the results of adjacent periods, in their order, oldest first.
	Series(ctx context.Context, periods []ticket.Period, of Selection) ([]Week, error)
	// Lessons returns what the tickets that were solved in the period teach.
	Lessons(ctx context.Context, q Question) ([]Lesson, error)
	// Marks returns what happened in the period that charts mark, in the order of time: the
	// deployments of the selected categories' services, and all changes of settings.
	Marks(ctx context.Context, q Question) ([]Mark, error)
}

// Question is what numbers are asked for.
type Question struct {
	Period ticket.Period
	Of     Selection
	Pause  time.Duration // the longest pause between two replies of a person that counts as active; see Cost

	Deployed deploy.Rules  // which deployments incidents are tied to; see Delivery
	Hours    *sla.Calendar // the opening hours, which divide Load; nil is always open
	Earlier  bool          // the period is there to compare with: Load and Satisfaction are left out, which are not compared
}

// Selection is which tickets are counted, by the category that they have now. The zero value
// selects all of them. A ticket that is private counts in the numbers of all tickets only.
type Selection struct {
	Name       string   // of the category, or of the squad that owns them; empty for all
	Categories []string // nil for all
}

// All reports whether all tickets are selected.
func (s Selection) All() bool { return s.Categories == nil }

// Numbers are the statistics of one period. Most of them count cycles: a ticket from its
// opening, or from a reopening, to its end. So the numbers of two adjacent periods add up to
// those of the whole, except Open, Oldest and the spreads.
//
// Numbers are computed from what is known at the time. If the desk learns later of something
// in a past period, that period's numbers change.
type Numbers struct {
	Opened   int // tickets opened in the period, whether or not they ended
	Reopened int // reopenings in the period
	Resolved int // cycles ended by a solution in the period; a ticket resolved again after a reopening counts again
	Closed   int // cycles ended without a solution: duplicates, withdrawn, not an issue
	Open     int // tickets not ended at the period's end; those before it + Opened + Reopened - Resolved - Closed
	Avoided  int // forms not sent in the period, because a solved ticket that they showed had the solution

	Priorities  []Attainment // the most urgent first; priorities without any number are left out
	LateUnowned int          // of Late: those without an owner at the deadline
	Causes      []Lateness   // of Late, each counted for one cause; the most frequent first
	Respond     Spread       // from a cycle's start to its first claim or answer, of cycles answered in the period
	Resolve     Spread       // from a cycle's start to its solution, of cycles resolved in the period

	Oldest       OldTicket  // of the tickets that Open counts
	Categories   []Category // of the tickets that Opened counts; the most tickets first, then by name
	Work         []Classed  // of the tickets that Opened counts, those that a lead has given a kind of work; by category and kind
	Cost         Cost
	Costs        []CategoryCost // of the categories that have enough to tell (see Cost.Telling); the most active first, then by name
	Satisfaction Satisfaction
	Delivery     Delivery
	Load         Load
	Costliest    []Thread // of the tickets that Cost counts, the three most active ones in which three people wrote or more
}

// PrivateOpened is how many of the tickets opened have no category here, because they are private.
func (n Numbers) PrivateOpened() int {
	left := n.Opened
	for _, c := range n.Categories {
		left -= c.Tickets
	}
	return max(left, 0)
}

// Attainment are the results of one priority: its promises to resolve, and the times taken.
//
// A promise is counted in the period in which it was decided: when the ticket was resolved
// or when the target passed, whichever came first. It was kept if the ticket was resolved at
// or before the target. A cycle that was closed without a solution is not counted, even if
// it was late before. A cycle that still runs before its target is not counted yet. The
// priority is the ticket's at the end of the cycle, or the present one.
type Attainment struct {
	Priority ticket.Priority
	Kept     int
	Counted  int    // kept or broken
	Respond  Spread // as Numbers.Respond
	Resolve  Spread // as Numbers.Resolve
}

// Share is how many were on time: a count if there are few ("14 of 17"), else a percentage
// ("92% of 130"). Percentages are rounded down, so that 100% means all.
func (a Attainment) Share() string {
	if a.Counted < Enough {
		return fmt.Sprintf("%d of %d", a.Kept, a.Counted)
	}
	return fmt.Sprintf("%d%% of %d", 100*a.Kept/a.Counted, a.Counted)
}

// Spread describes durations by the nearest rank: each of its values is a duration that
// occurred. It is zero if there are none.
type Spread struct {
	Median time.Duration // half of the durations are not longer
	P90    time.Duration // nine of ten durations are not longer
	Count  int           // how many durations there are
}

// SpreadOf describes durations, given as sorted runs. It does not merge them: the times of a
// year are in hundreds of runs.
func SpreadOf(runs [][]time.Duration) Spread {
	s := Spread{}
	shortest, longest := time.Duration(math.MaxInt64), time.Duration(math.MinInt64)
	for _, run := range runs {
		if len(run) > 0 {
			s.Count += len(run)
			shortest, longest = min(shortest, run[0]), max(longest, run[len(run)-1])
		}
	}
	if s.Count == 0 {
		return s
	}
	ranked := func(rank int) time.Duration {
		return shortest + time.Duration(sort.Search(int(longest-shortest), func(more int) bool {
			return countUpTo(runs, shortest+time.Duration(more)) >= rank
		}))
	}
	s.Median, s.P90 = ranked((s.Count+1)/2), ranked((s.Count*9+9)/10)
	return s
}

// countUpTo returns how many durations in sorted runs are not longer than d.
func countUpTo(runs [][]time.Duration, d time.Duration) int {
	n := 0
	for _, run := range runs {
		n += sort.Search(len(run), func(i int) bool { return run[i] > d })
	}
	return n
}

// Lateness is how often promises were broken for one cause.
type Lateness struct {
	Cause ticket.Cause // empty if the cause is not known
	Count int
}

// ByWeight orders causes: the most frequent first, then as in ticket.Causes, an unknown cause
// last.
func ByWeight(a, b Lateness) int {
	return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.rank(), b.rank()))
}

func (l Lateness) rank() int {
	if l.Cause == "" {
		return len(ticket.Causes)
	}
	return slices.Index(ticket.Causes, l.Cause)
}

// OldTicket is a ticket that has been open for long. Its Number is 0 if there is none.
type OldTicket struct {
	Number   ticket.Number
	OpenedAt time.Time // opened, or reopened last, UTC
	Card     ticket.Message
}

// Category compares the number of tickets with the number of code changes. Many tickets and
// few code changes mean that this part of the product is hard to understand.
type Category struct {
	Name        string // as the ticket has it now
	Tickets     int    // opened in the period
	CodeChanges int    // tickets of these that a code change has resolved so far
}

// Cost is the work on tickets that were resolved in the period and are still resolved, over
// their whole life until then.
type Cost struct {
	Tickets int
	Replies int // replies of people in the threads that still stand
	People  int // people who wrote them, counted once for each ticket

	// Active is an estimate of the time that people were active in the threads: the pauses between
	// two replies of the same person, without those over Question.Pause. Time between replies is
	// not work, and work without replies is not in it. It is 0 unless Telling.
	Active  time.Duration
	Telling bool // there are enough tickets and people that Active is about nobody in particular
}

// Active time is told only of so many tickets and different people together, or more.
const (
	TellingTickets = 5
	TellingPeople  = 3
)

// CategoryCost is the cost of one category.
type CategoryCost struct {
	Name string
	Cost
}

// ByActivity orders categories: the most active first, then by name.
func ByActivity(a, b CategoryCost) int {
	return cmp.Or(cmp.Compare(b.Active, a.Active), cmp.Compare(a.Name, b.Name))
}

// Thread is what one ticket took. Private tickets are none.
type Thread struct {
	Number  ticket.Number
	Card    ticket.Message
	Replies int
	People  int
	Took    time.Duration // from the beginning of each of its cycles to its end, less pauses
	Active  time.Duration // as Cost.Active
}

// MostThreads is how many threads are told.
const MostThreads = 3

// Costlier orders threads: the most active first, then the one with more replies, then by number.
func Costlier(a, b Thread) int {
	return cmp.Or(cmp.Compare(b.Active, a.Active), cmp.Compare(b.Replies, a.Replies), cmp.Compare(a.Number, b.Number))
}

// All returns the results of all priorities together. Its Priority is 0.
func (n Numbers) All() Attainment {
	all := Attainment{Respond: n.Respond, Resolve: n.Resolve}
	for _, a := range n.Priorities {
		all.Kept += a.Kept
		all.Counted += a.Counted
	}
	return all
}

// Late returns the number of promises that were broken.
func (n Numbers) Late() int { return n.All().Counted - n.All().Kept }

// Priority returns the results of one priority. If there are none, only the field Priority is
// set.
func (n Numbers) Priority(p ticket.Priority) Attainment {
	for _, a := range n.Priorities {
		if a.Priority == p {
			return a
		}
	}
	return Attainment{Priority: p}
}

// Quiet reports whether there is nothing to tell: nothing happened, no target passed, and no
// ticket is open.
func (n Numbers) Quiet() bool {
	return n.Opened+n.Reopened+n.Resolved+n.Closed+n.Open == 0 && len(n.Priorities) == 0
}

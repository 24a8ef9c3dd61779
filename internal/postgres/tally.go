package postgres

import (
	"cmp"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/insight"
	"supporty/internal/ticket"
)

// fact is what a row of counts counts.
type fact struct {
	Kind     string
	Priority ticket.Priority // 0 where it does not matter
	Name     string          // a cause or a category
}

// tally adds up counts of facts.
type tally struct {
	n    map[fact]int
	took map[fact][][]time.Duration // in sorted runs
}

func newTally() tally {
	return tally{n: map[fact]int{}, took: map[fact][][]time.Duration{}}
}

type countRow struct {
	fact
	N    int
	Took []int64 // microseconds
}

// add adds the counts that a statement returns.
func (t tally) add(rows pgx.Rows) error {
	counts, err := pgx.CollectRows(rows, pgx.RowToStructByName[countRow])
	for _, c := range counts {
		t.n[c.fact] += c.N
		if len(c.Took) > 0 {
			t.took[c.fact] = append(t.took[c.fact], run(c.Took))
		}
	}
	return err
}

func run(took []int64) []time.Duration {
	run := make([]time.Duration, len(took))
	for i, us := range took {
		run[i] = time.Duration(us) * time.Microsecond
	}
	slices.Sort(run) // those of a counted day are in order
	return run
}

// of reports whether a fact is one of some kinds, and of a priority; 0 is any.
func (f fact) of(p ticket.Priority, kinds []string) bool {
	return (p == 0 || p == f.Priority) && slices.Contains(kinds, f.Kind)
}

func (t tally) sum(p ticket.Priority, kinds ...string) int {
	sum := 0
	for f, n := range t.n {
		if f.of(p, kinds) {
			sum += n
		}
	}
	return sum
}

func (t tally) spread(p ticket.Priority, kinds ...string) insight.Spread {
	var runs [][]time.Duration
	for f, took := range t.took {
		if f.of(p, kinds) {
			runs = append(runs, took...)
		}
	}
	return insight.SpreadOf(runs)
}

// named are the sums by name.
func (t tally) named(kinds ...string) map[string]int {
	sums := map[string]int{}
	for f, n := range t.n {
		if f.of(0, kinds) {
			sums[f.Name] += n
		}
	}
	return sums
}

// addTo sets the numbers that are counts of facts.
func (t tally) addTo(n *insight.Numbers) {
	n.Opened, n.Reopened = t.sum(0, "opened"), t.sum(0, "reopened")
	n.Resolved, n.Closed = t.sum(0, "kept", "resolved"), t.sum(0, "closed")
	n.LateUnowned = t.sum(0, "late_unowned")
	n.Respond, n.Resolve = t.spread(0, "responded"), t.spread(0, "kept", "resolved")
	n.Priorities = t.attainments()
	n.Causes, n.Categories = t.causes(), t.categories()
}

// attainments are the results of the priorities that have any.
func (t tally) attainments() (all []insight.Attainment) {
	for _, p := range ticket.Priorities {
		if a := t.attainment(p); a != (insight.Attainment{Priority: p}) {
			all = append(all, a)
		}
	}
	return all
}

func (t tally) attainment(p ticket.Priority) insight.Attainment {
	return insight.Attainment{
		Priority: p,
		Kept:     t.sum(p, "kept"),
		Counted:  t.sum(p, "kept", "late", "late_unowned"),
		Respond:  t.spread(p, "responded"),
		Resolve:  t.spread(p, "kept", "resolved"),
	}
}

func (t tally) causes() []insight.Lateness {
	var causes []insight.Lateness
	for name, n := range t.named("late", "late_unowned") {
		causes = append(causes, insight.Lateness{Cause: ticket.Cause(name), Count: n})
	}
	slices.SortFunc(causes, insight.ByWeight)
	return causes
}

func (t tally) categories() []insight.Category {
	var categories []insight.Category
	changed := t.named("changed_code")
	for name, n := range t.named("filed", "changed_code") {
		categories = append(categories, insight.Category{Name: name, Tickets: n, CodeChanges: changed[name]})
	}
	slices.SortFunc(categories, func(a, b insight.Category) int {
		return cmp.Or(cmp.Compare(b.Tickets, a.Tickets), cmp.Compare(a.Name, b.Name))
	})
	return categories
}

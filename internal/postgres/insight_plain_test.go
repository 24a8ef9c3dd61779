package postgres_test

import (
	"cmp"
	"math"
	"slices"
	"time"

	"supporty/internal/insight"
	"supporty/internal/ticket"
)

// count implements the definitions of package insight literally, without regard to speed.
func count(lives []life, p ticket.Period, of insight.Selection) insight.Numbers {
	in := func(t time.Time) bool { return !t.IsZero() && !t.Before(p.From) && t.Before(p.To) }
	var n insight.Numbers
	answers, solutions := map[ticket.Priority][]time.Duration{}, map[ticket.Priority][]time.Duration{}
	causes := map[ticket.Cause]int{}
	kept, counted := map[ticket.Priority]int{}, map[ticket.Priority]int{}
	c := newPlainCosts()
	for _, l := range lives {
		if !of.All() && !slices.Contains(of.Categories, l.counted()) {
			continue
		}
		for i, c := range l.cycles {
			countMoves(&n, c, i, in)
			countStanding(&n, l, c, p.To)
			if decided, onTime := decision(c); in(decided) {
				counted[c.priority]++
				if !onTime {
					causes[c.cause]++
				}
				switch {
				case onTime:
					kept[c.priority]++
				case c.owner == "":
					n.LateUnowned++
				}
			}
			if in(c.responded) {
				answers[c.priority] = append(answers[c.priority], c.responded.Sub(c.started))
			}
			if in(c.ended) && c.resolved {
				solutions[c.priority] = append(solutions[c.priority], c.ended.Sub(c.started)-c.waited-c.held)
			}
		}
		countTicket(&n, l, in)
		if l.state() == ticket.StateResolved && in(l.last().ended) {
			c.count(l)
		}
	}
	c.addTo(&n)
	slices.SortFunc(n.Categories, func(a, b insight.Category) int {
		return cmp.Or(cmp.Compare(b.Tickets, a.Tickets), cmp.Compare(a.Name, b.Name))
	})
	for _, c := range append(slices.Clone(ticket.Causes), "") {
		if causes[c] > 0 {
			n.Causes = append(n.Causes, insight.Lateness{Cause: c, Count: causes[c]})
		}
	}
	slices.SortStableFunc(n.Causes, func(a, b insight.Lateness) int { return b.Count - a.Count })
	for _, p := range ticket.Priorities {
		a := insight.Attainment{Priority: p, Kept: kept[p], Counted: counted[p], Respond: spread(answers[p]), Resolve: spread(solutions[p])}
		if a != (insight.Attainment{Priority: p}) {
			n.Priorities = append(n.Priorities, a)
		}
	}
	n.Respond = spread(slices.Concat(answers[1], answers[2], answers[3]))
	n.Resolve = spread(slices.Concat(solutions[1], solutions[2], solutions[3]))
	return n
}

func countMoves(n *insight.Numbers, c cycle, index int, in func(time.Time) bool) {
	switch {
	case in(c.started) && index == 0:
		n.Opened++
	case in(c.started):
		n.Reopened++
	}
	switch {
	case in(c.ended) && c.resolved:
		n.Resolved++
	case in(c.ended):
		n.Closed++
	}
}

func countStanding(n *insight.Numbers, l life, c cycle, end time.Time) {
	if !c.started.Before(end) || !c.ended.IsZero() && c.ended.Before(end) {
		return
	}
	n.Open++
	if !l.private && (n.Oldest.Number == 0 || c.started.Before(n.Oldest.OpenedAt)) {
		n.Oldest = insight.OldTicket{Number: l.number, OpenedAt: c.started}
	}
}

// decision returns when a cycle's promise was decided, and whether it was kept. The zero time
// means never.
func decision(c cycle) (time.Time, bool) {
	switch {
	case !c.ended.IsZero() && !c.resolved:
		return time.Time{}, false
	case c.resolved && !c.ended.After(c.due):
		return c.ended, true
	}
	return c.due, false
}

func countTicket(n *insight.Numbers, l life, in func(time.Time) bool) {
	if !in(l.cycles[0].started) || l.private {
		return
	}
	i := slices.IndexFunc(n.Categories, func(c insight.Category) bool { return c.Name == l.category })
	if i < 0 {
		i, n.Categories = len(n.Categories), append(n.Categories, insight.Category{Name: l.category})
	}
	n.Categories[i].Tickets++
	if l.solution == ticket.SolvedByCode {
		n.Categories[i].CodeChanges++
	}
}

func spread(took []time.Duration) insight.Spread {
	if len(took) == 0 {
		return insight.Spread{}
	}
	slices.Sort(took)
	rank := func(share float64) time.Duration { return took[int(math.Ceil(share*float64(len(took))))-1] }
	return insight.Spread{Median: rank(0.5), P90: rank(0.9), Count: len(took)}
}

package insight

import "supporty/internal/ticket"

// Classed is how many tickets of a category a lead has given a kind of work.
type Classed struct {
	Category string
	Work     ticket.Work
	Tickets  int
}

// WorkOf counts the tickets that Opened counts by their kind of work, and all that have one. A ticket
// has the kind of its category, as the settings say now, unless a lead has said otherwise; private ones have
// none here.
func (d Digest) WorkOf(n Numbers) (by map[ticket.Work]int, all int) {
	return d.workOf(n.Categories, n.Work)
}

// WorkOfWeek is WorkOf of a week of the series.
func (d Digest) WorkOfWeek(w Week) (by map[ticket.Work]int, all int) {
	return d.workOf(w.Categories, w.Work)
}

func (d Digest) workOf(categories []Category, classed []Classed) (by map[ticket.Work]int, all int) {
	by = map[ticket.Work]int{}
	count := func(w ticket.Work, tickets int) {
		if w != "" {
			by[w] += tickets
			all += tickets
		}
	}
	for _, c := range categories {
		count(d.Work[c.Name], c.Tickets)
	}
	for _, c := range classed {
		count(d.Work[c.Category], -c.Tickets)
		count(c.Work, c.Tickets)
	}
	return by, all
}

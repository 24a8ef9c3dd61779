package ticket

import "slices"

// Work is the kind of work that a ticket is.
type Work string

// The kinds of work.
const (
	Operational Work = "operational" // keeps going what there is
	Tactical    Work = "tactical"    // makes it better, soon
	Strategic   Work = "strategic"   // changes what there is
)

// Works lists the kinds of work, in the order in which they are told.
var Works = []Work{Operational, Tactical, Strategic}

// classed says of which kind of work the ticket is; empty for that of its category.
func (t Ticket) classed(e Entry) (Ticket, error) {
	switch {
	case e.Work != "" && !slices.Contains(Works, e.Work):
		return t, Errorf(Invalid, "There is no such kind of work.")
	case t.Work == e.Work:
		return t, errSame
	}
	t.Work = e.Work
	return t, nil
}

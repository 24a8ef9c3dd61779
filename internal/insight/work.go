package insight

// Work is the kind of work that the tickets of a category are.
type Work string

// The kinds of work.
const (
	Operational Work = "operational" // keeps going what there is
	Tactical    Work = "tactical"    // makes it better, soon
	Strategic   Work = "strategic"   // changes what there is
)

// Works lists the kinds of work, in the order in which they are told.
var Works = []Work{Operational, Tactical, Strategic}

// WorkOf counts the tickets that Opened counts by their kind of work, and all that have one. A
// ticket has the kind of its category, as the settings say now; private ones have none here.
func (d Digest) WorkOf(n Numbers) (by map[Work]int, all int) {
	by = map[Work]int{}
	for _, c := range n.Categories {
		if w := d.Work[c.Name]; w != "" {
			by[w] += c.Tickets
			all += c.Tickets
		}
	}
	return by, all
}

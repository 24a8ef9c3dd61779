package sla

// Name tells the clocks apart.
type Name string

// The clocks.
const (
	Respond Name = "respond"
	Resolve Name = "resolve"
	Reply   Name = "reply" // from a reply of the requester's to the next one of the desk's; where it is promised
)

// rule is what makes a clock: what it promises, and what the events do to it.
type rule struct {
	name       Name
	goal       func(Target) Goal
	alerts     func(Target) bool // whether anything is said of it
	begins     EventKind         // Start: with its cycle. Ask: with what the requester writes
	answered   bool              // an answer stops it; all stop in the end
	retargets  bool              // another target of the ticket holds for it as well
	raisesLate bool              // it is told anew for a higher priority, also when it is late
	pauses     bool              // it stands still while others are waited for, and its owner may give another time
	warns      bool              // it says something before it is late
}

// rules are all clocks, in the order in which a cycle has them. One more is a row here,
// its target in Target, its severities in package desk and its words.
var rules = []rule{
	{name: Respond, goal: Target.ToRespond, alerts: func(t Target) bool { return t.AlertRespond }, begins: Start, answered: true, retargets: true, raisesLate: true, warns: true},
	{name: Resolve, goal: Target.ToResolve, alerts: always, begins: Start, retargets: true, pauses: true, warns: true},
	{name: Reply, goal: Target.ToReply, alerts: always, begins: Ask, answered: true},
}

func always(Target) bool { return true }

// Names are the names of all clocks.
func Names() []Name {
	names := make([]Name, len(rules))
	for i, r := range rules {
		names[i] = r.name
	}
	return names
}

// rule is the row of the clock; the zero rule if there is none: such a clock only stops.
func (c Clock) rule() rule {
	for _, r := range rules {
		if r.name == c.Name {
			return r
		}
	}
	return rule{}
}

// clock begins at an event, with what is promised there.
func (r rule) clock(e Event) Clock {
	c := Clock{Name: r.name, Alerts: r.alerts(e.Target), StartedAt: e.At}
	g := r.goal(e.Target)
	c.promise(g, g.Due(e.At))
	return c
}

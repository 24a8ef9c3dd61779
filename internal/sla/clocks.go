package sla

// Name tells the clocks apart.
type Name string

// The clocks.
const (
	Respond Name = "respond"
	Resolve Name = "resolve"
	Reply   Name = "reply" // from the requester's reply to the next answer, if there is a target for it
)

// rule defines a clock: its target, and the effects of events on it.
type rule struct {
	name       Name
	goal       func(Target) Goal
	alerts     func(Target) bool // whether there are alerts about it
	begins     EventKind         // Start: with its cycle. Ask: with a message of the requester
	answered   bool              // an answer stops it; the end stops every clock
	retargets  bool              // a new target of the ticket also changes its target
	raisesLate bool              // a higher priority has it told anew, even if it is late already
	pauses     bool              // it stands still during pauses, and the owner may give another time
	warns      bool              // it has a warning before it is late
}

// rules are all clocks, in the order in which a cycle has them. A new clock needs a row here,
// its target in Target, its severities in package desk, and its words.
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

// rule is the row of the clock. If there is none, it is the zero rule, by which a clock only
// stops.
func (c Clock) rule() rule {
	for _, r := range rules {
		if r.name == c.Name {
			return r
		}
	}
	return rule{}
}

// clock is a new clock that begins at an event, with the event's target.
func (r rule) clock(e Event) Clock {
	c := Clock{Name: r.name, Alerts: r.alerts(e.Target), StartedAt: e.At}
	g := r.goal(e.Target)
	c.promise(g, g.Due(e.At))
	return c
}

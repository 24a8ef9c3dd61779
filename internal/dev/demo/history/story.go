// Package history is the example history of the demo: the use of the desk by a company's
// people in the last three months. It consists of a plan, which is pure data, and a
// player that carries it out in the simulated workspace, with the clock moved.
//
// The player does only what people can do, so that every message of the bot in the
// workspace is real. No SQL and no use case of the desk may be called from here.
package history

import (
	"cmp"
	"slices"
	"time"
)

// Plan is the whole history, in the order in which the tickets are filed. Times count
// from the start, which is a Monday, 00:00 UTC.
type Plan struct {
	Tickets     []Ticket
	Deployments []Deployment
	Duty        []Act         // what people do about duty
	End         time.Duration // steps after it are left out
}

// Deployment is what a pipeline reports.
type Deployment struct {
	At      time.Duration
	Service string
	Version string
}

// Ticket is the story of one ticket.
type Ticket struct {
	At        time.Duration // when it is filed
	Requester string        // handle
	Way       Way
	Author    string // of the source message; for ByMessage
	Channel   string // of the source message
	Priority  string // P1, P2 or P3
	Category  string
	Title     string
	Text      string
	Original  int // index in the plan of the ticket that this one duplicates; -1 for none
	Steps     []Step
}

// Way is how a ticket comes in.
type Way string

// The ways in.
const (
	ByCommand  Way = "command"
	ByShortcut Way = "shortcut"
	ByMessage  Way = "message shortcut"
)

// Step is a gesture of a person on a ticket.
type Step struct {
	At   time.Duration
	Who  string // handle
	Do   Action
	To   string // a person, priority, solution, category or reason, depending on Do
	Text string
}

// Action is a kind of step.
type Action string

// The kinds of steps.
const (
	Reply       Action = "reply"        // in the thread
	Answer      Action = "answer"       // in the direct message with the bot
	ClaimEmoji  Action = "claim emoji"  //
	ClaimButton Action = "claim button" // on the card
	ClaimAlert  Action = "claim alert"  // the button of an alert
	ClaimAsked  Action = "claim asked"  // the button of "You answered #42"
	JustComment Action = "just a comment"
	Unclaim     Action = "unclaim" // the emoji is taken away
	PutBack     Action = "put back"
	Hourglass   Action = "hourglass" // on the last of one's own replies
	Ask         Action = "ask"       // Text, in the form that pauses the ticket
	Hold        Action = "hold"      // with Text as the reason
	Resume      Action = "resume"
	OnIt        Action = "on it"        // the answer to a warning
	AnswerCall  Action = "answer call"  // the answer to a call of the ladder, in the direct message
	Longer      Action = "needs longer" // another time, two hours from then, because of Text
	TakeOver    Action = "take over"    // from an owner who does not answer
	HandOver    Action = "hand over"    // to the person To
	Edit        Action = "edit"         // To is the new category, Text the new text
	Priority    Action = "priority"     // to P1, P2 or P3, with Text as the reason
	ResolveTick Action = "resolve emoji"
	ResolveMark Action = "resolve other emoji"
	Undo        Action = "undo"         // takes the emoji of ResolveTick away
	How         Action = "how"          // with the solution To
	ResolveForm Action = "resolve form" // To a solution
	SolvedIt    Action = "solved it"    // by the requester, in the direct message
	Withdraw    Action = "withdraw"     // by the requester, in the direct message
	Close       Action = "close"        // with the reason To
	Reopen      Action = "reopen"       // on the card
	ReopenTold  Action = "reopen told"  // in the direct message
	DeleteCard  Action = "delete card"
	ShowText    Action = "show text"
	Incident    Action = "incident" // says that it is one
	Thank       Action = "thank"    // with the emoji, on the card
	Join        Action = "join"     // the channel of the tickets
	Leave       Action = "leave"    // it again
)

// Actions lists all kinds of steps.
var Actions = []Action{
	Reply, Answer, ClaimEmoji, ClaimButton, ClaimAlert, ClaimAsked, JustComment, Unclaim, PutBack, HandOver, Edit,
	Priority, ResolveTick, ResolveMark, Undo, How, ResolveForm, SolvedIt, Withdraw, Close, Reopen, ReopenTold, DeleteCard, ShowText, Incident, Thank, Join, Leave,
	AnswerCall,
}

// moment is one event of the history: the filing of a ticket, a step, or something about duty.
type moment struct {
	at     time.Duration
	ticket int
	step   *Step // nil for the filing
	act    *Act  // about duty; then there is no ticket
}

// moments puts all events in the order of their times.
func (p Plan) moments() []moment {
	all := actsIn(p)
	for i, t := range p.Tickets {
		all = append(all, moment{at: t.At, ticket: i})
		for j := range t.Steps {
			all = append(all, moment{at: t.Steps[j].At, ticket: i, step: &t.Steps[j]})
		}
	}
	slices.SortStableFunc(all, func(a, b moment) int { return cmp.Compare(a.at, b.at) })
	return slices.DeleteFunc(all, func(m moment) bool { return m.at > p.End })
}

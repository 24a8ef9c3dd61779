// Package history is the past of the demo's company: what its people did with
// the desk in the last three months, as a plan that is pure data, and a player
// that lets them do it, in the simulated workspace and with the clock moved.
//
// The player does what people can do and nothing else: whatever stands in the
// workspace afterwards, the bot has made. No SQL and no use case of the desk
// may be called from here.
package history

import (
	"cmp"
	"slices"
	"time"
)

// Plan is all that happens, in the order of the filing of the tickets. Times
// count from the start, which is a Monday, 00:00 UTC.
type Plan struct {
	Tickets []Ticket
	End     time.Duration // what would happen later does not
}

// Ticket is the story of one ticket.
type Ticket struct {
	At        time.Duration // when it is filed
	Requester string        // handle
	Way       Way
	Author    string // of the message that it is made from; for ByMessage
	Channel   string // where that message is
	Priority  string // P1, P2 or P3
	Category  string
	Title     string
	Text      string
	Original  int // place in the plan of the ticket that this one duplicates; -1 for none
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

// Step is something that a person does to a ticket.
type Step struct {
	At   time.Duration
	Who  string // handle
	Do   Action
	To   string // a person, priority, solution, category or reason, by what is done
	Text string
}

// Action is a kind of step.
type Action string

// What people do to a ticket.
const (
	Reply       Action = "reply"        // in the thread
	Answer      Action = "answer"       // in the direct message with the bot
	ClaimEmoji  Action = "claim emoji"  //
	ClaimButton Action = "claim button" // on the card
	ClaimAlert  Action = "claim alert"  // the button under what a clock said
	ClaimAsked  Action = "claim asked"  // the button of "You answered #42"
	JustComment Action = "just a comment"
	Unclaim     Action = "unclaim" // the emoji is taken away
	PutBack     Action = "put back"
	Hourglass   Action = "hourglass" // on the last of one's own replies
	Ask         Action = "ask"       // Text, in the form that pauses the ticket
	Hold        Action = "hold"      // because of Text
	Resume      Action = "resume"
	OnIt        Action = "on it"        // the answer to a warning
	Longer      Action = "needs longer" // another time, two hours from then, because of Text
	TakeOver    Action = "take over"    // what its owner does not answer for
	HandOver    Action = "hand over"    // To a person
	Edit        Action = "edit"         // To a category; Text is the new text
	Priority    Action = "priority"     // To P1, P2 or P3, because of Text
	ResolveTick Action = "resolve emoji"
	ResolveMark Action = "resolve other emoji"
	Undo        Action = "undo"         // the emoji of ResolveTick is taken away
	How         Action = "how"          // To a solution
	ResolveForm Action = "resolve form" // To a solution
	SolvedIt    Action = "solved it"    // the requester, in the direct message
	Withdraw    Action = "withdraw"     // the requester, in the direct message
	Close       Action = "close"        // To a reason
	Reopen      Action = "reopen"       // on the card
	ReopenTold  Action = "reopen told"  // in the direct message
	DeleteCard  Action = "delete card"
	ShowText    Action = "show text"
)

// Actions lists all kinds of steps.
var Actions = []Action{
	Reply, Answer, ClaimEmoji, ClaimButton, ClaimAlert, ClaimAsked, JustComment, Unclaim, PutBack, HandOver, Edit,
	Priority, ResolveTick, ResolveMark, Undo, How, ResolveForm, SolvedIt, Withdraw, Close, Reopen, ReopenTold, DeleteCard, ShowText,
}

// moment is one thing that happens: the filing of a ticket, or a step.
type moment struct {
	at     time.Duration
	ticket int
	step   *Step // nil for the filing
}

// moments puts everything in the order in which it happens.
func (p Plan) moments() []moment {
	var all []moment
	for i, t := range p.Tickets {
		all = append(all, moment{at: t.At, ticket: i})
		for j := range t.Steps {
			all = append(all, moment{at: t.Steps[j].At, ticket: i, step: &t.Steps[j]})
		}
	}
	slices.SortStableFunc(all, func(a, b moment) int { return cmp.Compare(a.at, b.at) })
	return slices.DeleteFunc(all, func(m moment) bool { return m.at > p.End })
}

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
	Do   Deed
	To   string // a person, priority, solution, category or reason, by what is done
	Text string
}

// Deed is a kind of step.
type Deed string

// What people do to a ticket.
const (
	Reply       Deed = "reply"        // in the thread
	Answer      Deed = "answer"       // in the direct message with the bot
	ClaimEmoji  Deed = "claim emoji"  //
	ClaimButton Deed = "claim button" // on the card
	ClaimAlert  Deed = "claim alert"  // the button under what a clock said
	ClaimAsked  Deed = "claim asked"  // the button of "You answered #42"
	JustComment Deed = "just a comment"
	Unclaim     Deed = "unclaim" // the emoji is taken away
	PutBack     Deed = "put back"
	Hourglass   Deed = "hourglass" // on the last of one's own replies
	Ask         Deed = "ask"       // Text, in the form that pauses the ticket
	Hold        Deed = "hold"      // because of Text
	Resume      Deed = "resume"
	OnIt        Deed = "on it"        // the answer to a warning
	Longer      Deed = "needs longer" // another time, two hours from then, because of Text
	TakeOver    Deed = "take over"    // what its owner does not answer for
	HandOver    Deed = "hand over"    // To a person
	Edit        Deed = "edit"         // To a category; Text is the new text
	Priority    Deed = "priority"     // To P1, P2 or P3, because of Text
	ResolveTick Deed = "resolve emoji"
	ResolveMark Deed = "resolve other emoji"
	Undo        Deed = "undo"         // the emoji of ResolveTick is taken away
	How         Deed = "how"          // To a solution
	ResolveForm Deed = "resolve form" // To a solution
	SolvedIt    Deed = "solved it"    // the requester, in the direct message
	Withdraw    Deed = "withdraw"     // the requester, in the direct message
	Close       Deed = "close"        // To a reason
	Reopen      Deed = "reopen"       // on the card
	ReopenTold  Deed = "reopen told"  // in the direct message
	DeleteCard  Deed = "delete card"
	ShowText    Deed = "show text"
)

// Deeds lists all kinds of steps.
var Deeds = []Deed{
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

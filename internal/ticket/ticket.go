// Package ticket is the life of a support ticket: its states, the gestures that lead from one
// to the next, and the timeline that records them. A ticket is computed from its timeline (see
// Fold), so the order in which events arrive does not matter.
//
// The package is pure. No Slack, no SQL, no settings and no clock may enter: times are
// parameters, people are opaque ids.
package ticket

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Number identifies a ticket within its workspace. It is written "#42".
// Numbers count up; gaps are allowed. Zero means no ticket.
type Number int64

// String returns the number as people write it: "#42".
func (n Number) String() string { return fmt.Sprintf("#%d", int64(n)) }

// Priority says how urgent a ticket is. P1 is the most urgent; zero is not a priority.
type Priority int

// The three priorities. The policy has their targets.
const (
	P1 Priority = 1
	P2 Priority = 2
	P3 Priority = 3
)

// Priorities lists all priorities, the most urgent first.
var Priorities = []Priority{P1, P2, P3}

// ParsePriority reads "P1", "p2" or "3". The error is safe to show.
func ParsePriority(s string) (Priority, error) {
	switch strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(s)), "P") {
	case "1":
		return P1, nil
	case "2":
		return P2, nil
	case "3":
		return P3, nil
	}
	return 0, Errorf(Invalid, "Choose one of P1, P2 and P3.")
}

// Valid reports whether p is one of P1, P2 and P3.
func (p Priority) Valid() bool { return p >= P1 && p <= P3 }

// String returns "P1", "P2" or "P3".
func (p Priority) String() string { return fmt.Sprintf("P%d", int(p)) }

// State is the state of a ticket.
type State string

// The states of a ticket.
const (
	StateOpen     State = "open"     // nobody has it
	StateClaimed  State = "claimed"  // it has an owner
	StateWaiting  State = "waiting"  // it waits for the requester's answer to a question
	StateOnHold   State = "on_hold"  // it waits for something outside
	StateResolved State = "resolved" // ended with a solution
	StateClosed   State = "closed"   // ended without a solution: withdrawn, a duplicate, not an issue
)

// Ended reports whether the ticket has ended. Its clocks have stopped, unless it is reopened.
func (s State) Ended() bool { return s == StateResolved || s == StateClosed }

// Pause is a time during which a ticket waits for somebody who is not a responder. Its resolve
// clock stands still. The zero Pause means no pause.
type Pause struct {
	State    State     // StateWaiting or StateOnHold
	Number   int       // counts a ticket's pauses from 1
	Since    time.Time //
	Inexact  bool      // Since is an estimate
	Question Message   // the question, if it is a message in the thread
	Text     string    // the question, or what it is on hold for; may be empty
	ReviewAt time.Time // when to ask whether it is still on hold; zero while waiting
}

// Solution says how a ticket was solved. It is empty until somebody says so.
type Solution string

// The solutions. The digest compares tickets with code changes for each category.
const (
	SolvedByCode          Solution = "code"
	SolvedByConfiguration Solution = "configuration"
	SolvedByData          Solution = "data"
	SolvedByDocumentation Solution = "documentation"
	SolvedWithoutChange   Solution = "no_change"
)

// Solutions lists all solutions in the order in which people are offered them.
var Solutions = []Solution{SolvedByCode, SolvedByConfiguration, SolvedByData, SolvedByDocumentation, SolvedWithoutChange}

// Valid reports whether s is one of Solutions.
func (s Solution) Valid() bool { return s.Label() != "" }

// Label returns the solution as people read it, or "" if s is not a solution.
func (s Solution) Label() string {
	switch s {
	case SolvedByCode:
		return "Code"
	case SolvedByConfiguration:
		return "Configuration"
	case SolvedByData:
		return "Data"
	case SolvedByDocumentation:
		return "Documentation"
	case SolvedWithoutChange:
		return "No change"
	}
	return ""
}

// Effort counts the replies of people to a ticket.
type Effort struct {
	Replies int
	People  int // people who wrote the replies
}

// Remark is what a person other than the resolver says about the solution.
type Remark struct {
	Person   string
	Solution Solution // empty if they name none, or if theirs became the ticket's
	Note     string   // may be empty
}

// CloseReason says why a ticket was closed without a solution.
type CloseReason string

// The reasons for closing a ticket.
const (
	Withdrawn  CloseReason = "withdrawn" // the requester no longer needs it
	Duplicate  CloseReason = "duplicate" // another ticket is about the same
	NotAnIssue CloseReason = "not_an_issue"
	NoAnswer   CloseReason = "no_answer" // the requester did not answer a question; never chosen by people
)

// CloseReasons lists the reasons in the order in which people are offered them.
var CloseReasons = []CloseReason{NotAnIssue, Duplicate, Withdrawn}

// Valid reports whether r is one of CloseReasons.
func (r CloseReason) Valid() bool { return slices.Contains(CloseReasons, r) }

// Label returns the reason as people read it, or "" if r is not a reason.
func (r CloseReason) Label() string {
	switch r {
	case Withdrawn:
		return "Withdrawn"
	case Duplicate:
		return "Duplicate"
	case NotAnIssue:
		return "Not an issue"
	case NoAnswer:
		return "No answer"
	}
	return ""
}

// Message is the place of one message in Slack. TS is Slack's timestamp, a string because a
// number would lose digits.
type Message struct {
	Channel string `json:"channel,omitempty"`
	TS      string `json:"ts,omitempty"`
}

// Consent is the answer of a private message's author to the question whether it may be shown.
// It is empty if there is no answer, or if nobody was asked.
type Consent string

// The answers of an author.
const (
	ConsentGiven   Consent = "given"
	ConsentRefused Consent = "refused"
)

// UndoWindow is how long a resolution by emoji can be undone by removing the emoji.
const UndoWindow = 10 * time.Minute

// ReopenWindow is how long after its end a ticket can be reopened. Later, a new ticket is the
// better record.
const ReopenWindow = 7 * 24 * time.Hour

// Ticket is the result of a timeline. The zero value is a ticket that has not been opened.
// People are opaque ids; an empty id means nobody.
type Ticket struct {
	Number   Number
	Title    string
	Text     string
	Category string
	Fields   []Field // of its category, or of an earlier one; those that hold something
	Priority Priority
	State    State

	Requester string         // who needs it
	Filer     string         // who filed it for the requester; empty if the requester did
	Followers []string       // people who hear of its first delay and of its end, in the order in which they followed
	Folded    []FoldedTicket // tickets that were closed as duplicates of this one, in that order
	Assignee  string         // the one owner; kept when the ticket ends
	Follows   Number         // an earlier ticket, ended too long ago to be reopened; 0 for none
	Source    Message        // the message that the ticket was opened from, if any
	Channel   string         // in which it lives; empty for the support channel of the settings
	Consent   Consent        // of the author of a private message that the ticket was opened from
	Withheld  bool           // the card was deleted by hand: its text is not shown until the requester allows it

	PrivateSince time.Time // since then only its own people may read it, for good; zero if it is not private
	PrivateBy    string    // who made it private; empty if it was filed so

	Incident   bool         // it hurts users and has to be mended at once
	Drill      string       // the squad whose ladder it tries: nothing is broken; empty if it is no drill
	Deployment DeploymentID // what caused the incident; LastDeployment as long as nobody says otherwise
	Work       Work         // the kind of work that it is, as a lead says; empty for that of its category

	Cycle       int       // 1 from opening; every reopening adds one
	OpenedAt    time.Time // of the first cycle
	StartedAt   time.Time // of the current cycle
	ClaimedAt   time.Time // when the current owner got it; zero without one
	RespondedAt time.Time // first claim or responder's reply in this cycle; zero if none
	FirstSolved time.Time // when it was resolved for the first time, also if it was reopened since; zero before
	EndedAt     time.Time // when it was resolved or closed; zero if it is not
	AnsweredAt  time.Time // first answer after the end of an unanswered cycle; counts if that end is undone
	WroteAt     time.Time // the owner's last reply since claiming; zero if none
	Pause       Pause     // the present pause, or the one in which the ticket ended
	Pauses      int       // the number of pauses in all cycles

	EndedBy     string
	EndGesture  Gesture
	EndInexact  bool // EndedAt is an estimate
	Solution    Solution
	Presumed    bool     // nobody has said the solution: its thread links to a change of code
	Resolution  string   // one sentence on how it was solved; may be empty
	Remarks     []Remark // remarks of others on the solution, in order
	CloseReason CloseReason
	DuplicateOf Number

	Thanks []Thank // in the order in which they were said

	Ratings []Rating // one of each cycle that has one, in order

	Linked []Linked // what the messages in its thread link to, in the order in which it was posted

	Reactions []Reaction // emoji with a sign that stand, in the order in which they were added

	Took    Effort   // until it ended; zero before
	Replies int      // replies of people in the thread that still stand, all cycles
	People  []string // people who replied, each once, in the order of their first reply
}

// Paused reports whether the resolve clock stands still.
func (t Ticket) Paused() bool { return t.State == StateWaiting || t.State == StateOnHold }

// Private reports whether only its own people may read the ticket.
func (t Ticket) Private() bool { return !t.PrivateSince.IsZero() }

// FollowedBy reports whether a person follows the ticket.
func (t Ticket) FollowedBy(person string) bool { return slices.Contains(t.Followers, person) }

// FoldOf returns the ticket of a person that was folded into this one; the zero value if
// there is none.
func (t Ticket) FoldOf(person string) FoldedTicket {
	for _, f := range slices.Backward(t.Folded) {
		if f.Requester == person {
			return f
		}
	}
	return FoldedTicket{}
}

// Following counts the people who follow the ticket, without its filer.
func (t Ticket) Following() int {
	n := len(t.Followers)
	if t.Filer != "" && t.FollowedBy(t.Filer) {
		n--
	}
	return n
}

// Owned reports whether somebody has the ticket.
func (t Ticket) Owned() bool { return t.Assignee != "" }

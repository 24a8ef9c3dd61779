package ticket

import (
	"cmp"
	"slices"
	"time"
)

// Kind is what an entry of the timeline records.
type Kind string

// The kinds of entries.
const (
	Opened        Kind = "opened"
	Claimed       Kind = "claimed"
	PutBack       Kind = "put_back"
	HandedOver    Kind = "handed_over"
	Replied       Kind = "replied"
	Amended       Kind = "amended"   // somebody edited their message
	Retracted     Kind = "retracted" // somebody deleted their message, or took it back
	Edited        Kind = "edited"
	Reprioritised Kind = "reprioritised"
	Waited        Kind = "waited"       // from here on it waits for the requester
	Held          Kind = "held"         // from here on it waits for something outside
	Resumed       Kind = "resumed"      // a person ended a pause; the requester's answer ends one by itself
	Acknowledged  Kind = "acknowledged" // the owner has seen a warning
	Reached       Kind = "reached"      // who was called to it answers, and does not become the owner
	Expected      Kind = "expected"     // the owner gives another time
	Escalated     Kind = "escalated"    // somebody called others to look at it
	Noted         Kind = "noted"        // somebody wrote something down for whoever reads the timeline
	Resolved      Kind = "resolved"
	Undone        Kind = "undone"    // a resolution taken back within UndoWindow
	Explained     Kind = "explained" // somebody said later how it was solved
	Closed        Kind = "closed"
	Reopened      Kind = "reopened"
	Withheld      Kind = "withheld"     // a person deleted the card
	Shown         Kind = "shown"        // the requester allows the text again
	Followed      Kind = "followed"     // somebody wants to hear of its first delay and of its end
	Unfollowed    Kind = "unfollowed"   // and no longer does
	FoldedIn      Kind = "folded_in"    // another ticket is about the same, and was closed as a duplicate of this one
	Parted        Kind = "parted"       // a ticket that was folded in is one of its own again
	Agreed        Kind = "agreed"       // the author of a private message allows to show it; the entry has the message
	Declined      Kind = "declined"     // the author does not allow it
	MadePrivate   Kind = "made_private" // from here on only the ticket's own people may read it
	Redacted      Kind = "redacted"     // somebody removed words from the ticket for good; which is not stored
	Assessed      Kind = "assessed"     // somebody said whether it is an incident, and which deployment caused it
	Retargeted    Kind = "retargeted"   // another policy applies from here, because the settings were changed
	Classed       Kind = "classed"      // a lead said which kind of work it is
	Thanked       Kind = "thanked"      // somebody says thanks, by an emoji
	Unthanked     Kind = "unthanked"    // they took it back
	Rated         Kind = "rated"        // the requester says in the survey that it is fixed, and perhaps how the help was
)

// Gesture is the means by which a person did something.
type Gesture string

// The gestures. Every one of them leads to the same transition.
const (
	ByForm     Gesture = "form"
	ByShortcut Gesture = "shortcut"
	ByEmoji    Gesture = "emoji"
	ByButton   Gesture = "button"
	ByCommand  Gesture = "command"
	ByReply    Gesture = "reply"
	ByMessage  Gesture = "message"  // in the channel, in no ticket's thread
	ByWorkflow Gesture = "workflow" // a step of a workflow of Slack's Workflow Builder
	ByDeletion Gesture = "deletion"
	BySettings Gesture = "settings"
	ByClock    Gesture = "clock"    // no person did it: its time had come
	ByOperator Gesture = "operator" // on the command line of the program
)

// Role is the role of a person in a ticket at the time of an entry.
type Role string

// The roles. If a person has several, the first one counts.
const (
	RoleRequester Role = "requester"
	RoleOwner     Role = "owner"
	RoleResponder Role = "responder"
	RoleOther     Role = "other"
)

// Entry is one line of a ticket's timeline.
type Entry struct {
	ID         int64     // 0 until stored; breaks ties of HappenedAt
	Kind       Kind      //
	Actor      string    // who did it
	Role       Role      // what they were to the ticket then
	Gesture    Gesture   // by which means
	HappenedAt time.Time // when it was done, UTC
	RecordedAt time.Time // when we learned of it, UTC
	Inexact    bool      // HappenedAt is an estimate, shown with "≈"
	Void       string    // why it did not count, in the language of the code; "" if it counts
	Details
}

// Details holds the data that an entry's kind needs; the other fields are zero. It is stored
// as JSON, so the tags are part of the database's format.
type Details struct {
	Title        string         `json:"title,omitempty"`
	Text         string         `json:"text,omitempty"`
	Category     string         `json:"category,omitempty"`
	Fields       []Field        `json:"fields,omitempty"` // of Opened and Edited: what was filled in, or emptied
	Priority     Priority       `json:"priority,omitempty"`
	Policy       int            `json:"policy,omitempty"` // version of the policy whose targets apply from here
	Assignee     string         `json:"assignee,omitempty"`
	Requester    string         `json:"requester,omitempty"` // of Opened: the requester, if another person filed it
	Note         string         `json:"note,omitempty"`      // how it was solved, why it was handed over or lowered, what was noted, or of Rated a word of theirs
	Solution     Solution       `json:"solution,omitempty"`
	CloseReason  CloseReason    `json:"close_reason,omitempty"`
	DuplicateOf  Number         `json:"duplicate_of,omitempty"`
	Message      Message        `json:"message,omitzero"`        // the source, or the reply; of Withheld and MadePrivate: the card until then
	Follows      Number         `json:"follows,omitempty"`       // of Opened: an earlier ticket about the same
	Channel      string         `json:"channel,omitempty"`       // of Opened: where the ticket lives, if that is not the support channel
	MakesPrivate bool           `json:"makes_private,omitempty"` // of Opened, and possible of Edited: its category makes the ticket private
	Emoji        string         `json:"emoji,omitempty"`
	ReviewAt     time.Time      `json:"review_at,omitzero"` // of Held
	ExpectedAt   time.Time      `json:"expected_at,omitzero"`
	Notify       []string       `json:"notify,omitempty"`     // of Escalated: whom it reaches; opaque here
	Folded       []FoldedTicket `json:"folded,omitempty"`     // of FoldedIn and Parted: which tickets
	People       []string       `json:"people,omitempty"`     // of FoldedIn: who follows it from now on; of MadePrivate: who goes on following it
	DueAt        time.Time      `json:"due_at,omitzero"`      // of FoldedIn: when the duplicate was to be solved, if that is still to come
	Links        []Link         `json:"links,omitempty"`      // of Replied and Amended: those of the message, as it reads then
	Incident     Incident       `json:"incident,omitempty"`   // of Assessed; of Opened and Edited: what follows from the settings for its category and fields
	Drill        string         `json:"drill,omitempty"`      // of Opened: the name of the squad whose ladder is tried; empty if it is no drill
	Deployment   DeploymentID   `json:"deployment,omitempty"` // of Assessed
	Work         Work           `json:"work,omitempty"`       // of Classed; empty for that of its category
	Stars        int            `json:"stars,omitempty"`      // of Rated, 1 to MostStars; 0 if they only say that it is fixed
	FollowUp     bool           `json:"follow_up,omitempty"`  // of Rated: they ask the lead to look at it
	Form         string         `json:"form,omitempty"`       // key of the form that opened the ticket, if the form was sent again with this
	Reply
}

// RedactedMark stands where words were redacted.
const RedactedMark = "[redacted]"

// Redact applies a function to every text that people wrote, and reports whether one of them
// is another now.
func (d *Details) Redact(strip func(string) string) (had bool) {
	for _, text := range []*string{&d.Title, &d.Text, &d.Note, &d.Answer} {
		left := strip(*text)
		had = had || left != *text
		*text = left
	}
	links, hadLink := redactLinks(d.Links, strip)
	d.Links, had = links, had || hadLink
	d.Fields = slices.Clone(d.Fields)
	for i := range d.Fields {
		had = d.Fields[i].redact(strip) || had
	}
	return had
}

// RedactFile removes the name of a file from the fields that hold it, and reports whether one did.
func (d *Details) RedactFile(name string) (had bool) {
	d.Fields = slices.Clone(d.Fields)
	for i := range d.Fields {
		had = d.Fields[i].redactFile(name) || had
	}
	return had
}

// FoldedTicket is a ticket that was folded into another.
type FoldedTicket struct {
	Ticket    Number    `json:"ticket"`
	Requester string    `json:"requester"`
	OpenedAt  time.Time `json:"opened_at"`
	Delayed   bool      `json:"delayed,omitempty"` // its requester has heard there that it takes longer
}

// Reply is how a reply was written, and how it reached the requester.
type Reply struct {
	Private bool   `json:"private,omitempty"` // to the bot, not in the ticket's thread
	Thread  string `json:"thread,omitempty"`  // of a private one: the ts of the message that began its thread
	Aside   bool   `json:"aside,omitempty"`   // it stays in the thread: it begins with //
	Names   bool   `json:"names,omitempty"`   // it mentions the requester
	Outside bool   `json:"outside,omitempty"` // the requester was not in the channel, and so did not see it there
	Carried bool   `json:"carried,omitempty"` // it was brought to the requester at once
	Saved   bool   `json:"saved,omitempty"`   // it is a saved answer: the bot posts it, in their name
	Answer  string `json:"answer,omitempty"`  // of Saved: which one, by its name, or by the number of the ticket whose solution it repeats
}

// Sort orders entries by the time they happened, then by the order in which they were stored.
// At the same time, entries that are not stored yet come last.
func Sort(entries []Entry) {
	slices.SortStableFunc(entries, func(a, b Entry) int {
		return cmp.Or(a.HappenedAt.Compare(b.HappenedAt), cmp.Compare(order(a), order(b)))
	})
}

func order(e Entry) uint64 { return uint64(e.ID) - 1 } // 0, "not stored", wraps to the end

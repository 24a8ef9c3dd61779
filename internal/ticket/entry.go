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
	Amended       Kind = "amended"   // somebody changed what they had written
	Retracted     Kind = "retracted" // somebody deleted it, or took it back
	Edited        Kind = "edited"
	Reprioritised Kind = "reprioritised"
	Waited        Kind = "waited"       // on the requester, from here
	Held          Kind = "held"         // on something outside, from here
	Resumed       Kind = "resumed"      // a pause was ended by hand; a requester's answer ends one by itself
	Acknowledged  Kind = "acknowledged" // the owner has seen a warning
	Expected      Kind = "expected"     // the owner gives another time
	Escalated     Kind = "escalated"    // somebody wants others to look at it
	Resolved      Kind = "resolved"
	Undone        Kind = "undone"    // a resolution taken back within UndoWindow
	Explained     Kind = "explained" // how it was solved, said after the fact
	Closed        Kind = "closed"
	Reopened      Kind = "reopened"
	Withheld      Kind = "withheld"   // the card was deleted by hand
	Shown         Kind = "shown"      // the requester allows the text again
	Followed      Kind = "followed"   // somebody wants to hear of the end
	Unfollowed    Kind = "unfollowed" // and no longer does
	Agreed        Kind = "agreed"     // the author of a private message lets it be shown; it is in the entry
	Declined      Kind = "declined"   // and does not
	Retargeted    Kind = "retargeted" // another policy applies from here, because the settings were changed
)

// Gesture says by which means something was done.
type Gesture string

// The gestures. Every one of them leads to the same transition.
const (
	ByForm     Gesture = "form"
	ByShortcut Gesture = "shortcut"
	ByEmoji    Gesture = "emoji"
	ByButton   Gesture = "button"
	ByCommand  Gesture = "command"
	ByReply    Gesture = "reply"
	ByMessage  Gesture = "message" // in the channel, in no ticket's thread
	ByDeletion Gesture = "deletion"
	BySettings Gesture = "settings"
	ByClock    Gesture = "clock" // nobody did it: its time had come
)

// Role is the role of a person in a ticket at the time of an entry.
type Role string

// The roles. A person who is several is the first of them that applies.
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
	Inexact    bool      // HappenedAt is the best that could be known, shown with "≈"
	Void       string    // why it did not count, in the language of the code; "" if it counts
	Details
}

// Details holds what an entry's kind needs; the other fields are zero. It is
// stored as JSON, so the tags are part of the database's format.
type Details struct {
	Title       string      `json:"title,omitempty"`
	Text        string      `json:"text,omitempty"`
	Category    string      `json:"category,omitempty"`
	Priority    Priority    `json:"priority,omitempty"`
	Policy      int         `json:"policy,omitempty"` // version of the policy whose targets apply from here
	Assignee    string      `json:"assignee,omitempty"`
	Requester   string      `json:"requester,omitempty"` // of Opened: who needs it, if that is not who filed it
	Note        string      `json:"note,omitempty"`      // what was solved, why handed over, why lowered
	Solution    Solution    `json:"solution,omitempty"`
	CloseReason CloseReason `json:"close_reason,omitempty"`
	DuplicateOf Number      `json:"duplicate_of,omitempty"`
	Message     Message     `json:"message,omitzero"`  // the source, or the reply
	Follows     Number      `json:"follows,omitempty"` // of Opened: an earlier ticket about the same
	Channel     string      `json:"channel,omitempty"` // of Opened: where the ticket lives, if that is not the support channel
	Emoji       string      `json:"emoji,omitempty"`
	ReviewAt    time.Time   `json:"review_at,omitzero"` // of Held
	ExpectedAt  time.Time   `json:"expected_at,omitzero"`
	Notify      []string    `json:"notify,omitempty"` // of Escalated: whom it reaches; opaque here
	Form        string      `json:"form,omitempty"`   // key of the form that opened the ticket, if it was sent again with this
	Reply
}

// Reply is how a reply was written, and how it reached the requester.
type Reply struct {
	Private bool   `json:"private,omitempty"` // to the bot, not in the ticket's thread
	Thread  string `json:"thread,omitempty"`  // of a private one: the ts of the message that began its thread
	Aside   bool   `json:"aside,omitempty"`   // it stays in the thread: it begins with //
	Names   bool   `json:"names,omitempty"`   // it mentions the requester
	Outside bool   `json:"outside,omitempty"` // the requester was not in the channel, and so did not see it there
	Carried bool   `json:"carried,omitempty"` // it was brought to them at once
}

// Sort orders entries by the time they happened, then by the order in which
// they were stored; entries that are not stored yet come last among equals.
func Sort(entries []Entry) {
	slices.SortStableFunc(entries, func(a, b Entry) int {
		return cmp.Or(a.HappenedAt.Compare(b.HappenedAt), cmp.Compare(order(a), order(b)))
	})
}

func order(e Entry) uint64 { return uint64(e.ID) - 1 } // 0, "not stored", wraps to the end

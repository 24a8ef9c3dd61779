package desk

import (
	"fmt"
	"slices"
	"time"

	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// NoticeKind says what a notice is about.
type NoticeKind string

// The kinds of notices. Each is one message in Slack.
const (
	NoticeCard        NoticeKind = "card"         // the ticket's first message; edited in place
	NoticeReceipt     NoticeKind = "receipt"      // "we have it", by direct message, to who was not told where they filed it
	NoticeClaimed     NoticeKind = "claimed"      // somebody has it, to the requester
	NoticeHandedOver  NoticeKind = "handed_over"  // to the new owner, or to the one it was taken from
	NoticeInherited   NoticeKind = "inherited"    // to whose emoji still claims it, when the owner's is gone
	NoticePriority    NoticeKind = "priority"     // to the owner when raised, to the requester when lowered
	NoticeResolved    NoticeKind = "resolved"     // to the requester
	NoticeClosed      NoticeKind = "closed"       // to the requester
	NoticeFollowed    NoticeKind = "followed"     // it is over, by direct message to who follows it
	NoticeMade        NoticeKind = "made"         // a message has become a ticket, in the message's thread
	NoticeConsent     NoticeKind = "consent"      // may your message be shown? by direct message to its author
	NoticeNoted       NoticeKind = "noted"        // somebody adds how it was solved, to the requester
	NoticeReopened    NoticeKind = "reopened"     // to the owner, or to the channel without one, and to the requester
	NoticeUndone      NoticeKind = "undone"       // what was told to be resolved is not, to the requester
	NoticeQuestion    NoticeKind = "question"     // what the owner asks, to the requester
	NoticeHeld        NoticeKind = "held"         // it is on hold, to the requester
	NoticeNudge       NoticeKind = "nudge"        // the question again, to the requester
	NoticeReview      NoticeKind = "review"       // is it still on hold? to the owner
	NoticeExpected    NoticeKind = "expected"     // it takes longer, to the requester
	NoticeDelayed     NoticeKind = "delayed"      // it is late, to the requester
	NoticeAlert       NoticeKind = "alert"        // a clock warns or is late
	NoticeEscalation  NoticeKind = "escalation"   // nobody answers for it: to those whom it calls, or to a person or a channel
	NoticePage        NoticeKind = "page"         // the same, by a call to an address
	NoticePageFailed  NoticeKind = "page_failed"  // a page did not get through
	NoticeQuote       NoticeKind = "quote"        // what was written in private, for the thread
	NoticePassedOn    NoticeKind = "passed_on"    // to whoever wrote it, alone: it stands in the thread
	NoticeWords       NoticeKind = "words"        // what was written in the thread, to a requester outside the channel
	NoticeGathered    NoticeKind = "gathered"     // what else was written there, likewise; edited in place
	NoticeWrote       NoticeKind = "wrote"        // somebody has answered in the thread, to a requester who does not follow it
	NoticeFile        NoticeKind = "file"         // a file that was attached to what was written, for the other side
	NoticeUnbrought   NoticeKind = "unbrought"    // to whoever attached a file, alone: it is not brought to the other side
	NoticeUnasked     NoticeKind = "unasked"      // to the owner alone: the question was deleted
	NoticeWhere       NoticeKind = "where"        // to whoever wrote to the bot: where does it belong?
	NoticeOffer       NoticeKind = "offer"        // to whoever wrote a message, alone: is it to be a ticket?
	NoticeFiled       NoticeKind = "filed"        // to whoever wrote a message, alone: it was filed at once
	NoticeHow         NoticeKind = "how"          // to the resolver alone: how was it solved?
	NoticeAnswered    NoticeKind = "answered"     // to a responder alone: you answered; is it yours?
	NoticeStillBroken NoticeKind = "still_broken" // to the requester alone, who writes after the end
	NoticeFlood       NoticeKind = "flood"        // many tickets are about one thing, to the channel
	NoticeParked      NoticeKind = "parked"       // the card waits for its channel, to whoever filed it
	NoticeUnreachable NoticeKind = "unreachable"  // the channel takes no messages, to an operator
	NoticeUnowned     NoticeKind = "unowned"      // what is late and has no owner, to the channel
	NoticeDigest      NoticeKind = "digest"       // the week in one post
	NoticeBreakdown   NoticeKind = "breakdown"    // the digest's details, in its thread
)

// Whispered reports whether notices of the kind are shown to one person alone,
// beside what others see, and leave no trace.
func (k NoticeKind) Whispered() bool {
	switch k {
	case NoticeHow, NoticeAnswered, NoticeStillBroken, NoticePassedOn, NoticeUnasked, NoticeUnbrought, NoticeOffer, NoticeFiled:
		return true
	default:
		return false
	}
}

// Concerns reports whether notices of the kind have to notify whom they are for.
// A file follows what was written with it.
func (k NoticeKind) Concerns() bool { return !k.Whispered() && k != NoticeGathered && k != NoticeFile }

// Urgency orders what is to be said: the lower, the sooner.
type Urgency int

// Urgency of what is not about one ticket's priority. Alerts have 0 to 2 and
// everything else about a ticket 3 to 5, by priority.
const (
	UrgencyPerson Urgency = 3 // somebody waits for it
	UrgencyAsk    Urgency = 6
	UrgencyDigest Urgency = 7
)

// Notice is something owed to people. What it says is decided when it is sent:
// see Moot.
type Notice struct {
	ID      string // its identity in Slack, as a decimal string; empty until stored
	Kind    NoticeKind
	Ticket  ticket.Number // 0 if it is about none
	Lane    string        // notices of one lane are said in the order they were owed
	Place   Place         // where the lane is
	To      string        // whom it is for: a person, a channel or a page; empty for everybody in the thread
	DueAt   time.Time     // not to be said earlier
	Urgency Urgency
	NoticeDetails
}

// Place is where something is said, by what it is for.
type Place string

// The places that the desk speaks to.
const (
	PlaceSupport Place = "support" // tickets, and direct messages about them
	PlaceDigest  Place = "digest"
	PlacePage    Place = "page" // no channel: addresses that are called
)

// NoticeDetails holds what a notice's kind needs; the other fields are zero. It
// is stored as JSON, so the tags are part of the database's format.
type NoticeDetails struct {
	Actor  string         `json:"actor,omitempty"`
	At     time.Time      `json:"at,omitzero"` // of the entry that owes it
	Cycle  int            `json:"cycle,omitempty"`
	From   string         `json:"from,omitempty"` // the owner before a hand-over
	Note   string         `json:"note,omitempty"`
	Text   string         `json:"text,omitempty"`
	Raised bool           `json:"raised,omitempty"`
	Emoji  string         `json:"emoji,omitempty"` // of NoticeInherited: which its owner took off
	Thread ticket.Message `json:"thread,omitzero"` // the message that it is about
	Root   string         `json:"root,omitempty"`  // ts of the message whose thread that is in, if it is a private one
	Words  []Word         `json:"words,omitempty"` // of NoticeGathered
	Files  []File         `json:"files,omitempty"` // that were attached to what it repeats, or asks about

	File      *File     `json:"file,omitempty"`      // of NoticeFile and NoticeUnbrought
	Unbrought Unbrought `json:"unbrought,omitempty"` // why the file is not brought; empty if it is

	Messages []ticket.Message `json:"messages,omitempty"` // of NoticeWhere: what it is about
	Belongs  Belongs          `json:"belongs,omitempty"`  // the answer; empty while there is none
	Into     ticket.Number    `json:"into,omitempty"`     // of the answer: which ticket

	Alert   *Alert    `json:"alert,omitempty"`
	Offer   Offer     `json:"offer,omitempty"` // of NoticeAlert
	By      time.Time `json:"by,omitzero"`     // of NoticeExpected
	Quiet   bool      `json:"quiet,omitempty"` // of NoticeAlert: nobody is called; the channel is told of many at once
	Flood   *Flood    `json:"flood,omitempty"`
	Period  *Period   `json:"period,omitempty"`
	Channel string    `json:"channel,omitempty"` // of NoticeParked and NoticeUnreachable: which takes no messages
	Over    bool      `json:"over,omitempty"`    // of NoticeUnreachable: it takes messages again
	Pause   int       `json:"pause,omitempty"`   // number of the pause it is about
	Call    []string  `json:"call,omitempty"`    // recipients of an escalation that are called in the thread
	Face    string    `json:"face,omitempty"`    // of alerts: how it was to look when it was owed, or said anew
	Aloud   bool      `json:"aloud,omitempty"`   // it stands in the channel as well
	Gone    bool      `json:"gone,omitempty"`    // it is not to stand any more: what it repeats was deleted or taken back

	Escalation *Alert `json:"escalation,omitempty"` // the step that asks for it; nil if somebody does
}

// Offer says why others than its owner are asked to take a ticket; "" means that
// they are not.
type Offer string

// The reasons to ask others.
const (
	OfferSilent Offer = "silent" // the owner has not answered a warning
	OfferAway   Offer = "away"   // their status in Slack says so
	OfferGone   Offer = "gone"   // their account is deactivated
)

// Period is a span of time, from inclusive, to exclusive.
type Period struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Alert is one step of one promise. It happens once.
type Alert struct {
	Cycle     int          `json:"cycle"`
	Clock     sla.Name     `json:"clock"`
	Promise   int          `json:"promise"`
	Step      sla.StepName `json:"step"`
	At        time.Time    `json:"at"` // when it was due
	DecidedAt time.Time    `json:"-"`
	Said      bool         `json:"-"` // false: a graver one was said instead
	Notify    []string     `json:"-"` // whom a step of an escalation reaches, while it is not told
}

// Key identifies the alert among those of its ticket.
func (a Alert) Key() string { return fmt.Sprintf("%d/%s/%d/%s", a.Cycle, a.Clock, a.Promise, a.Step) }

// Forewarns reports whether the alert comes before the end that is awaited.
func (a Alert) Forewarns() bool { return a.Step == sla.Warn || a.Step == StepSilent }

// Repeats reports whether the alert tells again what was told before.
func (a Alert) Repeats() bool { return slices.Contains(repetitions, a.Step) }

// ClaimNoteDelay is how long the desk waits before it says that somebody has a
// ticket: who writes or resolves meanwhile has said it better.
const ClaimNoteDelay = 60 * time.Second

// owe returns a notice about the record's ticket.
func (r Record) owe(kind NoticeKind, to string, due time.Time, d NoticeDetails) Notice {
	d.Cycle = r.Ticket.Cycle
	return Notice{
		Kind: kind, Ticket: r.Ticket.Number, Lane: Lane(r.Ticket.Number), Place: PlaceSupport,
		To: to, DueAt: due, Urgency: urgency(kind, r.Ticket.Priority), NoticeDetails: d,
	}
}

// Lane is the order in which a ticket's thread is written.
func Lane(n ticket.Number) string { return fmt.Sprintf("ticket:%d", int64(n)) }

func urgency(kind NoticeKind, p ticket.Priority) Urgency {
	if kind.Whispered() {
		return UrgencyAsk
	}
	switch kind {
	case NoticeAlert, NoticeEscalation, NoticePage, NoticePageFailed:
		return Urgency(p - 1)
	default:
		return Urgency(p + 2)
	}
}

// Moot says why a notice is not worth saying any more, as things stand at now;
// "" if it still is. A notice that was said and has become moot is retracted in
// place.
func Moot(n Notice, r Record, now time.Time) string {
	t := r.Ticket
	switch n.Kind {
	case NoticeParked:
		return when(r.Card != (ticket.Message{}), "the card stands")
	case NoticeReceipt, NoticeAnswered:
		return when(t.State.Ended() || t.Owned(), "the ticket has moved on")
	case NoticeClaimed:
		return mootClaim(n, r)
	case NoticeWrote:
		return mootWrote(n, r)
	case NoticePassedOn:
		_, stands := r.says(n.Thread)
		return when(!stands, "it was taken back")
	case NoticeFiled:
		return when(t.State.Ended(), "the ticket has ended")
	case NoticeHandedOver, NoticeInherited, NoticePriority:
		return mootToOwner(n, t)
	case NoticeResolved, NoticeClosed, NoticeFollowed, NoticeHow:
		return when(!t.State.Ended() || !t.EndedAt.Equal(n.At) || t.Solution != "" && n.Kind == NoticeHow, "it was taken back")
	case NoticeNoted:
		return when(t.State != ticket.StateResolved || t.Cycle != n.Cycle, "the ticket has moved on")
	case NoticeDelayed:
		return mootDelay(n, r, now)
	case NoticeExpected:
		return when(t.State.Ended() || !r.Clock(sla.Resolve).Expected.Equal(n.By), "another time holds")
	case NoticeReopened:
		return when(t.State.Ended() || t.Cycle != n.Cycle, "the ticket has moved on")
	case NoticeUndone:
		return mootUndoing(n, r)
	case NoticeQuestion, NoticeHeld, NoticeNudge, NoticeReview:
		return mootPause(n, r)
	case NoticeStillBroken:
		return when(!t.State.Ended() || t.Cycle != n.Cycle, "it was reopened")
	case NoticeAlert:
		return mootAlert(n, r, now)
	case NoticeEscalation, NoticePage:
		return mootEscalation(n, r)
	case NoticeCard, NoticeMade, NoticeConsent, NoticeQuote, NoticeWords, NoticeGathered, NoticeFile, NoticeUnbrought, NoticeUnasked, NoticeWhere, NoticeOffer, NoticePageFailed, NoticeFlood, NoticeUnowned, NoticeUnreachable, NoticeDigest, NoticeBreakdown: // always worth saying
	}
	return ""
}

// mootToOwner is about what the owner is told.
func mootToOwner(n Notice, t ticket.Ticket) string {
	handedOn := n.Kind == NoticeHandedOver && !t.ClaimedAt.Equal(n.At) || n.Kind == NoticeInherited && t.Assignee != n.To
	if n.Kind == NoticePriority {
		return when(t.State.Ended(), mootEnded)
	}
	return when(t.State.Ended() || handedOn, "the ticket has moved on")
}

func mootClaim(n Notice, r Record) string {
	t := r.Ticket
	switch {
	case t.State.Ended():
		return "the ticket has ended"
	case !t.ClaimedAt.Equal(n.At) || t.Assignee == "":
		return "it was put back or handed over"
	case r.ownerReached():
		return "the owner has written to them"
	}
	return ""
}

// mootUndoing: whoever was not told that it is resolved believes nothing else.
func mootUndoing(n Notice, r Record) string {
	if r.Ticket.State.Ended() || r.Ticket.Cycle != n.Cycle {
		return "the ticket has moved on"
	}
	told := func(p Posted) bool {
		return p.Kind == NoticeResolved && p.To == n.To && p.Cycle == n.Cycle && p.Stands()
	}
	return when(!slices.ContainsFunc(r.Posted, told), "the requester was not told that it is resolved")
}

// mootPause is about what is paused.
func mootPause(n Notice, r Record) string {
	pause := n.Pause
	if n.Alert != nil {
		pause = n.Alert.Promise
	}
	if p := r.Ticket.Pause; !r.Ticket.Paused() || p.Number != pause {
		return "it is not paused any more"
	}
	if n.Kind == NoticeQuestion {
		return mootQuestion(n, r)
	}
	return ""
}

// mootQuestion: a question that stands in the thread, or was brought to the requester,
// need not be repeated to somebody whom that notified.
func mootQuestion(n Notice, r Record) string {
	e, known := r.reply(n.Thread)
	return when(known && n.Thread != (ticket.Message{}) && r.reached(e), "the requester was notified of the question")
}

// Why an alert is moot that may have to be told after all: the end, or the pause,
// can turn out not to have been.
const (
	mootStopped = "the clock has stopped"
	mootPaused  = "the clock stands still"
	mootEnded   = "the ticket has ended" // of an escalation
)

// Forgotten reports whether what time brought, and is not said, being moot, counts as
// never told: should the clock go on after all, it is due again. That holds for an
// alert, and for the step of an escalation.
func Forgotten(n Notice, moot string) bool {
	switch n.Kind {
	case NoticeAlert:
		return moot == mootStopped || moot == mootPaused
	case NoticeEscalation, NoticePage:
		return n.Escalation != nil && moot == mootEnded
	default:
		return false
	}
}

// mootStep is about whatever tells of a clock's step.
func mootStep(a Alert, r Record, now time.Time) string {
	c := r.Clock(a.Clock)
	switch {
	case a.Cycle != r.Ticket.Cycle || a.Promise != c.Promise:
		return "another promise holds"
	case !c.Running():
		return mootStopped
	}
	return when(r.Disproves(a, now), "it is not late")
}

func mootAlert(n Notice, r Record, now time.Time) string {
	a := *n.Alert
	c := r.Clock(a.Clock)
	if moot := mootStep(a, r, now); moot != "" {
		return moot
	}
	switch {
	case a.Step == sla.Warn && c.Paused():
		return mootPaused
	case a.Forewarns() && !a.At.After(c.Awaited()) && now.After(c.Awaited()) && len(n.Call) == 0:
		return "it is late already"
	case a.Step == StepSilent && r.ownerActedSince(r.warnedAt(c)):
		return "the owner has answered"
	}
	return ""
}

// mootDelay: whoever has the ticket need not be told, nor who is asked for an answer.
func mootDelay(n Notice, r Record, now time.Time) string {
	if moot := mootStep(*n.Alert, r, now); moot != "" {
		return moot
	}
	if r.Clock(n.Alert.Clock).Paused() {
		return mootPaused
	}
	return when(n.To == r.Ticket.Assignee, "the requester has it")
}

// Offers reports whether an alert asks others to take the ticket; not any more, once
// somebody else has it, or its owner has answered.
func (r Record) Offers(n Notice) bool {
	if n.Offer == "" || r.Ticket.Assignee != n.To {
		return false
	}
	warned := r.warnedAt(r.Clock(n.Alert.Clock))
	return n.Offer != OfferSilent || warned.IsZero() || !r.ownerActedSince(warned)
}

func when(condition bool, reason string) string {
	if condition {
		return reason
	}
	return ""
}

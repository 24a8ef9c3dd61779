package desk

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"supporty/internal/duty"
	"supporty/internal/ticket"
)

// NoticeKind is what a notice is about.
type NoticeKind string

// The kinds of notices. Each is one message in Slack.
const (
	NoticeCard            NoticeKind = "card"         // the ticket's first message; edited in place
	NoticeRoom            NoticeKind = "room"         // the private channel that the ticket lives in; kept as the ticket is
	NoticeReceipt         NoticeKind = "receipt"      // "we have it", by direct message, to who was not told where they filed it
	NoticeClaimed         NoticeKind = "claimed"      // somebody has it, to the requester
	NoticeHandedOver      NoticeKind = "handed_over"  // to the new owner, or to the one it was taken from
	NoticeInherited       NoticeKind = "inherited"    // to whose emoji still claims it, when the owner's is gone
	NoticeForestalled     NoticeKind = "forestalled"  // to somebody who claimed it, alone: another's claim was earlier
	NoticePriority        NoticeKind = "priority"     // to the owner when raised, to the requester when lowered
	NoticeResolved        NoticeKind = "resolved"     // to the requester
	NoticeClosed          NoticeKind = "closed"       // to the requester
	NoticeFollowed        NoticeKind = "followed"     // it is over, by direct message to who follows it
	NoticeErased          NoticeKind = "erased"       // a card that was removed with what it says; another may have taken its place
	NoticeFollowedDelay   NoticeKind = "follow_late"  // it takes longer, likewise
	NoticeFollowedAgain   NoticeKind = "follow_again" // it is open again, likewise
	NoticeMade            NoticeKind = "made"         // a message has become a ticket, in the message's thread
	NoticeConsent         NoticeKind = "consent"      // may your message be shown? by direct message to its author
	NoticeNoted           NoticeKind = "noted"        // somebody adds how it was solved, to the requester
	NoticeReopened        NoticeKind = "reopened"     // to the owner, or to the channel without one, and to the requester
	NoticeUndone          NoticeKind = "undone"       // what was told to be resolved is not, to the requester
	NoticeQuestion        NoticeKind = "question"     // what the owner asks, to the requester
	NoticeHeld            NoticeKind = "held"         // it is on hold, to the requester
	NoticeNudge           NoticeKind = "nudge"        // the question again, to the requester
	NoticeReview          NoticeKind = "review"       // is it still on hold? to the owner
	NoticeExpected        NoticeKind = "expected"     // it takes longer, to the requester
	NoticeDelayed         NoticeKind = "delayed"      // it is late, to the requester
	NoticeAlert           NoticeKind = "alert"        // a clock warns or is late
	NoticeEscalation      NoticeKind = "escalation"   // nobody answers for it: to those whom it calls, or to a person or a channel
	NoticeUnreached       NoticeKind = "unreached"    // the ladder has reached nobody: to the requester, the channel and the squad's lead
	NoticePage            NoticeKind = "page"         // the same, by a call to an address
	NoticePageFailed      NoticeKind = "page_failed"  // a page did not get through
	NoticeQuote           NoticeKind = "quote"        // what was written in private, for the thread
	NoticePassedOn        NoticeKind = "passed_on"    // to its author, alone: it stands in the thread
	NoticeCarried         NoticeKind = "words"        // what was written in the thread, to a requester outside the channel
	NoticeGathered        NoticeKind = "gathered"     // what else was written there, likewise; edited in place
	NoticeWroteAbove      NoticeKind = "wrote"        // somebody has written in the thread, to the requester or the owner who does not follow it
	NoticeFile            NoticeKind = "file"         // a file that was attached to what was written, for the other side
	NoticeFileLeftOut     NoticeKind = "unbrought"    // to who attached a file, alone: it is not brought to the other side
	NoticeUnasked         NoticeKind = "unasked"      // to the owner alone: the question was deleted
	NoticeDeleteYours     NoticeKind = "delete_yours" // by direct message to the author of messages that have redacted words, or stand where others read them
	NoticeRemaining       NoticeKind = "remaining"    // by direct message to who made the ticket private: which messages of people remain
	NoticeAnswerGone      NoticeKind = "unanswered"   // to the owner, whose question it was: the answer was taken back
	NoticeWhere           NoticeKind = "where"        // to somebody who wrote to the bot: where does it belong?
	NoticeOffer           NoticeKind = "offer"        // to the author of a message, or to who marked it, alone: is it to be a ticket?
	NoticeFiledAtOnce     NoticeKind = "filed"        // to the author of a message, alone: it was filed at once
	NoticeAskSolution     NoticeKind = "how"          // to the resolver alone: how was it solved?
	NoticeAnsweredUnowned NoticeKind = "answered"     // to a responder alone: you answered; is it yours?
	NoticeOfferHold       NoticeKind = "offer_hold"   // to the owner alone, who linked an issue: is it on hold until that is done?
	NoticeThirdTime       NoticeKind = "third_time"   // to who answered, alone: they have answered so three times; is it to be written down?
	NoticeStillBroken     NoticeKind = "still_broken" // to the requester alone, who writes after the end
	NoticeFlood           NoticeKind = "flood"        // many tickets are about one thing, to the channel
	NoticeParked          NoticeKind = "parked"       // the card waits for its channel, to who filed it
	NoticeUnreachable     NoticeKind = "unreachable"  // the channel takes no messages, to an operator
	NoticeFirstSteps      NoticeKind = "first_steps"  // how to begin, to an operator or to who opened Home first
	NoticeOnDuty          NoticeKind = "on_duty"      // the brief of who comes on duty, by direct message
	NoticeOffDuty         NoticeKind = "off_duty"     // is there something to know? to who was on duty before, if anything is open
	NoticeDutyNote        NoticeKind = "duty_note"    // the answer, to who is on duty
	NoticeLeftUnowned     NoticeKind = "left_unowned" // what is pressing and has no owner an open hour after a handover, to the squad's lead
	NoticeRotaMade        NoticeKind = "rota_made"    // somebody has made another rota, to whom it concerns, by direct message
	NoticeOverridden      NoticeKind = "overridden"   // somebody else is on duty than the rota says, to both, by direct message
	NoticeSwapAsked       NoticeKind = "swap_asked"   // whether somebody takes a shift, by direct message
	NoticeSwapAccepted    NoticeKind = "swapped"      // to who asked: both shifts have changed
	NoticeSwapDeclined    NoticeKind = "not_swapped"  // to who asked: nothing has changed
	NoticeWoken           NoticeKind = "woken"        // did it wake you? to who was called at night, in the morning, by direct message
	NoticeRefiled         NoticeKind = "refiled"      // a ticket is another squad's now, and lives elsewhere: to that squad's channel
	NoticeUnfair          NoticeKind = "unfair"       // somebody has carried more of a rota than the others: to its people and who leads the squad
	NoticeTask            NoticeKind = "task"         // a ticket was opened for a task of a squad: to whose it is, by direct message
	NoticeOffered         NoticeKind = "offered"      // a new ticket that nobody has yet, to one person, by direct message
	NoticeSurvey          NoticeKind = "survey"       // is it fixed, and how was the help? to the requester, by direct message
	NoticeRated           NoticeKind = "rated"        // few stars, or a word with them, to the owner, by direct message
	NoticeFollowUp        NoticeKind = "follow_up"    // the requester asks the lead to look at it, likewise
	NoticeThanks          NoticeKind = "thanks"       // what people said thanks for, once a week, to everybody who helped
	NoticeUnowned         NoticeKind = "unowned"      // what is late and has no owner, to the channel
	NoticePeopleNamed     NoticeKind = "people_named" // exports name people from now on, to the channel
	NoticeDigest          NoticeKind = "digest"       // the week in one post
	NoticePicture         NoticeKind = "picture"      // what a digest tells, drawn: in its thread, or to a person who asked for the numbers
	NoticeBreakdown       NoticeKind = "breakdown"    // the digest's details, in its thread
)

// EphemeralKinds are the kinds whose notices are shown to one person alone, beside what
// others see, and leave no trace.
func EphemeralKinds() []NoticeKind {
	return []NoticeKind{
		NoticeAskSolution, NoticeAnsweredUnowned, NoticeStillBroken, NoticePassedOn, NoticeUnasked,
		NoticeFileLeftOut, NoticeOffer, NoticeOfferHold, NoticeFiledAtOnce, NoticeForestalled,
		NoticeThirdTime,
	}
}

// Ephemeral reports whether notices of the kind are ephemeral: see EphemeralKinds.
func (k NoticeKind) Ephemeral() bool { return slices.Contains(EphemeralKinds(), k) }

// Leads reports whether a thread of direct messages about a ticket can begin with
// notices of the kind: those that are about the ticket itself, and stand for good. What
// repeats people's words goes when those go, and nothing can follow it then.
func (k NoticeKind) Leads() bool {
	switch k {
	case NoticeParked, NoticeEscalation, NoticeUnreached, NoticeCarried, NoticeGathered, NoticeQuestion, NoticeFile, NoticeDeleteYours, NoticeRemaining,
		NoticeRefiled, NoticeTask, NoticeOffered, NoticeSurvey, NoticeRated, NoticeFollowUp:
		return false
	default:
		return true
	}
}

// OfHelp reports whether notices of the kind are about how the help was. They are direct messages
// that stand alone: what people say of it is not for those who read the ticket.
func (k NoticeKind) OfHelp() bool {
	return k == NoticeSurvey || k == NoticeRated || k == NoticeFollowUp
}

// Concerns reports whether notices of the kind have to notify whom they are for.
// A file follows what was written with it.
func (k NoticeKind) Concerns() bool { return !k.Ephemeral() && k != NoticeGathered && k != NoticeFile }

// OnLadder reports whether a notice is a step of the ladder.
func (n Notice) OnLadder() bool { return n.Escalation != nil && n.Escalation.Source == Ladder }

// Urgency orders what is to be posted: lower values come first.
type Urgency int

// Urgency of what is not about one ticket's priority. Alerts have 0 to 2 and
// everything else about a ticket 3 to 5, by priority.
const (
	UrgencyPerson Urgency = 3 // somebody waits for it
	UrgencyAsk    Urgency = 6
	UrgencyDigest Urgency = 7
)

// Notice is one message that people are to read. What it says is decided when it is sent:
// see Obsolete.
type Notice struct {
	ID          string // its identity in Slack, as a decimal string; empty until stored
	Kind        NoticeKind
	Ticket      ticket.Number // 0 if it is about none
	OrderingKey string        // notices with the same key are posted in the order in which they were enqueued; of a ticket without a number it ends with 0
	Queue       Queue         // who sends it
	To          string        // whom it is for: a person, a channel or a page; empty for everybody in the thread
	DueAt       time.Time     // not to be said earlier
	Urgency     Urgency
	NoticeDetails
}

// Queue is the sender's queue of a notice, by its purpose.
type Queue string

// The queues of the sender.
const (
	QueueSupport Queue = "support" // tickets, and direct messages about them
	QueueDigest  Queue = "digest"
	QueuePage    Queue = "page" // no channel: addresses that are called
)

// NoticeDetails holds what a notice's kind needs; the other fields are zero. It
// is stored as JSON, so the tags are part of the database's format.
type NoticeDetails struct {
	Actor  string         `json:"actor,omitempty"`
	At     time.Time      `json:"at,omitzero"` // of the entry that it is about
	Cycle  int            `json:"cycle,omitempty"`
	From   string         `json:"from,omitempty"` // the owner before a hand-over
	Note   string         `json:"note,omitempty"`
	Text   string         `json:"text,omitempty"`
	Raised bool           `json:"raised,omitempty"`
	Emoji  string         `json:"emoji,omitempty"` // of NoticeInherited: which its owner took off
	Thread ticket.Message `json:"thread,omitzero"` // the message that it is about
	Root   string         `json:"root,omitempty"`  // ts of the message whose thread that is in, if it is a private one
	Words  []Word         `json:"words,omitempty"` // of NoticeGathered; of NoticeRemaining without their texts
	Files  []File         `json:"files,omitempty"` // that were attached to what it repeats, or asks about

	File      *File     `json:"file,omitempty"`      // of NoticeFile and NoticeFileLeftOut
	Unbrought Unbrought `json:"unbrought,omitempty"` // why the file is not brought; empty if it is

	Messages []ticket.Message `json:"messages,omitempty"` // of NoticeWhere and NoticeDeleteYours: what it is about
	Belongs  Belongs          `json:"belongs,omitempty"`  // the answer; empty while there is none
	Into     ticket.Number    `json:"into,omitempty"`     // of the answer: which ticket
	About    ticket.Number    `json:"about,omitempty"`    // of NoticeWhere: the ticket of somebody else in whose thread it was written; of NoticeUnreachable: the private ticket whose room cannot be made, or has somebody in it who does not belong there

	Alert   *Alert          `json:"alert,omitempty"`
	Also    *Alert          `json:"also,omitempty"`    // of NoticeAlert: a step that is told with it; see Standing
	Absence Absence         `json:"absence,omitempty"` // of NoticeAlert
	By      time.Time       `json:"by,omitzero"`       // of NoticeExpected, and of NoticeFollowedDelay if the owner has given a time
	Quiet   bool            `json:"quiet,omitempty"`   // of NoticeAlert: nobody is called; the channel is told of many at once
	Flood   *Flood          `json:"flood,omitempty"`
	Period  *ticket.Period  `json:"period,omitempty"`
	Of      *Counted        `json:"of,omitempty"`      // of NoticePicture to a person: which tickets
	Channel string          `json:"channel,omitempty"` // of NoticeParked and NoticeUnreachable: which takes no messages; of NoticeUnowned: where the tickets live, empty for the support channel; of a file: where its message is that the ticket was made from
	Squad   string          `json:"squad,omitempty"`   // of NoticeTask, NoticeOnDuty, NoticeOffDuty, NoticeDutyNote, NoticeOverridden, NoticeRotaMade and NoticeLeftUnowned: its name
	Thanked []ThankedTicket `json:"thanked,omitempty"` // of NoticeThanks
	Swap    *Swap           `json:"swap,omitempty"`    // of NoticeSwapAsked, NoticeSwapAccepted and NoticeSwapDeclined; of NoticeUnfair: which would mend it
	Passed  bool            `json:"passed,omitempty"`  // of NoticeOffered: its reader has passed it on
	Unfair  *duty.Unfair    `json:"unfair,omitempty"`  // of NoticeUnfair
	Over    bool            `json:"over,omitempty"`    // of NoticeUnreachable: it takes messages again; of NoticeOverridden: it was taken back; of NoticeRotaMade: that of the settings counts again; of NoticeOffered: it was passed on, or nobody took it in time
	Alike   []ticket.Number `json:"alike,omitempty"`   // of NoticeThirdTime: the tickets that got the same answer
	Room    int             `json:"room,omitempty"`    // of NoticeRoom: counts the ticket's rooms from 1
	Brought []string        `json:"brought,omitempty"` // of NoticeRoom: whom the bot has invited, in vain too, and not removed since
	Pause   int             `json:"pause,omitempty"`   // number of the pause it is about
	Call    []string        `json:"call,omitempty"`    // recipients of an escalation that are called in the thread; on the ladder, of a direct message those whom its reader may call, and of a page those whom it reaches
	Face    string          `json:"face,omitempty"`    // of alerts: how it was to look when it was enqueued, or posted anew
	Aloud   bool            `json:"aloud,omitempty"`   // it stands in the channel as well
	Retold  bool            `json:"retold,omitempty"`  // of NoticeAlert and NoticeStillBroken: it was said again since, by a message of its own
	Gone    bool            `json:"gone,omitempty"`    // it is not to stand any more: what it repeats was deleted or taken back

	Left   *ticket.Message `json:"left,omitempty"`   // of what is gone because the ticket was made private: where it may stand, if that is not known
	Moved  bool            `json:"moved,omitempty"`  // of NoticeDeleteYours: because the ticket was made private
	Unread bool            `json:"unread,omitempty"` // of NoticeRemaining: not all places could be read

	Escalation *Alert `json:"escalation,omitempty"` // the step that asks for it; nil if somebody does
}

// ClaimNoteDelay is how long the desk waits before it says that somebody has a
// ticket: who writes or resolves meanwhile has said it better.
const ClaimNoteDelay = 60 * time.Second

// notice returns a notice about the record's ticket.
func (r Record) notice(kind NoticeKind, to string, due time.Time, d NoticeDetails) Notice {
	d.Cycle = r.Ticket.Cycle
	return Notice{
		Kind: kind, Ticket: r.Ticket.Number, OrderingKey: OrderingKey(r.Ticket.Number), Queue: QueueSupport,
		To: to, DueAt: due, Urgency: urgency(kind, r.Ticket.Priority), NoticeDetails: d,
	}
}

// Numbered returns the notice of a ticket that has got its number.
func (n Notice) Numbered(t ticket.Number) Notice {
	n.Ticket, n.OrderingKey = t, strings.TrimSuffix(n.OrderingKey, "0")+fmt.Sprint(int64(t))
	return n
}

// OrderingKey is the order in which a ticket's thread is written.
func OrderingKey(n ticket.Number) string { return fmt.Sprintf("ticket:%d", int64(n)) }

func urgency(kind NoticeKind, p ticket.Priority) Urgency {
	if kind.Ephemeral() {
		return UrgencyAsk
	}
	switch kind {
	case NoticeAlert, NoticeEscalation, NoticeUnreached, NoticePage, NoticePageFailed:
		return Urgency(p - 1)
	default:
		return Urgency(p + 2)
	}
}

package desk

import (
	"slices"
	"time"

	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// Why a notice is moot, where several kinds are for the same reason.
const (
	mootEnded     = "the ticket has ended"
	mootMoved     = "the ticket has moved on"
	mootTakenBack = "it was taken back"
	mootStopped   = "the clock has stopped"
	mootPaused    = "the clock stands still"
	mootRetold    = "it was told again"
)

// Moot says why a notice is not worth saying any more, as things stand at now;
// "" if it still is. A notice that was said and has become moot is retracted in
// place.
func Moot(n Notice, r Record, now time.Time) string {
	t := r.Ticket
	switch n.Kind {
	case NoticeParked:
		return when(r.Card != (ticket.Message{}), "the card stands")
	case NoticeReceipt, NoticeAnswered:
		return when(t.State.Ended() || t.Owned(), mootMoved)
	case NoticeClaimed:
		return mootClaim(n, r)
	case NoticeWrote:
		return mootWrote(n, r)
	case NoticePassedOn:
		return when(!r.repeated(n.Thread), mootTakenBack)
	case NoticeFiled, NoticePriority:
		return when(t.State.Ended(), mootEnded)
	case NoticeHandedOver, NoticeForestalled:
		return when(t.State.Ended() || !t.ClaimedAt.Equal(n.At), mootMoved)
	case NoticeInherited:
		return when(t.State.Ended() || t.Assignee != n.To, mootMoved)
	case NoticeResolved, NoticeClosed, NoticeFollowed, NoticeHow:
		return when(!t.State.Ended() || !t.EndedAt.Equal(n.At) || t.Solution != "" && n.Kind == NoticeHow, mootTakenBack)
	case NoticeNoted:
		return when(t.State != ticket.StateResolved || t.Cycle != n.Cycle, mootMoved)
	case NoticeDelayed:
		return mootDelay(n, r, now)
	case NoticeExpected:
		return when(t.State.Ended() || !r.Clock(sla.Resolve).Expected.Equal(n.By), "another time holds")
	case NoticeReopened:
		return when(t.State.Ended() || t.Cycle != n.Cycle, mootMoved)
	case NoticeUndone:
		return mootUndoing(n, r)
	case NoticeQuestion, NoticeHeld, NoticeNudge, NoticeReview:
		return mootPause(n, r)
	case NoticeStillBroken:
		return when(n.Retold || !t.State.Ended() || t.Cycle != n.Cycle, "it was asked again, or reopened")
	case NoticeAlert:
		return mootAlert(n.Standing(r, now), r, now)
	case NoticeEscalation, NoticePage:
		return mootEscalation(n, r)
	case NoticeCard, NoticeMade, NoticeConsent, NoticeQuote, NoticeWords, NoticeGathered, NoticeFile, NoticeUnbrought, NoticeUnasked, NoticeUnanswered, NoticeWhere, NoticeOffer, NoticePageFailed, NoticeFlood, NoticeUnowned, NoticeUnreachable, NoticeDigest, NoticeBreakdown: // always worth saying
	}
	return ""
}

func mootClaim(n Notice, r Record) string {
	t := r.Ticket
	switch {
	case t.State.Ended():
		return mootEnded
	case !t.ClaimedAt.Equal(n.At) || t.Assignee == "":
		return "it was put back or handed over"
	case r.ownerReached():
		return "the owner has written to them"
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

// mootUndoing: whoever was not told that it is resolved believes nothing else.
func mootUndoing(n Notice, r Record) string {
	if r.Ticket.State.Ended() || r.Ticket.Cycle != n.Cycle {
		return mootMoved
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

func mootAlert(n Notice, r Record, now time.Time) string {
	a := *n.Alert
	c := r.Clock(a.Clock)
	if moot := mootStep(a, r, now); moot != "" {
		return moot
	}
	switch {
	case n.Retold:
		return mootRetold
	case a.Step == sla.Warn && c.Paused():
		return mootPaused
	case a.Forewarns() && !a.At.After(c.Awaited()) && now.After(c.Awaited()) && len(n.Call) == 0:
		return "it is late already"
	case a.Step == StepSilent && r.ownerActedSince(r.warnedAt(c)):
		return "the owner has answered"
	}
	return ""
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

func when(condition bool, reason string) string {
	if condition {
		return reason
	}
	return ""
}

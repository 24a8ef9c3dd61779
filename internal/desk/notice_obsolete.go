package desk

import (
	"slices"
	"time"

	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// Why a notice is obsolete, where several kinds are for the same reason.
const (
	obsoleteEnded     = "the ticket has ended"
	obsoleteMoved     = "the ticket has moved on"
	obsoleteTakenBack = "it was taken back"
	obsoleteStopped   = "the clock has stopped"
	obsoletePaused    = "the clock stands still"
	obsoleteRetold    = "it was told again"
)

// Obsolete returns why a notice is not worth posting any more, as things stand at now;
// empty if it still is. A posted notice that becomes obsolete is reworded in place.
func Obsolete(n Notice, r Record, now time.Time) string {
	t := r.Ticket
	switch n.Kind {
	case NoticeParked:
		return when(r.Card != (ticket.Message{}), "the card stands")
	case NoticeReceipt, NoticeAnsweredUnowned:
		return when(t.State.Ended() || t.Owned(), obsoleteMoved)
	case NoticeClaimed:
		return obsoleteClaim(n, r)
	case NoticeOfferHold:
		return obsoleteOffer(n, t)
	case NoticeWroteAbove:
		return obsoleteWrote(n, r)
	case NoticePassedOn:
		return when(!r.repeated(n.Thread), obsoleteTakenBack)
	case NoticeFiledAtOnce, NoticePriority, NoticeTask, NoticeRefiled:
		return when(t.State.Ended(), obsoleteEnded)
	case NoticeHandedOver, NoticeForestalled, NoticeInherited:
		return obsoleteHandOver(n, t)
	case NoticeFollowed, NoticeFollowedDelay, NoticeFollowedAgain:
		return obsoleteFollowed(n, r, now)
	case NoticeResolved, NoticeClosed, NoticeAskSolution:
		return when(!t.State.Ended() || !t.EndedAt.Equal(n.At) || t.Solution != "" && !t.Presumed && n.Kind == NoticeAskSolution, obsoleteTakenBack)
	case NoticeDelayed:
		return obsoleteDelay(n, r, now)
	case NoticeExpected:
		return when(t.State.Ended() || !r.Clock(sla.Resolve).Expected.Equal(n.By), "another time holds")
	case NoticeOffered, NoticeReopened, NoticeNoted, NoticeSurvey, NoticeRated, NoticeFollowUp:
		return obsoleteState(n, r)
	case NoticeUndone:
		return obsoleteUndoing(n, r)
	case NoticeQuestion, NoticeHeld, NoticeNudge, NoticeReview:
		return obsoletePause(n, r)
	case NoticeStillBroken:
		return when(n.Retold || !t.State.Ended() || t.Cycle != n.Cycle, "it was asked again, or reopened")
	case NoticeAlert:
		return obsoleteAlert(n.Standing(r, now), r, now)
	case NoticeEscalation, NoticePage, NoticeUnreached:
		return obsoleteEscalation(n, r)
	case NoticeCard, NoticeErased, NoticeRoom, NoticeMade, NoticeConsent, NoticeQuote, NoticeCarried, NoticeGathered, NoticeFile, NoticeFileLeftOut, NoticeThirdTime, NoticeUnasked, NoticeDeleteYours, NoticeRemaining, NoticeAnswerGone, NoticeWhere, NoticeOffer, NoticePageFailed, NoticeFlood, NoticeUnowned, NoticeOnDuty, NoticeRotaMade, NoticeOverridden, NoticeSwapAsked, NoticeUnfair, NoticeSwapAccepted, NoticeSwapDeclined, NoticeWoken, NoticeOffDuty, NoticeDutyNote, NoticeLeftUnowned, NoticeThanks, NoticeUnreachable, NoticeFirstSteps, NoticePeopleNamed, NoticeDigest, NoticePicture, NoticeBreakdown: // always worth saying
	}
	return ""
}

func obsoleteClaim(n Notice, r Record) string {
	t := r.Ticket
	switch {
	case t.State.Ended():
		return obsoleteEnded
	case !t.ClaimedAt.Equal(n.At) || t.Assignee == "":
		return "it was put back or handed over"
	case r.ownerReached():
		return "the owner has written to them"
	}
	return ""
}

// obsoleteHandOver: it went to another person since. An emoji that claims a ticket can have
// claimed it before the ticket came to its owner.
func obsoleteHandOver(n Notice, t ticket.Ticket) string {
	if n.Kind == NoticeInherited {
		return when(t.State.Ended() || t.Assignee != n.To, obsoleteMoved)
	}
	return when(t.State.Ended() || !t.ClaimedAt.Equal(n.At), obsoleteMoved)
}

// obsoleteDelay: neither the owner nor a person who is asked for an answer needs to
// hear of it.
func obsoleteDelay(n Notice, r Record, now time.Time) string {
	if obsolete := obsoleteStep(*n.Alert, r, now); obsolete != "" {
		return obsolete
	}
	if r.Clock(n.Alert.Source.Clock()).Paused() {
		return obsoletePaused
	}
	return when(n.To == r.Ticket.Assignee, "the requester has it")
}

// obsoleteState: a reopening is told while the ticket is open, a note on a resolution while
// it is resolved. What the requester says of the help is told for as long as they say so.
func obsoleteState(n Notice, r Record) string {
	t := r.Ticket
	holds := !t.State.Ended()
	switch n.Kind {
	case NoticeNoted:
		holds = t.State == ticket.StateResolved
	case NoticeSurvey, NoticeOffered:
		return when(!r.Pressable(n), obsoleteMoved)
	case NoticeRated:
		return when(!t.Rating(n.Cycle).Telling(), obsoleteTakenBack)
	case NoticeFollowUp:
		return when(!t.Rating(n.Cycle).FollowUp, obsoleteTakenBack)
	default: // a reopening
	}
	return when(!holds || t.Cycle != n.Cycle, obsoleteMoved)
}

// obsoleteUndoing: a requester who was not notified of the resolution need not hear
// that it was undone.
func obsoleteUndoing(n Notice, r Record) string {
	if r.Ticket.State.Ended() || r.Ticket.Cycle != n.Cycle {
		return obsoleteMoved
	}
	told := func(p Posted) bool {
		return p.Kind == NoticeResolved && p.To == n.To && p.Cycle == n.Cycle && p.Stands()
	}
	return when(!slices.ContainsFunc(r.Posted, told), "the requester was not told that it is resolved")
}

// obsoletePause is about the notices of a pause.
func obsoletePause(n Notice, r Record) string {
	pause := n.Pause
	if n.Alert != nil {
		pause = n.Alert.Promise
	}
	if p := r.Ticket.Pause; !r.Ticket.Paused() || p.Number != pause {
		return "it is not paused any more"
	}
	if n.Kind == NoticeQuestion {
		return obsoleteQuestion(n, r)
	}
	return ""
}

// obsoleteQuestion: a question is not repeated to a requester who was notified of it in
// the thread or in direct messages.
func obsoleteQuestion(n Notice, r Record) string {
	e, known := r.reply(n.Thread)
	return when(known && n.Thread != (ticket.Message{}) && r.reached(e), "the requester was notified of the question")
}

func obsoleteAlert(n Notice, r Record, now time.Time) string {
	a := *n.Alert
	c := r.Clock(a.Source.Clock())
	if obsolete := obsoleteStep(a, r, now); obsolete != "" {
		return obsolete
	}
	switch {
	case n.Retold:
		return obsoleteRetold
	case a.Step == sla.Warn && c.Paused():
		return obsoletePaused
	case a.Forewarns() && !a.At.After(c.Awaited()) && now.After(c.Awaited()) && len(n.Call) == 0:
		return "it is late already"
	case a.Step == StepSilent && r.ownerActedSince(r.warnedAt(c)):
		return "the owner has answered"
	}
	return ""
}

// obsoleteStep is about the notices of a clock's step.
func obsoleteStep(a Alert, r Record, now time.Time) string {
	c := r.Clock(a.Source.Clock())
	switch {
	case a.Cycle != r.Ticket.Cycle || a.Promise != c.Promise:
		return "another promise holds"
	case !c.Running():
		return obsoleteStopped
	}
	return when(r.IsUntrue(a, now), "it is not late")
}

// Forgotten reports whether an obsolete alert, or a step of an escalation, counts as
// never told. Then it is due again if the clock goes on after all.
func Forgotten(n Notice, obsolete string) bool {
	switch n.Kind {
	case NoticeAlert:
		return obsolete == obsoleteStopped || obsolete == obsoletePaused
	case NoticeEscalation, NoticePage:
		return n.Escalation != nil && obsolete == obsoleteEnded
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

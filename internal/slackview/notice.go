package slackview

import (
	"fmt"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// Notice renders a notice about a ticket in its present state. In the thread it mentions
// the person it is for, or the recipients of an escalation; elsewhere it mentions nobody.
// It returns the zero Message for the kinds of the digest, which are not about a ticket,
// for pages, which are no messages, and for unknown kinds.
func Notice(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	word, known := wordings[n.Kind]
	if !known {
		return slackformat.Message{}
	}
	return word(n, r, s)
}

// wordings has a function for each kind of notice. Some kinds have functions elsewhere:
// see Digest, PageReason, Where, Offer, Unowned and Unreachable.
var wordings = map[desk.NoticeKind]func(desk.Notice, desk.Record, Scene) slackformat.Message{
	desk.NoticeCard:            func(_ desk.Notice, r desk.Record, s Scene) slackformat.Message { return Card(r, s) },
	desk.NoticeReceipt:         receipt,
	desk.NoticeClaimed:         claimed,
	desk.NoticeHandedOver:      handedOver,
	desk.NoticeInherited:       inherited,
	desk.NoticeForestalled:     forestalled,
	desk.NoticePriority:        reprioritised,
	desk.NoticeResolved:        resolved,
	desk.NoticeClosed:          closed,
	desk.NoticeMade:            func(_ desk.Notice, r desk.Record, s Scene) slackformat.Message { return made(r, s) },
	desk.NoticeParked:          parked,
	desk.NoticeConsent:         consent,
	desk.NoticeFollowed:        over,
	desk.NoticeFollowedDelay:   followedDelay,
	desk.NoticeFollowedAgain:   followedAgain,
	desk.NoticeNoted:           noted,
	desk.NoticeReopened:        reopened,
	desk.NoticeUndone:          takenBack,
	desk.NoticeQuestion:        question,
	desk.NoticeHeld:            held,
	desk.NoticeNudge:           nudge,
	desk.NoticeReview:          review,
	desk.NoticeStillBroken:     stillBroken,
	desk.NoticeOfferHold:       offerHold,
	desk.NoticeThirdTime:       thirdTime,
	desk.NoticeExpected:        expected,
	desk.NoticeDelayed:         delayed,
	desk.NoticeAlert:           alert,
	desk.NoticeEscalation:      escalation,
	desk.NoticeUnreached:       unreached,
	desk.NoticePageFailed:      func(n desk.Notice, r desk.Record, _ Scene) slackformat.Message { return pageFailed(n, r.Ticket) },
	desk.NoticeQuote:           quoted,
	desk.NoticePassedOn:        passedOn,
	desk.NoticeCarried:         carried,
	desk.NoticeGathered:        gathered,
	desk.NoticeFile:            inPlaceOfFile,
	desk.NoticeFileLeftOut:     fileLeftOut,
	desk.NoticeWroteAbove:      wroteAbove,
	desk.NoticeUnasked:         func(_ desk.Notice, r desk.Record, _ Scene) slackformat.Message { return unasked(r.Ticket) },
	desk.NoticeDeleteYours:     deleteYours,
	desk.NoticeRemaining:       remaining,
	desk.NoticeAnswerGone:      answerGone,
	desk.NoticeFiledAtOnce:     func(_ desk.Notice, r desk.Record, s Scene) slackformat.Message { return filedAtOnce(r, s) },
	desk.NoticeAskSolution:     func(_ desk.Notice, r desk.Record, _ Scene) slackformat.Message { return how(r.Ticket) },
	desk.NoticeAnsweredUnowned: func(_ desk.Notice, r desk.Record, _ Scene) slackformat.Message { return answeredUnowned(r.Ticket) },
	desk.NoticeFlood:           flood,
	desk.NoticeOffered:         offered,
	desk.NoticeTask:            taskGiven,
	desk.NoticeRefiled:         refiled,
	desk.NoticeSurvey:          survey,
	desk.NoticeRated:           rated,
	desk.NoticeFollowUp:        followUp,
}

// noted tells the requester what a second person adds to a solution.
func noted(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	return say(withNote(fmt.Sprintf("%s%s adds about %s", s.call(n.To), s.name(n.Actor), number(r, s)), n.Note))
}

// target is a sentence at the end of a notice, " Target: solved by Mon 11:50.". It is
// empty if there is no target or if it has passed. It is empty too while the clock is
// paused, because nobody edits the sentence when the clock goes on.
func target(r desk.Record, s Scene) string {
	c := r.Clock(sla.Resolve)
	switch {
	case !c.Promised() || !c.Running() || c.Paused():
		return ""
	case overdue(r, s):
		return " It is already late."
	}
	return " Target: solved by " + date(c.Awaited()) + "."
}

// untilOpen says that a ticket waits because the desk is closed.
func untilOpen(r desk.Record, s Scene) string {
	c := r.Clock(sla.Resolve)
	open, until := c.Calendar.State(s.Now)
	if open || until.IsZero() || !c.Promised() || !c.Running() || c.Paused() {
		return ""
	}
	return " The desk is closed: it waits until " + date(until) + "."
}

// overdue reports whether the expected end has passed.
func overdue(r desk.Record, s Scene) bool {
	c := r.Clock(sla.Resolve)
	return c.Promised() && c.Running() && !c.Paused() && s.Now.After(c.Awaited())
}

// number is the ticket's number, with a link to the card if the message is outside the
// thread. It has none for who may not read it.
func number(r desk.Record, s Scene) string {
	if !s.Direct && !s.Aloud || s.MayNotRead {
		return r.Ticket.Number.String()
	}
	return linked(s.Link(r.Card), r.Ticket.Number.String())
}

func solvedButton(t ticket.Ticket) slack.BlockElement {
	return button(ActionSolvedIt, t.Number)
}

func claimed(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	who := s.name(n.Actor)
	text := fmt.Sprintf("%s%s has %s.%s", s.call(n.To), who, number(r, s), target(r, s))
	if overdue(r, s) {
		text = fmt.Sprintf("%s%s has %s now. It is already late; %s is asked for a new time.", s.call(n.To), who, number(r, s), who)
	}
	switch {
	case !s.Direct:
		return say(text)
	case !r.Pressable(n):
		return say(fmt.Sprintf("%s has %s. %s", who, number(r, s), became(n.To, r.Ticket, s)))
	}
	return say(text, solvedButton(r.Ticket))
}

// handedOver tells the new owner, or the former one.
func handedOver(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	what := fmt.Sprintf("%s%s handed %s over to you", s.call(n.To), s.name(n.Actor), number(r, s))
	if n.To == n.From {
		what = fmt.Sprintf("%s%s took %s over", s.call(n.To), s.name(n.Actor), number(r, s))
	}
	return say(withNote(what, n.Note))
}

// inherited tells a person that the ticket is theirs now, because their emoji still
// stands on the card.
func inherited(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	if s.Obsolete {
		return say(fmt.Sprintf("%s took :%s: off %s.", s.name(n.Actor), slackformat.EscapeCodes(n.Emoji), number(r, s)))
	}
	return say(fmt.Sprintf("%s%s took :%s: off %s. Yours is still there, so it is yours now. To put it back, take yours off.",
		s.call(n.To), s.name(n.Actor), slackformat.EscapeCodes(n.Emoji), number(r, s)))
}

// forestalled tells a person whose claim came second that somebody else has the ticket.
func forestalled(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	return say(fmt.Sprintf("%s was first and has %s. To take it over, ask them, or use More, Hand over.", s.name(n.Actor), number(r, s)))
}

func reprioritised(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	verb := "lowered"
	if n.Raised {
		verb = "raised"
	}
	what := fmt.Sprintf("%s%s %s %s to %s", s.call(n.To), s.name(n.Actor), verb, number(r, s), r.Ticket.Priority)
	return say(withNote(what, n.Note) + target(r, s))
}

// resolved tells the requester. If the requester resolved the ticket, it tells the owner.
func resolved(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	t := r.Ticket
	if s.Obsolete && t.Cycle == n.Cycle {
		return say(fmt.Sprintf("%s is not resolved after all.", number(r, s))) // the thread shows below who resolved it
	}
	if n.To != t.Requester {
		return say(withNote(fmt.Sprintf("%s%s says that %s is solved", s.call(n.To), s.name(n.Actor), number(r, s)), n.Note))
	}
	if t.State.Ended() && t.EndedAt.Equal(n.At) && t.EndedBy != n.To {
		n.Actor = t.EndedBy // the ticket ended by another emoji, which still stands when the first is taken away
	}
	what := fmt.Sprintf("%s%s resolved %s", s.call(n.To), s.name(n.Actor), number(r, s))
	return untilReopened(withNote(what, n.Note), "If it is not fixed, reopen it here.", n, r)
}

// untilReopened adds an offer to reopen the ticket, for as long as the end in the notice
// lasts.
func untilReopened(text, offer string, n desk.Notice, r desk.Record) slackformat.Message {
	if !r.Pressable(n) {
		return say(text + " It was reopened.")
	}
	return say(text+" "+offer, button(ActionReopen, r.Ticket.Number))
}

// takenBack tells that a resolution was taken back.
func takenBack(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	return say(fmt.Sprintf("%s%s took this back: %s is not resolved yet.", s.call(n.To), s.name(n.Actor), number(r, s)))
}

// closed tells the requester. If the requester closed the ticket, it tells the owner.
func closed(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	t := r.Ticket
	switch {
	case t.Drill != "":
		return drillOver(n, r, s)
	case n.Actor == "":
		return unanswered(n, r, s)
	}
	verb, why := "closed", ""
	switch {
	case t.CloseReason == ticket.Withdrawn && n.Actor == t.Requester:
		verb = "withdrew"
	case t.CloseReason.Valid():
		why = " as " + closeWords(t.CloseReason, t.DuplicateOf)
	}
	text := withNote(fmt.Sprintf("%s%s %s %s%s", s.call(n.To), s.name(n.Actor), verb, number(r, s), why), n.Note)
	if n.To != t.Requester {
		return say(text)
	}
	if s.Original != nil {
		return foldedAway(text, n, r, s)
	}
	return untilReopened(text, "If it still matters, reopen it here.", n, r)
}

func closeWords(r ticket.CloseReason, of ticket.Number) string {
	if r == ticket.Duplicate {
		return "a " + reason(r, of)
	}
	return reason(r, of)
}

// reopened tells the owner or the requester, or the channel if the ticket has no owner.
func reopened(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	t := r.Ticket
	if n.To != "" {
		return say(fmt.Sprintf("%s%s reopened %s.%s", s.call(n.To), s.name(n.Actor), number(r, s), target(r, s)))
	}
	if !r.Pressable(n) {
		return say(named(r, s) + " was reopened.")
	}
	s.Aloud = true
	m := say(named(r, s)+" was reopened and has no owner.", claimButton(t))
	m.Broadcast = true
	return m
}

// how asks the person who resolved the ticket how it was solved; one click answers.
func how(t ticket.Ticket) slackformat.Message {
	var choices []slack.BlockElement
	for _, s := range ticket.Solutions {
		choices = append(choices, buttonSaying(howPrefix+string(s), s.Label(), t.Number))
	}
	if t.Presumed {
		return say(fmt.Sprintf("How was %s solved? Its thread links to a change of code, so it counts as %s until you say otherwise.",
			t.Number, t.Solution.Label()), choices...)
	}
	return say(fmt.Sprintf("How was %s solved?", t.Number), choices...)
}

// answeredUnowned asks a person who answered a ticket without an owner whether they take
// it.
func answeredUnowned(t ticket.Ticket) slackformat.Message {
	return say(fmt.Sprintf("You answered %s.", t.Number),
		claimButton(t), button(ActionResolve, t.Number), button(ActionJustAComment, t.Number))
}

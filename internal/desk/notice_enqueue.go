package desk

import (
	"slices"
	"time"

	"supporty/internal/ticket"
)

// enqueueNotices adds the effects of an entry to a change: how the card changes, and
// which notices people get. Nobody is notified of their own gesture.
func enqueueNotices(c *Change, before Record, e ticket.Entry, w Written) {
	r := c.After
	t := r.Ticket
	c.Card = cardAfter(e, before.Ticket, t)
	c.rewordQuestion(before)
	switch e.Kind {
	case ticket.Claimed:
		c.enqueueClaim(r, e)
	case ticket.HandedOver:
		c.enqueueHandOver(r, before, e)
	case ticket.Replied:
		c.enqueueReply(r, before, e, w)
	case ticket.Reprioritised:
		c.enqueuePriority(r, before, e)
	case ticket.Resolved:
		c.enqueueSolution(r, e)
	case ticket.Closed:
		c.enqueueEnd(r, NoticeClosed, e)
	case ticket.Waited:
		c.enqueueQuestion(r, e)
	case ticket.Amended:
		c.enqueueAmendment(r, e, w)
	case ticket.Retracted:
		c.enqueueRetraction(r, before, e)
	case ticket.Held:
		c.enqueueTo(r, NoticeHeld, e, NoticeDetails{Pause: t.Pause.Number}, t.Requester)
	case ticket.Agreed:
		c.enqueueAgreed(r, e)
		c.settleConsent()
	case ticket.Declined:
		c.settleConsent()
	case ticket.Expected:
		c.enqueueExpected(r, e)
	case ticket.Undone:
		c.enqueueUndoing(r, e)
	case ticket.Reopened:
		c.enqueueReopening(r, e)
	case ticket.Explained:
		if e.Note != "" {
			c.enqueueTo(r, NoticeNoted, e, NoticeDetails{Note: e.Note}, t.Requester)
		}
	default: // the card says it; of a receipt see Desk.receipts, of an escalation and a rating Desk.enqueueFor
	}
}

// cardAfter is what an entry means for the card.
func cardAfter(e ticket.Entry, before, t ticket.Ticket) CardChange {
	same := false
	switch e.Kind {
	case ticket.Opened, ticket.Withheld:
		return CardNew
	case ticket.Replied, ticket.Retracted:
		same = before.State == t.State && before.Took == t.Took && slices.Equal(before.Links(), t.Links())
	case ticket.Amended:
		same = (t.Pause.Question != e.Message || e.Text == "") && slices.Equal(before.Links(), t.Links())
	case ticket.Followed, ticket.Unfollowed:
		same = before.Following() == t.Following()
	case ticket.Declined, ticket.Acknowledged, ticket.Reached, ticket.Escalated, ticket.Noted, ticket.Rated, ticket.Classed, ticket.Thanked, ticket.Unthanked:
		same = true
	default: // the card shows it
	}
	if same {
		return CardSame
	}
	return CardEdited
}

// enqueueRevived enqueues notices for stored gestures that were void until now. An
// earlier gesture arrived later and made them possible. Only emoji are stored as void.
// A notice that is obsolete all the same is dropped when its turn comes.
func (c *Change) enqueueRevived() {
	for _, e := range c.Revoid {
		if e.Void != "" {
			continue
		}
		switch e.Kind {
		case ticket.Claimed:
			c.enqueueClaim(c.After, e)
		case ticket.Resolved:
			c.enqueueSolution(c.After, e)
		case ticket.Waited:
			c.enqueueQuestion(c.After, e)
		case ticket.Undone:
			c.enqueueUndoing(c.After, e)
		default: // the card says it
		}
	}
}

func (c *Change) enqueue(n Notice) {
	if hasFace(n) {
		n.Face = c.face(n)
	}
	c.Notices = append(c.Notices, n)
}

// enqueueTo enqueues a notice to the first of the people who is not the actor; to
// nobody if all are.
func (c *Change) enqueueTo(r Record, kind NoticeKind, e ticket.Entry, d NoticeDetails, people ...string) {
	for _, p := range people {
		if p != "" && p != e.Actor {
			d.Actor, d.At = e.Actor, e.HappenedAt
			c.enqueue(r.notice(kind, p, e.RecordedAt, d))
			return
		}
	}
}

func (c *Change) enqueueClaim(r Record, e ticket.Entry) {
	t := r.Ticket
	if t.Assignee == t.Requester || e.Actor == t.Requester {
		return
	}
	c.enqueue(r.notice(NoticeClaimed, t.Requester, e.HappenedAt.Add(ClaimNoteDelay),
		NoticeDetails{Actor: t.Assignee, At: e.HappenedAt}))
}

// enqueueQuestion asks the requester, if that is still what the ticket waits for.
func (c *Change) enqueueQuestion(r Record, e ticket.Entry) {
	if p := r.Ticket.Pause; p.Since.Equal(e.HappenedAt) {
		c.enqueueTo(r, NoticeQuestion, e, NoticeDetails{Text: e.Text, Thread: e.Message, Pause: p.Number}, r.Ticket.Requester)
	}
}

// enqueueExpected tells the time that the owner gives instead of the promised one.
func (c *Change) enqueueExpected(r Record, e ticket.Entry) {
	d := NoticeDetails{Note: e.Note, By: e.ExpectedAt}
	c.enqueueTo(r, NoticeExpected, e, d, r.Ticket.Requester)
	d.Actor, d.At = e.Actor, e.HappenedAt
	c.enqueueDelayToFollowers(r, e.RecordedAt, d)
}

func (c *Change) enqueueHandOver(r, before Record, e ticket.Entry) {
	d := NoticeDetails{From: before.Ticket.Assignee, Note: e.Note}
	c.enqueueTo(r, NoticeHandedOver, e, d, e.Assignee, before.Ticket.Assignee)
	c.enqueueClaim(r, e)
}

// enqueueRetraction removes the copies of a message that was deleted. If the owner
// deleted their own question, they alone are told what that means. If the answer to a
// question was deleted, the owner is told that it is gone, although it ended the wait.
func (c *Change) enqueueRetraction(r, before Record, e ticket.Entry) {
	c.retract(e.Message)
	if before.Ticket.State == r.Ticket.State {
		if before.answeredBy(e.Message) {
			c.enqueueTo(r, NoticeAnswerGone, e, NoticeDetails{}, r.Ticket.Assignee)
		}
		return
	}
	c.enqueue(r.notice(NoticeUnasked, r.Ticket.Assignee, e.RecordedAt, NoticeDetails{At: e.HappenedAt, Thread: e.Message}))
}

// rewordQuestion rewords a question that was brought to the requester: it says whether
// the desk still waits for the answer.
func (c *Change) rewordQuestion(before Record) {
	was, is := before.Ticket.Pause.Question, c.After.Ticket.Pause.Question
	if was == is {
		return
	}
	c.reword(func(p *Posted) bool {
		return p.Kind == NoticeCarried && p.Thread != (ticket.Message{}) && (p.Thread == was || p.Thread == is)
	})
}

// enqueueReply brings a reply to people who do not see it. A responder who answers a
// ticket without an owner is asked once whether it is theirs.
func (c *Change) enqueueReply(r, before Record, e ticket.Entry, w Written) {
	t := r.Ticket
	c.enqueueWords(r, e, w)
	c.enqueueWrote(r, e, w)
	if asksWhetherBroken(r, e) && !w.thanks {
		c.enqueueStillBroken(r, e, w)
	}
	c.offerHold(r, e)
	asks := e.Role == ticket.RoleResponder && !t.Owned() && !t.State.Ended()
	if asks && !slices.Contains(before.Ticket.People, e.Actor) {
		c.enqueue(r.notice(NoticeAnsweredUnowned, e.Actor, e.RecordedAt, NoticeDetails{At: e.HappenedAt, Thread: e.Message}))
	}
}

// asksWhetherBroken reports whether the requester wrote after somebody else ended the
// ticket. Such a message changes nothing by itself. A message that was written before
// the end was known does not count: the end is told below it.
func asksWhetherBroken(r Record, e ticket.Entry) bool {
	t := r.Ticket
	if !t.State.Ended() || e.Actor != t.Requester || t.EndedBy == t.Requester ||
		!e.HappenedAt.After(t.EndedAt) {
		return false
	}
	unknown := slices.ContainsFunc(r.Timeline, func(k ticket.Entry) bool {
		return (k.Kind == ticket.Resolved || k.Kind == ticket.Closed) && k.HappenedAt.Equal(t.EndedAt) && e.HappenedAt.Before(k.RecordedAt)
	})
	return !unknown
}

// enqueueStillBroken asks the requester whether the problem goes on. Of several such
// questions that are not posted yet, only the last is asked.
func (c *Change) enqueueStillBroken(r Record, e ticket.Entry, w Written) {
	c.reword(func(p *Posted) bool {
		if p.Kind != NoticeStillBroken || !p.PostedAt.IsZero() {
			return false
		}
		p.Retold = true
		return true
	})
	c.enqueue(r.notice(NoticeStillBroken, e.Actor, e.RecordedAt, NoticeDetails{At: e.HappenedAt, Thread: e.Message, Root: w.Thread}))
}

// enqueuePriority notifies the requester of the new time, and the owner if the ticket
// got more urgent. If the owner changed it, the notice names the owner as well.
func (c *Change) enqueuePriority(r, before Record, e ticket.Entry) {
	t := r.Ticket
	d := NoticeDetails{Raised: e.Priority < before.Ticket.Priority, Note: e.Note}
	c.enqueueTo(r, NoticePriority, e, d, t.Requester)
	if d.Raised && t.Assignee != t.Requester {
		c.enqueueTo(r, NoticePriority, e, d, t.Assignee)
	}
	if e.Actor == t.Assignee && e.Actor != t.Requester {
		c.replaceClaim()
	}
}

// replaceClaim removes the note of a claim when another message says the same with
// another time. The note stays if it begins, or may begin, a thread of direct messages:
// nothing could follow there without its first message.
func (c *Change) replaceClaim() {
	t, lead := c.After.Ticket, c.After.Direct(c.After.Ticket.Requester)
	c.reword(func(p *Posted) bool {
		follows := p.At != ticket.Message{} && p.At.Channel == c.After.Card.Channel || lead != ticket.Message{} && p.At != lead
		p.Gone = follows && p.Kind == NoticeClaimed && p.NoticeDetails.At.Equal(t.ClaimedAt)
		return p.Gone
	})
}

func (c *Change) enqueueSolution(r Record, e ticket.Entry) {
	c.enqueueEnd(r, NoticeResolved, e)
	c.enqueueHow(r, e)
}

// enqueueEnd notifies the requester that the ticket has ended. If the requester ended
// it, or nobody did, the owner is notified.
func (c *Change) enqueueEnd(r Record, kind NoticeKind, e ticket.Entry) {
	c.enqueueTo(r, kind, e, NoticeDetails{Note: e.Note}, r.Ticket.Requester, r.Ticket.Assignee)
	if e.Gesture == ticket.ByClock && r.Ticket.Assignee != r.Ticket.Requester && r.Ticket.Drill == "" {
		c.enqueueTo(r, kind, e, NoticeDetails{}, r.Ticket.Assignee)
	}
	c.enqueueEndToFollowers(r, kind, e)
}

// enqueueHow asks the resolver alone how it was solved, unless they said so.
func (c *Change) enqueueHow(r Record, e ticket.Entry) {
	if e.Solution == "" && e.Actor != r.Ticket.Requester && r.Ticket.Drill == "" {
		c.enqueue(r.notice(NoticeAskSolution, e.Actor, e.RecordedAt, NoticeDetails{At: e.HappenedAt}))
	}
}

// enqueueReopening notifies the owner, or the channel if there is no owner. The
// requester is notified if somebody else reopened it.
func (c *Change) enqueueReopening(r Record, e ticket.Entry) {
	t := r.Ticket
	if t.Owned() {
		c.enqueueTo(r, NoticeReopened, e, NoticeDetails{}, t.Assignee)
	} else {
		c.enqueue(r.notice(NoticeReopened, "", e.RecordedAt, NoticeDetails{Actor: e.Actor, At: e.HappenedAt}))
	}
	if t.Requester != t.Assignee {
		c.enqueueTo(r, NoticeReopened, e, NoticeDetails{}, t.Requester)
	}
	c.enqueueReopeningToFollowers(r, e)
}

// enqueueUndoing rewords the messages that say that the ticket is resolved. An edit
// notifies nobody, so the requester gets a message as well.
func (c *Change) enqueueUndoing(r Record, e ticket.Entry) {
	c.Reword = []NoticeKind{NoticeResolved, NoticeFollowed}
	if !r.Ticket.State.Ended() {
		c.enqueueTo(r, NoticeUndone, e, NoticeDetails{}, r.Ticket.Requester)
	}
}

// CardNotice is the notice for the ticket's card. The card is the first message of its
// thread and shows the newest state whenever it is posted.
func (r Record) CardNotice(now time.Time) Notice {
	return r.notice(NoticeCard, "", now, NoticeDetails{})
}

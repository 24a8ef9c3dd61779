package desk

import (
	"slices"
	"time"

	"supporty/internal/ticket"
)

// Followers hear little: the first delay of a cycle, the end, and that it was opened again.
// Each is a direct message, because in the thread it would call all of them by name. A
// member who follows the thread itself is notified there, and gets no second message.

// ToFollowers reports whether notices of the kind are for people who follow a ticket.
func (k NoticeKind) ToFollowers() bool {
	return k == NoticeFollowed || k == NoticeFollowedDelay || k == NoticeFollowedAgain
}

// enqueueEndToFollowers tells the followers that the ticket has ended, except the person
// who ended it and those who are notified already.
func (c *Change) enqueueEndToFollowers(r Record, kind NoticeKind, e ticket.Entry) {
	for _, p := range r.Ticket.Followers {
		told := func(n Notice) bool { return n.Kind == kind && n.To == p }
		if p != e.Actor && !slices.ContainsFunc(c.Notices, told) {
			c.enqueue(r.notice(NoticeFollowed, p, e.RecordedAt, NoticeDetails{Actor: e.Actor, At: e.HappenedAt, Note: e.Note}))
		}
	}
}

// enqueueDelayToFollowers tells the followers that it takes longer, once a cycle. Later
// delays are for the requester alone. Who has heard of a delay in a duplicate knows it.
func (c *Change) enqueueDelayToFollowers(r Record, due time.Time, d NoticeDetails) {
	for _, p := range r.Ticket.Followers {
		told := func(q Posted) bool {
			return q.Kind == NoticeFollowedDelay && q.To == p && q.Cycle == r.Ticket.Cycle
		}
		knows := p == d.Actor || p == r.Ticket.Assignee || r.Ticket.FoldOf(p).Delayed
		if !knows && !slices.ContainsFunc(r.Posted, told) {
			c.enqueue(r.notice(NoticeFollowedDelay, p, due, d))
		}
	}
}

// enqueueReopeningToFollowers tells the followers that what they heard to be over is not.
func (c *Change) enqueueReopeningToFollowers(r Record, e ticket.Entry) {
	for _, p := range r.Ticket.Followers {
		told := func(n Notice) bool { return n.Kind == NoticeReopened && n.To == p }
		if p != e.Actor && !slices.ContainsFunc(c.Notices, told) {
			c.enqueue(r.notice(NoticeFollowedAgain, p, e.RecordedAt, NoticeDetails{Actor: e.Actor, At: e.HappenedAt}))
		}
	}
}

// obsoleteFollowed is about the notices to followers.
func obsoleteFollowed(n Notice, r Record, now time.Time) string {
	t := r.Ticket
	if n.Kind == NoticeFollowed {
		return when(!t.State.Ended() || !t.EndedAt.Equal(n.At), obsoleteTakenBack)
	}
	if t.State.Ended() || t.Cycle != n.Cycle {
		return obsoleteMoved
	}
	return when(n.Alert != nil && r.IsUntrue(*n.Alert, now), "it is not late")
}

// Unheard returns why a follower need not get a notice; empty if they do. A person who has
// left the company reads nothing, and Slack takes no messages for them.
func (r Record) Unheard(n Notice, p Person) string {
	switch {
	case !r.Ticket.FollowedBy(n.To):
		return "they do not follow it any more"
	case p.Deactivated:
		return "they have left"
	}
	return when(r.Inside(p) && r.toldInThread(n), "they are told in the thread")
}

// toldInThread reports whether Slack has notified a follower in the ticket's thread of what
// a notice tells: they follow the thread too, because they wrote or were mentioned there.
func (r Record) toldInThread(n Notice) bool {
	return slices.ContainsFunc(r.Posted, func(p Posted) bool {
		same := p.Stands() && p.At.Channel == r.Card.Channel && p.NoticeDetails.At.Equal(n.At)
		switch p.Kind {
		case NoticeResolved, NoticeClosed, NoticeReopened, NoticeDelayed, NoticeExpected:
			return same && r.followedBefore(n.To, ticket.Entry{HappenedAt: p.PostedAt})
		default:
			return false
		}
	})
}

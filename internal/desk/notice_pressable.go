package desk

import (
	"slices"

	"supporty/internal/ticket"
)

// Pressable reports whether the buttons and requests of a notice still do something as
// the ticket stands. If they do not, the buttons of the posted message are removed, and
// so is its remark on a pause. Alerts have rules of their own.
func (r Record) Pressable(n Notice) bool {
	t, d := r.Ticket, n.NoticeDetails
	switch n.Kind {
	case NoticeReceipt:
		return !t.State.Ended() && (n.To == t.Requester || t.FollowedBy(n.To))
	case NoticeFollowed:
		return t.State.Ended() && t.EndedAt.Equal(d.At) && t.FollowedBy(n.To)
	case NoticeFollowedDelay, NoticeFollowedAgain:
		return !t.State.Ended() && t.Cycle == d.Cycle && t.FollowedBy(n.To)
	case NoticeClaimed:
		return !t.State.Ended()
	case NoticeQuestion, NoticeHeld:
		return t.Paused() && d.Pause == t.Pause.Number
	case NoticeNudge, NoticeReview:
		return t.Paused() && d.Alert != nil && d.Alert.Promise == t.Pause.Number
	case NoticeResolved, NoticeClosed:
		return t.State.Ended() && t.EndedAt.Equal(d.At)
	case NoticeSurvey:
		return t.State == ticket.StateResolved && t.EndedAt.Equal(d.At)
	case NoticeOffered:
		return r.isOffered(n)
	case NoticeReopened:
		return !t.State.Ended() && !t.Owned() && t.Cycle == d.Cycle
	default:
		return false
	}
}

// retire rewords the notices whose buttons begin or cease to do something.
func (c *Change) retire(before Record) {
	c.reword(func(p *Posted) bool {
		if slices.Contains(c.Reword, p.Kind) && p.Cycle == c.After.Ticket.Cycle {
			return false // it is said anew anyway
		}
		return c.hasButtons(*p) && before.Pressable(p.notice()) != c.After.Pressable(p.notice())
	})
}

// hasButtons reports whether a notice was posted with buttons.
func (c *Change) hasButtons(p Posted) bool {
	t := c.After.Ticket
	switch p.Kind {
	case NoticeClaimed: // in direct messages only
		return p.At != (ticket.Message{}) && p.At.Channel != c.After.Card.Channel
	case NoticeReceipt:
		return p.To == t.Requester || p.To == t.Filer
	case NoticeNudge, NoticeResolved, NoticeClosed:
		return p.To == t.Requester
	case NoticeReopened:
		return p.To == ""
	default:
		return !p.Kind.Ephemeral()
	}
}

package slackview

import (
	"fmt"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
)

// Hidden is what a person hears of a private ticket that they may not read, because they filed it,
// are called to it, or wrote about it: its number, and what became of it. No word of people is in
// it, and no name but of those whom its reader is to call.
func Hidden(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	t := r.Ticket
	switch n.Kind {
	case desk.NoticeReceipt:
		return say(fmt.Sprintf("%s is filed. It is private: you hear when it is over.", t.Number))
	case desk.NoticeFollowed, desk.NoticeFollowedDelay, desk.NoticeFollowedAgain:
		return following(hiddenNews(n, r), n, r)
	case desk.NoticeEscalation:
		if n.OnLadder() {
			return calledUp(n, r, s)
		}
		return say(fmt.Sprintf("%s %s, a private ticket, needs somebody. Ask its people: nobody else can read it.", t.Priority, t.Number))
	case desk.NoticeDeleteYours:
		return deleteYours(n, r, Scene{Names: s.Names, Workspace: s.Workspace, MayNotRead: true})
	default: // nothing else is for others: it is gone, and this stands only until it is deleted
		return say(fmt.Sprintf("%s is private.", t.Number))
	}
}

// PrivatePage is the reason for a page about a private ticket: a pager is outside.
const PrivatePage = "It needs somebody. Only its people can read it."

func hiddenNews(n desk.Notice, r desk.Record) string {
	t := r.Ticket
	switch {
	case n.Kind == desk.NoticeFollowedDelay:
		return fmt.Sprintf("%s is taking longer than we aimed for.", t.Number)
	case n.Kind == desk.NoticeFollowed && t.State.Ended():
		return fmt.Sprintf("%s is %s.", t.Number, t.State)
	}
	return fmt.Sprintf("%s is open again.", t.Number)
}

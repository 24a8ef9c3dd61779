package slackview

import (
	"fmt"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// following is a message to a person who follows the ticket. It has a button for as long as
// they could hear more.
func following(text string, n desk.Notice, r desk.Record) slackformat.Message {
	switch {
	case !r.Ticket.FollowedBy(n.To):
		return say(text + " You no longer follow it.")
	case !r.Pressable(n):
		return say(text)
	}
	var buttons []slack.BlockElement
	if f := r.Ticket.FoldOf(n.To); n.Kind == desk.NoticeFollowed && f.Ticket != 0 {
		buttons = append(buttons, differentButton(f.Ticket))
	}
	return say(text, append(buttons, button(ActionUnfollow, r.Ticket.Number))...)
}

// over tells a follower that the ticket has ended.
func over(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	t := r.Ticket
	if s.Obsolete && t.Cycle == n.Cycle {
		return takenBack(n, r, s)
	}
	return following(s.call(n.To)+endedFor(n, r, s), n, r)
}

// endedFor is how a ticket ended, for a follower.
func endedFor(n desk.Notice, r desk.Record, s Scene) string {
	t := r.Ticket
	switch {
	case !t.State.Ended() || !t.EndedAt.Equal(n.At):
		return fmt.Sprintf("%s had ended. It was reopened.", titled(r, s))
	case t.State == ticket.StateClosed && t.CloseReason == ticket.NoAnswer:
		return titled(r, s) + " was closed, because there was no answer."
	case t.State == ticket.StateClosed:
		return withNote(fmt.Sprintf("%s closed %s (%s)", s.name(n.Actor), titled(r, s), reason(t.CloseReason, t.DuplicateOf)), n.Note)
	}
	return withNote(fmt.Sprintf("%s resolved %s", s.name(n.Actor), titled(r, s)), n.Note)
}

// followedDelay tells a follower that it takes longer: that it is late, or when its owner
// expects it. Who may not read the ticket does not hear why.
func followedDelay(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	switch {
	case n.Alert == nil && s.MayNotRead:
		n.Note = ""
	case n.Alert != nil && s.Obsolete && r.IsUntrue(*n.Alert, s.Now):
		return following(titled(r, s)+" "+notLate(r.ClockOf(*n.Alert), r.Ticket), n, r)
	}
	text := fmt.Sprintf("%s is taking longer than we aimed for. %s.", titled(r, s), whoHas(r.Ticket, s))
	if n.Alert == nil {
		text = withNote(fmt.Sprintf("%s needs longer for %s and expects it solved by %s", s.name(n.Actor), titled(r, s), date(n.By)), n.Note)
	}
	if r.Pressable(n) {
		text += " You hear of it again when it has ended."
	}
	return following(s.call(n.To)+text, n, r)
}

func whoHas(t ticket.Ticket, s Scene) string {
	if t.Owned() {
		return s.name(t.Assignee) + " has it"
	}
	return "Nobody has it yet"
}

// followedAgain tells a follower that a ticket is open again that they heard to be over.
func followedAgain(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	text := fmt.Sprintf("%s%s reopened %s.", s.call(n.To), s.name(n.Actor), titled(r, s))
	if r.Pressable(n) {
		text += target(r, s)
	}
	return following(text, n, r)
}

// youFollow answers a person who follows a ticket from now on: who has it, until when, and
// what they will hear.
func youFollow(_ Action, r desk.Record, s Scene) string {
	t := r.Ticket
	if t.State.Ended() {
		return fmt.Sprintf("You follow %s. %s. You hear of it if it is reopened.", t.Number, stateAndOwner(t, s))
	}
	return fmt.Sprintf("You follow %s: %s. You hear if it takes longer, and how it ends.", t.Number, dots(stateAndOwner(t, s), promise(r.Clock(sla.Resolve), s.Now)))
}

// followers counts on a card who follows the ticket.
func followers(t ticket.Ticket) string {
	if t.Following() == 0 {
		return ""
	}
	return many(t.Following(), "person follows", "people follow")
}

package slackview

import (
	"supporty/internal/desk"
	"supporty/internal/slackformat"
)

// gesturesOffered are the actions that an emoji on a card can offer, by the word of the command that
// does the same.
var gesturesOffered = map[string]string{
	"give": ActionHandOver, "hold": ActionHold, "resume": ActionResume, "priority": ActionPriority, "duplicate": ActionClose,
	"close": ActionClose, "withdraw": ActionWithdraw, "reopen": ActionReopen, "escalate": ActionEscalate, "follow": ActionFollow,
	"note": ActionNote, "private": ActionMakePrivate,
}

// OffersGesture reports whether an emoji on a card can offer a gesture.
func OffersGesture(gesture string) bool { return gesturesOffered[gesture] != "" }

// GestureOffer offers a gesture to whoever put an emoji on the card. Where it is not possible, it tells
// only how the ticket stands.
func GestureOffer(gesture string, r desk.Record, s Scene) slackformat.Message {
	kind, stands := ActionKindOf(gesturesOffered[gesture]), Stands(r, s)
	if kind.Offered != nil && !kind.Offered(r.Ticket) {
		return stands
	}
	return say(lines(stands.Text, kind.Meaning), button(kind.Name, r.Ticket.Number))
}

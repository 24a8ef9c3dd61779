package slackview

import (
	"fmt"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// parked tells the filer that the ticket's card waits, and later where the card is.
func parked(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	if r.Card != (ticket.Message{}) {
		return say(fmt.Sprintf("%s is filed. Its card stands in %s now.", number(r, s), channelMention(r.Card.Channel)))
	}
	if r.Ticket.Private() {
		return say(fmt.Sprintf("%s is filed, and private. The channel for it cannot be made at the moment; nothing is lost, and nobody else sees it.", number(r, s)))
	}
	return say(fmt.Sprintf("%s is filed. Its card waits, because I cannot write in %s at the moment; nothing is lost.",
		number(r, s), channelMention(n.Channel)))
}

// Unreachable tells an operator that a channel takes no messages, why, and how to repair
// it. Later it tells that the channel takes messages again.
func Unreachable(n desk.Notice) slackformat.Message {
	switch {
	case n.About != 0 && n.Over:
		return say(fmt.Sprintf("The channel of %s, a private ticket, is made now.", n.About))
	case n.Note == desk.NobodyLeft:
		return say(fmt.Sprintf("Nobody is left who reads %s, a private ticket. Name people, or a squad, for its category in the settings: they are invited to its channel.", n.About))
	case n.Note == desk.StaysInside:
		return say(fmt.Sprintf("%s no longer belongs in the channel of %s, a private ticket, and Slack does not let me remove anybody there. Remove them, or let the app remove members of private channels, in the settings of the workspace.",
			mention(n.Actor), n.About))
	case n.About != 0:
		return say(fmt.Sprintf("I cannot make a channel for %s, a private ticket (%s). %s: then it is made. Until then only who asked for it sees it.",
			n.About, slackformat.Escape(n.Note), roomRemedy(n.Note)))
	case n.Over:
		return say(fmt.Sprintf("I can write in %s again. The cards that waited are posted now.", channelMention(n.Channel)))
	}
	return say(fmt.Sprintf("I cannot write in %s (%s). Cards of new tickets wait. %s: then they are posted.",
		channelMention(n.Channel), slackformat.Escape(n.Note), remedy(n.Note)))
}

// remedy is the repair that an operator can make, by Slack's error code.
// https://docs.slack.dev/reference/methods/chat.postMessage, "Errors"
func remedy(code string) string {
	switch code {
	case "not_in_channel", "channel_not_found":
		return "Invite me there with `/invite`"
	case "is_archived":
		return "Unarchive it, and invite me there with `/invite` if I am no longer in it"
	}
	return "Let me write there"
}

// roomRemedy is the same for a private channel that cannot be made.
// https://docs.slack.dev/reference/methods/conversations.create, "Errors"
func roomRemedy(code string) string {
	switch code {
	case "missing_scope":
		return "Install the app again with what `supporty manifest --private` prints"
	case "name_taken":
		return "Another channel has its name: rename that"
	case "restricted_action":
		return "Let the app make private channels, in the settings of the workspace"
	}
	return "Let me make private channels and invite people"
}

func channelMention(id string) string { return "<#" + slackformat.Escape(id) + ">" }

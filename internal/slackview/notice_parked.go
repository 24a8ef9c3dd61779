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
	return say(fmt.Sprintf("%s is filed. Its card waits, because I cannot write in %s at the moment; nothing is lost.",
		number(r, s), channelMention(n.Channel)))
}

// Unreachable tells an operator that a channel takes no messages, why, and how to repair
// it. Later it tells that the channel takes messages again.
func Unreachable(n desk.Notice) slackformat.Message {
	if n.Over {
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

func channelMention(id string) string { return "<#" + slackformat.Escape(id) + ">" }

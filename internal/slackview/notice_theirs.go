package slackview

import (
	"fmt"
	"slices"
	"strings"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// What people wrote themselves the bot cannot delete. It can only ask them, with links.

// mostOfTheirs is how many messages are linked to, so that a message holds them.
const mostOfTheirs = 30

// deleteYours asks the author of messages to delete them: they have words that were redacted, or
// stand where others read them since the ticket was made private.
func deleteYours(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	what, has, stands := "This message of yours", "has", "stands"
	if len(n.Messages) > 1 {
		what, has, stands = "These messages of yours", "have", "stand"
	}
	ask := fmt.Sprintf("only you can delete %s: %s.", it(len(n.Messages)), linksTo(n.Messages, 0, s))
	if !n.Moved {
		return say(fmt.Sprintf("Something in %s was redacted. %s still %s it, and %s", number(r, s), what, has, ask))
	}
	return say(fmt.Sprintf("%s is private now. %s still %s where others read it, and %s", number(r, s), what, stands, ask))
}

// remaining lists the messages of people for who made a ticket private.
func remaining(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	text := number(r, s) + " is private now."
	if room, stands := r.Room(); stands && room.At.Channel != "" {
		text = fmt.Sprintf("%s is private now, and lives in %s.", number(r, s), channelMention(room.At.Channel))
	}
	if n.Unread {
		text += " I could not read all places where people wrote about it: look there yourself."
	}
	if len(n.Words) == 0 {
		return say(text + " I found no message of people about it elsewhere.")
	}
	verb := "remain"
	if len(n.Words) == 1 {
		verb = "remains"
	}
	return say(fmt.Sprintf("%s %s of people %s elsewhere. Only their authors can delete them, and I have asked them to: %s.",
		text, many(len(n.Words), "message", "messages"), verb, byAuthor(n, s)))
}

// byAuthor links to messages, by their authors: "Alice (message 1, message 2), you (message 3)".
func byAuthor(n desk.Notice, s Scene) string {
	var authors, all []string
	theirs := map[string][]ticket.Message{}
	for _, w := range n.Words {
		if !slices.Contains(authors, w.Author) {
			authors = append(authors, w.Author)
		}
		theirs[w.Author] = append(theirs[w.Author], w.Message)
	}
	shown := 0
	for _, author := range authors {
		name := s.name(author)
		if author == n.To {
			name = "you"
		}
		all = append(all, fmt.Sprintf("%s (%s)", name, linksTo(theirs[author], shown, s)))
		shown += len(theirs[author])
	}
	return strings.Join(all, ", ")
}

// linksTo are links to messages, as far as there is room for them after some others.
func linksTo(messages []ticket.Message, shown int, s Scene) string {
	var all []string
	for i, m := range messages[:min(len(messages), max(mostOfTheirs-shown, 0))] {
		all = append(all, linked(s.Link(m), fmt.Sprintf("message %d", shown+i+1)))
	}
	if more := len(messages) - len(all); more > 0 {
		all = append(all, fmt.Sprintf("%d more", more))
	}
	return strings.Join(all, ", ")
}

func it(n int) string {
	if n > 1 {
		return "them"
	}
	return "it"
}

package slackview

import (
	"fmt"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// receipt tells the requester, or the filer, that the ticket is filed.
func receipt(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	t := r.Ticket
	what := ended(dots(number(r, s), t.Priority.String(), slackformat.Escape(slackformat.OneLine(t.Title)))) + target(r, s) + untilOpen(r, s)
	if n.To == t.Requester && !r.Pressable(n) {
		return say(what + " " + became(n.To, t, s))
	}
	if n.To != t.Requester {
		return following(fmt.Sprintf("Filed for %s: %s You hear if it takes longer, and how it ends.", s.name(t.Requester), what), n, r)
	}
	head := "We have it: "
	if t.Filer != "" {
		head = s.name(t.Filer) + " filed this for you: "
	}
	return say(head+what+" What you write in this thread reaches the people who work on it.",
		solvedButton(t), withdrawButton(t))
}

// withdrawButton asks for confirmation, since a press ends the ticket.
func withdrawButton(t ticket.Ticket) slack.BlockElement {
	question := fmt.Sprintf("%s will be closed without a solution. You can reopen it for 7 days.", t.Number)
	return button(ActionWithdraw, t.Number).WithConfirm(
		slack.NewConfirmationBlockObject(plain("Withdraw it?"), plain(question), plain("Withdraw"), plain("Keep it")))
}

// became tells a person how a ticket ended.
func became(to string, t ticket.Ticket, s Scene) string {
	who := s.name(t.EndedBy)
	if t.EndedBy == to {
		who = "You"
	}
	switch {
	case t.State == ticket.StateResolved && t.EndedBy == t.Requester:
		return who + " said that it is solved."
	case t.State == ticket.StateResolved:
		return who + " resolved it."
	case t.CloseReason == ticket.NoAnswer:
		return "It was closed because there was no answer."
	case t.CloseReason == ticket.Withdrawn && t.EndedBy == t.Requester:
		return who + " withdrew it."
	}
	return who + " closed it as " + closeWords(t.CloseReason, t.DuplicateOf) + "."
}

// consent asks the author of a private message whether it may be shown. Later it shows
// their answer.
func consent(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	switch r.Ticket.Consent {
	case ticket.ConsentGiven:
		return say(fmt.Sprintf("Your message is shown in %s.", number(r, s)))
	case ticket.ConsentRefused:
		return say(fmt.Sprintf("Your message stays private. Nothing of it was shown in %s.", number(r, s)))
	}
	m := say(fmt.Sprintf("%s%s opened %s from a message of yours:", s.call(n.To), s.name(n.Actor), number(r, s)))
	if n.Text != "" {
		m.Blocks = append(m.Blocks, quote(n.Text))
	}
	m.Blocks = append(m.Blocks, say("May it be shown in the ticket? Everybody in "+channelOf(r)+" can read it there.",
		button(ActionAgree, r.Ticket.Number), button(ActionDecline, r.Ticket.Number)).Blocks...)
	return m
}

// channelOf is how the channel in which a ticket lives is called.
func channelOf(r desk.Record) string {
	if r.Ticket.Channel == "" {
		return "the support channel"
	}
	return channelMention(r.Ticket.Channel)
}

// made tells the readers of a message that it has become a ticket.
func made(r desk.Record, s Scene) slackformat.Message {
	text := "This is now " + linked(s.Link(r.Card), r.Ticket.Number.String())
	if c := r.Clock(sla.Resolve); c.Promised() {
		text += ", solved by " + date(c.DueAt)
	}
	return say(text + ".")
}

package slackview

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// calls are the mentions of an escalation's recipients in the thread, each once. There
// are none once the escalation is over. Nobody is mentioned for what they did themselves.
// If the recipient is whoever is on duty and there is neither a person nor a group, everybody
// is true.
func (s Scene) calls(n desk.Notice, r desk.Record) (mentions []string, everybody bool) {
	if n.Escalation != nil && !r.Escalates(*n.Escalation) {
		return nil, false
	}
	for _, recipient := range n.Call {
		who := s.calling(recipient, r.Ticket)
		everybody = everybody || who == ""
		if who != "" && who != mention(n.Actor) && !slices.Contains(mentions, who) {
			mentions = append(mentions, who)
		}
	}
	return mentions, everybody
}

// calling is the mention of a recipient. It is "" for the recipient "on duty" if nobody
// is on duty.
func (s Scene) calling(recipient string, t ticket.Ticket) string {
	if person := desk.RecipientPerson.Of(recipient); person != "" {
		return mention(person)
	}
	if recipient == desk.RecipientOwner && t.Owned() {
		return mention(t.Assignee)
	}
	group := desk.RecipientGroup.Of(recipient)
	switch {
	case group == "":
		return s.duty()
	case t.Private(): // who of a group may read it is not known here
		return ""
	}
	return subteam(group)
}

// help ends an alert with the further people whom it calls.
func help(calls []string, text string, t ticket.Ticket, s Scene) string {
	calls = slices.DeleteFunc(calls, func(c string) bool { return strings.Contains(text, c) })
	switch {
	case len(calls) == 0:
		return ""
	case t.Owned():
		return fmt.Sprintf(" %s, please look at it with %s.", strings.Join(calls, ", "), s.name(t.Assignee))
	}
	return fmt.Sprintf(" %s, please see that somebody takes it.", strings.Join(calls, ", "))
}

// escalation asks its recipients to look at a ticket, because nobody answers for it or
// because somebody asked for them.
func escalation(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	t := r.Ticket
	switch {
	case n.To != "" && n.OnLadder():
		return withRunbook(calledUp(n, r, s), t, s)
	case n.To != "":
		s.Direct = true // its readers see neither the thread nor what is posted in it
		return withRunbook(say(escalated(n, r, s)), t, s)
	case s.Obsolete:
		return say(escalated(n, r, s))
	}
	calls, everybody := s.calls(n, r)
	s.Aloud = everybody && s.duty() == ""
	m := say(strings.Join(append(calls, ""), ", ")+escalated(n, r, s), escalationButtons(n, t)...)
	m.Broadcast = s.Aloud
	return withRunbook(m, t, s)
}

// withRunbook adds the runbook to a call about a P1, for whoever answers it. That of a private ticket would
// tell its category.
func withRunbook(m slackformat.Message, t ticket.Ticket, s Scene) slackformat.Message {
	if link := runbook(t, s); link != "" && t.Priority == ticket.P1 && !t.Private() && !s.Obsolete {
		m.Blocks = append(m.Blocks, smallPrint(link))
	}
	return m
}

func escalated(n desk.Notice, r desk.Record, s Scene) string {
	about := named(r, s)
	if s.Direct { // where nobody knows the ticket yet
		about = r.Ticket.Priority.String() + " " + about
	}
	if n.Escalation == nil {
		return withNote(fmt.Sprintf("%s escalates %s", s.name(n.Actor), about), n.Note)
	}
	if s.Obsolete {
		c := r.Clock(sla.Resolve)
		return about + " " + stood(!n.Escalation.At.Before(c.Awaited()), c, s.Now) + "." + cmp.Or(outcome(r.Ticket, s), onIt(r, s))
	}
	return about + " " + unanswering(r, s) + "."
}

// unanswering describes the state of a ticket for which nobody answers.
func unanswering(r desk.Record, s Scene) string {
	c := r.Clock(sla.Resolve)
	it := stands(!s.Now.Before(c.Awaited()), c, s.Now)
	if r.Ticket.Owned() {
		return it + ", and " + s.name(r.Ticket.Assignee) + " has not answered"
	}
	return it + " and has no owner"
}

func escalationButtons(n desk.Notice, t ticket.Ticket) []slack.BlockElement {
	switch {
	case t.State.Ended():
		return nil
	case n.OnLadder() && t.Owned():
		return []slack.BlockElement{reachButton(t), button(ActionTakeOver, t.Number)}
	case n.OnLadder():
		return []slack.BlockElement{reachButton(t)}
	case !t.Owned():
		return []slack.BlockElement{claimButton(t)}
	case slices.Equal(n.Call, []string{desk.RecipientOwner}):
		return []slack.BlockElement{buttonSaying(ActionExpect, "New time…", t.Number), button(ActionHandOver, t.Number)}
	}
	return []slack.BlockElement{button(ActionTakeOver, t.Number)}
}

// PageReason is the reason for a page, in plain text on one line.
func PageReason(n desk.Notice, r desk.Record, s Scene) string {
	t, c := r.Ticket, r.Clock(sla.Resolve)
	owner := "has no owner"
	if t.Owned() {
		owner = "is not answered for by " + slackformat.OneLine(s.Names(t.Assignee))
	}
	switch {
	case n.Escalation == nil:
		return slackformat.OneLine(s.Names(n.Actor)) + ": " + slackformat.OneLine(n.Note)
	case s.Now.Before(c.Awaited()):
		return "It " + owner + "."
	case c.Expected.IsZero():
		return fmt.Sprintf("It passed its %s target and %s.", within(c.Target, c.Days), owner)
	}
	return "It was expected by now and " + owner + "."
}

// pageFailed tells that a page reached nobody. If the ticket has no owner who would read
// it in the thread, it is shown in the channel.
func pageFailed(n desk.Notice, t ticket.Ticket) slackformat.Message {
	m := say(withNote("The page to "+slackformat.Escape(n.To)+" did not get through", n.Note))
	m.Broadcast = !t.Owned() && !t.State.Ended()
	return m
}

func (s Scene) recipients(all []string) string {
	var names []string
	for _, r := range all {
		names = append(names, s.recipient(r))
	}
	return strings.Join(names, " and ")
}

// recipient names the recipient of an escalation without mentioning them.
func (s Scene) recipient(recipient string) string {
	person, channel, page := desk.RecipientPerson.Of(recipient), desk.RecipientChannel.Of(recipient), desk.RecipientPage.Of(recipient)
	switch {
	case recipient == desk.RecipientOwner:
		return "the owner"
	case recipient == desk.RecipientDuty:
		return "who is on duty"
	case person != "":
		return s.name(person)
	case channel != "":
		return channelMention(channel)
	case page != "":
		return "the page " + slackformat.Escape(page)
	}
	return "a group"
}

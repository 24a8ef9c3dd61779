package slackview

import (
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// alert is the message of a clock's step. If nobody can be mentioned, or if the alert
// goes to others than the owner, it is shown in the channel as well: a thread without
// followers notifies nobody.
func alert(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	t := r.Ticket
	n = n.Standing(r, s.Now)
	if s.Obsolete && r.IsUntrue(*n.Alert, s.Now) {
		return say(named(r, s) + " " + notLate(r.ClockOf(*n.Alert), t))
	}
	if s.Obsolete {
		return say(afterAlert(n, r, s))
	}
	if n.Quiet {
		s.Silent = true
	}
	calls, everybody := s.calls(n, r)
	s.Aloud = !n.Quiet && (!t.Owned() || r.AsksOthers(n) || everybody) && s.duty() == ""
	text := alertText(n, r, s) + alsoText(n, r, s)
	m := say(text+help(calls, text, t, s), alertButtons(n, r)...)
	m.Broadcast = s.Aloud
	return m
}

func alertText(n desk.Notice, r desk.Record, s Scene) string {
	if word, known := alertTexts[n.Alert.Source.Clock()]; known {
		return word(n, r, s)
	}
	return titled(r, s) + "."
}

// alsoText is a second sentence, about another step that is posted in the same message.
func alsoText(n desk.Notice, r desk.Record, s Scene) string {
	if n.Also == nil {
		return ""
	}
	c := r.ClockOf(*n.Also)
	if s.Now.After(c.Awaited()) {
		return " It " + stands(true, c, s.Now) + "."
	}
	return fmt.Sprintf(" It %s, %s.", stands(false, c, s.Now), left(c, s.Now))
}

// afterAlert replaces an alert that needs no answer any more.
func afterAlert(n desk.Notice, r desk.Record, s Scene) string {
	a, c := *n.Alert, r.ClockOf(*n.Alert)
	what := named(r, s) + " " + stood(!a.Forewarns(), c, s.Now)
	waited := clockTerms[a.Source.Clock()].waited
	switch {
	case a.Cycle == r.Ticket.Cycle && a.Promise != c.Promise && c.Running() && !a.At.Equal(c.Awaited()):
		what = named(r, s) + " has another time now"
	case waited != "":
		what = sentences(s.name(r.Ticket.Requester), waited, titled(r, s))
	}
	if a.Cycle != r.Ticket.Cycle {
		return what + "."
	}
	return what + "." + outcome(r.Ticket, s)
}

// outcome is a sentence about how the ticket ended.
func outcome(t ticket.Ticket, s Scene) string {
	if !t.State.Ended() && !t.Owned() {
		return ""
	}
	return " " + stateAndOwner(t, s) + "."
}

// stood describes the state of a target at the time of the alert.
func stood(late bool, c sla.Clock, now time.Time) string {
	it := stands(late, c, now)
	if !late {
		it = strings.Replace(it, "is ", "was ", 1)
	}
	return it
}

// mostTitle is how much of a title stands in a sentence, in characters.
const mostTitle = 100

// titled is a ticket in a sentence, "#42 Checkout fails for US cards". It leaves the title
// out for who may not read the ticket.
func titled(r desk.Record, s Scene) string {
	if s.MayNotRead {
		return number(r, s)
	}
	return sentences(number(r, s), slackformat.Escape(slackformat.Clip(slackformat.OneLine(r.Ticket.Title), mostTitle)))
}

// named is titled with the requester, "#42 Checkout fails for US cards (Alice)". It
// leaves the requester out if they own the ticket.
func named(r desk.Record, s Scene) string {
	if r.Ticket.Assignee == r.Ticket.Requester {
		return titled(r, s)
	}
	return titled(r, s) + " (" + s.name(r.Ticket.Requester) + ")"
}

// stands describes a target and its state: "is to be solved by 11:50", "passed its 3 h
// target at 11:50", "was to be answered by 11:50".
func stands(late bool, c sla.Clock, now time.Time) string {
	w := clockTerms[c.Name]
	switch {
	case !late:
		return "is " + w.to + by(c.Awaited(), now)
	case w.passes && c.Expected.IsZero():
		return fmt.Sprintf("passed its %s target %s", within(c.Target, c.Days), at(c.Awaited(), now))
	case w.passes:
		return "was expected " + w.to + by(c.Awaited(), now)
	}
	return "was " + w.to + by(c.Awaited(), now)
}

// missing is the reason for which others than the owner are asked.
func missing(a desk.Absence) string {
	switch a {
	case desk.OwnerAway:
		return "is away"
	case desk.OwnerDeactivated:
		return "is not here any more"
	case desk.OwnerSilent:
	}
	return "has not answered"
}

// left is the time that remains until the deadline. It is in open hours if the desk
// closes before the deadline.
func left(c sla.Clock, now time.Time) string {
	until := c.Awaited()
	if open := c.Calendar.Between(now, until); open != until.Sub(now) {
		return in(open) + " of opening hours"
	}
	return in(until.Sub(now))
}

// alertButtons are the buttons of an alert, for the owner or for people who could take
// the ticket.
func alertButtons(n desk.Notice, r desk.Record) []slack.BlockElement {
	t := r.Ticket
	handOver := button(ActionHandOver, t.Number)
	switch {
	case !t.Owned():
		return []slack.BlockElement{claimButton(t)}
	case r.AsksOthers(n):
		return []slack.BlockElement{button(ActionTakeOver, t.Number).WithStyle(slack.StylePrimary)}
	case n.Also != nil: // what its owner can say to the warning
	case !clockTerms[n.Alert.Source.Clock()].ownersWord:
		return []slack.BlockElement{handOver}
	case n.Alert.Step == sla.Late:
		return []slack.BlockElement{buttonSaying(ActionExpect, "New time…", t.Number), handOver}
	}
	return []slack.BlockElement{button(ActionOnIt, t.Number), button(ActionExpect, t.Number), handOver}
}

// delayed tells the requester that the ticket is late. Responders know from the alert.
func delayed(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	c := r.ClockOf(*n.Alert)
	if s.Obsolete && r.IsUntrue(*n.Alert, s.Now) {
		return say(number(r, s) + " " + notLate(c, r.Ticket))
	}
	than, next := "than we aimed for", "Nobody has it yet. You are told when somebody does."
	if !c.Expected.IsZero() {
		than = "than expected"
	}
	if r.Ticket.Owned() {
		next = s.name(r.Ticket.Assignee) + " has it and is asked for a new time."
	}
	return say(fmt.Sprintf("%s%s is taking longer %s. %s", s.call(n.To), number(r, s), than, next))
}

// expected tells the requester that the ticket takes longer.
func expected(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	what := fmt.Sprintf("%s%s needs longer for %s and expects it solved by %s", s.call(n.To), s.name(n.Actor), number(r, s), date(n.By))
	return say(withNote(what, n.Note))
}

// flood tells the channel of many tickets that probably have one cause.
func flood(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	f := n.Flood
	said := fmt.Sprintf("%s: %s within ten minutes, %d open", slackformat.Escape(slackformat.OneLine(f.Category)), many(f.Tickets, "ticket", "tickets"), f.Open)
	if f.Late > 0 {
		said += fmt.Sprintf(", %d late", f.Late)
	}
	return say(said + ". The first is " + linked(s.Link(r.Card), n.Ticket.String()) + ".")
}

// mostNamed is how many tickets are listed in one line.
const mostNamed = 10

// Unowned reminds the channel of late tickets without an owner.
func Unowned(late []desk.Summary, s Scene) slackformat.Message {
	var all []string
	for _, t := range late[:min(len(late), mostNamed)] {
		all = append(all, sentences(linked(s.Link(t.Card), t.Number.String()), slackformat.Escape(slackformat.Clip(slackformat.OneLine(t.Title), mostTitle))))
	}
	if more := len(late) - len(all); more > 0 {
		all = append(all, fmt.Sprintf("and %d more", more))
	}
	verb := "are late and have no owner"
	if len(late) == 1 {
		verb = "is late and has no owner"
	}
	return say(fmt.Sprintf("%s %s: %s.", many(len(late), "ticket", "tickets"), verb, strings.Join(all, ", ")))
}

// notLate takes a lateness back: the event that stopped the clock in time became known
// later.
func notLate(c sla.Clock, t ticket.Ticket) string {
	switch {
	case c.Running():
		return "is not late: its clock stood still for a while."
	case !clockTerms[c.Name].passes:
		return "was not late: it was answered on time."
	case t.State == ticket.StateClosed:
		return "was not late: it was closed before."
	case !c.Expected.IsZero():
		return "was solved by when it was expected."
	}
	return "was not late: it was solved on time."
}

package slackview

import (
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// alert tells what a clock has to say. Where nobody can be called by name, and
// where others than the owner are asked, it is sent to the channel as well: a
// thread that nobody follows tells nobody.
func alert(n desk.Notice, r desk.Record, s Scene) Message {
	t := r.Ticket
	if s.Retracted && r.Disproves(*n.Alert, s.Now) {
		return say(t.Number.String() + " " + notLate(r.ClockOf(*n.Alert), t))
	}
	if n.Quiet {
		s.Silent = true
	}
	text := alertText(n, r, s)
	calls, everybody := s.calls(n, r)
	m := say(text+help(calls, text, t, s), alertButtons(n, t)...)
	m.Broadcast = !n.Quiet && (!t.Owned() || offered(n, t) || everybody) && s.Group == ""
	return m
}

// offered reports whether the ticket is offered to others; not any more, once
// somebody else has it.
func offered(n desk.Notice, t ticket.Ticket) bool { return n.Offer != "" && t.Assignee == n.To }

func alertText(n desk.Notice, r desk.Record, s Scene) string {
	t, c, a := r.Ticket, r.ClockOf(*n.Alert), *n.Alert
	late := !a.Forewarns() || s.Now.After(c.Awaited())
	it := stands(late, c, s.Now)
	switch {
	case a.Clock == sla.Reply:
		return fmt.Sprintf("%s%s has been waiting for an answer on %s since %s.", s.callOwner(t), s.name(t.Requester), t.Number, date(c.StartedAt))
	case a.Repeats():
		return fmt.Sprintf("%s%s still has no answer: it %s.", s.callOwner(t), t.Number, it)
	case a.Clock == sla.Respond:
		return fmt.Sprintf("%s%s has no answer yet and %s.", s.callOwner(t), t.Number, it)
	case offered(n, t):
		return fmt.Sprintf("%s%s %s, and %s %s. Whoever is free can take it over.",
			s.callGroup(), t.Number, it, s.name(t.Assignee), missing(n.Offer))
	case late && t.Owned() && t.Assignee != t.Requester && !s.Silent:
		return fmt.Sprintf("%s %s. %splease tell %s when to expect it.",
			t.Number, it, s.callOwner(t), s.name(t.Requester))
	case late && !t.Owned():
		return fmt.Sprintf("%s%s %s and has no owner.", s.callOwner(t), t.Number, it)
	case !late && t.Owned():
		return fmt.Sprintf("%s%s %s, %s.", s.callOwner(t), t.Number, it, left(c, s.Now))
	case !late:
		return fmt.Sprintf("%s%s has no owner and %s.", s.callOwner(t), t.Number, it)
	}
	return fmt.Sprintf("%s%s %s.", s.callOwner(t), t.Number, it)
}

// stands says how it stands with a promise: "is due at 11:50", "passed its 3 h
// target at 11:50".
func stands(late bool, c sla.Clock, now time.Time) string {
	due := at(c.Awaited(), now)
	switch {
	case !late:
		return "is due " + due
	case c.Expected.IsZero():
		return fmt.Sprintf("passed its %s target %s", within(c.Target, c.Days), due)
	}
	return "was expected " + due
}

// missing says why others are asked than the owner.
func missing(o desk.Offer) string {
	switch o {
	case desk.OfferAway:
		return "is away"
	case desk.OfferGone:
		return "is not here any more"
	case desk.OfferSilent:
	}
	return "has not answered"
}

// left says how far away the end is that is awaited: in open hours, if the desk
// closes before it.
func left(c sla.Clock, now time.Time) string {
	until := c.Awaited()
	if open := c.Calendar.Between(now, until); open != until.Sub(now) {
		return in(open) + " of opening hours"
	}
	return in(until.Sub(now))
}

// alertButtons are what can be done about an alert: by the owner, or by whoever
// has to take the ticket.
func alertButtons(n desk.Notice, t ticket.Ticket) []slack.BlockElement {
	handOver := button(ActionHandOver, "Hand over…", t.Number)
	switch {
	case !t.Owned():
		return []slack.BlockElement{claimButton(t)}
	case offered(n, t):
		return []slack.BlockElement{button(ActionTakeOver, "Take over", t.Number).WithStyle(slack.StylePrimary)}
	case n.Alert.Clock == sla.Reply:
		return []slack.BlockElement{handOver}
	case n.Alert.Step == sla.Late:
		return []slack.BlockElement{button(ActionExpect, "New time…", t.Number), handOver}
	}
	return []slack.BlockElement{button(ActionOnIt, "On it", t.Number), button(ActionExpect, "Needs longer…", t.Number), handOver}
}

// expected tells the requester that it takes longer.
func expected(n desk.Notice, r desk.Record, s Scene) Message {
	what := fmt.Sprintf("%s%s needs longer for %s and expects it solved by %s", s.call(n.To), s.name(n.Actor), number(r, s), date(n.By))
	return say(withNote(what, n.Note))
}

// flood tells the channel of many tickets that are probably about one thing.
func flood(n desk.Notice, r desk.Record, s Scene) Message {
	f := n.Flood
	said := fmt.Sprintf("%s: %s within ten minutes, %d open", escape(oneLine(f.Category)), many(f.Tickets, "ticket", "tickets"), f.Open)
	if f.Late > 0 {
		said += fmt.Sprintf(", %d late", f.Late)
	}
	return say(said + ". The first is " + linked(s.Link(r.Card), n.Ticket.String()) + ".")
}

// notLate takes back that a clock was late: what stopped it in time was learned of
// afterwards.
func notLate(c sla.Clock, t ticket.Ticket) string {
	switch {
	case c.Running():
		return "is not late: its clock stood still for a while."
	case c.Name != sla.Resolve:
		return "was not late: it was answered on time."
	case t.State == ticket.StateClosed:
		return "was not late: it was closed before."
	case !c.Expected.IsZero():
		return "was solved by when it was expected."
	}
	return "was not late: it was solved on time."
}

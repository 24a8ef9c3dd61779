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
		return say(named(r, s) + " " + notLate(r.ClockOf(*n.Alert), t))
	}
	if n.Quiet {
		s.Silent = true
	}
	calls, everybody := s.calls(n, r)
	s.Aloud = !n.Quiet && (!t.Owned() || r.Offers(n) || everybody) && s.Group == ""
	text := alertText(n, r, s)
	m := say(text+help(calls, text, t, s), alertButtons(n, r)...)
	m.Broadcast = s.Aloud
	return m
}

func alertText(n desk.Notice, r desk.Record, s Scene) string {
	t, c, a := r.Ticket, r.ClockOf(*n.Alert), *n.Alert
	late := !a.Forewarns() || s.Now.After(c.Awaited())
	it := stands(late, c, s.Now)
	switch {
	case a.Clock == sla.Reply:
		return fmt.Sprintf("%s%s has been waiting for an answer on %s since %s.", s.callOwner(t), s.name(t.Requester), titled(r, s), date(c.StartedAt))
	case a.Repeats():
		return fmt.Sprintf("%s%s still has no answer: it %s.", s.callOwner(t), named(r, s), it)
	case a.Clock == sla.Respond:
		return fmt.Sprintf("%s%s has no answer yet and %s.", s.callOwner(t), named(r, s), it)
	case r.Offers(n):
		return fmt.Sprintf("%s%s %s, and %s %s. Whoever is free can take it over.",
			s.callGroup(), named(r, s), it, s.name(t.Assignee), missing(n.Offer))
	case late && t.Owned() && t.Assignee != t.Requester && !s.Silent:
		return fmt.Sprintf("%s %s. %splease tell %s when to expect it.",
			named(r, s), it, s.callOwner(t), s.name(t.Requester))
	case late && !t.Owned():
		return fmt.Sprintf("%s%s %s and has no owner.", s.callOwner(t), named(r, s), it)
	case !late && t.Owned():
		return fmt.Sprintf("%s%s %s, %s.", s.callOwner(t), named(r, s), it, left(c, s.Now))
	case !late:
		return fmt.Sprintf("%s%s has no owner and %s.", s.callOwner(t), named(r, s), it)
	}
	return fmt.Sprintf("%s%s %s.", s.callOwner(t), named(r, s), it)
}

// mostTitle is how much of a title stands in a sentence, in characters.
const mostTitle = 100

// titled is a ticket in a sentence, "#42 Checkout fails for US cards"; without the
// title while that is withheld.
func titled(r desk.Record, s Scene) string {
	if r.Ticket.Withheld {
		return number(r, s)
	}
	return sentences(number(r, s), escape(clip(oneLine(r.Ticket.Title), mostTitle)))
}

// named is titled with who asks, "#42 Checkout fails for US cards (Alice)". An owner
// who asks knows that.
func named(r desk.Record, s Scene) string {
	if r.Ticket.Assignee == r.Ticket.Requester {
		return titled(r, s)
	}
	return titled(r, s) + " (" + s.name(r.Ticket.Requester) + ")"
}

// stands says how it stands with a promise, and which one it is: "is to be solved by
// 11:50", "passed its 3 h target at 11:50", "was to be answered by 11:50".
func stands(late bool, c sla.Clock, now time.Time) string {
	to := "to be solved "
	if c.Name != sla.Resolve {
		to = "to be answered "
	}
	switch {
	case !late:
		return "is " + to + by(c.Awaited(), now)
	case c.Name != sla.Resolve:
		return "was " + to + by(c.Awaited(), now)
	case c.Expected.IsZero():
		return fmt.Sprintf("passed its %s target %s", within(c.Target, c.Days), at(c.Awaited(), now))
	}
	return "was expected " + to + by(c.Awaited(), now)
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
func alertButtons(n desk.Notice, r desk.Record) []slack.BlockElement {
	t := r.Ticket
	handOver := button(ActionHandOver, "Hand over…", t.Number)
	switch {
	case !t.Owned():
		return []slack.BlockElement{claimButton(t)}
	case r.Offers(n):
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

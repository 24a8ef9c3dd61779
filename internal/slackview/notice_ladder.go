package slackview

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// reachButton answers a call of the ladder with one press.
func reachButton(t ticket.Ticket) slack.BlockElement {
	return button(ActionReach, t.Number).WithStyle(slack.StylePrimary)
}

// calledUp is the direct message to somebody whom the ladder calls. Of a private ticket it has the
// number and the priority alone, because it shows on locked phones; who may not read that ticket
// learns whom to call.
func calledUp(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	s.Direct = true
	t := r.Ticket
	text := escalated(n, r, s)
	if t.Private() {
		text = privately(n, r, s)
	}
	if s.Obsolete {
		return say(text)
	}
	return say(text, reachButton(t))
}

func privately(n desk.Notice, r desk.Record, s Scene) string {
	text := fmt.Sprintf("%s %s, a private ticket, ", r.Ticket.Priority, number(r, s))
	if s.Obsolete {
		return text + "needed somebody."
	}
	text += "is unanswered."
	if len(n.Call) > 0 {
		text += " Please call " + s.recipients(n.Call) + "."
	}
	return text
}

// onIt says who has answered a call of the ladder without taking the ticket; empty for nobody.
func onIt(r desk.Record, s Scene) string {
	for _, e := range slices.Backward(r.Timeline) {
		if e.Kind == ticket.Reached && e.Void == "" {
			return " " + s.name(e.Actor) + " is on it."
		}
	}
	return ""
}

// unreached tells the requester and the channel, or a squad's lead, that the ladder has reached
// nobody.
func unreached(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	t := r.Ticket
	lead := n.To != "" && n.To != t.Requester
	s.Direct = s.Direct || lead
	s.Aloud = !s.Direct && !s.Obsolete
	about := titled(r, s)
	if lead {
		about = t.Priority.String() + " " + about
	}
	if lead && t.Private() {
		about = fmt.Sprintf("%s %s, a private ticket,", t.Priority, number(r, s))
	}
	if s.Obsolete {
		return say(fmt.Sprintf("Nobody was reached about %s at first.", about) + cmp.Or(outcome(t, s), onIt(r, s)))
	}
	text := fmt.Sprintf("%s%s is still unanswered: nobody was reached.", s.call(n.To), about)
	if s.Direct && !lead {
		return say(text)
	}
	m := say(text, reachButton(t))
	m.Broadcast = s.Aloud
	return m
}

package slackview

import (
	"fmt"

	"supporty/internal/desk"
	"supporty/internal/sla"
)

// clockTerm has the words for a clock's target.
type clockTerm struct {
	to         string // the target: "to be solved "
	waited     string // what the requester did while it ran, if that is clearer: "waited for an answer on"
	passes     bool   // its alert of lateness names the target that has passed
	ownersWord bool   // the owner can answer that they are on it, or need longer
}

// clockTerms has the words of each clock, and alertTexts the texts of its steps. A test
// reports a clock without them.
var clockTerms = map[sla.Name]clockTerm{
	sla.Respond: {to: "to be answered ", ownersWord: true},
	sla.Resolve: {to: "to be solved ", passes: true, ownersWord: true},
	sla.Reply:   {to: "to be answered ", waited: "waited for an answer on"},
}

var alertTexts = map[sla.Name]func(desk.Notice, desk.Record, Scene) string{
	sla.Respond: respondText,
	sla.Resolve: resolveText,
	sla.Reply:   replyText,
}

func replyText(n desk.Notice, r desk.Record, s Scene) string {
	return fmt.Sprintf("%s%s has been waiting for an answer on %s since %s.",
		s.callOwner(r.Ticket), s.name(r.Ticket.Requester), titled(r, s), date(r.ClockOf(*n.Alert).StartedAt))
}

func respondText(n desk.Notice, r desk.Record, s Scene) string {
	it := howItStands(n, r, s)
	if n.Alert.Repeats() {
		return fmt.Sprintf("%s%s still has no answer: it %s.", s.callOwner(r.Ticket), named(r, s), it)
	}
	return fmt.Sprintf("%s%s has no answer yet and %s.", s.callOwner(r.Ticket), named(r, s), it)
}

func resolveText(n desk.Notice, r desk.Record, s Scene) string {
	t, it, late := r.Ticket, howItStands(n, r, s), pastDue(n, r, s)
	switch {
	case r.AsksOthers(n):
		return fmt.Sprintf("%s%s %s, and %s %s. Whoever is free can take it over.",
			s.callDuty(), named(r, s), it, s.name(t.Assignee), missing(n.Absence))
	case late && t.Owned() && t.Assignee != t.Requester && !s.Silent:
		return fmt.Sprintf("%s %s. %splease tell %s when to expect it.",
			named(r, s), it, s.callOwner(t), s.name(t.Requester))
	case late && !t.Owned():
		return fmt.Sprintf("%s%s %s and has no owner.", s.callOwner(t), named(r, s), it)
	case !late && t.Owned():
		return fmt.Sprintf("%s%s %s, %s.", s.callOwner(t), named(r, s), it, left(r.ClockOf(*n.Alert), s.Now))
	case !late:
		return fmt.Sprintf("%s%s has no owner and %s.", s.callOwner(t), named(r, s), it)
	}
	return fmt.Sprintf("%s%s %s.", s.callOwner(t), named(r, s), it)
}

// howItStands says how it stands with what an alert is about.
func howItStands(n desk.Notice, r desk.Record, s Scene) string {
	return stands(pastDue(n, r, s), r.ClockOf(*n.Alert), s.Now)
}

func pastDue(n desk.Notice, r desk.Record, s Scene) bool {
	return !n.Alert.Forewarns() || s.Now.After(r.ClockOf(*n.Alert).Awaited())
}

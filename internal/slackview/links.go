package slackview

import (
	"fmt"
	"slices"
	"strings"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// mostLinks is how many links a card shows, the newest ones.
const mostLinks = 5

// links are what the thread links to: "linked: acme/shop#12, PAY-7".
func links(t ticket.Ticket) string {
	// The runbook stands on the card already.
	all := slices.DeleteFunc(t.Links(), func(l ticket.Link) bool { return l.Kind == ticket.LinkRunbook })
	if len(all) == 0 {
		return ""
	}
	var shown []string
	for _, l := range all[max(len(all)-mostLinks, 0):] {
		shown = append(shown, link(l))
	}
	if more := len(all) - len(shown); more > 0 {
		shown = append(shown, fmt.Sprintf("and %d before", more))
	}
	return "linked: " + strings.Join(shown, ", ")
}

// longestLinkName bounds the name of what is linked: its place can be long.
const longestLinkName = 60

func link(l ticket.Link) string {
	return linked(slackformat.Escape(l.URL), slackformat.Escape(slackformat.Clip(l.Name, longestLinkName)))
}

// offerHold asks the owner who linked an issue whether the ticket is on hold until that is done.
func offerHold(n desk.Notice, r desk.Record, _ Scene) slackformat.Message {
	issues := slices.DeleteFunc(slices.Clone(r.Ticket.LinksOf(n.Thread)), func(l ticket.Link) bool { return l.Kind != ticket.LinkIssue })
	what := "that"
	if len(issues) > 0 {
		what = link(issues[len(issues)-1])
	}
	return say(fmt.Sprintf("%s can be on hold until %s is done: the clock stands still, and you are asked about it again.", r.Ticket.Number, what),
		button(ActionHoldUntil, r.Ticket.Number))
}

// saysHeld tells who put a ticket on hold when they are asked about it.
func saysHeld(a Action, r desk.Record, _ Scene) string {
	return fmt.Sprintf("%s is on hold. You are asked about it %s.", a.Ticket, date(r.Ticket.Pause.ReviewAt))
}

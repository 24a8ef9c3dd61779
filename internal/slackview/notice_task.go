package slackview

import (
	"fmt"

	"supporty/internal/desk"
	"supporty/internal/insight"
	"supporty/internal/slackformat"
)

// taskGiven tells somebody that a ticket was opened for a task of their squad.
func taskGiven(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	s.Direct = true
	about := titled(r, s)
	if r.Ticket.Private() {
		about = number(r, s) + ", a private ticket"
	}
	return say(fmt.Sprintf("A task of %s is due, and yours: %s.", slackformat.Escape(n.Squad), about) + notTheirs(n.To, r, s))
}

// refiled tells another squad's channel of a ticket that is theirs now. Of its words it has none: it lives elsewhere, and
// not everybody here may read it there.
func refiled(_ desk.Notice, r desk.Record, s Scene) slackformat.Message {
	s.Direct = true
	t := r.Ticket
	return say(fmt.Sprintf("%s %s is about %s now, which is yours. It stays in its thread.", t.Priority, number(r, s), slackformat.Escape(t.Category)) + outcome(t, s))
}

// notTheirs says who has a ticket, if it is not its reader.
func notTheirs(reader string, r desk.Record, s Scene) string {
	if r.Ticket.Assignee == reader {
		return ""
	}
	return outcome(r.Ticket, s)
}

// gardenedLines tell which share of the tickets gardeners took; "" for nothing.
func gardenedLines(h desk.Home) string {
	var all []string
	for _, g := range h.Gardened[:min(len(h.Gardened), mostOnDuty)] {
		squad := slackformat.Escape(g.Squad)
		if g.Own {
			all = append(all, fmt.Sprintf("You took %d of %s of %s in the last 7 days. Nobody else reads this.", g.Took, many(g.Of, "ticket", "tickets"), squad))
			continue
		}
		all = append(all, fmt.Sprintf("%s: the gardener took %s tickets last month.", squad, insight.Attainment{Kept: g.Took, Counted: g.Of}.Share()))
	}
	return lines(all...)
}

package slackview

import (
	"fmt"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
)

// thirdTime offers somebody who answered several tickets alike to have the answer written down.
func thirdTime(n desk.Notice, r desk.Record, _ Scene) slackformat.Message {
	var tickets []string
	for _, alike := range n.Alike {
		tickets = append(tickets, alike.String())
	}
	return say(fmt.Sprintf("Third time: %s got the same answer from you. Once it is written down, people find it themselves.", enumerated(tickets)),
		button(ActionWriteDown, r.Ticket.Number))
}

func saysWritten(r desk.Record, s Scene) string {
	return fmt.Sprintf("Filed as %s in %s: write it down.", linked(s.Link(r.Card), r.Ticket.Number.String()), slackformat.Escape(r.Ticket.Category))
}

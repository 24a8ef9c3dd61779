package slackview

import (
	"strings"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
)

// ThankedRow is a ticket for which people say thanks.
type ThankedRow struct {
	desk.Record
	People []string
}

// mostThanked is how many tickets are named, and how many people for each.
const mostThanked = 10

// ThanksTo tells somebody who helped for what people say thanks. It has no numbers: thanks are no rating.
func ThanksTo(rows []ThankedRow, s Scene) slackformat.Message {
	s.Direct = true
	all := []string{"People said thanks for your help:"}
	for _, r := range rows[:min(len(rows), mostThanked)] {
		about := titled(r.Record, s)
		if r.Ticket.Private() {
			about = number(r.Record, s) + ", a private ticket"
		}
		all = append(all, bullet(dots(about, s.thankful(r.People))))
	}
	if len(rows) > mostThanked {
		all = append(all, "and for more tickets")
	}
	return say(lines(all...))
}

func (s Scene) thankful(people []string) string {
	var names []string
	for _, p := range people[:min(len(people), mostThanked)] {
		names = append(names, s.name(p))
	}
	if len(people) > mostThanked {
		names = append(names, "and others")
	}
	return strings.Join(names, ", ")
}

package slackview

import (
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// foldedAway tells the requester of a duplicate how the original stands. They may not be
// allowed to read it, so nothing that people wrote there is told.
func foldedAway(text string, n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	if !r.Pressable(n) {
		return say(text + " It was reopened.")
	}
	text += fmt.Sprintf(" %s: %s.", s.Original.Ticket.Number, standsNow(*s.Original, s))
	if !s.Original.Ticket.State.Ended() {
		text += " You hear if it takes longer, and how it ends."
	}
	return say(text, differentButton(r.Ticket.Number))
}

// standsNow is the state of a ticket, its owner and its target, without words of people.
func standsNow(r desk.Record, s Scene) string {
	if r.Ticket.State.Ended() {
		return stateAndOwner(r.Ticket, s)
	}
	return dots(stateAndOwner(r.Ticket, s), promise(r.Clock(sla.Resolve), s.Now))
}

func differentButton(n ticket.Number) slack.BlockElement { return button(ActionDifferent, n) }

// stillBrokenElsewhere asks a requester who wrote in a duplicate: it is the original that is
// looked at.
func stillBrokenElsewhere(t ticket.Ticket, s Scene) slackformat.Message {
	text := fmt.Sprintf("%s is a duplicate of %s.", t.Number, t.DuplicateOf)
	if s.Original == nil {
		return say(text+" Still broken?", differentButton(t.Number))
	}
	of := s.Original.Ticket
	text = fmt.Sprintf("%s is a duplicate of %s. %s: %s.", t.Number, of.Number, of.Number, standsNow(*s.Original, s))
	if !of.State.Ended() {
		return say(text, differentButton(t.Number))
	}
	return say(text+" Still broken?", buttonSaying(ActionReopen, "Reopen "+of.Number.String(), of.Number), differentButton(t.Number))
}

// mostFolded is how many duplicates a card names.
const mostFolded = 10

// folded names on a card the duplicates of the ticket, and when the first of them was filed if
// that was before it.
func folded(t ticket.Ticket) string {
	if len(t.Folded) == 0 {
		return ""
	}
	var numbers []string
	first := t.OpenedAt
	for _, f := range t.Folded {
		numbers = append(numbers, f.Ticket.String())
		if f.OpenedAt.Before(first) {
			first = f.OpenedAt
		}
	}
	said := "with " + strings.Join(numbers[:min(len(numbers), mostFolded)], ", ")
	if more := len(numbers) - mostFolded; more > 0 {
		said += fmt.Sprintf(" and %d more", more)
	}
	if first.Before(t.OpenedAt) {
		said += ", first filed " + date(first)
	}
	return said
}

// doneWithDuplicates describes an entry about tickets that are folded in, or no longer are.
func doneWithDuplicates(e ticket.Entry, who string) string {
	var numbers []string
	for _, f := range e.Folded {
		numbers = append(numbers, f.Ticket.String())
	}
	all := strings.Join(numbers, ", ")
	if e.Kind == ticket.Parted {
		return fmt.Sprintf("%s: no duplicate any more, says %s.", all, who)
	}
	return fmt.Sprintf("%s folded %s in.", who, all)
}

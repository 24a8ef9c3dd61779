package slackview

import (
	"fmt"
	"slices"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// choicesFor are the actions that are possible on a ticket.
func choicesFor(t ticket.Ticket) []ActionKind {
	var offered []ActionKind
	for _, d := range ActionKinds {
		if d.Offered != nil && d.Offered(t) {
			offered = append(offered, d)
		}
	}
	return offered
}

// mostOptions is how many options an overflow menu holds.
// https://docs.slack.dev/reference/block-kit/block-elements/overflow-menu-element
const mostOptions = 5

// menu is an overflow menu. A select would keep showing the last choice, and choosing the
// same again would send nothing. Actions without room in the menu are behind its last
// option: see More.
func menu(t ticket.Ticket) slack.BlockElement {
	offered := slices.DeleteFunc(choicesFor(t), func(d ActionKind) bool { return d.Needs != nil })
	if len(offered) > mostOptions {
		offered = append(offered[:mostOptions-1:mostOptions-1], ActionKindOf(ActionMore))
	}
	var options []*slack.OptionBlockObject
	for _, d := range offered {
		options = append(options, option(fmt.Sprintf("%s:%d", d.Name, int64(t.Number)), d.Label))
	}
	return slack.NewOverflowBlockElement(menuID, options...)
}

// More lists every action that is possible on a ticket, each with a button. If a button
// opens a form, the form takes the place of More.
func More(t ticket.Ticket, p FormParams) Modal {
	var blocks []slack.Block
	for _, d := range choicesFor(t) {
		if d.Needs != nil && !d.Needs(p, t) {
			continue
		}
		press := slack.NewAccessory(button(d.Name, t.Number))
		blocks = append(blocks, slack.NewSectionBlock(mrkdwn(d.Meaning), nil, press))
	}
	return page(FormMore, fmt.Sprintf("More for %s", t.Number), t.Number, blocks...)
}

// Page is a form that shows one sentence of mrkdwn and has nothing to send.
func Page(n ticket.Number, sentence string) Modal {
	title := "Ticket"
	if n > 0 {
		title = n.String()
	}
	return page(FormMore, title, n, section(sentence))
}

// AlreadyPage tells that a message has a ticket already, and offers to follow that
// ticket.
func AlreadyPage(r desk.Record, s Scene) Modal {
	return page(FormMore, r.Ticket.Number.String(), r.Ticket.Number, Already(r, s).Blocks...)
}

// Already is AlreadyPage as a message to one person.
func Already(r desk.Record, s Scene) slackformat.Message {
	n := r.Ticket.Number
	text := fmt.Sprintf("Already %s: this message has a ticket. %s", linked(s.Link(r.Card), n.String()), ended(stateAndOwner(r.Ticket, s)))
	return say(text, button(ActionFollow, n))
}

// page is a form with nothing to send.
func page(form, title string, n ticket.Number, blocks ...slack.Block) Modal {
	m := modal(form, title, "", Metadata{Ticket: n}, blocks...)
	m.Submit, m.Close = nil, plain("Done")
	return m
}

package slackview

import (
	"fmt"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// choice is something to be done with a ticket, beside the card's buttons.
type choice struct {
	action  string
	label   string
	meaning string // what it does, in a few words
	offered func(ticket.Ticket) bool
}

// choices are in the order in which people need them.
var choices = []choice{
	{ActionHandOver, "Hand over…", "Somebody else becomes the owner.", unended},
	{ActionWait, "Waiting…", "Ask the requester something: the clock stands still until they answer.", func(t ticket.Ticket) bool { return owned(t) && t.State != ticket.StateWaiting }},
	{ActionHold, "On hold…", "It needs something from outside: the clock stands still meanwhile.", func(t ticket.Ticket) bool { return owned(t) && t.State != ticket.StateOnHold }},
	{ActionResume, "Resume", "The clock goes on.", ticket.Ticket.Paused},
	{ActionPriority, "Priority…", "It is more or less urgent than it was.", unended},
	{ActionEdit, "Edit…", "Change the title, the text or the category.", unended},
	{ActionClose, "Close…", "It ends without a solution.", unended},
	{ActionEscalate, "Escalate…", "Somebody else should look at it now: they are called.", unended},
	{ActionPutBack, "Put back", "You no longer have it, and it waits for another owner.", owned},
	{ActionWhy, "Why these times?", "How each time on the card came to be.", always},
}

func always(ticket.Ticket) bool { return true }

func unended(t ticket.Ticket) bool { return !t.State.Ended() }

func owned(t ticket.Ticket) bool { return unended(t) && t.Owned() }

func choicesFor(t ticket.Ticket) []choice {
	var offered []choice
	for _, c := range choices {
		if c.offered(t) {
			offered = append(offered, c)
		}
	}
	return offered
}

// mostOptions is how many options an overflow menu holds.
// https://docs.slack.dev/reference/block-kit/block-elements/overflow-menu-element
const mostOptions = 5

// menu is an overflow menu rather than a select: a select would keep showing
// what was chosen last, and choosing it again would do nothing. What it has no
// room for is found under its last option: see More.
func menu(t ticket.Ticket) slack.BlockElement {
	offered := choicesFor(t)
	if len(offered) > mostOptions {
		offered = append(offered[:mostOptions-1:mostOptions-1], choice{action: ActionMore, label: "More…"})
	}
	var options []*slack.OptionBlockObject
	for _, c := range offered {
		options = append(options, option(fmt.Sprintf("%s:%d", c.action, int64(t.Number)), c.label))
	}
	return slack.NewOverflowBlockElement(menuID, options...)
}

// More lists everything that can be done with a ticket, each with a button. A
// form that one of them opens takes this one's place.
func More(t ticket.Ticket) Modal {
	var blocks []slack.Block
	for _, c := range choicesFor(t) {
		press := slack.NewAccessory(button(c.action, c.label, t.Number))
		blocks = append(blocks, slack.NewSectionBlock(mrkdwn(c.meaning), nil, press))
	}
	return page(FormMore, fmt.Sprintf("More for %s", t.Number), t.Number, blocks...)
}

// Page is a form that only tells something, in one sentence of mrkdwn.
func Page(n ticket.Number, sentence string) Modal {
	title := "Ticket"
	if n > 0 {
		title = n.String()
	}
	return page(FormMore, title, n, section(sentence))
}

// AlreadyPage says that a message has a ticket, and offers to follow it.
func AlreadyPage(r desk.Record, s Scene) Modal {
	n := r.Ticket.Number
	text := fmt.Sprintf("Already %s: this message has a ticket. %s", linked(s.Link(r.Card), n.String()), ended(whose(r.Ticket, s)))
	return page(FormMore, n.String(), n, withButtons([]slack.Block{section(text)}, []slack.BlockElement{button(ActionFollow, "Follow", n)})...)
}

// page is a form with nothing to send.
func page(form, title string, n ticket.Number, blocks ...slack.Block) Modal {
	m := modal(form, title, "", Metadata{Ticket: n}, blocks...)
	m.Submit, m.Close = nil, plain("Done")
	return m
}

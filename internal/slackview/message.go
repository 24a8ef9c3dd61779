package slackview

import (
	"strconv"
	"time"

	"github.com/slack-go/slack"

	"supporty/internal/deploy"
	"supporty/internal/desk"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// Scene is the context of rendering, beside the record. Names and Now are always
// required.
type Scene struct {
	Names      slackformat.Names
	Direct     bool              // it goes to a direct message, not to the thread
	Calls      bool              // in a direct message: only a mention notifies its reader
	Outside    bool              // the requester is not in the channel
	Original   *desk.Record      // of which the ticket is a duplicate; nil if it is none, or if the message does not tell how that stands
	MayNotRead bool              // its reader may not read the ticket: of what people wrote they get the resolver's note alone
	OnDuty     string            // id of the person who is on duty for the ticket and is pinged if it has no owner; "" for nobody
	Group      string            // id of the user group (S…) that is pinged instead if nobody is; "" for none
	Command    string            // "/support"
	About      Abouts            // what the settings tell of categories
	Workspace  string            // "https://acme.slack.com/", for links to messages; "" for none
	Silent     bool              // mentions are left out
	Aloud      bool              // the message is shown in the channel as well
	Obsolete   bool              // the notice was posted and is no longer true
	Cause      deploy.Deployment // on the card of an incident: what it is tied to; the zero value for none
	Now        time.Time         // decides what is late, and which times are shown with their day
}

// longestPerson is how much of a person's name is shown, in characters.
const longestPerson = 60

// name is a person's name, for mrkdwn.
func (s Scene) name(id string) string {
	if id == "" {
		return "somebody"
	}
	return slackformat.Escape(slackformat.Clip(slackformat.OneLine(s.Names(id)), longestPerson))
}

// call begins a sentence with a mention of the person it is for. It is empty in a direct
// message, which notifies its reader anyway, and for a sentence to everybody.
func (s Scene) call(id string) string {
	if id == "" || s.Direct && !s.Calls || s.Silent {
		return ""
	}
	return mention(id) + ", "
}

func mention(id string) string { return "<@" + slackformat.Escape(id) + ">" }

// callOwner begins a sentence with a mention of the owner, or of the group if the ticket
// has no owner.
func (s Scene) callOwner(t ticket.Ticket) string {
	if t.Owned() || s.Direct {
		return s.call(t.Assignee)
	}
	return s.callDuty()
}

// callDuty begins a sentence with a mention of whoever is on duty, if anybody is.
func (s Scene) callDuty() string {
	who := s.duty()
	if who == "" || s.Silent {
		return ""
	}
	return who + ", "
}

// duty is the mention of the person on duty or, if there is none, of the group that is
// pinged where no person can be. It is "" if there is neither.
func (s Scene) duty() string {
	switch {
	case s.OnDuty != "":
		return mention(s.OnDuty)
	case s.Group != "":
		return subteam(s.Group)
	}
	return ""
}

func subteam(group string) string { return "<!subteam^" + slackformat.Escape(group) + ">" }

// Link is the address of a message, "" if it is not known.
func (s Scene) Link(m ticket.Message) string { return slackformat.Permalink(s.Workspace, m) }

// linked is a mrkdwn link, or the label alone if there is no address. The label has to be
// escaped already.
func linked(address, label string) string {
	if address == "" {
		return label
	}
	return "<" + address + "|" + label + ">"
}

// LeadingTo returns a message with a link to its thread, or unchanged if there is no
// address.
func LeadingTo(m slackformat.Message, address string) slackformat.Message {
	if address != "" {
		m.Blocks = append(m.Blocks, smallPrint(linked(address, "Answer in its thread")))
	}
	return m
}

// say is a message of one mrkdwn paragraph and buttons.
func say(text string, buttons ...slack.BlockElement) slackformat.Message {
	return slackformat.Message{Text: text, Blocks: withButtons([]slack.Block{section(text)}, buttons)}
}

func withButtons(blocks []slack.Block, buttons []slack.BlockElement) []slack.Block {
	if len(buttons) == 0 {
		return blocks
	}
	return append(blocks, slack.NewActionBlock("", buttons...))
}

func section(text string) slack.Block {
	return slack.NewSectionBlock(mrkdwn(text), nil, nil)
}

// smallPrint is a line in small type. Empty texts are left out.
func smallPrint(texts ...string) slack.Block {
	var elements []slack.MixedElement
	for _, t := range texts {
		if t != "" {
			elements = append(elements, mrkdwn(t))
		}
	}
	return slack.NewContextBlock("", elements...)
}

// mrkdwn is verbatim: only explicit codes become mentions.
func mrkdwn(text string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.MarkdownType, text, false, true)
}

// plain is shown literally.
func plain(text string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, text, false, false)
}

// button is the button of an action.
func button(action string, n ticket.Number) *slack.ButtonBlockElement {
	return buttonSaying(action, ActionKindOf(action).Label, n)
}

func buttonSaying(action, label string, n ticket.Number) *slack.ButtonBlockElement {
	return slack.NewButtonBlockElement(action, strconv.FormatInt(int64(n), 10), plain(label))
}

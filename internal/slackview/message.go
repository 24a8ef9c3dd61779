package slackview

import (
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"supporty/internal/ticket"
)

// Message is what is posted. Text is what notifications and old clients show;
// it is mrkdwn, escaped like the blocks.
type Message struct {
	Text      string
	Blocks    []slack.Block
	Broadcast bool // a reply that stands in the channel as well
}

// Names tells what a person is called, in plain text and never as a mention. It
// answers for every id.
type Names func(id string) string

// Scene is what rendering needs beside the record. Names and Now are needed
// always.
type Scene struct {
	Names     Names
	Direct    bool      // it goes to a direct message, not to the thread
	Calls     bool      // of a direct message: only a mention notifies its reader of it
	Outside   bool      // the requester is not in the channel
	Group     string    // id of the user group (S…) that is pinged where nobody owns a ticket; "" for none
	Command   string    // "/support"
	Workspace string    // "https://acme.slack.com/", for links to messages; "" for none
	Silent    bool      // nobody is to be called by name
	Aloud     bool      // it stands in the channel as well
	Retracted bool      // the notice was said and no longer holds
	Now       time.Time // decides what is late, and which times need a day
}

// longestPerson is how much of a person's name is shown, in characters.
const longestPerson = 60

// name is what a person is called, for mrkdwn.
func (s Scene) name(id string) string {
	if id == "" {
		return "somebody"
	}
	return escape(clip(oneLine(s.Names(id)), longestPerson))
}

// call begins a sentence with the mention of the one it is for; with nothing in
// direct messages, which reach them anyway, and nothing if it is for everybody.
func (s Scene) call(id string) string {
	if id == "" || s.Direct && !s.Calls || s.Silent {
		return ""
	}
	return mention(id) + ", "
}

func mention(id string) string { return "<@" + escape(id) + ">" }

// callOwner is call for who has the ticket; where nobody has, it calls the
// group, if there is one.
func (s Scene) callOwner(t ticket.Ticket) string {
	if t.Owned() || s.Group == "" || s.Direct {
		return s.call(t.Assignee)
	}
	return s.callGroup()
}

// callGroup begins a sentence with the group that is pinged where nobody can be
// called by name, if there is one.
func (s Scene) callGroup() string {
	if s.Group == "" || s.Silent {
		return ""
	}
	return subteam(s.Group) + ", "
}

func subteam(group string) string { return "<!subteam^" + escape(group) + ">" }

// Link is the address of a message, "" if it is not known.
// https://docs.slack.dev/reference/methods/chat.getPermalink
func (s Scene) Link(m ticket.Message) string {
	if s.Workspace == "" || m.TS == "" {
		return ""
	}
	base := strings.TrimSuffix(s.Workspace, "/")
	return base + "/archives/" + m.Channel + "/p" + strings.ReplaceAll(m.TS, ".", "")
}

// linked is a mrkdwn link, or the bare label without an address. The label is
// escaped already.
func linked(address, label string) string {
	if address == "" {
		return label
	}
	return "<" + address + "|" + label + ">"
}

// LeadingTo returns the message with a link to the thread that it belongs to; as it is
// without an address.
func (m Message) LeadingTo(address string) Message {
	if address != "" {
		m.Blocks = append(m.Blocks, smallPrint(linked(address, "Answer in its thread")))
	}
	return m
}

// say is a message of one paragraph, which is mrkdwn, and buttons.
func say(text string, buttons ...slack.BlockElement) Message {
	return Message{Text: text, Blocks: withButtons([]slack.Block{section(text)}, buttons)}
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

// smallPrint stands below something. Empty texts are left out.
func smallPrint(texts ...string) slack.Block {
	var elements []slack.MixedElement
	for _, t := range texts {
		if t != "" {
			elements = append(elements, mrkdwn(t))
		}
	}
	return slack.NewContextBlock("", elements...)
}

// mrkdwn is verbatim: nothing but what is written as a code becomes a mention.
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

package slackview

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// Answers to commands are visible only to the person who typed the command.

// Plain is a message of one sentence of ours. The sentence is mrkdwn: text that a person
// wrote must be escaped in it.
func Plain(sentence string) slackformat.Message { return say(sentence) }

// Help lists the commands and the targets.
func Help(p FormParams, s Scene) slackformat.Message {
	commands := lines(commandHelp(s.Command),
		"To call others to a ticket, choose Escalate… in the menu on its card.",
		"To make a ticket from a message, choose Open a support ticket in its menu.",
	)
	m := say(commands)
	m.Blocks = append(append(append(m.Blocks, sections(promises(p))...), append(categoriesHelp(p, s.Command), answersHelp(p, s.Command)...)...), smallPrint("Who has a ticket, and until when, stands on its card in the channel."))
	return m
}

// promises are the general targets, then the categories with targets of their own.
func promises(p FormParams) []string {
	rows := []string{"*What is promised*"}
	for _, c := range p.Priorities {
		rows = append(rows, fmt.Sprintf("%s (%s): %s.",
			slackformat.Escape(dots(c.Priority.String(), c.Title)), slackformat.Escape(c.Impact), promised(p.target(c.Priority))))
	}
	for _, category := range p.Categories {
		if _, own := p.Policy.Categories[category]; own {
			rows = append(rows, fmt.Sprintf("%s: %s.", slackformat.Escape(slackformat.OneLine(category)), ownPromise(p, category)))
		}
	}
	return rows
}

// ownPromise lists the targets in which a category differs: "P2 solved within 2 h,
// answered within 30 min".
func ownPromise(p FormParams, category string) string {
	general := p
	p.Category = category
	var differs []string
	for _, c := range p.Priorities {
		if t := p.target(c.Priority); !t.Equal(general.target(c.Priority)) {
			differs = append(differs, c.Priority.String()+" "+promised(t))
		}
	}
	if len(p.Policy.Categories[category]) == 0 {
		return noTarget
	}
	return strings.Join(differs, "; ")
}

// MostListed is how many tickets a list shows.
const MostListed = 40

// List shows tickets in the given order, one a line.
func List(list desk.Listing, s Scene) slackformat.Message {
	title := listTitle(list.Filter, s)
	if list.Total == 0 {
		return withListNote(say(title+": none."), list)
	}
	var rows []string
	for _, t := range list.Tickets[:min(len(list.Tickets), MostListed)] {
		rows = append(rows, listed(t, s))
	}
	if more := list.Total - len(rows); more > 0 {
		rows = append(rows, fmt.Sprintf("… and %d more. `%s list P1`, `unowned`, `by:me` or a category shows fewer.", more, s.Command))
	}
	head := fmt.Sprintf("%s: %d", title, list.Total)
	return withListNote(slackformat.Message{Text: head, Blocks: append([]slack.Block{section("*" + head + "*")}, sections(rows)...)}, list)
}

func withListNote(m slackformat.Message, list desk.Listing) slackformat.Message {
	if list.Narrower {
		m.Blocks = append(m.Blocks, smallPrint("You see the tickets that you asked for. Others are for the people in their channel."))
	}
	return m
}

func listed(t desk.Summary, s Scene) string {
	if t.State.Ended() {
		return foundRow(t, s)
	}
	owner := "no owner"
	if t.Assignee != "" {
		owner = s.name(t.Assignee) + " has it"
	}
	return dots(linked(s.Link(t.Card), t.Number.String()), t.Priority.String(), slackformat.Escape(slackformat.OneLine(t.Title)), owner, due(t, s))
}

func due(t desk.Summary, s Scene) string {
	switch {
	case t.State == ticket.StateWaiting:
		return "waits for " + s.name(t.Requester)
	case t.State == ticket.StateOnHold:
		return "on hold"
	case t.DueAt.IsZero():
		return noTarget
	case s.Now.After(t.DueAt):
		return "late since " + date(t.DueAt)
	}
	return "due " + date(t.DueAt)
}

// longestSection is Slack's limit for the text of a section, in characters.
// https://docs.slack.dev/reference/block-kit/blocks/section-block
const longestSection = 3000

// sections puts lines into as few sections as possible.
func sections(rows []string) []slack.Block {
	var blocks []slack.Block
	var text string
	for _, row := range rows {
		if utf8.RuneCountInString(text)+1+utf8.RuneCountInString(row) > longestSection {
			blocks = append(blocks, section(text))
			text = ""
		}
		text = strings.TrimPrefix(text+"\n"+row, "\n")
	}
	return append(blocks, section(text))
}

// Bounds of a list in an answer: what one person reads at once, and Slack takes.
const (
	mostSections = 3
	mostInText   = 4000 // in bytes
)

// moreLines counts the lines that did not fit.
const moreLines = "… and %d more."

// told is a message of lines: as many as fit, and after them, in the words of more, how many there are besides.
func told(rows []string, more string) slackformat.Message {
	var text string
	kept := 0
	for kept < len(rows) && len(sections(rows[:kept+1])) <= mostSections {
		kept++
	}
	for _, row := range rows[:kept] {
		if len(text)+1+len(row) > mostInText {
			break
		}
		text = lines(text, row)
	}
	m := slackformat.Message{Text: text, Blocks: sections(rows[:kept])}
	if left := len(rows) - kept; left > 0 {
		m.Blocks = append(m.Blocks, smallPrint(fmt.Sprintf(more, left)))
	}
	return m
}

// Show is the ticket as on its card but without buttons, and its timeline.
func Show(r desk.Record, s Scene) slackformat.Message {
	m := slackformat.Message{Text: dots(heading(r.Ticket), stateAndOwner(r.Ticket, s)), Blocks: body(r, s)}
	m.Blocks = append(m.Blocks, restOfFields(r.Ticket, s)...)
	if card := s.Link(r.Card); card != "" {
		m.Blocks = append(m.Blocks, smallPrint(linked(card, "Open the thread")))
	}
	if rows := timeline(r.Timeline, s); len(rows) > 0 {
		m.Blocks = append(m.Blocks, sections(rows)...)
	}
	return m
}

// Stands is the state of a ticket in a line.
func Stands(r desk.Record, s Scene) slackformat.Message {
	r.Ticket = inBrief(r.Ticket)
	return say(dots(linked(s.Link(r.Card), heading(r.Ticket)), status(r, s)))
}

// briefNote is how much of a note, a question or a reason stands beside a title, in characters.
// Escaped five times as long, all of it still fits into a section.
const briefNote = 200

// inBrief is a ticket with the beginning of what people wrote about its state.
func inBrief(t ticket.Ticket) ticket.Ticket {
	for _, text := range []*string{&t.Resolution, &t.Pause.Text} {
		*text = slackformat.Clip(slackformat.OneLine(*text), briefNote)
	}
	return t
}

// Recorded is the ticket in a line, and what somebody has just done to it that the line
// does not show.
func Recorded(r desk.Record, person string, s Scene) slackformat.Message {
	m := Stands(r, s)
	for _, e := range slices.Backward(r.Timeline) {
		if e.Actor == person && e.Gesture == ticket.ByCommand {
			return slackformat.Message{Text: m.Text, Blocks: sections([]string{m.Text, describe(e, 1, s)})}
		}
	}
	return m
}

// Filed shows the person who filed a ticket its number and target, where they filed it.
// If the card is not posted yet, Filed names the support channel instead of linking to
// the card.
func Filed(r desk.Record, support string, s Scene) slackformat.Message {
	address := s.Link(r.Card)
	text := "Filed: " + linked(address, r.Ticket.Number.String())
	if c := r.Clock(sla.Resolve); c.Promised() {
		text += ", solved by " + date(c.DueAt)
	}
	if address == "" {
		text += ". Its card will stand in " + standsIn(r, support)
	}
	return say(text + "." + untilOpen(r, s))
}

// Settled is the sentence, in mrkdwn, that replaces a question to one person once they
// have answered it. The record is the ticket afterwards.
func Settled(a Action, r desk.Record, s Scene) string {
	if says := ActionKindOf(a.Name).Says; says != nil {
		return says(a, r, s)
	}
	return "Done."
}

// Confirmed is Settled as a message, with a button to take it back where there is one.
func Confirmed(a Action, r desk.Record, s Scene) slackformat.Message {
	if undo := ActionKindOf(a.Name).Undo; undo != "" {
		return say(Settled(a, r, s), button(undo, a.Ticket))
	}
	return say(Settled(a, r, s))
}

// standsIn is where the card of a ticket stands, or will stand.
func standsIn(r desk.Record, support string) string {
	if home := r.Home(support); home != "" {
		return channelMention(home)
	}
	return "a private channel of its own"
}

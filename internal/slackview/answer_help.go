package slackview

import (
	"cmp"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// Limits of what the help says of categories, in characters. What is cut is shown for one
// category by its own help.
const (
	mostHelp         = 150
	mostOfCategories = 9000 // of all rows: a message holds little more than 13,000
)

// categoriesHelp lists the categories of which the settings tell something, a line each.
func categoriesHelp(p FormParams, command string) []slack.Block {
	rows, length, left, first := []string{"*The categories*"}, 0, 0, ""
	for _, name := range p.Categories {
		row := categoryRow(name, p.About[name], command)
		if row == "" {
			continue
		}
		if length += utf8.RuneCountInString(row); length > mostOfCategories {
			left++
			continue
		}
		rows, first = append(rows, row), cmp.Or(first, slackformat.OneLine(name))
	}
	if len(rows) == 1 {
		return nil
	}
	more := fmt.Sprintf("`%s help %s` shows all that helps in one of them.", command, slackformat.Escape(first))
	if left > 0 {
		more = fmt.Sprintf("… and %d more. %s", left, more)
	}
	return sections(append(rows, more))
}

// categoryRow is "Access: accounts and passwords. What helps: your user name. Runbook".
func categoryRow(name string, a About, command string) string {
	help := slackformat.Clip(slackformat.OneLine(a.Help), mostHelp)
	if help != "" {
		help = "What helps: " + help
	}
	said := sentences(asSentence(a.Description), asSentence(help), runbookLink(a.Runbook), commandOf(a, command))
	if said == "" {
		return ""
	}
	return slackformat.Escape(slackformat.OneLine(name)) + ": " + said
}

// commandOf tells of the command that opens the form with a category.
func commandOf(a About, command string) string {
	if a.Command == "" {
		return ""
	}
	return fmt.Sprintf("`%s %s …` opens its form.", command, a.Command)
}

// asSentence is a text from the settings as a sentence of mrkdwn, or "".
func asSentence(text string) string {
	if text == "" {
		return ""
	}
	return slackformat.Escape(ended(slackformat.OneLine(text)))
}

// CategoryHelp shows all that the settings tell of a category.
func CategoryHelp(p FormParams, name string) slackformat.Message {
	p.Category = name
	a := p.About[name]
	head := "*" + slackformat.Escape(slackformat.OneLine(name)) + "*"
	m := say(lines(head, slackformat.Escape(a.Description)))
	m.Blocks = append(m.Blocks, helping(p)...)
	var rows []string
	for _, c := range p.Priorities {
		rows = append(rows, fmt.Sprintf("%s: %s.", slackformat.Escape(dots(c.Priority.String(), c.Title)), promised(p.target(c.Priority))))
	}
	m.Blocks = append(m.Blocks, sections(append([]string{"*What is promised*"}, rows...))...)
	if link := runbookLink(a.Runbook); link != "" {
		m.Blocks = append(m.Blocks, smallPrint(link))
	}
	return m
}

// runbook leads those who solve a ticket to the runbook of its category.
func runbook(t ticket.Ticket, s Scene) string {
	if t.State.Ended() {
		return ""
	}
	return runbookLink(s.About[t.Category].Runbook)
}

// runbookLink is a link to a runbook, or "". Of an address from the settings only & has
// a meaning in mrkdwn.
func runbookLink(address string) string {
	if address == "" {
		return ""
	}
	return linked(strings.ReplaceAll(address, "&", "&amp;"), "Runbook")
}

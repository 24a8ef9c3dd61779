package slackview

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// Ids of the buttons below what was found. Their value is the page and the query.
const (
	FoundBackID = "found_back"
	FoundNextID = "found_next"
)

// ParseFound parses a button of Found: the page that it shows, and the query. It returns false
// for a value that this package cannot have made.
func ParseFound(value string) (page int, text string, ok bool) {
	number, text, ok := strings.Cut(value, " ")
	page, err := strconv.Atoi(number)
	return page, text, ok && err == nil && page >= 0 && page < 1000
}

// Found shows a page of what was found, one ticket a line.
func Found(a Asked, f desk.Found, s Scene) slackformat.Message {
	head := foundTitle(a, f, s)
	if len(f.Tickets) == 0 {
		return withFoundNotes(say(head+"."), a, f)
	}
	var rows []string
	for _, t := range f.Tickets {
		rows = append(rows, foundRow(t, s))
	}
	m := slackformat.Message{Text: head, Blocks: append([]slack.Block{section("*" + head + "*")}, sections(rows)...)}
	m = withFoundNotes(m, a, f)
	m.Blocks = withButtons(m.Blocks, pageButtons(a, f))
	return m
}

// FoundPage is what was found as a view of its own, for who looks from their Home tab.
func FoundPage(m slackformat.Message) Modal { return page(FormMore, "Find a ticket", 0, m.Blocks...) }

// foundTitle says how many were found: "Found for “checkout fails”: 12".
func foundTitle(a Asked, f desk.Found, s Scene) string {
	title := "Tickets"
	if a.Text != "" {
		title = "Found for “" + slackformat.Escape(readableQuery(a.Text, s)) + "”"
	}
	switch {
	case len(f.Tickets) == 0:
		return title + ": none"
	case f.More:
		return fmt.Sprintf("%s: the newest %d", title, f.Total)
	}
	return fmt.Sprintf("%s: %d", title, f.Total)
}

// readableQuery is a query with names in place of ids.
func readableQuery(text string, s Scene) string {
	words := strings.Fields(text)
	for i, w := range words {
		key, id, keyed := strings.Cut(w, "@")
		if keyed && person.MatchString(id) {
			words[i] = key + "@" + slackformat.OneLine(s.Names(id))
		}
	}
	return slackformat.Clip(strings.Join(words, " "), longestShownQuery)
}

const longestShownQuery = 150 // characters

func withFoundNotes(m slackformat.Message, a Asked, f desk.Found) slackformat.Message {
	var notes []string
	if pages := (f.Total + desk.FoundPage - 1) / desk.FoundPage; pages > 1 {
		notes = append(notes, fmt.Sprintf("Page %d of %d.", f.Query.Page+1, pages))
	}
	if f.Loose {
		notes = append(notes, "No ticket has all of these words; these have some of them.")
	}
	if f.More {
		notes = append(notes, "There are older ones: another word, or a filter, finds them.")
	}
	if f.Narrower {
		notes = append(notes, "You see the tickets that you asked for. Others are for the people in their channel.")
	}
	if notes = append(notes, a.Note); sentences(notes...) != "" {
		m.Blocks = append(m.Blocks, smallPrint(sentences(notes...)))
	}
	return m
}

func foundRow(t desk.Summary, s Scene) string {
	return dots(linked(s.Link(t.Card), t.Number.String()), slackformat.Escape(slackformat.OneLine(t.Title)), foundState(t, s))
}

// foundState is the state of a ticket in a list, and its owner.
func foundState(t desk.Summary, s Scene) string {
	owner := s.name(t.Assignee)
	switch {
	case t.State.Ended() && t.Assignee == "":
		return string(t.State)
	case t.State.Ended():
		return dots(string(t.State), owner+" had it")
	case t.State == ticket.StateWaiting:
		return fmt.Sprintf("%s waits for %s", owner, s.name(t.Requester))
	case t.State == ticket.StateOnHold:
		return owner + " has it on hold"
	case t.Assignee == "":
		return "open, no owner"
	}
	return owner + " has it"
}

func pageButtons(a Asked, f desk.Found) []slack.BlockElement {
	var buttons []slack.BlockElement
	add := func(id, label string, page int) {
		buttons = append(buttons, slack.NewButtonBlockElement(id, strconv.Itoa(page)+" "+a.Text, plain(label)))
	}
	if f.Query.Page > 0 {
		add(FoundBackID, "Back", f.Query.Page-1)
	}
	if (f.Query.Page+1)*desk.FoundPage < f.Total {
		add(FoundNextID, "Next", f.Query.Page+1)
	}
	return buttons
}

// HowToFind answers who looks for nothing.
func HowToFind(s Scene) slackformat.Message {
	return say(fmt.Sprintf("Write what to look for: `%s find checkout fails`. %s For example `state:open by:me category:Payments before:2026-11-01`.", s.Command, filterHelp))
}

package slackview

import (
	"cmp"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// About is what the settings tell of a category.
type About struct {
	Description string          // shown below its name; may be empty
	Help        string          // what helps us help you; may be empty
	Runbook     string          // the address of a page for those who solve its tickets; may be empty
	Priority    ticket.Priority // the one that the form suggests; 0 for P3
	Work        ticket.Work     // the kind of work that its tickets are; may be empty

	Fields []desk.AskedField // what the form asks for

	Command string // the word behind the slash command that opens the form with it; may be empty
}

// Abouts is what the settings tell of categories, by their names.
type Abouts map[string]About

// CategoryOfCommand is the category with a word behind the slash command, in any case, or "".
func (p FormParams) CategoryOfCommand(word string) string {
	for name, a := range p.About {
		if a.Command != "" && strings.EqualFold(a.Command, word) {
			return name
		}
	}
	return ""
}

// ShortcutID is the callback id of the shortcut of a category. It stays the same when the
// shortcut gets another name.
func ShortcutID(category string) string { return "ticket_new_" + idOf(category) }

// CategoryOfShortcut is the category of a shortcut, or "" if it has none, or one that is gone.
func (p FormParams) CategoryOfShortcut(callback string) string {
	i := slices.IndexFunc(p.Categories, func(c string) bool { return ShortcutID(c) == callback })
	if i < 0 {
		return ""
	}
	return p.Categories[i]
}

// Differs reports whether the form depends on the category that is chosen in it.
func (p FormParams) Differs() bool {
	for _, a := range p.About {
		if a.Help != "" || a.Priority != 0 || len(a.Fields) > 0 {
			return true
		}
	}
	return len(p.Policy.Categories) > 0 || !p.callAlike()
}

// described adds a line below the text of an option, if there is one.
// https://docs.slack.dev/reference/block-kit/composition-objects/option-object
func described(o *slack.OptionBlockObject, text string) *slack.OptionBlockObject {
	if text != "" {
		o.Description = plain(slackformat.Clip(text, longestOption))
	}
	return o
}

// helping shows what the chosen category asks for.
func helping(p FormParams) []slack.Block {
	help := p.About[p.Category].Help
	if help == "" {
		return nil
	}
	return []slack.Block{slack.NewRichTextBlock("",
		slack.NewRichTextSection(slack.NewRichTextSectionTextElement("What helps us help you", &slack.RichTextSectionTextStyle{Bold: true})),
		slack.NewRichTextSection(literally(help)...),
	)}
}

// suggestedPriority offers the priorities. One is chosen already: that of the person, or
// else the one that the category suggests.
//
// The name of the element contains the suggestion. Where a redrawn form has an element of
// the same name, Slack keeps what is chosen in it, so that another suggestion would not show.
// It also tells later whether the person has chosen something else than was suggested.
// https://docs.slack.dev/surfaces/modals#updating_views
func suggestedPriority(p FormParams) slack.Block {
	suggested := cmp.Or(p.Suggested, p.About[p.Category].Priority, ticket.P3)
	b := priorityInput(p, cmp.Or(p.Priority, suggested))
	if radio, ok := b.Element.(*slack.RadioButtonsBlockElement); ok && suggested != ticket.P3 {
		radio.ActionID += suggestionMark + suggested.String()
	}
	return b
}

// suggestionMark separates the name of an element from the suggestion in it.
const suggestionMark = "~"

// chosenPriority returns the priority that stands in the form of a new ticket, and the one
// that was suggested there. Both are 0 in an empty form.
func (s State) chosenPriority() (chosen, suggested ticket.Priority) {
	for name, f := range s.values[desk.FieldPriority] {
		chosen, _ = ticket.ParsePriority(f.Selected.Value)
		_, mark, _ := strings.Cut(name, suggestionMark)
		suggested, _ = ticket.ParsePriority(cmp.Or(mark, ticket.P3.String()))
	}
	return chosen, suggested
}

package slackview

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// SolvedBeforeID is the action_id of the button beside a solution in the form of a new ticket. Its
// value is the number of the solved ticket.
const SolvedBeforeID = "solved_before"

// TitleInputID is the action_id of the title in a form.
var TitleInputID = inputID(desk.FieldTitle)

// Suggestions is the part of the form of a new ticket that shows tickets like it. The zero
// Suggestions shows nothing.
type Suggestions struct {
	lead, rest []slack.Block
}

// Suggest shows tickets like a new one. In a flood the form begins with the first ticket of it.
func Suggest(a desk.Alike, s Scene) Suggestions {
	var all Suggestions
	if a.Flood != nil {
		all.lead = []slack.Block{smallPrint("Many people are telling of this now:"), alikeOpen(*a.Flood, s)}
	}
	for _, t := range a.Open {
		all.rest = append(all.rest, alikeOpen(t, s))
	}
	for _, t := range a.Solved {
		all.rest = append(all.rest, alikeSolved(t, s))
	}
	if len(all.rest) > 0 {
		all.rest = append([]slack.Block{smallPrint("Perhaps it is known already:")}, all.rest...)
	}
	return all
}

// Equal reports whether both show the same.
func (s Suggestions) Equal(other Suggestions) bool {
	own, _ := json.Marshal([][]slack.Block{s.lead, s.rest}) // our own blocks: cannot fail
	others, _ := json.Marshal([][]slack.Block{other.lead, other.rest})
	return string(own) == string(others)
}

// alikeOpen is "#42 Checkout fails · 3 people" with a button to join them.
func alikeOpen(t desk.AlikeTicket, s Scene) slack.Block {
	if t.Theirs {
		return section(dots(alikeTitle(t, s), "you hear how it ends"))
	}
	row := slack.NewSectionBlock(mrkdwn(dots(alikeTitle(t, s), many(t.People, "person", "people"))), nil, nil)
	row.Accessory = slack.NewAccessory(buttonSaying(ActionFollow, "Me too", t.Number))
	return row
}

// alikeSolved is a solved ticket with its solution.
func alikeSolved(t desk.AlikeTicket, s Scene) slack.Block {
	row := slack.NewSectionBlock(mrkdwn(lines(dots(alikeTitle(t, s), "solved"), quoteShort(t.Solution))), nil, nil)
	row.Accessory = slack.NewAccessory(buttonSaying(SolvedBeforeID, "That solved it", t.Number))
	return row
}

func alikeTitle(t desk.AlikeTicket, s Scene) string {
	return linked(s.Link(t.Card), t.Number.String()) + " " + slackformat.Escape(slackformat.OneLine(t.Title))
}

// longestSolution is how much of a solution the form shows, in characters.
const longestSolution = 300

func quoteShort(text string) string {
	return "“" + slackformat.Escape(slackformat.Clip(slackformat.OneLine(text), longestSolution)) + "”"
}

// From how much of a title on tickets like it are looked for.
const (
	enoughWords      = 3
	enoughCharacters = 8
)

// Typed is what has been typed of a new ticket. As long as its title is too short to tell what it
// is about, it has no words.
func (p FormParams) Typed(s State) desk.Typed {
	return typedOf(s.Text(desk.FieldTitle), p.ChosenCategory(s))
}

// TypedAlready is Typed of a form as it is opened.
func (p FormParams) TypedAlready() desk.Typed { return typedOf(p.Title, p.Category) }

func typedOf(title, category string) desk.Typed {
	var a Asked
	title = strings.TrimSpace(title)
	a.addWords(title)
	typed := desk.Typed{Words: a.Query.Words, Category: category}
	if len(typed.Words) < enoughWords && utf8.RuneCountInString(title) < enoughCharacters {
		typed.Words = nil
	}
	return typed
}

// Joined is the last view of a form in which somebody pressed Me too. What they had typed stands
// there, in case they need it elsewhere.
func Joined(r desk.Record, typed State, s Scene) Modal {
	n := r.Ticket.Number
	return instead(n, typed, Settled(Action{Name: ActionFollow, Ticket: n}, r, s), button(ActionUnfollow, n))
}

// SolvedBefore is the last view of a form whose reader found the solution in it.
func SolvedBefore(r desk.Record, typed State, s Scene) Modal {
	t := r.Ticket
	sentence := fmt.Sprintf("Good that %s solved it.", linked(s.Link(r.Card), t.Number.String()))
	if t.Resolution != "" {
		sentence += " " + quoteShort(t.Resolution)
	}
	return instead(t.Number, typed, sentence)
}

// instead is a view in the place of a form that is not sent.
func instead(n ticket.Number, typed State, sentence string, buttons ...slack.BlockElement) Modal {
	blocks := withButtons([]slack.Block{section(sentence), smallPrint("Nothing was filed.")}, buttons)
	if text := typed.Text(desk.FieldText); text != "" {
		blocks = append(blocks, smallPrint("What you had written:"), slack.NewRichTextBlock("", slack.NewRichTextSection(literally(typed.Text(desk.FieldTitle)+"\n"+text)...)))
	}
	return page(FormMore, n.String(), n, blocks...)
}

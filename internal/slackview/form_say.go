package slackview

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// SavedAnswer is an answer that responders can post with a few keys.
type SavedAnswer struct {
	Name       string
	Text       string
	Categories []string // for whose tickets it is offered; nil for all
}

// AnswerNamed returns the saved answer with a name, in any case.
func (p FormParams) AnswerNamed(name string) (SavedAnswer, bool) {
	return p.answerWith(func(a SavedAnswer) bool { return strings.EqualFold(a.Name, name) })
}

func (p FormParams) answerWith(wanted func(SavedAnswer) bool) (SavedAnswer, bool) {
	i := slices.IndexFunc(p.SavedAnswers, wanted)
	if i < 0 {
		return SavedAnswer{}, false
	}
	return p.SavedAnswers[i], true
}

// answersFor are the saved answers that are offered for a category.
func (p FormParams) answersFor(category string) []SavedAnswer {
	var all []SavedAnswer
	for _, a := range p.SavedAnswers {
		if a.Categories == nil || slices.Contains(a.Categories, category) {
			all = append(all, a)
		}
	}
	return all
}

func hasAnswers(p FormParams, t ticket.Ticket) bool { return len(p.answersFor(t.Category)) > 0 }

func openSay(ctx context.Context, d *desk.Desk, o Opening) (Modal, error) {
	r, err := d.Read(ctx, o.Ticket, o.Person)
	if err != nil {
		return Modal{}, err
	}
	if !hasAnswers(o.Params, r.Ticket) && len(r.SavedAnswersOf(o.Person)) == 0 {
		return Modal{}, ticket.Errorf(ticket.Conflict, "The settings have no saved answers for this ticket.")
	}
	return SayForm(r, o.Person, o.Params), nil
}

// SayForm asks which of the saved answers is to be posted. Those that the person has posted in the
// ticket can be taken back there.
func SayForm(r desk.Record, person string, p FormParams) Modal {
	t, own := r.Ticket, ownAnswers(r, person)
	var options []*slack.OptionBlockObject
	for _, a := range p.answersFor(t.Category) {
		options = append(options, described(option(idOf(a.Name), a.Name), slackformat.OneLine(a.Text)))
	}
	if len(options) == 0 {
		page := Page(t.Number, "What you have posted here:")
		page.Blocks.BlockSet = append(page.Blocks.BlockSet, own...)
		return page
	}
	b := input(desk.FieldAnswer, "Which answer?", choiceMenu(inputID(desk.FieldAnswer), "Choose one", options, ""))
	b.Hint = plain("It is posted in the thread in your name, and the requester is told.")
	return modal(FormSay, fmt.Sprintf("Answer %s", t.Number), "Post", Metadata{Ticket: t.Number}, append([]slack.Block{b}, own...)...)
}

// mostOwnAnswers is how many of their saved answers a person is shown.
const mostOwnAnswers = 10

// ownAnswers are the saved answers that somebody has posted in a ticket, each with a button.
func ownAnswers(r desk.Record, person string) (blocks []slack.Block) {
	own := r.SavedAnswersOf(person)
	for _, a := range own[:min(len(own), mostOwnAnswers)] {
		text := "Posted: " + slackformat.Escape(slackformat.Clip(slackformat.OneLine(a.Text), longestShown))
		blocks = append(blocks, slack.NewSectionBlock(mrkdwn(text), nil, slack.NewAccessory(takeBackButton(r.Ticket.Number, a.Message))))
	}
	return blocks
}

func sendSay(ctx context.Context, d *desk.Desk, by desk.Gesture, s State, p FormParams) (desk.Record, error) {
	chosen, known := p.answerWith(func(a SavedAnswer) bool { return idOf(a.Name) == s.Choice(desk.FieldAnswer) })
	if !known {
		return desk.Record{}, ticket.Errorf(ticket.Invalid, "Choose one of the answers. This one is not in the settings any more.").At(desk.FieldAnswer)
	}
	return d.Say(ctx, by, chosen.Text)
}

// How much of the saved answers the help lists.
const (
	mostAnswersTold   = 40
	longestAnswerTold = 80 // characters of each
)

// answersHelp lists the saved answers.
func answersHelp(p FormParams, slash string) []slack.Block {
	if len(p.SavedAnswers) == 0 {
		return nil
	}
	rows := []string{fmt.Sprintf("*Saved answers*, for `%s say 42 name`", slash)}
	for _, a := range p.SavedAnswers[:min(len(p.SavedAnswers), mostAnswersTold)] {
		text := slackformat.Clip(slackformat.OneLine(a.Text), longestAnswerTold)
		rows = append(rows, slackformat.Escape(a.Name+": "+text))
	}
	if more := len(p.SavedAnswers) - mostAnswersTold; more > 0 {
		rows = append(rows, fmt.Sprintf("… and %d more, in the menu of a card", more))
	}
	return sections(rows)
}

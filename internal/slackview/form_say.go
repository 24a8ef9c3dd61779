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

func openSay(ctx context.Context, d *desk.Desk, o Opening) (Modal, error) {
	r, err := d.Read(ctx, o.Ticket, o.Person)
	if err != nil {
		return Modal{}, err
	}
	before, err := d.SolvedBefore(ctx, o.Person, r, o.Scene.Now)
	if err != nil {
		before = nil // the other answers are of use without them
	}
	if len(o.Params.answersFor(r.Ticket.Category)) == 0 && len(before) == 0 && len(r.SavedAnswersOf(o.Person)) == 0 {
		return Modal{}, ticket.Errorf(ticket.Conflict, "The settings have no saved answers for this ticket, and no ticket like it tells how it was solved.")
	}
	return SayForm(r, before, o.Person, o.Params), nil
}

// SayForm asks which of the saved answers is to be posted, or which of the solutions of earlier
// tickets. Those that the person has posted in the ticket can be taken back there.
func SayForm(r desk.Record, before []desk.Record, person string, p FormParams) Modal {
	t, own := r.Ticket, ownAnswers(r, person)
	var options []*slack.OptionBlockObject
	for _, a := range p.answersFor(t.Category) {
		options = append(options, described(option(idOf(a.Name), a.Name), slackformat.OneLine(a.Text)))
	}
	for _, e := range before {
		options = append(options, solutionOption(e.Ticket))
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

// solutionOption offers how an earlier ticket was solved: "#17: card rule lifted", with its title
// below. Its value is the number as people write it, which no id of a saved answer is.
func solutionOption(t ticket.Ticket) *slack.OptionBlockObject {
	label := slackformat.Clip(fmt.Sprintf("%s: %s", t.Number, slackformat.OneLine(t.Resolution)), longestOption)
	return described(option(t.Number.String(), label), slackformat.OneLine(t.Title))
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
	choice := s.Choice(desk.FieldAnswer)
	if earlier, _ := Number(choice); earlier > 0 && strings.HasPrefix(choice, "#") {
		return d.SayAsBefore(ctx, by, earlier)
	}
	chosen, known := p.answerWith(func(a SavedAnswer) bool { return idOf(a.Name) == choice })
	if !known {
		return desk.Record{}, ticket.Errorf(ticket.Invalid, "Choose one of the answers. This one is not in the settings any more.").At(desk.FieldAnswer)
	}
	return d.Say(ctx, by, chosen.Name, chosen.Text)
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

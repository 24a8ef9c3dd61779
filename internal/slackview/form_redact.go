package slackview

import (
	"fmt"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
)

// RedactForm asks what is to disappear from a ticket: words, a file, or both.
func RedactForm(r desk.Record) Modal {
	words := input(desk.FieldWords, "Which words are to disappear?", textInput(desk.FieldWords, "", desk.MaxText))
	blocks := []slack.Block{optional(words, "Exactly as they stand there. They are not kept.")}
	if files := redactable(r); len(files) > 0 {
		which := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain("Choose one"), inputID(desk.FieldFiles), files...)
		blocks = append(blocks, input(desk.FieldFiles, "A file", which).WithOptional(true))
	}
	return modal(FormRedact, fmt.Sprintf("Redact %s", r.Ticket.Number), "Redact", Metadata{Ticket: r.Ticket.Number}, append(blocks,
		section("My messages with these words are deleted and posted anew without them. Only its author can delete a message of a person: they are asked to."),
	)...)
}

// longestMenu is how many options a select menu holds.
// https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element
const longestMenu = 100

// redactable are the files that can be chosen, the newest first.
func redactable(r desk.Record) (options []*slack.OptionBlockObject) {
	for i := len(r.Posted) - 1; i >= 0 && len(options) < longestMenu; i-- {
		if p := r.Posted[i]; p.Kind == desk.NoticeFile && !p.Gone {
			options = append(options, option(p.ID, fileName(*p.File)))
		}
	}
	return options
}

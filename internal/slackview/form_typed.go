package slackview

import (
	"github.com/slack-go/slack"

	"supporty/internal/slackformat"
)

// Typed is a form that begins with what a person has typed already, by the names of its
// fields. A value that a field cannot hold is left out.
func Typed(m Modal, values map[string]string) Modal {
	for _, block := range m.Blocks.BlockSet {
		b, _ := block.(*slack.InputBlock)
		if b == nil || values[b.BlockID] == "" {
			continue
		}
		switch e := b.Element.(type) {
		case *slack.PlainTextInputBlockElement:
			e.InitialValue = slackformat.Clip(values[b.BlockID], e.MaxLength)
		case *slack.RadioButtonsBlockElement:
			if o := optionOf(e.Options, values[b.BlockID]); o != nil {
				e.InitialOption = o
			}
		case *slack.SelectBlockElement:
			if e.Type == slack.OptTypeUser {
				e.InitialUser = values[b.BlockID]
			}
		}
	}
	return m
}

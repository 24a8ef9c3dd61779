package slackview

import (
	"slices"

	"github.com/slack-go/slack"

	"supporty/internal/slackformat"
)

// mostChoices is how many options a menu holds, or a group of options in it.
// https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element
// https://docs.slack.dev/reference/block-kit/composition-objects/option-group-object
const mostChoices = 100

// longestEnd is how much of its first and last option the name of a group shows, in characters.
const longestEnd = 30

// choiceMenu is a menu of which one option can be chosen. More options than a menu holds stand in
// groups, in the same order. A group has the names of its first and its last option.
func choiceMenu(id, placeholder string, options []*slack.OptionBlockObject, chosen string) *slack.SelectBlockElement {
	menu := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain(placeholder), id, options...)
	if len(options) > mostChoices {
		var groups []*slack.OptionGroupBlockObject
		for part := range slices.Chunk(options, mostChoices) {
			label := end(part[0]) + " … " + end(part[len(part)-1])
			groups = append(groups, slack.NewOptionGroupBlockElement(plain(label), part...))
		}
		menu = slack.NewOptionsGroupSelectBlockElement(slack.OptTypeStatic, plain(placeholder), id, groups...)
	}
	menu.InitialOption = optionOf(options, chosen)
	return menu
}

func end(o *slack.OptionBlockObject) string { return slackformat.Clip(o.Text.Text, longestEnd) }

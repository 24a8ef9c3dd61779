package slackview

import (
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/duty"
	"supporty/internal/slackformat"
)

// TakeOverForm asks who is to be on duty for a squad, and when.
func TakeOverForm(squad, person string, now time.Time) Modal {
	who := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, plain("Choose somebody"), inputID(desk.FieldAssignee))
	who.InitialUser = person
	from, until := slack.NewDateTimePickerBlockElement(inputID(desk.FieldFrom)), slack.NewDateTimePickerBlockElement(inputID(desk.FieldUntil))
	from.InitialDateTime = now.Unix()
	until.InitialDateTime = now.Add(time.Hour).Truncate(15 * time.Minute).Add(15 * time.Minute).Unix()
	whom := input(desk.FieldAssignee, "Who is on duty?", who)
	whom.Hint = plain("Who is on duty otherwise is told.")
	return modal(FormTakeOver, "Take over duty", "Take over", Metadata{Squad: squad},
		section(fmt.Sprintf("For *%s*.", slackformat.Escape(squad))), whom,
		input(desk.FieldFrom, "From", from), input(desk.FieldUntil, "Until", until))
}

// TakenOver is what was filled in.
func TakenOver(s State, meta Metadata, by string) desk.Override {
	return desk.Override{Squad: meta.Squad, MadeBy: by, Override: duty.Override{
		Person: s.User(desk.FieldAssignee), From: s.Time(desk.FieldFrom), Until: s.Time(desk.FieldUntil),
	}}
}

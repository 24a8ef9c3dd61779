package slackview

import (
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/duty"
	"supporty/internal/slackformat"
)

// Shifts say who of a squad is on duty at a moment, and who is next.
type Shifts struct {
	Squad     string
	Now, Next duty.Shift
	Own       bool // the reader is in the squad, and can take over
}

// OnDuty tells who is on duty at a moment; zero is now. Nobody is pinged. It offers its reader to
// take over in their squads.
func OnDuty(shifts []Shifts, at time.Time, s Scene) slackformat.Message {
	if len(shifts) == 0 {
		return say("There is no rota.")
	}
	head := "*On duty now*"
	if !at.IsZero() {
		head = "*On duty " + date(at) + "*"
	}
	all := []string{head}
	for _, of := range shifts {
		all = append(all, bullet(of.words(s)))
	}
	return say(lines(all...), takeOverButtons(shifts)...)
}

// TakeOverID is the action_id of the button that opens the form to take over. Its value is the
// name of the squad.
const TakeOverID = "take_over_duty"

// mostTakeOvers is how many squads have a button.
const mostTakeOvers = 5

func takeOverButtons(shifts []Shifts) (buttons []slack.BlockElement) {
	for _, of := range shifts {
		if of.Own && len(buttons) < mostTakeOvers {
			b := slack.NewButtonBlockElement(fmt.Sprintf("%s:%d", TakeOverID, len(buttons)), of.Squad, plain(slackformat.Clip("Take over for "+of.Squad+"…", longestButton)))
			buttons = append(buttons, b)
		}
	}
	return buttons
}

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

// Overridden tells somebody that they are on duty, or that somebody is in their place.
func Overridden(n desk.Notice, s Scene) slackformat.Message {
	when := fmt.Sprintf("from %s until %s", date(n.At), date(n.By))
	squad := slackformat.Escape(n.Squad)
	switch {
	case n.To == n.From:
		return say(fmt.Sprintf("%s put you on duty for %s, %s.", s.name(n.Actor), squad, when))
	case n.Actor == n.From:
		return say(fmt.Sprintf("%s is on duty for %s in your place, %s.", s.name(n.From), squad, when))
	}
	return say(fmt.Sprintf("%s is on duty for %s in your place, %s. %s changed that.", s.name(n.From), squad, when, s.name(n.Actor)))
}

func (of Shifts) words(s Scene) string {
	text := slackformat.Escape(of.Squad) + ": " + onDuty(of.Now, s)
	if of.Now.Until.IsZero() {
		return text + "."
	}
	return text + " until " + date(of.Now.Until) + ", then " + onDuty(of.Next, s) + "."
}

func onDuty(shift duty.Shift, s Scene) string {
	if shift.Person == "" {
		return "nobody"
	}
	return s.name(shift.Person)
}

package slackview

import (
	"fmt"
	"time"

	"github.com/slack-go/slack"

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

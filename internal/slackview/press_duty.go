package slackview

import (
	"strings"

	"github.com/slack-go/slack"

	"supporty/internal/slackformat"
)

// The buttons about duty. They are about no ticket. A message can have several of a kind: behind the
// name of the button stands its value again, which tells them apart.
const (
	TakeOverID     = "take_over_duty" // opens the form to take over; its value is the name of the squad
	TakeBackDutyID = "take_back_duty" // ends an override; its value is the override's id
	SwapID         = "swap_duty"      // opens the form to swap; its value is the name of the squad
	AcceptSwapID   = "accept_swap"    // its value is the key of the swap
	DeclineSwapID  = "decline_swap"   // its value is the key of the swap
	WokeID         = "woke"           // a call woke its reader; its value is the call's id, and where it is asked: see ReadWoken
	NotWokeID      = "not_woke"       // it did not
	RotaID         = "rota"           // opens the form for the rota of a squad; its value is the name of the squad
	DrillNightsID  = "drill_nights"   // agrees to drills at night, or no longer; its value is yes or no
	AskProposedID  = "ask_proposed"   // asks for the swap that would mend a rota: see ReadProposed
	PassMorningID  = "pass_morning"   // asks who is next to take over for the morning: see ReadPassMorning
	NoteID         = "duty_note"      // opens the form for a note; its value is the name of the squad
	TakeID         = "take"           // takes a ticket of a brief; its value is the number, and the squad: see ReadTake
)

// ReadDutyPress returns which of the buttons about duty was pressed; false if it was another one.
func ReadDutyPress(actionID string) (button string, ours bool) {
	button, _, _ = strings.Cut(actionID, ":")
	switch button {
	case TakeOverID, TakeBackDutyID, SwapID, AcceptSwapID, DeclineSwapID, WokeID, NotWokeID, TakeID, NoteID, RotaID, PassMorningID, AskProposedID, DrillNightsID:
		return button, true
	}
	return "", false
}

// longestID is Slack's limit for an action_id, in characters.
// https://docs.slack.dev/reference/block-kit/block-elements/button-element
const longestID = 255

func dutyButton(id, value, label string) *slack.ButtonBlockElement {
	return slack.NewButtonBlockElement(slackformat.Clip(id+":"+value, longestID), value, plain(slackformat.Clip(label, longestButton)))
}

package slackview

import (
	"fmt"
	"slices"
	"strconv"
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
	Coming    []duty.Shift    // those after Now, of four weeks; told in the reader's squads
	Own       bool            // the reader is in the squad, and can change who is on duty
	Feed      string          // the address of the squad's calendar, told in the reader's squads; empty if there is none
	Gardeners []string        // who looks after what nobody is on duty for, and who stands in
	NoRota    bool            // nobody is on duty at any time
	Source    desk.RotaSource // where the rota comes from; told in the reader's squads
	Makes     bool            // the reader can make its rota
	Overrides []desk.Override // what people have changed and has not ended; the reader can take it back
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
	m := told(all, "… and %d more squads. With the name of a squad behind it the command tells of that one.")
	own := slices.DeleteFunc(slices.Clone(shifts), func(of Shifts) bool { return !of.Own })
	for _, of := range own[:min(len(own), mostOwnSquads)] {
		for _, small := range of.smallPrint(s) {
			m.Blocks = append(m.Blocks, smallPrint(small))
		}
		if of.Feed != "" {
			m.Blocks = append(m.Blocks, smallPrint("Subscribe to it in your calendar, and keep the address to yourself: `"+slackformat.Escape(of.Feed)+"`"))
		}
		m.Blocks = append(m.Blocks, of.controls(s)...)
	}
	return m
}

// Bounds of what an answer offers: Slack takes 50 blocks.
const (
	mostOwnSquads = 5
	mostTakenBack = 5
)

// controls are what its people can change about a squad.
func (of Shifts) controls(s Scene) (blocks []slack.Block) {
	for _, o := range of.Overrides[:min(len(of.Overrides), mostTakenBack)] {
		back := dutyButton(TakeBackDutyID, strconv.FormatInt(o.ID, 10), "Take back")
		blocks = append(blocks, slack.NewSectionBlock(mrkdwn(fmt.Sprintf("%s is on duty for %s from %s until %s, put there by %s.",
			s.name(o.Person), slackformat.Escape(of.Squad), date(o.From), date(o.Until), s.name(o.MadeBy))), nil, slack.NewAccessory(back)))
	}
	var buttons []slack.BlockElement
	if !of.NoRota {
		buttons = append(buttons, dutyButton(TakeOverID, of.Squad, "Take over for "+of.Squad+"…"), dutyButton(SwapID, of.Squad, "Swap a shift…"))
	}
	if of.Makes {
		buttons = append(buttons, dutyButton(RotaID, of.Squad, "Rota of "+of.Squad+"…"))
	}
	return append(blocks, slack.NewActionBlock("", buttons...))
}

// smallPrint is who comes next, and who made the rota.
func (of Shifts) smallPrint(s Scene) (all []string) {
	if len(of.Coming) > 1 {
		all = append(all, comingUp(of.Squad, of.Coming, s))
	}
	if of.Source.Made != nil {
		all = append(all, madeBy(of.Source, s))
	}
	return all
}

func (of Shifts) words(s Scene) string {
	text := slackformat.Escape(of.Squad) + ": " + onDuty(of.Now, s)
	switch {
	case of.NoRota:
		text = slackformat.Escape(of.Squad) + ": no rota."
	case of.Now.Until.IsZero():
		text += "."
	default:
		text += " until " + date(of.Now.Until) + ", then " + onDuty(of.Next, s) + "."
	}
	return text + of.gardeners(s)
}

// gardeners says who looks after what nobody is on duty for.
func (of Shifts) gardeners(s Scene) string {
	switch len(of.Gardeners) {
	case 0:
		return ""
	case 1:
		return " In opening hours, what nobody is on duty for goes to " + s.name(of.Gardeners[0]) + "."
	}
	return fmt.Sprintf(" In opening hours, what nobody is on duty for goes to %s, or else to %s.", s.name(of.Gardeners[0]), s.name(of.Gardeners[1]))
}

func onDuty(shift duty.Shift, s Scene) string {
	if shift.Person == "" {
		return "nobody"
	}
	return s.name(shift.Person)
}

// comingUp lists the shifts of four weeks: "Then for Checkout: Bob until Mon 7 Dec 09:00, …".
func comingUp(squad string, shifts []duty.Shift, s Scene) string {
	var all []string
	for _, c := range shifts {
		if c.Until.IsZero() {
			all = append(all, s.name(c.Person)+" from then on")
			break
		}
		all = append(all, s.name(c.Person)+" until "+date(c.Until))
	}
	return fmt.Sprintf("Then for %s: %s.", slackformat.Escape(squad), fitting(all, ", "))
}

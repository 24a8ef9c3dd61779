package slackview

import (
	"fmt"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
)

// Drills list the latest drills of a reader's squads, with how long each took until a person answered. The
// reader agrees to drills at night there, or takes it back.
func Drills(drills []desk.Drill, agreed bool, s Scene) slackformat.Message {
	all := []string{"*Drills*"}
	for _, d := range drills {
		all = append(all, bullet(fmt.Sprintf("%s, %s: %s", slackformat.Escape(d.Squad), date(d.BeganAt), drillTook(d))))
	}
	if len(drills) == 0 {
		all = append(all, fmt.Sprintf("There was none. Who leads a squad starts one with `%s drill` and its name.", s.Command))
	}
	if agreed {
		return drillsWith(all, "You have agreed that drills call you at night, too.", dutyButton(DrillNightsID, "no", "Not at night"))
	}
	return drillsWith(all, "At night a drill calls you only if you agree.", dutyButton(DrillNightsID, "yes", "Drills may call me at night"))
}

func drillsWith(rows []string, nights string, choice slack.BlockElement) slackformat.Message {
	m := told(append(rows, nights), moreLines)
	m.Blocks = withButtons(m.Blocks, []slack.BlockElement{choice})
	return m
}

func drillTook(d desk.Drill) string {
	switch {
	case !d.AnsweredAt.IsZero():
		return "somebody answered after " + took(d.AnsweredAt.Sub(d.BeganAt)) + "."
	case d.EndedAt.IsZero():
		return "nobody has answered yet."
	}
	return "it ended without an answer."
}

// DrillBegan tells who starts a drill what happens.
func DrillBegan(r desk.Record, s Scene) slackformat.Message {
	s.Direct = true
	return say(fmt.Sprintf("The drill %s begins: the ladder of %s is called now, and its pages count as real ones.", number(r, s), slackformat.Escape(r.Ticket.Drill)))
}

// drillOver tells that a drill is over, and how long it took until somebody answered.
func drillOver(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	text := s.call(n.To) + number(r, s) + " was a drill, and is over"
	answered := r.Answered()
	if answered.IsZero() {
		return say(text + ".")
	}
	return say(fmt.Sprintf("%s: somebody answered after %s. Thank you.", text, took(answered.Sub(r.Ticket.OpenedAt))))
}

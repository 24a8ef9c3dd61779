package slackview

import (
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// homeQuestionID is the action_id of the button beside a question; the value is where it stands,
// "C0123:1763632300.000100".
const homeQuestionID = "home_question"

// questions are the messages in the support channel that nobody has answered. What they say is
// for the channel: here stands who wrote, and when.
func questions(h desk.Home, s Scene) []slack.Block {
	if len(h.Questions) == 0 {
		return nil
	}
	page := desk.Shelf{Total: h.Asked, Rows: make([]desk.HomeRow, len(h.Questions))}
	blocks := []slack.Block{slack.NewHeaderBlock(plain(dots("Asked in the channel, without an answer", pageOf(page))))}
	for _, q := range h.Questions {
		blocks = append(blocks, questionRow(q, s))
	}
	return blocks
}

func questionRow(q desk.Question, s Scene) slack.Block {
	text := dots(fmt.Sprintf("%s wrote in %s", s.name(q.Author), channelMention(q.Message.Channel)), date(q.AskedAt), linkedIfAny(s.Link(q.Message), "Open the message"))
	row := slack.NewSectionBlock(mrkdwn(text), nil, nil)
	row.BlockID = "question:" + q.Message.TS
	row.Accessory = slack.NewAccessory(slack.NewButtonBlockElement(homeQuestionID, q.Message.Channel+":"+q.Message.TS, plain("Open a ticket")))
	return row
}

// ParseHomeQuestion parses a press on the button beside a question. It returns false for every
// other press.
func ParseHomeQuestion(actionID, value string) (ticket.Message, bool) {
	channel, ts, _ := strings.Cut(value, ":")
	return ticket.Message{Channel: channel, TS: ts}, actionID == homeQuestionID && channel != "" && ts != ""
}

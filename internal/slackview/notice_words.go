package slackview

import (
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// mostQuoted is how much of a person's text notifications show, in characters.
const mostQuoted = 200

// quoted posts a private message of a person in the ticket's thread. It mentions the
// owner, unless the owner wrote the message.
func quoted(n desk.Notice, _ desk.Record, s Scene) slackformat.Message {
	to := n.To
	if to == n.Actor {
		to = ""
	}
	return wordsOrFiles(s.call(to)+s.name(n.Actor), "", n.Text, n.Files)
}

// carried posts a message of the thread to a requester outside the channel.
func carried(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	m := wordsOrFiles(s.call(n.To)+s.name(n.Actor), " about "+number(r, s), n.Text, n.Files)
	if p := r.Ticket.Pause; r.Ticket.State == ticket.StateWaiting && p.Question == n.Thread && n.Thread.TS != "" {
		m.Blocks = append(m.Blocks, smallPrint("The clock is paused until you answer here."))
	}
	return m
}

// withQuote is a line with a person's text below it.
func withQuote(line, text string) slackformat.Message {
	m := say(line)
	m.Blocks = append(m.Blocks, quote(orNothing(text)))
	m.Text += " " + slackformat.Escape(slackformat.Clip(slackformat.OneLine(strings.ReplaceAll(orNothing(text), fence, " ")), mostQuoted))
	return m
}

// gathered lists the other messages of the thread, one below the other.
func gathered(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	line := fmt.Sprintf("Also written about %s:", number(r, s))
	m := say(line)
	for _, w := range n.Words {
		if w.Text == "" && len(w.Files) > 0 {
			m.Blocks = append(m.Blocks, smallPrint("*"+s.name(w.Author)+"* sent "+fileNames(w.Files)))
			continue
		}
		m.Blocks = append(m.Blocks, smallPrint("*"+s.name(w.Author)+"*"), quote(orNothing(w.Text)))
	}
	return m
}

// passedOn confirms to the author of a private message where it was posted.
func passedOn(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	t := r.Ticket
	reopened := ""
	if t.StartedAt.After(n.At) && t.Cycle > 1 {
		reopened = " It is open again."
	}
	return say("Passed on "+reader(t, s)+" "+number(r, s)+"."+reopened, takeBackButton(t.Number, n.Thread))
}

// reader names the reader of a message that is passed on: "to Bob in".
func reader(t ticket.Ticket, s Scene) string {
	if t.Owned() {
		return "to " + s.name(t.Assignee) + " in"
	}
	return "to"
}

func takeBackButton(n ticket.Number, m ticket.Message) slack.BlockElement {
	value := fmt.Sprintf("%d:%s", int64(n), m.TS)
	return slack.NewButtonBlockElement(ActionTakeBack, value, plain(ActionKindOf(ActionTakeBack).Label))
}

// takenBackFrom confirms that a passed-on message was taken back from a ticket.
func takenBackFrom(n ticket.Number) string {
	return fmt.Sprintf("Taken back: it is no longer shown in %s.", n)
}

// longestButton is Slack's limit for the text of a button, in characters.
// https://docs.slack.dev/reference/block-kit/block-elements/button-element
const longestButton = 75

// Where asks a person to which ticket their message to the bot belongs. Later it shows
// the outcome. Candidates are the tickets that they may mean.
func Where(n desk.Notice, candidates []desk.Record) slackformat.Message {
	them, do := "this message", "does this"
	if len(n.Messages) > 1 {
		them, do = "these messages", fmt.Sprintf("do these %d messages", len(n.Messages))
	}
	switch n.Belongs {
	case desk.BelongsNowhere:
		return say("Nobody else sees " + them + ".")
	case desk.BelongsToNew:
		return say(fmt.Sprintf("Filed as %s.", n.Into))
	case desk.BelongsNoMore:
		return say(takenBackFrom(n.Into))
	case desk.BelongsToTicket:
		var back []slack.BlockElement
		if len(n.Messages) == 1 {
			back = append(back, takeBackButton(n.Into, n.Messages[0]))
		}
		return say(fmt.Sprintf("Passed on to %s.", n.Into), back...)
	}
	var buttons []slack.BlockElement
	for _, r := range candidates {
		id, label := fmt.Sprintf("%s%d", belongsPrefix, int64(r.Ticket.Number)), plainHeading(r.Ticket)
		buttons = append(buttons, slack.NewButtonBlockElement(id, string(desk.BelongsToTicket), plain(slackformat.Clip(label, longestButton))))
	}
	buttons = append(buttons,
		slack.NewButtonBlockElement(belongsPrefix+string(desk.BelongsToNew), string(desk.BelongsToNew), plain("A new ticket")),
		slack.NewButtonBlockElement(belongsPrefix+string(desk.BelongsNowhere), string(desk.BelongsNowhere), plain("Nowhere")))
	return say("Where "+do+" belong? Nobody else sees "+them+" unless you choose.", buttons...)
}

// wroteAbove mentions a person because of a message in the thread of which Slack did not
// notify them.
func wroteAbove(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	verb := "answered"
	if n.Actor == r.Ticket.Requester {
		verb = "wrote"
	}
	return say(fmt.Sprintf("%s%s %s above about %s.", s.call(n.To), s.name(n.Actor), verb, number(r, s)))
}

// answerGone tells the owner that the answer to their question was taken back.
func answerGone(n desk.Notice, _ desk.Record, s Scene) slackformat.Message {
	return say(s.call(n.To) + s.name(n.Actor) + " took the answer back.")
}

// unasked tells the owner the effect of deleting their question.
func unasked(t ticket.Ticket) slackformat.Message {
	return say(fmt.Sprintf("Your question is gone, so %s no longer waits for an answer. The clock runs again.", t.Number))
}

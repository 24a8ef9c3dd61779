package slackview

import (
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// longestHeader is Slack's limit for a header, in characters.
// https://docs.slack.dev/reference/block-kit/blocks/header-block
const longestHeader = 150

// Card is the ticket's first message, for its present state. It mentions nobody.
func Card(r desk.Record, s Scene) slackformat.Message {
	t := r.Ticket
	return slackformat.Message{
		Text:   dots(heading(t), stateAndOwner(t, s)),
		Blocks: withButtons(body(r, s), cardButtons(t)),
	}
}

// body is the card without its buttons.
func body(r desk.Record, s Scene) []slack.Block {
	t := r.Ticket
	blocks := []slack.Block{
		slack.NewHeaderBlock(plain(slackformat.Clip(plainHeading(t), longestHeader))),
		section(status(r, s)),
		smallPrint(append(remarks(t, s), origin(t, s), earlierRooms(r), incident(t, s), links(t), runbook(t, s), cost(r), readsAlong(t, s))...),
	}
	switch {
	case t.Withheld:
		hidden := "The text is hidden because this message was deleted. %s can show it again."
		return append(blocks, section(fmt.Sprintf(hidden, s.name(t.Requester))))
	case strings.TrimSpace(t.Text) != "":
		blocks = append(blocks, quote(t.Text))
	}
	return append(blocks, fieldColumns(cardFields(t, s.About), s)...)
}

// plainHeading is "#42 · P2 · Title".
func plainHeading(t ticket.Ticket) string {
	return dots(t.Number.String(), t.Priority.String(), slackformat.OneLine(t.Title))
}

// heading is plainHeading for mrkdwn.
func heading(t ticket.Ticket) string {
	return slackformat.Escape(slackformat.Clip(plainHeading(t), longestHeader))
}

// heldUntil is when it is looked at what is on hold. The owner may not have answered yet.
func heldUntil(t ticket.Ticket, now time.Time) string {
	if t.Pause.ReviewAt.After(now) {
		return "until " + date(t.Pause.ReviewAt)
	}
	return "to be looked at since " + date(t.Pause.ReviewAt)
}

// stateAndOwner is the ticket's state and owner, in a few words.
func stateAndOwner(t ticket.Ticket, s Scene) string {
	switch {
	case t.State == ticket.StateResolved:
		return s.name(t.EndedBy) + " resolved it"
	case t.State == ticket.StateClosed && t.Drill != "":
		return "The drill is over"
	case t.State == ticket.StateClosed:
		return "Closed: " + reason(t.CloseReason, t.DuplicateOf)
	case t.State == ticket.StateWaiting:
		return fmt.Sprintf("%s waits for %s", s.name(t.Assignee), s.name(t.Requester))
	case t.State == ticket.StateOnHold:
		return s.name(t.Assignee) + " has it on hold"
	case t.Owned():
		return s.name(t.Assignee) + " has it"
	}
	return "Open, no owner"
}

// reason is why a ticket was closed, within a sentence.
func reason(r ticket.CloseReason, of ticket.Number) string {
	if r == ticket.Duplicate {
		return fmt.Sprintf("duplicate of %s", of)
	}
	return strings.ToLower(r.Label())
}

func status(r desk.Record, s Scene) string {
	t := r.Ticket
	switch t.State {
	case ticket.StateResolved:
		return lines(dots(stateAndOwner(t, s), attainment(r.Clock(sla.Resolve)), about(t.EndedAt, t.EndInexact)), solution(t))
	case ticket.StateClosed:
		return lines(dots(stateAndOwner(t, s), byWhom(t, s), date(t.EndedAt)), note(t))
	case ticket.StateWaiting:
		return lines(dots(stateAndOwner(t, s), promise(r.Clock(sla.Resolve), s.Now)), dots("waiting since "+about(t.Pause.Since, t.Pause.Inexact), asked(t)))
	case ticket.StateOnHold:
		return lines(dots(stateAndOwner(t, s), promise(r.Clock(sla.Resolve), s.Now)), dots(heldUntil(t, s.Now), inOneLine(t.Pause.Text)))
	case ticket.StateOpen, ticket.StateClaimed:
	}
	return dots(stateAndOwner(t, s), promise(r.Clock(sla.Resolve), s.Now))
}

// byWhom is the person who closed a ticket, or "" if the clock closed it.
func byWhom(t ticket.Ticket, s Scene) string {
	if t.EndedBy == "" {
		return ""
	}
	return "by " + s.name(t.EndedBy)
}

// promise is the deadline, as the card shows it.
func promise(c sla.Clock, now time.Time) string {
	switch {
	case !c.Promised():
		return noTarget
	case c.Late(now):
		return dots("late since "+date(c.DueAt), expectation(c))
	case c.Paused():
		return "clock paused, " + spent(c.Left(now)) + " left"
	}
	return dots("solve by "+date(c.DueAt), expectation(c))
}

// expectation is the other time that the owner gave, if any.
func expectation(c sla.Clock) string {
	if c.Expected.IsZero() {
		return ""
	}
	return "expected " + date(c.Expected)
}

func attainment(c sla.Clock) string {
	switch {
	case !c.Promised():
		return ""
	case c.Late(c.StoppedAt):
		return "late"
	}
	return "on time"
}

// solution is how the ticket was solved: "Code: card rule for US lifted".
func solution(t ticket.Ticket) string {
	how, said := t.Solution.Label(), note(t)
	if how == "" || said == "" {
		return how + said
	}
	return how + ": " + said
}

// mostRemarks is how many remarks a card has room for.
const mostRemarks = 5

// remarks are the additions of others to the solution: "Dana adds: Data · index rebuilt".
func remarks(t ticket.Ticket, s Scene) (all []string) {
	for _, r := range t.Remarks[max(len(t.Remarks)-mostRemarks, 0):] {
		all = append(all, s.name(r.Person)+" adds: "+dots(r.Solution.Label(), inOneLine(r.Note)))
	}
	return all
}

func note(t ticket.Ticket) string { return inOneLine(t.Resolution) }

// inOneLine is a person's text within a line of ours.
func inOneLine(text string) string {
	return slackformat.Escape(slackformat.Clip(slackformat.OneLine(text), mostNote))
}

// asked is the question to which a waiting ticket needs an answer, "“Which card?”". It is
// empty if the text is not known.
func asked(t ticket.Ticket) string {
	if t.Pause.Text == "" {
		return ""
	}
	return "“" + inOneLine(t.Pause.Text) + "”"
}

// origin is the requester, the category, the time and the source message.
func origin(t ticket.Ticket, s Scene) string {
	reopened := ""
	if t.Cycle > 1 {
		reopened = "reopened " + date(t.StartedAt)
	}
	category := slackformat.Escape(slackformat.Clip(slackformat.OneLine(t.Category), longestOption))
	follows := ""
	if t.Follows > 0 {
		follows = "follows " + t.Follows.String()
	}
	return dots(s.name(t.Requester), filedBy(t, s), category, "filed "+date(t.OpenedAt), reopened, follows, source(t.Source, s), folded(t), followers(t))
}

// filedBy names the filer of a ticket for somebody else.
func filedBy(t ticket.Ticket, s Scene) string {
	if t.Filer == "" {
		return ""
	}
	return "filed by " + s.name(t.Filer)
}

// readsAlong tells responders that the requester reads the ticket elsewhere.
func readsAlong(t ticket.Ticket, s Scene) string {
	if !s.Outside || t.State.Ended() {
		return ""
	}
	return s.name(t.Requester) + " is not in this channel and gets the replies as direct messages. Begin one with // to keep it here."
}

// source links to the message from which the ticket was made, or to its channel if the
// message's own address is not known. Slack shows the channel's name only to people who
// may see that channel. A direct message gets no link, because nobody else can open it.
func source(m ticket.Message, s Scene) string {
	address := s.Link(m)
	switch {
	case m.TS == "", strings.HasPrefix(m.Channel, "D"):
		return ""
	case address != "":
		return linked(address, "from this message")
	case strings.HasPrefix(m.Channel, "C"), strings.HasPrefix(m.Channel, "G"):
		return "from a message in <#" + slackformat.Escape(m.Channel) + ">"
	}
	return "from a message"
}

// cost is what a resolved ticket took until its end: "14 replies · 4 people · 2 h 10", and how
// long it was paused beside that. Later replies are not counted, so that they need no edit of
// the card.
func cost(r desk.Record) string {
	t := r.Ticket
	if t.State != ticket.StateResolved {
		return ""
	}
	took, paused := r.Took(), ""
	open := spent(took.Open)
	if took.First > 0 {
		open = fmt.Sprintf("first solved after %s, open for %s in all", spent(took.First), open)
	}
	if took.Paused >= time.Minute {
		paused = "paused for " + spent(took.Paused)
	}
	if t.Took.Replies == 0 {
		return dots("no replies", open, paused)
	}
	return dots(many(t.Took.Replies, "reply", "replies"), many(t.Took.People, "person", "people"), open, paused)
}

func cardButtons(t ticket.Ticket) []slack.BlockElement {
	var all []slack.BlockElement
	if t.Withheld {
		all = append(all, button(ActionShowText, t.Number))
	}
	if t.State.Ended() {
		return append(all, button(ActionReopen, t.Number), menu(t))
	}
	if !t.Owned() {
		all = append(all, claimButton(t))
	}
	return append(all, button(ActionResolve, t.Number), buttonSaying(ActionFollow, "Me too", t.Number), menu(t))
}

func claimButton(t ticket.Ticket) slack.BlockElement {
	return button(ActionClaim, t.Number).WithStyle(slack.StylePrimary)
}

// option's value must be an id, never a name: it is not documented whether Slack escapes
// the value that it sends back.
func option(value, label string) *slack.OptionBlockObject {
	return slack.NewOptionBlockObject(value, plain(slackformat.Clip(label, longestOption)), nil)
}

package slackview

import (
	"fmt"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
)

// HomeView is the Home tab as Slack shows it.
type HomeView = slack.HomeTabViewRequest

// HomeOpenID is the action_id of the button on Home that opens the form of a new ticket.
const HomeOpenID = "home_open"

// Home is the Home tab of a person. It mentions nobody. Times are not relative to now, so that
// it says the same until something changes.
func Home(h desk.Home, s Scene) HomeView {
	if !h.Reader.CanRequest() {
		return homeView(section("Tickets are for the members of this workspace."))
	}
	asked := h.Shelf(desk.ShelfAsked)
	if asked.Total == 0 {
		return homeView(firstSteps(s)...)
	}
	return homeView(append([]slack.Block{openButton()}, shelf("What you asked for", asked, s)...)...)
}

func homeView(blocks ...slack.Block) HomeView {
	return HomeView{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: blocks}}
}

func openButton() slack.Block {
	return slack.NewActionBlock("", slack.NewButtonBlockElement(HomeOpenID, "", plain("Open a ticket")).WithStyle(slack.StylePrimary))
}

// firstSteps are for somebody who has asked for nothing yet.
func firstSteps(s Scene) []slack.Block {
	return []slack.Block{
		section(lines(
			"If something is broken, or if you need help, open a ticket: a short form asks what happened.",
			"You are told who takes it, and by when it is to be solved.",
			fmt.Sprintf("Your tickets stand here, and `%s` in any channel opens the same form.", s.Command),
		)),
		openButton(),
	}
}

// shelf is a heading and a row for each ticket.
func shelf(title string, of desk.Shelf, s Scene) []slack.Block {
	blocks := []slack.Block{slack.NewHeaderBlock(plain(title))}
	for _, r := range of.Rows {
		blocks = append(blocks, section(homeRow(r, s)))
	}
	if shown := len(of.Rows); shown < of.Total {
		blocks = append(blocks, smallPrint(fmt.Sprintf("%d of %d.", shown, of.Total)))
	}
	return blocks
}

// homeRow is a ticket in two or three lines: its title, its state, and the question that waits
// for the reader.
func homeRow(r desk.HomeRow, s Scene) string {
	at := s.Link(r.Thread)
	head := "*" + linked(at, heading(r.Ticket)) + "*"
	if !r.Asks {
		return lines(head, status(r.Record, s))
	}
	question := "needs an answer from you"
	if said := asked(r.Ticket); said != "" {
		question = "asks you: " + said
	}
	return lines(head, s.name(r.Ticket.Assignee)+" "+question, linkedIfAny(at, "Answer in its thread"))
}

// linkedIfAny is a link, or nothing if there is no address.
func linkedIfAny(address, label string) string {
	if address == "" {
		return ""
	}
	return linked(address, label)
}

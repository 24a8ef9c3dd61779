package slackview

import (
	"fmt"
	"strconv"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// HomeView is the Home tab as Slack shows it.
type HomeView = slack.HomeTabViewRequest

// The action_ids on Home of the button that opens the form of a new ticket, and of the field into
// which people type what they look for.
const (
	HomeOpenID = "home_open"
	HomeFindID = "home_find"
)

// Home is the Home tab of a person. It mentions nobody. Times are not relative to now, so that
// it says the same until something changes.
//
// Its blocks are at most 100, which Slack takes: a heading, its rows and the buttons of
// the pages for each shelf.
// https://docs.slack.dev/reference/block-kit/blocks
func Home(h desk.Home, o HomeOffers, s Scene) HomeView {
	switch {
	case !h.Reader.CanRequest():
		return homeView(section("Tickets are for the members of this workspace."))
	case h.Reader.Answers():
		return homeView(deskHome(h, o, s)...)
	case h.Shelf(desk.ShelfAsked).Total == 0 && h.Shelf(desk.ShelfFollowed).Total == 0:
		return homeView(firstSteps(s)...)
	}
	return homeView(append([]slack.Block{openButton(), findField()}, shelves(h, s)...)...)
}

func homeView(blocks ...slack.Block) HomeView {
	return HomeView{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: blocks}}
}

func openButton() slack.Block {
	return slack.NewActionBlock("", slack.NewButtonBlockElement(HomeOpenID, "", plain("Open a ticket")).WithStyle(slack.StylePrimary))
}

// findField is sent with the Enter key. A Home tab has nothing to submit.
// https://docs.slack.dev/reference/block-kit/blocks/input-block
func findField() slack.Block {
	words := slack.NewPlainTextInputBlockElement(plain("Words of a ticket, or its number"), HomeFindID).WithMaxLength(longestQuery)
	words.DispatchActionConfig = &slack.DispatchActionConfig{TriggerActionsOn: []string{"on_enter_pressed"}}
	field := slack.NewInputBlock(HomeFindID, plain("Find a ticket"), plain("Press Enter."), words)
	return field.WithOptional(true).WithDispatchAction(true)
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

// deskHome is the Home tab of a responder.
func deskHome(h desk.Home, o HomeOffers, s Scene) []slack.Block {
	blocks := []slack.Block{openButton(), findField(), section(lines(figures(h), dutyLines(h, s)))}
	if coming := comingLines(h, s); len(coming) > 0 {
		blocks = append(blocks, smallPrint(coming...))
	}
	if load := loadLines(h, s); len(load) > 0 {
		blocks = append(blocks, smallPrint(lines(load...)))
	}
	if took := gardenedLines(h); took != "" {
		blocks = append(blocks, smallPrint(took))
	}
	if h.Figures.Open > 0 || h.Choice.Filtered() {
		blocks = append(blocks, choices(h.Choice, o))
	}
	rows := shelves(h, s)
	if len(rows) == 0 && len(h.Questions) == 0 && !h.Choice.Filtered() {
		rows = append(rows, section("Nothing waits for you, and nothing waits for an owner."))
	}
	return append(append(blocks, rows...), questions(h, s)...)
}

// figures is the desk in a line.
func figures(h desk.Home) string {
	f := h.Figures
	switch {
	case f.Open == 0 && h.Choice.Filtered():
		return "No ticket is open of those that you chose to see."
	case f.Open == 0:
		return "No ticket is open."
	}
	return figuresOf(f)
}

// squadFigures is the squads that somebody leads in a line. It says nothing about single people.
func squadFigures(h desk.Home) string {
	names := slackformat.Escape(slackformat.Clip(slackformat.OneLine(enumerated(h.Reader.Leads)), longestShown))
	return dots(names, figuresOf(h.Squad))
}

func figuresOf(f desk.Figures) string {
	return dots(fmt.Sprintf("*%d open*", f.Open), fmt.Sprintf("%d without an owner", f.Unowned),
		fmt.Sprintf("%d late", f.Late), fmt.Sprintf("%d waiting or on hold", f.Paused))
}

// mostOnDuty is of how many squads Home tells who is on duty.
const mostOnDuty = 5

// dutyLines tell who is on duty in the reader's squads; "" if none has a rota.
func dutyLines(h desk.Home, s Scene) string {
	var all []string
	for _, of := range h.OnDuty[:min(len(h.OnDuty), mostOnDuty)] {
		text := dutyOf(of.Person, h.Reader.ID, s) + " on duty for " + slackformat.Escape(of.Squad)
		if !of.Until.IsZero() {
			text += " until " + date(of.Until)
		}
		all = append(all, text+".")
	}
	return lines(all...)
}

// comingLines tell who is on duty in the reader's squads in the next four weeks, a text for each; none
// if nothing changes.
func comingLines(h desk.Home, s Scene) (all []string) {
	for _, of := range h.OnDuty[:min(len(h.OnDuty), mostOnDuty)] {
		if len(of.Coming) > 0 {
			all = append(all, comingUp(of.Squad, of.Coming, s))
		}
	}
	return all
}

// dutyOf begins a sentence about who is on duty.
func dutyOf(person, reader string, s Scene) string {
	switch person {
	case "":
		return "Nobody is"
	case reader:
		return "You are"
	}
	return s.name(person) + " is"
}

// shelfTitles are the headings of the shelves.
var shelfTitles = map[desk.ShelfName]string{
	desk.ShelfNeedsMe: "Needs you now",
	desk.ShelfMine:    "Yours",
	desk.ShelfUnowned: "Without an owner",
	desk.ShelfPaused:  "Waiting and on hold",
	desk.ShelfSquad:   "Your squad",
	desk.ShelfOthers:  "What others of your squad have",
	desk.ShelfAsked:   "What you asked for",

	desk.ShelfFollowed: "What you follow",
}

// shelves are the shelves that have anything.
func shelves(h desk.Home, s Scene) (blocks []slack.Block) {
	for _, one := range h.Shelves {
		if one.Total > 0 {
			blocks = append(blocks, shelf(one, h, s)...)
		}
	}
	return blocks
}

// shelf is a heading, a row for each ticket, and the buttons of its other pages.
func shelf(of desk.Shelf, h desk.Home, s Scene) []slack.Block {
	blocks := []slack.Block{slack.NewHeaderBlock(plain(dots(shelfTitles[of.Name], pageOf(of))))}
	if of.Name == desk.ShelfSquad {
		blocks = append(blocks, smallPrint(squadFigures(h)))
	}
	for _, r := range of.Rows {
		blocks = append(blocks, homeRow(of.Name, r, h.Reader, s))
	}
	return withButtons(blocks, turnButtons(of))
}

// pageOf is which part of a shelf is shown: "11 to 20 of 34", or how much there is.
func pageOf(of desk.Shelf) string {
	if of.Total == len(of.Rows) {
		return strconv.Itoa(of.Total)
	}
	return fmt.Sprintf("%d to %d of %d", of.From+1, of.From+len(of.Rows), of.Total)
}

func turnButtons(of desk.Shelf) (buttons []slack.BlockElement) {
	turn := func(id, label string, from int) {
		buttons = append(buttons, slack.NewButtonBlockElement(id, fmt.Sprintf("%s:%d", of.Name, from), plain(label)))
	}
	if of.From > 0 {
		turn(homeEarlierID, "Earlier", max(of.From-of.Name.Page(), 0))
	}
	if next := of.From + len(of.Rows); next < of.Total {
		turn(homeLaterID, "Later", next)
	}
	return buttons
}

// homeRow is a ticket in two or three lines: its title, its state, and the question that waits
// for the reader. Beside it is what the reader is most likely to do.
func homeRow(on desk.ShelfName, r desk.HomeRow, reader desk.Person, s Scene) slack.Block {
	row := slack.NewSectionBlock(mrkdwn(homeWords(r, s)), nil, nil)
	row.BlockID = fmt.Sprintf("%s:%d", on, int64(r.Ticket.Number)) // a ticket can be on two shelves
	if press := homeButton(on, r.Ticket, reader); press != nil {
		row.Accessory = slack.NewAccessory(press)
	}
	return row
}

func homeWords(r desk.HomeRow, s Scene) string {
	if r.Unreadable {
		return lines("*"+r.Ticket.Number.String()+"*", whereItStands(r.Record, s))
	}
	r.Ticket = inBrief(r.Ticket)
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

// whereItStands is the state of a ticket for who may not read it.
func whereItStands(r desk.Record, s Scene) string {
	if r.Ticket.State.Ended() {
		return dots("It has ended", about(r.Ticket.EndedAt, r.Ticket.EndInexact))
	}
	return dots(whoHas(r.Ticket, s), promise(r.Clock(sla.Resolve), s.Now))
}

// homeButton is the button beside a ticket; nil for none.
func homeButton(on desk.ShelfName, t ticket.Ticket, reader desk.Person) slack.BlockElement {
	switch {
	case on == desk.ShelfFollowed:
		return button(ActionUnfollow, t.Number)
	case !reader.In(t.Channel).Responder || t.State.Ended():
		return nil
	case !t.Owned():
		return button(ActionClaim, t.Number)
	case t.Assignee == reader.ID:
		return button(ActionResolve, t.Number)
	}
	return nil
}

// linkedIfAny is a link, or nothing if there is no address.
func linkedIfAny(address, label string) string {
	if address == "" {
		return ""
	}
	return linked(address, label)
}

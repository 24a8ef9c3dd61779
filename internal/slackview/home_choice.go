package slackview

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// HomeOffers are what people can choose between on Home.
type HomeOffers struct {
	Categories []string
	Squads     []string
}

// The action_ids of what people choose to see on Home.
const (
	homeEarlierID  = "home_earlier" // the value is the shelf and how many are before: "unowned:10"
	homeLaterID    = "home_later"
	homeCategoryID = "home_category"
	homeSquadID    = "home_squad"
	homePriorityID = "home_priority"
	homeAllID      = "home_all"
)

// choices are the menus by which people choose, and a button that shows everything again. The
// block's id changes with the choice: Slack keeps what a menu shows as long as the ids are the
// same.
// https://docs.slack.dev/surfaces/modals#preserving-input
func choices(c desk.HomeChoice, o HomeOffers) slack.Block {
	priority := homeMenu(homePriorityID, "Any priority", priorityNames(), strings.ToUpper, c.Priority.String())
	all := []slack.BlockElement{priority}
	if len(o.Categories) > 1 {
		all = append(all, homeMenu(homeCategoryID, "Any category", o.Categories, idOf, c.Category))
	}
	if len(o.Squads) > 0 {
		all = append(all, homeMenu(homeSquadID, "Any squad", o.Squads, idOf, c.Squad))
	}
	if c.Filtered() {
		all = append(all, slack.NewButtonBlockElement(homeAllID, "all", plain("Show all")))
	}
	return slack.NewActionBlock("home_choice:"+idOf(fmt.Sprint(c.Category, "|", c.Squad, "|", c.Priority)), all...)
}

func priorityNames() (names []string) {
	for _, p := range ticket.Priorities {
		names = append(names, p.String())
	}
	return names
}

func homeMenu(id, placeholder string, names []string, value func(string) string, chosen string) *slack.SelectBlockElement {
	var options []*slack.OptionBlockObject
	for _, name := range names {
		options = append(options, option(value(name), slackformat.OneLine(name)))
	}
	return choiceMenu(id, placeholder, options, value(chosen))
}

// ParseHomeChoice parses a press by which somebody chooses what to see on Home. It returns false
// for every other press, and for a choice that is no longer on offer.
func ParseHomeChoice(actionID, value string, o HomeOffers) (func(desk.HomeChoice) desk.HomeChoice, bool) {
	filter := func(set func(*desk.HomeChoice)) (func(desk.HomeChoice) desk.HomeChoice, bool) {
		return func(c desk.HomeChoice) desk.HomeChoice { c.From = nil; set(&c); return c }, true
	}
	switch actionID {
	case homeEarlierID, homeLaterID:
		return parseTurn(value)
	case homeAllID:
		return filter(func(c *desk.HomeChoice) { *c = desk.HomeChoice{} })
	case homeCategoryID:
		name := withID(o.Categories, value)
		return filter(func(c *desk.HomeChoice) { c.Category = name })
	case homeSquadID:
		name := withID(o.Squads, value)
		return filter(func(c *desk.HomeChoice) { c.Squad = name })
	case homePriorityID:
		p, _ := ticket.ParsePriority(value) // 0, for any, if it is none
		return filter(func(c *desk.HomeChoice) { c.Priority = p })
	}
	return nil, false
}

// withID is the name with an id, or "" if there is none any more.
func withID(names []string, id string) string {
	for _, name := range names {
		if idOf(name) == id {
			return name
		}
	}
	return ""
}

func parseTurn(value string) (func(desk.HomeChoice) desk.HomeChoice, bool) {
	name, number, _ := strings.Cut(value, ":")
	from, err := strconv.Atoi(number)
	shelf := desk.ShelfName(name)
	if _, known := shelfTitles[shelf]; !known || err != nil || from < 0 {
		return nil, false
	}
	return func(c desk.HomeChoice) desk.HomeChoice { return c.Turned(shelf, from) }, true
}

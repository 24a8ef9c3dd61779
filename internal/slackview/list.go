package slackview

import (
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
)

// listTitle describes the filter of a list: "Open tickets · P1 · without an owner".
func listTitle(f desk.Filter, s Scene) string {
	title := map[desk.Scope]string{desk.ScopeOpen: "Open tickets", desk.ScopeEnded: "Ended tickets", desk.ScopeAll: "Tickets"}[f.Scope]
	if f.Person != "" {
		title = "Your tickets"
	}
	parts := []string{title}
	add := func(is bool, words string) {
		if is {
			parts = append(parts, words)
		}
	}
	add(f.Priority != 0, f.Priority.String())
	add(f.Unowned, "without an owner")
	add(f.Paused, "paused")
	add(f.State != "", strings.ReplaceAll(string(f.State), "_", " "))
	add(f.Requester != "", "asked by "+s.name(f.Requester))
	add(f.Owner != "", "owned by "+s.name(f.Owner))
	add(!f.After.IsZero(), "from "+f.After.Format(time.DateOnly))
	add(!f.Before.IsZero(), "before "+f.Before.Format(time.DateOnly))
	add(f.Category != "", slackformat.Escape(slackformat.OneLine(f.Category)))
	return dots(parts...)
}

// RecentlyEnded is for how long Mine shows a ticket that has ended: as long as it can be
// reopened.
const RecentlyEnded = 7 * 24 * time.Hour

// Mine shows a person's tickets: those that they have, those that they asked for, and those
// of either that ended a short while ago. A ticket is in one of the three.
func Mine(list desk.Listing, person string, s Scene) slackformat.Message {
	if list.Total == 0 {
		return say("Your tickets: none. Those that ended are here for 7 days.")
	}
	var have, asked, ended []string
	for _, t := range list.Tickets[:min(len(list.Tickets), MostListed)] {
		switch row := listed(t, s); {
		case t.State.Ended():
			ended = append(ended, row)
		case t.Assignee == person:
			have = append(have, row)
		default:
			asked = append(asked, row)
		}
	}
	m := slackformat.Message{Text: fmt.Sprintf("Your tickets: %d", list.Total)}
	m.Blocks = []slack.Block{section("*" + m.Text + "*")}
	for _, part := range []struct {
		title string
		rows  []string
	}{{"You have", have}, {"You asked for", asked}, {"Ended in the last 7 days", ended}} {
		if len(part.rows) > 0 {
			m.Blocks = append(m.Blocks, sections(append([]string{"*" + part.title + "*"}, part.rows...))...)
		}
	}
	if more := list.Total - len(have) - len(asked) - len(ended); more > 0 {
		m.Blocks = append(m.Blocks, smallPrint(fmt.Sprintf("… and %d more. `%s find by:me` and `owner:me` show all.", more, s.Command)))
	}
	return m
}

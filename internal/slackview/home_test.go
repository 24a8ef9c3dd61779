package slackview

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"supporty/internal/desk"
	"supporty/internal/dev/slacksim/blockkit"
	"supporty/internal/ticket"
)

// goldenHome compares a Home tab with its golden file.
func goldenHome(t *testing.T, name string, v HomeView) {
	t.Helper()
	checkHome(t, v)
	golden(t, name, v)
}

// checkHome reports what Slack would refuse, and every mention.
func checkHome(t reporter, v HomeView) {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Errorf("encoding: %v", err)
	}
	for _, problem := range blockkit.View(raw) {
		t.Errorf("Slack would refuse it: %s", problem)
	}
	checkParts(t, raw, nil)
}

func homeScene(now time.Time) Scene {
	s := sceneAt(now)
	s.Workspace = "https://acme.slack.com"
	return s
}

// row is a ticket with another number.
func row(n ticket.Number, r desk.Record) desk.HomeRow {
	r.Ticket.Number = n
	return desk.HomeRow{Record: r, Thread: r.Card}
}

func TestHome(t *testing.T) {
	t.Parallel()
	claimed := entry(ticket.Claimed, "UBOB", time.Minute, ticket.Details{})
	waits := row(43, ticket42(t, opened(), claimed, entry(ticket.Waited, "UBOB", 2*time.Minute, ticket.Details{Text: "Which <card> type?"})))
	waits.Asks = true
	mute := row(44, ticket42(t, opened(), claimed, entry(ticket.Waited, "UBOB", 2*time.Minute, ticket.Details{})))
	mute.Asks, mute.Thread = true, ticket.Message{}
	solved := row(41, ticket42(t, opened(), claimed, entry(ticket.Resolved, "UBOB", time.Hour, ticket.Details{Solution: ticket.SolvedByCode, Note: "Rule lifted"})))
	alice := desk.Person{ID: "UALICE", Member: true}
	for name, h := range map[string]desk.Home{
		"newcomer":  {Reader: alice, Shelves: []desk.Shelf{{Name: desk.ShelfAsked}}},
		"requester": {Reader: alice, Shelves: []desk.Shelf{{Name: desk.ShelfAsked, Total: 14, Rows: []desk.HomeRow{row(42, ticket42(t, opened())), waits, mute, solved}}}},
		"stranger":  {Reader: desk.Person{ID: "UALICE", External: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			goldenHome(t, "home_"+name, Home(h, homeScene(after(90*time.Minute))))
		})
	}
}

// Slack takes a hundred blocks, and texts of 3,000 characters.
func TestHomeFitsIntoSlack(t *testing.T) {
	t.Parallel()
	nasty := opened()
	nasty.Title, nasty.Category = strings.Repeat("<", desk.MaxTitle), strings.Repeat("&", 200)
	question := entry(ticket.Waited, "UDANA", 2*time.Minute, ticket.Details{Text: strings.Repeat("&", desk.MaxText)})
	r := ticket42(t, nasty, entry(ticket.Claimed, "UDANA", time.Minute, ticket.Details{}), question)
	full := desk.Shelf{Name: desk.ShelfAsked, Total: 1000}
	for i := range desk.ShelfPage {
		one := row(ticket.Number(i+1), r)
		one.Asks = true
		full.Rows = append(full.Rows, one)
	}
	s := homeScene(after(time.Hour))
	s.Names = func(id string) string { return fmt.Sprint(id, strings.Repeat("<", 300)) }
	checkHome(t, Home(desk.Home{Reader: desk.Person{ID: "UALICE"}, Shelves: []desk.Shelf{full}}, s))
}

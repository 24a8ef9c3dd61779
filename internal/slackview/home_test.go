package slackview

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

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
	alice, bob := desk.Person{ID: "UALICE", Member: true}, desk.Person{ID: "UBOB", Member: true, Responder: true}
	his := row(45, ticket42(t, opened(), claimed))
	held := row(46, ticket42(t, opened(), entry(ticket.Claimed, "UDANA", time.Minute, ticket.Details{}), entry(ticket.Held, "UDANA", 2*time.Minute, ticket.Details{Text: "The bank's <fix>", ReviewAt: after(120 * time.Hour)})))
	waiting := waits
	waiting.Asks = false
	open := row(42, ticket42(t, opened()))
	for name, h := range map[string]desk.Home{
		"newcomer":  {Reader: alice, Shelves: []desk.Shelf{{Name: desk.ShelfAsked}}},
		"requester": {Reader: alice, Shelves: []desk.Shelf{{Name: desk.ShelfAsked, Total: 14, Rows: []desk.HomeRow{open, waits, mute, solved}}}},
		"responder": {Reader: bob, Figures: desk.Figures{Open: 34, Unowned: 21, Late: 2, Paused: 2}, Shelves: []desk.Shelf{
			{Name: desk.ShelfNeedsMe, Total: 1, Rows: []desk.HomeRow{his}},
			{Name: desk.ShelfMine},
			{Name: desk.ShelfUnowned, Total: 21, From: 10, Rows: []desk.HomeRow{open, row(47, open.Record)}},
			{Name: desk.ShelfPaused, Total: 2, Rows: []desk.HomeRow{waiting, held}},
			{Name: desk.ShelfAsked, Total: 1, Rows: []desk.HomeRow{open}},
		}},
		"idle":     {Reader: bob},
		"stranger": {Reader: desk.Person{ID: "UALICE", External: true}},
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
	h := desk.Home{Reader: desk.Person{ID: "UDANA", Responder: true}}
	for name := range shelfTitles {
		full := desk.Shelf{Name: name, Total: 1000, From: 10}
		for i := range desk.ShelfPage {
			one := row(ticket.Number(i+1), r)
			one.Asks = true
			full.Rows = append(full.Rows, one)
		}
		h.Shelves = append(h.Shelves, full)
	}
	s := homeScene(after(time.Hour))
	s.Names = func(id string) string { return fmt.Sprint(id, strings.Repeat("<", 300)) }
	checkHome(t, Home(h, s))
}

func TestParseHomeTurn(t *testing.T) {
	t.Parallel()
	for _, of := range []desk.Shelf{{Name: desk.ShelfUnowned, Total: 25, From: 10, Rows: make([]desk.HomeRow, 10)}} {
		var turns []HomeTurn
		for _, b := range turnButtons(of) {
			press := b.(*slack.ButtonBlockElement)
			turn, ok := ParseHomeTurn(press.ActionID, press.Value)
			if !ok {
				t.Errorf("%s %s is no turn", press.ActionID, press.Value)
			}
			turns = append(turns, turn)
		}
		if want := []HomeTurn{{desk.ShelfUnowned, 0}, {desk.ShelfUnowned, 20}}; !slices.Equal(turns, want) {
			t.Errorf("turns %v, want %v", turns, want)
		}
	}
	for _, bad := range [][2]string{{"claim", "unowned:1"}, {homeLaterID, "unowned"}, {homeLaterID, "owned:1"}, {homeLaterID, "unowned:-1"}, {homeLaterID, ""}} {
		if turn, ok := ParseHomeTurn(bad[0], bad[1]); ok {
			t.Errorf("%q is the turn %v", bad, turn)
		}
	}
}

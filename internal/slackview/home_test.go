package slackview

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/desk"
	"supporty/internal/dev/slacksim/blockkit"
	"supporty/internal/duty"
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

var homeOffers = HomeOffers{Categories: []string{"Payments", "<Product> & more"}, Squads: []string{"Checkout"}}

// row is a ticket with another number.
func row(n ticket.Number, r desk.Record) desk.HomeRow {
	r.Ticket.Number = n
	return desk.HomeRow{Record: r, Thread: r.Card}
}

// unread is a ticket for somebody who follows it without a right to read it.
func unread(n ticket.Number, r desk.HomeRow) desk.HomeRow {
	r.Thread, r.Unreadable = ticket.Message{}, true
	r.Ticket.Number, r.Ticket.Title = n, "nobody reads this"
	return r
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
		"responder": {Reader: bob, Figures: desk.Figures{Open: 34, Unowned: 21, Late: 2, Paused: 2}, OnDuty: []desk.SquadOnDuty{
			{Squad: "Checkout & <co>", Shift: duty.Shift{Person: "UBOB", Until: after(72 * time.Hour)}}, {Squad: "Nights"}, {Squad: "Refunds", Shift: duty.Shift{Person: "UDANA"}},
		}, Shelves: []desk.Shelf{
			{Name: desk.ShelfNeedsMe, Total: 1, Rows: []desk.HomeRow{his}},
			{Name: desk.ShelfMine},
			{Name: desk.ShelfUnowned, Total: 21, From: 10, Rows: []desk.HomeRow{open, row(47, open.Record)}},
			{Name: desk.ShelfPaused, Total: 2, Rows: []desk.HomeRow{waiting, held}},
			{Name: desk.ShelfAsked, Total: 1, Rows: []desk.HomeRow{open}},
			{Name: desk.ShelfFollowed, Total: 1, Rows: []desk.HomeRow{waiting}},
		}},
		"follower": {Reader: desk.Person{ID: "UERIN"}, Shelves: []desk.Shelf{
			{Name: desk.ShelfAsked},
			{Name: desk.ShelfFollowed, Total: 2, Rows: []desk.HomeRow{unread(42, his), unread(41, solved)}},
		}},
		"lead": {Burdens: []duty.Burden{
			{Person: "UBOB", Open: 4, Hours: 16 * time.Hour, OutOfHours: 40 * time.Hour, Calls: 1, CallsOut: 2}, {Person: "UDANA", Open: 1}, {Person: "UCAROL"}, {Person: "UERIN", Hours: 8 * time.Hour, Calls: 1},
		}, Gardened: []desk.Gardened{{Squad: "<Core> & co", Took: 9, Of: 14}, {Squad: "Data", Took: 1, Of: 1, Own: true}},
			Reader: desk.Person{ID: "UBOB", Member: true, Responder: true, Leads: []string{"Checkout", "<Core> & co"}}, Figures: desk.Figures{Open: 34, Unowned: 21, Late: 2, Paused: 2},
			Squad: desk.Figures{Open: 12, Unowned: 4, Late: 1, Paused: 2}, Shelves: []desk.Shelf{
				{Name: desk.ShelfNeedsMe}, {Name: desk.ShelfMine}, {Name: desk.ShelfSquad, Total: 12, From: 5, Rows: []desk.HomeRow{open, row(47, open.Record), row(48, open.Record), row(49, open.Record), held}},
			}},
		"idle": {Reader: bob},
		"asked": {Reader: bob, Asked: 12, Questions: []desk.Question{
			{Message: ticket.Message{Channel: "CSUPPORT", TS: "1763632300.000100"}, Author: "UALICE", AskedAt: after(-time.Hour)},
			{Message: ticket.Message{Channel: "CSUPPORT", TS: "1763632100.000100"}, Author: "UCAROL", AskedAt: after(-2 * time.Hour)},
		}},
		"filtered": {Reader: bob, Choice: desk.HomeChoice{Category: "Payments", Squad: "Checkout", Priority: ticket.P1}},
		"stranger": {Reader: desk.Person{ID: "UALICE", External: true, AnswersOnly: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			goldenHome(t, "home_"+name, Home(h, homeOffers, homeScene(after(90*time.Minute))))
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
	h := desk.Home{Reader: desk.Person{ID: "UDANA", Responder: true}, Asked: 99}
	for i := range desk.ShelfPage {
		h.Questions = append(h.Questions, desk.Question{Message: ticket.Message{Channel: "C1", TS: fmt.Sprint(i)}, Author: "UALICE", AskedAt: after(0)})
	}
	for _, name := range shelvesOfOne() {
		full := desk.Shelf{Name: name, Total: 1000, From: 10}
		for i := range name.Page() {
			one := row(ticket.Number(i+1), r)
			one.Asks = true
			full.Rows = append(full.Rows, one)
		}
		h.Shelves = append(h.Shelves, full)
	}
	s := homeScene(after(time.Hour))
	s.Names = func(id string) string { return fmt.Sprint(id, strings.Repeat("<", 300)) }
	checkHome(t, Home(h, homeOffers, s))
}

func TestParseHomeChoice(t *testing.T) {
	t.Parallel()
	before := desk.HomeChoice{Category: "Payments", From: map[desk.ShelfName]int{desk.ShelfMine: 10}}
	for _, test := range []struct {
		action, value string
		want          desk.HomeChoice
	}{
		{homeEarlierID, "unowned:0", desk.HomeChoice{Category: "Payments", From: map[desk.ShelfName]int{desk.ShelfMine: 10, desk.ShelfUnowned: 0}}},
		{homeLaterID, "mine:20", desk.HomeChoice{Category: "Payments", From: map[desk.ShelfName]int{desk.ShelfMine: 20}}},
		{homeCategoryID, idOf("<Product> & more"), desk.HomeChoice{Category: "<Product> & more"}},
		{homeCategoryID, idOf("gone"), desk.HomeChoice{}},
		{homeSquadID, idOf("Checkout"), desk.HomeChoice{Category: "Payments", Squad: "Checkout"}},
		{homePriorityID, "P2", desk.HomeChoice{Category: "Payments", Priority: ticket.P2}},
		{homeAllID, "all", desk.HomeChoice{}},
	} {
		change, ok := ParseHomeChoice(test.action, test.value, homeOffers)
		if !ok {
			t.Errorf("%s %s is no choice", test.action, test.value)
			continue
		}
		if diff := cmp.Diff(test.want, change(before)); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", test.action, test.value, diff)
		}
	}
	for _, bad := range [][2]string{{"claim", "unowned:1"}, {homeLaterID, "unowned"}, {homeLaterID, "owned:1"}, {homeLaterID, "unowned:-1"}, {homeLaterID, ""}} {
		if _, ok := ParseHomeChoice(bad[0], bad[1], homeOffers); ok {
			t.Errorf("%q is a choice", bad)
		}
	}
}

// Every menu and button of choices is understood.
func TestHomeOffersWhatItUnderstands(t *testing.T) {
	t.Parallel()
	many := HomeOffers{Squads: []string{"Checkout"}}
	for i := range 100 {
		many.Categories = append(many.Categories, fmt.Sprint("Category ", i))
	}
	shown := Home(desk.Home{Reader: desk.Person{ID: "UBOB", Responder: true}, Choice: desk.HomeChoice{Squad: "Checkout"}, Shelves: []desk.Shelf{
		{Name: desk.ShelfUnowned, Total: 25, From: 10, Rows: []desk.HomeRow{row(1, ticket42(t, opened()))}},
	}}, many, homeScene(friday))
	checkHome(t, shown)
	raw, err := json.Marshal(shown)
	if err != nil {
		t.Fatal(err)
	}
	var decoded any
	if err := json.Unmarshal(raw, &decoded); err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, e := range pressableIn(decoded) {
		if strings.HasPrefix(e[0], "home_") {
			found++
			if _, ok := ParseHomeChoice(e[0], e[1], many); !ok {
				t.Errorf("%q is not understood", e)
			}
		}
	}
	if found != 3+100+1+1+2 {
		t.Errorf("found %d choices", found)
	}
}

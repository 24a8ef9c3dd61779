package slackview

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"supporty/internal/desk"
	"supporty/internal/duty"
	"supporty/internal/ticket"
)

// Whatever there is, Slack takes Home: at most a hundred blocks, and each text within its limit. It
// mentions nobody.
func TestHomeAlwaysFitsIntoSlack(t *testing.T) {
	t.Parallel()
	records := recordsOfHome(t)
	rapid.Check(t, func(t *rapid.T) {
		h, offers := anyHome(t, records)
		s := homeScene(after(90 * time.Minute))
		name := words(300).Draw(t, "name of everybody")
		s.Names = func(string) string { return name }
		checkHome(t, Home(h, offers, s))
	})
}

// So it does with what answers a gesture by command.
func TestAnswersToGesturesFitIntoSlack(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Dana", strings.Repeat("&", 300)} {
		s := homeScene(after(90 * time.Minute))
		s.Names = func(string) string { return name }
		for _, r := range recordsOfHome(t) {
			checkMessage(t, Stands(r, s))
			r.Timeline[len(r.Timeline)-1].Gesture = ticket.ByCommand
			for _, person := range []string{"UDANA", "UALICE"} {
				checkMessage(t, Recorded(r, person, s))
			}
		}
	}
}

// words are texts as people write them, up to a length: among them what grows when it is escaped,
// and characters of several bytes.
func words(longest int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		part := rapid.SampledFrom([]string{"a", "&", "<!channel>", "\n", "👩‍👩‍👧‍👦", "*_~`", "\u202e", " word", "|"}).Draw(t, "part")
		n := rapid.IntRange(1, longest).Draw(t, "length")
		runes := []rune(strings.Repeat(part, n))
		return string(runes[:n])
	})
}

// recordsOfHome are tickets in each state, with the longest texts.
func recordsOfHome(t *testing.T) (all []desk.Record) {
	for _, part := range []string{"x", "<", "&", "👀"} {
		first := opened()
		first.Title, first.Category = strings.Repeat(part, desk.MaxTitle), strings.Repeat(part, 75)
		long := ticket.Details{Text: strings.Repeat(part, desk.MaxText), ReviewAt: after(72 * time.Hour)}
		claimed := entry(ticket.Claimed, "UDANA", time.Minute, ticket.Details{})
		all = append(all, ticket42(t, first), ticket42(t, first, claimed),
			ticket42(t, first, claimed, entry(ticket.Waited, "UDANA", 2*time.Minute, long)),
			ticket42(t, first, claimed, entry(ticket.Held, "UDANA", 2*time.Minute, long)),
			ticket42(t, first, entry(ticket.Resolved, "UDANA", 2*time.Minute, ticket.Details{Solution: ticket.SolvedByCode, Note: long.Text})),
			ticket42(t, first, entry(ticket.Closed, "UDANA", 2*time.Minute, ticket.Details{CloseReason: ticket.NotAnIssue, Note: long.Text})))
	}
	return all
}

func anyHome(t *rapid.T, records []desk.Record) (desk.Home, HomeOffers) {
	name := rapid.Map(words(74), func(s string) string { return "S" + s })
	names := func(most int, of string) []string {
		return rapid.SliceOfNDistinct(name, 0, most, rapid.ID[string]).Draw(t, of)
	}
	offers := HomeOffers{Squads: names(40, "squads")}
	for i := range rapid.IntRange(1, 200).Draw(t, "categories") {
		offers.Categories = append(offers.Categories, fmt.Sprint(i, offers.Squads))
	}
	count := rapid.IntRange(0, 2_000_000)
	figures := func() desk.Figures {
		return desk.Figures{Open: count.Draw(t, "open"), Unowned: count.Draw(t, "unowned"), Late: count.Draw(t, "late"), Paused: count.Draw(t, "paused")}
	}
	h := desk.Home{
		Reader: desk.Person{
			ID: "UBOB", Member: rapid.Bool().Draw(t, "member"), Responder: rapid.Bool().Draw(t, "responder"), Leads: names(20, "leads"),
		},
		Figures: figures(), Squad: figures(),
		Choice: desk.HomeChoice{
			Category: rapid.SampledFrom(append(offers.Categories, "")).Draw(t, "category"),
			Squad:    rapid.SampledFrom(append(slices.Clone(offers.Squads), "")).Draw(t, "squad"),
			Priority: ticket.Priority(rapid.IntRange(0, 3).Draw(t, "priority")),
		},
	}
	for _, squad := range names(20, "squads with a rota") {
		h.OnDuty = append(h.OnDuty, desk.SquadOnDuty{Squad: squad, Shift: duty.Shift{
			Person: rapid.SampledFrom([]string{"", "UBOB", "UDANA"}).Draw(t, "on duty"), Until: after(time.Hour),
		}})
	}
	for _, name := range shelvesOfOne() {
		h.Shelves = append(h.Shelves, anyShelf(t, name, records))
	}
	for i := range rapid.IntRange(0, desk.ShelfPage).Draw(t, "questions") {
		h.Questions = append(h.Questions, desk.Question{Message: ticket.Message{Channel: "C1", TS: fmt.Sprint(i)}, Author: "UALICE", AskedAt: after(0)})
	}
	for range rapid.IntRange(0, 40).Draw(t, "burdens") {
		h.Burdens = append(h.Burdens, duty.Burden{
			Person: "UBOB", Open: count.Draw(t, "tickets"), Hours: 168 * time.Hour, OutOfHours: time.Hour, Calls: count.Draw(t, "calls"), CallsOut: count.Draw(t, "calls out of hours"),
		})
	}
	for range rapid.IntRange(0, 10).Draw(t, "gardens") {
		h.Gardened = append(h.Gardened, desk.Gardened{Squad: strings.Repeat("&", 75), Took: count.Draw(t, "took"), Of: 1 + count.Draw(t, "of")})
	}
	h.Asked = len(h.Questions) + count.Draw(t, "other questions")
	return h, offers
}

// shelvesOfOne are all shelves that one person can have: who leads a squad has no ShelfOthers.
func shelvesOfOne() []desk.ShelfName {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(shelfTitles)), func(n desk.ShelfName) bool { return n == desk.ShelfOthers })
}

func anyShelf(t *rapid.T, name desk.ShelfName, records []desk.Record) desk.Shelf {
	of := desk.Shelf{Name: name, From: rapid.IntRange(0, 1000).Draw(t, "from")}
	for i := range rapid.IntRange(0, name.Page()).Draw(t, "rows") {
		one := row(ticket.Number(1_000_000+i), rapid.SampledFrom(records).Draw(t, "ticket"))
		one.Asks = rapid.Bool().Draw(t, "asks")
		if one.Unreadable = rapid.Bool().Draw(t, "unreadable"); one.Unreadable {
			one.Thread = ticket.Message{}
		}
		of.Rows = append(of.Rows, one)
	}
	of.Total = of.From + len(of.Rows) + rapid.IntRange(0, 1000).Draw(t, "after")
	return of
}

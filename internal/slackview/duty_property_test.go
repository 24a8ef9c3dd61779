package slackview

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"supporty/internal/desk"
	"supporty/internal/duty"
)

// anyCompany is a company of up to 200 squads with up to 200 people, whose names are as long as they may be.
type anyCompany struct {
	squads, people []string
	scene          Scene
}

func drawCompany(t *rapid.T) anyCompany {
	part := rapid.SampledFrom([]string{"Q", "&", "👀"}).Draw(t, "part")
	c := anyCompany{scene: homeScene(after(90 * time.Minute))}
	for i := range rapid.SampledFrom([]int{1, 5, 12, 200}).Draw(t, "squads") {
		c.squads = append(c.squads, fmt.Sprintf("%03d", i)+strings.Repeat(part, 72))
	}
	for i := range rapid.SampledFrom([]int{1, 20, duty.MostPeople}).Draw(t, "people") {
		c.people = append(c.people, fmt.Sprintf("U%09d", i))
	}
	c.scene.Names = func(string) string { return strings.Repeat(part, 80) }
	return c
}

// turns are as many shifts, of the people in turn.
func (c anyCompany) turns(n int) (all []duty.Shift) {
	for i := range n {
		all = append(all, duty.Shift{Person: c.people[i%len(c.people)], From: friday.AddDate(0, 0, i), Until: friday.AddDate(0, 0, i+1)})
	}
	return all
}

func (c anyCompany) loads() (all []duty.Load) {
	for _, person := range c.people {
		hours := map[duty.Kind]time.Duration{duty.Working: 1e3 * time.Hour, duty.Weekend: 1e3 * time.Hour, duty.Holiday: 1e3 * time.Hour}
		all = append(all, duty.Load{Squad: c.squads[0], Person: person, Hours: hours, Nights: 90, Pages: 90, Woken: 90})
	}
	return all
}

func (c anyCompany) shifts(t *rapid.T) (all []Shifts) {
	coming := c.turns(14)
	for _, squad := range c.squads {
		of := Shifts{
			Squad: squad, Now: coming[0], Next: coming[1], Coming: coming[1:], Own: true, Makes: true, Feed: "https://desk.example.com/v1/duty/" + strings.Repeat("x", 300),
			Gardeners: []string{"UALICE", "UBOB"}, NoRota: rapid.Bool().Draw(t, "no rota"), Source: desk.RotaSource{Made: madeRota(false), Settings: true},
		}
		for i := range 20 {
			of.Overrides = append(of.Overrides, desk.Override{ID: int64(i), Squad: squad, MadeBy: "UALICE", Override: duty.Override{Person: "UBOB", From: friday, Until: friday.AddDate(0, 0, 1)}})
		}
		all = append(all, of)
	}
	return all
}

func calledOften() (all []desk.DutyPage) {
	for i := range 40 {
		all = append(all, desk.DutyPage{ID: int64(i), At: friday, Priority: 1, Ticket: 42})
	}
	return all
}

// However many squads and people there are, Slack takes what answers a command about duty.
func TestAnswersAboutDutyFitIntoSlack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := drawCompany(t)
		shifts := c.shifts(t)
		checkMessage(t, OnDuty(shifts, time.Time{}, c.scene))
		for i := range shifts {
			shifts[i].Own = false
		}
		checkMessage(t, OnDuty(shifts, friday, c.scene))
		var drills []desk.Drill
		for _, squad := range c.squads[:min(len(c.squads), 10)] {
			drills = append(drills, desk.Drill{Squad: squad, BeganAt: friday, AnsweredAt: friday.Add(time.Hour)})
		}
		checkMessage(t, Drills(drills, true, c.scene))
		var shares []desk.Share
		for _, squad := range c.squads {
			shares = append(shares, desk.Share{Squad: squad, Loads: c.loads()})
		}
		checkMessage(t, Shares(shares, 90, c.scene))
		carried := desk.Carried{Own: c.loads()[:1], Led: c.loads(), Pages: calledOften()}
		checkMessage(t, Carried([]Month{{Of: friday, Carried: carried}, {Of: friday, Carried: carried}}, duty.Rates{Before: "£"}, c.scene))
	})
}

// So it takes the messages and forms about shifts, and Home.
func TestMessagesAboutShiftsFitIntoSlack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := drawCompany(t)
		hard := duty.Strain{Unbroken: c.turns(1)[0], Also: c.squads}
		swap := swapOf(true)
		swap.Squad = c.squads[0]
		n := desk.Notice{To: "UBOB", NoticeDetails: desk.NoticeDetails{Actor: "UALICE", From: "UBOB", Squad: c.squads[0], At: friday, By: after(time.Hour), Swap: &swap, Unfair: &duty.Unfair{Person: "UBOB", People: len(c.people)}}}
		for _, kind := range []desk.NoticeKind{desk.NoticeSwapAsked, desk.NoticeSwapAccepted, desk.NoticeSwapDeclined} {
			n.Kind = kind
			checkMessage(t, Swap(n, hard, c.scene))
		}
		checkMessage(t, Overridden(n, hard, c.scene))
		checkMessage(t, Unfair(n, c.scene))
		checkMessage(t, RotaMade(n, c.turns(1)[0], c.scene))
		checkMessage(t, OffDuty(n, desk.Figures{Open: 1}, c.scene))
		var mornings []desk.Swap
		for _, squad := range c.squads {
			mornings = append(mornings, desk.Swap{Squad: squad})
		}
		checkMessage(t, Woken(calledOften(), desk.DutyPages{From: friday, Until: after(time.Hour)}, mornings, nil, c.scene))
		checkModal(t, TakeOverForm(c.squads[0], "UBOB", friday))
		checkModal(t, SwapForm(desk.ShiftsAhead{Squad: c.squads[0], Own: c.turns(100), Others: c.turns(100), People: c.people}, time.UTC, c.scene))
		draft := draftRota()
		draft.Squad, draft.People = c.squads[0], c.people
		checkModal(t, RotaForm(draft, desk.RotaSource{Made: madeRota(false), Settings: true}, c.scene))
		checkModal(t, RotaShownForm(draft, desk.RotaShown{MadeRota: *madeRota(false), Shifts: c.turns(14), More: true}, desk.RotaSource{}, c.scene))
	})
}

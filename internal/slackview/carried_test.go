package slackview

import (
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/duty"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

func TestCarried(t *testing.T) {
	t.Parallel()
	own := duty.Load{Squad: "Checkout", Person: "UBOB", Hours: map[duty.Kind]time.Duration{duty.Working: 100 * time.Hour, duty.Weekend: 48 * time.Hour, duty.Holiday: 20 * time.Hour}, Nights: 7, Pages: 3, Woken: 2}
	led := duty.Load{Squad: "", Person: "UDANA", Hours: map[duty.Kind]time.Duration{}, Pages: 1}
	pages := []desk.DutyPage{
		{ID: 7, At: friday, Ticket: 42, Priority: ticket.P1, Woke: true}, {ID: 8, At: after(time.Hour), Ticket: 42, Priority: ticket.P1},
		{ID: 9, At: after(2 * time.Hour), Ticket: 43, Priority: ticket.P1, Said: true}, {ID: 10, At: after(3 * time.Hour), Ticket: 43, Priority: ticket.P1, Woke: true, Said: true},
	}
	this := Month{Of: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), Carried: desk.Carried{Own: []duty.Load{own}, Led: []duty.Load{led}, Pages: pages}}
	before := Month{Of: time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)}
	rates := duty.Rates{Hour: 1, Weekend: 2, Holiday: 3, Page: 10, After: " EUR"}
	goldenMessage(t, "carried", Carried([]Month{this, before}, rates, sceneAt(friday)))
	goldenMessage(t, "woken", Woken(pages, desk.DutyPages{From: friday, Until: after(4 * time.Hour)},
		[]desk.Swap{{Squad: "Checkout"}, {Squad: "Core"}}, nil, sceneAt(friday)))
	passed := &desk.Swap{Squad: "Checkout", Swap: duty.Swap{To: "UDANA", Gives: duty.Shift{Person: "UBOB", Until: after(2 * time.Hour)}}}
	goldenMessage(t, "woken_passed", Woken(pages, desk.DutyPages{From: friday, Until: after(4 * time.Hour)}, nil, passed, sceneAt(friday)))
	if text := Carried([]Month{this}, duty.Rates{}, sceneAt(friday)).Text; strings.Contains(text, "EUR") {
		t.Errorf("without rates: %s", text)
	}
	if id, asked, err := ReadWoken("7:1000000:2000000"); id != 7 || asked.From.Unix() != 1 || asked.Until.Unix() != 2 || err != nil {
		t.Errorf("%d %v %v", id, asked, err)
	}
	if id, asked, err := ReadWoken("7"); id != 7 || !asked.Until.IsZero() || err != nil {
		t.Errorf("%d %v %v", id, asked, err)
	}
	if _, _, err := ReadWoken("x"); ticket.CodeOf(err) != ticket.Invalid {
		t.Errorf("%v", err)
	}
}

func TestShares(t *testing.T) {
	t.Parallel()
	loads := []duty.Load{
		{Person: "UBOB", Hours: map[duty.Kind]time.Duration{duty.Working: 500 * time.Hour, duty.Weekend: 200 * time.Hour, duty.Holiday: 20 * time.Hour}, Nights: 30, Pages: 3, Woken: 2},
		{Person: "UALICE", Hours: map[duty.Kind]time.Duration{duty.Working: 240 * time.Hour}, Nights: 1}, {Person: "UDANA"},
	}
	goldenMessage(t, "shares", Shares([]desk.Share{{Squad: "Checkout & <co>", Loads: loads}, {Squad: "New", Loads: loads[2:]}}, 90, sceneAt(friday)))
	goldenMessage(t, "shares_nobody", Shares(nil, 90, sceneAt(friday)))
}

// What a rota of two hundred people, and a lead of as many, reads fits into Slack's sections.
func TestManyLoadsFitIntoSections(t *testing.T) {
	t.Parallel()
	loads := make([]duty.Load, 200)
	for i := range loads {
		loads[i] = duty.Load{Squad: "Checkout", Person: "UBOB", Hours: map[duty.Kind]time.Duration{duty.Weekend: time.Hour}, Nights: 3, Pages: 2}
	}
	for name, m := range map[string]slackformat.Message{
		"shares":  Shares([]desk.Share{{Squad: "Checkout", Loads: loads}}, 90, sceneAt(friday)),
		"carried": Carried([]Month{{Of: friday, Carried: desk.Carried{Led: loads}}}, duty.Rates{}, sceneAt(friday)),
	} {
		if len(m.Blocks) > 50 {
			t.Errorf("%s: %d blocks", name, len(m.Blocks))
		}
		for _, b := range m.Blocks {
			if s, ok := b.(*slack.SectionBlock); ok && len([]rune(s.Text.Text)) > longestSection {
				t.Errorf("%s: a section of %d characters", name, len([]rune(s.Text.Text)))
			}
		}
	}
}

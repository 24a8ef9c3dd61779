package app_test

import (
	"strings"
	"testing"

	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
)

// makesTicketOf uses the shortcut on a message and sends the form.
func (p *person) makesTicketOf(channel, ts string, v slacksim.FormValues) {
	p.h.t.Helper()
	p.ok(p.actor.MessageShortcut(p.h.ctx, channel, ts, "ticket_from_message"))
	p.seesForm()
	p.submits(v)
}

var asItIs = slacksim.FormValues{"priority": "P3", "category": "Product"}

// The author of the message becomes the requester. The filer is named on the card, and is
// told how the ticket ends.
func TestTicketOfSomebodyElsesMessage(t *testing.T) {
	t.Parallel()
	h := setup(t)
	bob, carol := h.as("bob"), h.as("carol")
	out := carol.ok(carol.actor.Say(h.ctx, "general", "The printer is on fire."))
	bob.makesTicketOf("general", out.TS, asItIs)
	card := h.reads("support", "The printer is on fire.")
	if !strings.Contains(card.Rendered(), "Carol · filed by Bob") {
		t.Errorf("the card does not name both: %s", card.Rendered())
	}
	carol.gets("Bob filed this for you: #1")
	bob.hears("Filed: #1")
	h.as("dana").reacts(card, "white_check_mark")
	bob.gets("Dana resolved #1")
	carol.gets("Dana resolved #1")
	h.allPosted()
	if dms := h.look().DMs("bob"); len(dms) != 1 {
		t.Errorf("Bob was told %d times: %s", len(dms), texts(dms))
	}
}

// The filer can choose another requester.
func TestRequesterCanBeChosen(t *testing.T) {
	t.Parallel()
	h := setup(t)
	bob := h.as("bob")
	bob.types("/support")
	v := usual("Cards fail").values()
	v["requester"] = "alice"
	bob.submits(v)
	if card := h.reads("support", "Cards fail"); !strings.Contains(card.Rendered(), "Alice · filed by Bob") {
		t.Errorf("the card does not name both: %s", card.Rendered())
	}
	h.as("alice").gets("Bob filed this for you: #1")
}

// An author who cannot be asked does not become the requester.
func TestAuthorsWhoCannotBeRequesters(t *testing.T) {
	t.Parallel()
	elsewhere := func(c *config_, s *simConfig) {
		c.OtherCompanies = config.OthersAnswer
		s.Workspace = slacksim.DefaultWorkspace()
		s.Workspace.People = append(s.Workspace.People, slacksim.Person{Name: "otto", RealName: "Otto", TeamID: "T0OTHER"})
		s.Workspace.Channels[0].Members = append(s.Workspace.Channels[0].Members, "otto")
	}
	for name, test := range map[string]struct {
		author string
		then   func(h *harness)
	}{
		"of another company": {"otto", func(*harness) {}},
		"deactivated": {"carol", func(h *harness) {
			h.as("carol").ok(h.slack.Do(h.ctx, slacksim.Action{Do: "deactivate", As: "carol"}))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t, elsewhere)
			out := h.as(test.author).ok(h.slack.As(test.author).Say(h.ctx, "general", "The printer is on fire."))
			test.then(h)
			h.as("bob").makesTicketOf("general", out.TS, asItIs)
			if card := h.reads("support", "The printer is on fire."); strings.Contains(card.Rendered(), "filed by") || !strings.Contains(card.Rendered(), "Bob · ") {
				t.Errorf("the requester is not who filed it: %s", card.Rendered())
			}
		})
	}
}

package app_test

import (
	"strings"
	"testing"

	"supporty/internal/dev/slacksim"
)

// makesTicketOf uses the shortcut on a message and sends the form that opens.
func (p *person) makesTicketOf(channel, ts string, v slacksim.Values) {
	p.w.t.Helper()
	p.ok(p.actor.MessageShortcut(p.w.ctx, channel, ts, "ticket_from_message"))
	p.seesForm()
	p.submits(v)
}

var asItIs = slacksim.Values{"priority": "P3", "category": "Product"}

// Who wrote the message is who needs it. Who filed it is named, and hears how it ends.
func TestTicketOfSomebodyElsesMessage(t *testing.T) {
	t.Parallel()
	w := setup(t)
	bob, carol := w.as("bob"), w.as("carol")
	out := carol.ok(carol.actor.Say(w.ctx, "general", "The printer is on fire."))
	bob.makesTicketOf("general", out.TS, asItIs)
	card := w.reads("support", "The printer is on fire.")
	if !strings.Contains(card.Rendered(), "Carol · filed by Bob") {
		t.Errorf("the card does not name both: %s", card.Rendered())
	}
	carol.gets("Bob filed this for you: #1")
	bob.hears("Filed: #1")
	w.as("dana").reacts(card, "white_check_mark")
	bob.gets("Dana resolved #1")
	carol.gets("Dana resolved #1")
	w.saidAll()
	if dms := w.look().DMs("bob"); len(dms) != 1 {
		t.Errorf("Bob was told %d times: %s", len(dms), texts(dms))
	}
}

// Who files can say for whom.
func TestWhoNeedsItCanBeChosen(t *testing.T) {
	t.Parallel()
	w := setup(t)
	bob := w.as("bob")
	bob.types("/support")
	v := usual("Cards fail").values()
	v["requester"] = "alice"
	bob.submits(v)
	if card := w.reads("support", "Cards fail"); !strings.Contains(card.Rendered(), "Alice · filed by Bob") {
		t.Errorf("the card does not name both: %s", card.Rendered())
	}
	w.as("alice").gets("Bob filed this for you: #1")
}

// Who cannot be asked is not made the requester.
func TestAuthorsWhoDoNotBecomeTheRequester(t *testing.T) {
	t.Parallel()
	elsewhere := func(_ *config_, s *simConfig) {
		s.Workspace = slacksim.DefaultWorkspace()
		s.Workspace.People = append(s.Workspace.People, slacksim.Person{Name: "otto", RealName: "Otto", TeamID: "T0OTHER"})
		s.Workspace.Channels[0].Members = append(s.Workspace.Channels[0].Members, "otto")
	}
	for name, test := range map[string]struct {
		author string
		then   func(w *world)
	}{
		"of another company": {"otto", func(*world) {}},
		"deactivated": {"carol", func(w *world) {
			w.as("carol").ok(w.slack.Do(w.ctx, slacksim.Action{Do: "deactivate", As: "carol"}))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := setup(t, elsewhere)
			out := w.as(test.author).ok(w.slack.As(test.author).Say(w.ctx, "general", "The printer is on fire."))
			test.then(w)
			w.as("bob").makesTicketOf("general", out.TS, asItIs)
			if card := w.reads("support", "The printer is on fire."); strings.Contains(card.Rendered(), "filed by") || !strings.Contains(card.Rendered(), "Bob · ") {
				t.Errorf("the requester is not who filed it: %s", card.Rendered())
			}
		})
	}
}

package app_test

import (
	"strings"
	"testing"

	"supporty/internal/dev/slacksim"
)

// home opens the Home tab and waits until it contains all of some texts.
func (p *person) home(texts ...string) *slacksim.View {
	p.h.t.Helper()
	p.ok(p.actor.OpenHome(p.h.ctx))
	return p.homeBecomes(texts...)
}

// homeBecomes waits until the Home tab contains all of some texts, without opening it again.
func (p *person) homeBecomes(texts ...string) *slacksim.View {
	p.h.t.Helper()
	v, err := p.actor.Home(p.h.ctx, func(v *slacksim.View) bool {
		for _, text := range texts {
			if !strings.Contains(v.Rendered(), text) {
				return false
			}
		}
		return true
	})
	if err != nil {
		s, _ := p.h.slack.State(p.h.ctx)
		p.h.t.Fatalf("no Home with %q: %v\n%s\n%s", texts, err, s.Person(p.name()).Home.Rendered(), p.h.log)
	}
	return v
}

func TestHomeOfARequester(t *testing.T) {
	t.Parallel()
	h := setup(t)
	carol, bob := h.as("carol"), h.as("bob")
	carol.home("If something is broken", "[Open a ticket]")
	carol.ok(carol.actor.ClickHome(h.ctx, "home_open"))
	carol.submits(usual("VPN is down").values())
	card := h.reads("support", "VPN is down")
	h.as("alice").opens(usual("Salaries are wrong"))

	if v := carol.home("What you asked for", "#1 · P2 · VPN is down", "Open, no owner"); strings.Contains(v.Rendered(), "Salaries") {
		t.Errorf("Carol reads what is not hers: %s", v.Rendered())
	}
	bob.reacts(card, "eyes")
	h.reads("support", "Bob has it")
	bob.types("/support wait 1 Which office?")
	root := carol.gets("Which office?")
	v := carol.home("Bob asks you: “Which office?”", "Answer in its thread")
	if in := "/archives/" + root.Channel + "/p"; !strings.Contains(string(v.Body), in) {
		t.Errorf("no way to %s in %s", in, v.Body)
	}
	carol.answers(root, "Berlin.")
	h.reads("support", "Berlin.")
	carol.home("Bob has it")
	bob.reacts(card, "white_check_mark")
	h.reads("support", "Bob resolved it")
	carol.home("Bob resolved it · on time")
}

// Without a Home tab, as in an app that was made from an older manifest, everything else works.
func TestWithoutAHomeTab(t *testing.T) {
	t.Parallel()
	h := setup(t, func(_ *config_, s *simConfig) { s.HomeDisabled = true })
	h.as("alice").ok(h.as("alice").actor.OpenHome(h.ctx))
	h.as("alice").opens(usual("Printer"))
	h.poll("the log to say so", func() bool { return strings.Contains(h.log.String(), "not_enabled") })
}

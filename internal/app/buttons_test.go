package app_test

import (
	"strings"
	"testing"

	"supporty/internal/dev/slacksim"
)

// turns waits until a direct message contains a text and has no button left.
func (p *person) turns(text string) {
	p.h.t.Helper()
	if m := p.gets(text); strings.Contains(string(m.Blocks), `"button"`) {
		p.h.t.Errorf("it still has buttons: %s", m.Blocks)
	}
}

func TestPressesShowTheirEffectInPlace(t *testing.T) {
	t.Parallel()
	h := setup(t)
	carol := h.as("carol")
	carol.opens(usual("Printer one"))
	carol.opens(usual("Printer two"))
	carol.opens(usual("Printer three"))
	receipts := map[string]*slacksim.Message{}
	for _, n := range []string{"1", "2", "3"} {
		receipts[n] = carol.gets("We have it: #" + n)
	}
	carol.clicks(receipts["1"], "withdraw")
	carol.turns("#1 · P2 · Printer one. You withdrew it.")
	carol.clicks(receipts["2"], "solved_it")
	carol.turns("#2 · P2 · Printer two. You said that it is solved.")
	h.as("bob").reacts(h.reads("support", "Printer three"), "white_check_mark")
	carol.turns("#3 · P2 · Printer three. Bob resolved it.")
	carol.clicks(carol.gets("Bob resolved #3"), "reopen")
	carol.turns("Bob resolved #3. It was reopened.")
	carol.gets("We have it: #3") // a new receipt, with its buttons
}

// An ephemeral message whose buttons have no effect any more is replaced by a sentence
// that says so.
func TestStalePressesOfEphemeralMessages(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Printer"))
	alice, bob := h.as("alice"), h.as("bob")
	bob.reacts(card, "white_check_mark")
	how := bob.hears("How was #1 solved?")
	h.reads("support", "Bob resolved #1")
	alice.replies(card, "It still jams.")
	asked := alice.hears("#1 is resolved. Still broken?")
	bob.clicks(card, "reopen")
	h.reads("support", "Bob reopened #1")
	h.allPosted()
	for _, stale := range []struct {
		who    *person
		press  *slacksim.Message
		action string
	}{{alice, asked, "reopen"}, {bob, how, "how_code"}} {
		before := len(stale.who.ephemerals())
		stale.who.clicks(stale.press, stale.action)
		h.await("the stale message to say so", func(s slacksim.State) bool {
			return first(s.Ephemerals(stale.who.name()), stale.press.Rendered()) == nil
		})
		if now := stale.who.ephemerals(); len(now) != before || strings.Contains(string(now[before-1].Blocks), `"button"`) {
			t.Errorf("%d ephemerals instead of %d:\n%s", len(now), before, texts(now))
		}
	}
}

func TestReopenedInTheThread(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Printer"))
	h.as("bob").reacts(card, "white_check_mark")
	h.as("alice").clicks(h.reads("support", "@Alice, Bob resolved #1."), "reopen")
	h.reads("support", "Bob resolved #1. It was reopened.")
	h.as("dana").clicks(h.reads("support", "was reopened and has no owner."), "claim")
	h.reads("support", "#1 Printer (Alice) was reopened.")
	h.allPosted()
	for _, m := range h.thread(card) {
		if strings.Contains(string(m.Blocks), `"button"`) {
			t.Errorf("a button that does nothing: %s", m.Rendered())
		}
	}
}

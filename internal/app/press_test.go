package app_test

import (
	"strings"
	"testing"

	"supporty/internal/dev/slacksim"
)

// turns waits until a message in direct messages says something, with no button left.
func (p *person) turns(text string) {
	p.w.t.Helper()
	if m := p.gets(text); strings.Contains(string(m.Blocks), `"button"`) {
		p.w.t.Errorf("it still has buttons: %s", m.Blocks)
	}
}

func TestPressesShowTheirEffectInPlace(t *testing.T) {
	t.Parallel()
	w := setup(t)
	carol := w.as("carol")
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
	w.as("bob").reacts(w.reads("support", "Printer three"), "white_check_mark")
	carol.turns("#3 · P2 · Printer three. Bob resolved it.")
	carol.clicks(carol.gets("Bob resolved #3"), "reopen")
	carol.turns("Bob resolved #3. It was reopened.")
	carol.gets("We have it: #3") // and offers what it did
}

// What only one person sees, and does nothing any more, says so in its place.
func TestStalePressesOfWhatOnePersonSees(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card := w.as("alice").opens(usual("Printer"))
	alice, bob := w.as("alice"), w.as("bob")
	bob.reacts(card, "white_check_mark")
	how := bob.hears("How was #1 solved?")
	w.reads("support", "Bob resolved #1")
	alice.replies(card, "It still jams.")
	asked := alice.hears("#1 is resolved. Still broken?")
	bob.clicks(card, "reopen")
	w.reads("support", "Bob reopened #1")
	w.saidAll()
	for _, stale := range []struct {
		who    *person
		press  *slacksim.Message
		action string
	}{{alice, asked, "reopen"}, {bob, how, "how_code"}} {
		before := len(stale.who.whispers())
		stale.who.clicks(stale.press, stale.action)
		w.await("the stale message to say so", func(s slacksim.State) bool {
			return first(s.Ephemerals(stale.who.name()), stale.press.Rendered()) == nil
		})
		if now := stale.who.whispers(); len(now) != before || strings.Contains(string(now[before-1].Blocks), `"button"`) {
			t.Errorf("%d whispers instead of %d:\n%s", len(now), before, texts(now))
		}
	}
}

func TestReopenedInTheThread(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card := w.as("alice").opens(usual("Printer"))
	w.as("bob").reacts(card, "white_check_mark")
	w.as("alice").clicks(w.reads("support", "@Alice, Bob resolved #1."), "reopen")
	w.reads("support", "Bob resolved #1. It was reopened.")
	w.as("dana").clicks(w.reads("support", "was reopened and has no owner."), "claim")
	w.reads("support", "#1 Printer (Alice) was reopened.")
	w.saidAll()
	for _, m := range w.thread(card) {
		if strings.Contains(string(m.Blocks), `"button"`) {
			t.Errorf("a button that does nothing: %s", m.Rendered())
		}
	}
}

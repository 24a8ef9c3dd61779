package app_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/app"
	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
	"supporty/internal/slackview"
)

// ownWaysIn has a category with a word and a shortcut of its own.
func ownWaysIn(c *config_, s *simConfig) {
	withFields(c, s)
	c.Categories[0].Command, c.Categories[0].Shortcut, c.Categories[0].Priority = "pay", "Ask about a payment", "P2"
	for _, own := range app.Shortcuts(*c) {
		s.Shortcuts = append(s.Shortcuts, slacksim.Shortcut{Callback: own.Callback, Name: own.Name, Global: true})
	}
	s.Shortcuts = append(s.Shortcuts, slacksim.Shortcut{Callback: goneShortcut(), Name: "Old", Global: true})
}

// The word of a category behind the command opens the form with the category, its fields
// and its priority; the rest becomes the title.
func TestCommandOfACategory(t *testing.T) {
	t.Parallel()
	h := setup(t, ownWaysIn)
	alice := h.as("alice")
	alice.types("/support Pay the card is refused")
	alice.seesForm()
	alice.submits(slacksim.FormValues{"text": "Twice.", idOf(orderField): "4711"})
	if got := h.reads("support", "#1 · P2 · the card is refused").Rendered(); !strings.Contains(got, "· Payments ·") || !strings.Contains(got, "4711") {
		t.Errorf("the card says:\n%s", got)
	}
	alice.types("/support help")
	alice.hears("`/support pay …` opens its form.")
}

// No category can have the word of a command.
func TestWordsThatNoCategoryCanHave(t *testing.T) {
	t.Parallel()
	var words []string
	for _, c := range slackview.Commands {
		words = append(words, c.Word)
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(words)), slices.Sorted(slices.Values(config.CommandWords))); diff != "" {
		t.Errorf("config.CommandWords (-commands +words):\n%s", diff)
	}
}

func TestShortcutOfACategory(t *testing.T) {
	t.Parallel()
	h := setup(t, ownWaysIn)
	alice := h.as("alice")
	for i, callback := range []string{app.Shortcuts(h.cfg)[0].Callback, goneShortcut()} {
		alice.ok(alice.actor.Shortcut(h.ctx, callback))
		v, err := alice.actor.View(h.ctx)
		if err != nil {
			t.Fatal(err)
		}
		if asks := strings.Contains(string(v.Body), idOf(orderField)); asks != (i == 0) {
			t.Errorf("the form of %s asks for the order: %v", callback, asks)
		}
		alice.ok(alice.actor.CloseModal(h.ctx))
	}
}

// goneShortcut is a shortcut whose category the settings do not have.
func goneShortcut() string {
	return app.Shortcuts(config.Config{Categories: []config.Category{{Name: "Gone", Filing: config.Filing{Shortcut: "Old"}}}})[0].Callback
}

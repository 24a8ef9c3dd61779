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

// A word and a shortcut that the settings lose while a form is open that they opened: the form is
// filed as it is, and after that the word is a word of a title like others. The shortcut stands in
// the app until its manifest is changed, and leads to its category as long.
func TestWaysInThatAreGone(t *testing.T) {
	t.Parallel()
	h := setup(t, ownWaysIn)
	alice, bob := h.as("alice"), h.as("bob")
	shortcut := app.Shortcuts(h.cfg)[0].Callback
	alice.types("/support pay the card is refused")
	alice.seesForm()
	bob.ok(bob.actor.Shortcut(h.ctx, shortcut))
	bob.seesForm()
	h.reconfigures(readAgain, func(c *config.Config) {
		c.Categories = slices.Clone(c.Categories)
		c.Categories[0].Command, c.Categories[0].Shortcut = "", ""
	})
	alice.submits(slacksim.FormValues{"text": "Twice.", idOf(orderField): "4711"})
	says(t, h.reads("support", "the card is refused").Rendered(), "· Payments ·", "4711")
	bob.submits(slacksim.FormValues{"title": "Refunds fail", "text": "All of them.", idOf(orderField): "4712"})
	says(t, h.reads("support", "Refunds fail").Rendered(), "· Payments ·", "4712")

	alice.types("/support pay is late")
	alice.seesForm()
	alice.submits(slacksim.FormValues{"priority": "P3", "category": "Product", "text": "As every month."})
	h.reads("support", "pay is late")
	alice.ok(alice.actor.Shortcut(h.ctx, shortcut))
	alice.submits(slacksim.FormValues{"title": "By the old shortcut", "text": "x", idOf(orderField): "4713"})
	says(t, h.reads("support", "By the old shortcut").Rendered(), "· Payments ·")
}

// The same if the whole category goes: what was typed stays in the form, which asks for another one.
func TestCategoryOfAWayInIsGone(t *testing.T) {
	t.Parallel()
	h := setup(t, ownWaysIn)
	alice := h.as("alice")
	alice.types("/support pay the card is refused")
	alice.seesForm()
	alice.ok(alice.actor.Type(h.ctx, slacksim.FormValues{"text": "Twice.", idOf(orderField): "4711"}))
	h.reconfigures(readAgain, func(c *config.Config) { c.Categories = c.Categories[1:] })
	out := alice.sends(nil)
	if out.Closed || out.Errors["category"] == "" {
		t.Fatalf("the form of a category that is gone: %+v", out)
	}
	alice.awaitsView("Product", func(v *slacksim.View) bool { return strings.Contains(v.Rendered(), "The settings have changed") })
	alice.submits(slacksim.FormValues{"category": "Product"})
	says(t, h.reads("support", "the card is refused").Rendered(), "· Product ·", "Twice.")
}

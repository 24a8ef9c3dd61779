package app_test

import (
	"fmt"
	"testing"

	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
)

// The text after a command means the same in every form in which Slack may send it. So
// does the choice of a category whose name contains characters that Slack may escape.
func TestTypedIsReadOnce(t *testing.T) {
	t.Parallel()
	const category = "Billing & <Payments>"
	for _, escapes := range []bool{false, true} {
		for _, believed := range []slacksim.Beliefs{{}, {CommandsEscaped: true, OptionsEscaped: true}} {
			t.Run(fmt.Sprintf("should_escape %v, entities %v", escapes, believed.CommandsEscaped), func(t *testing.T) {
				t.Parallel()
				h := setup(t, func(c *config_, s *simConfig) {
					c.Categories = append(c.Categories, config.Category{Name: category})
					s.Beliefs, s.Commands = believed, []slacksim.Command{{Name: "/support", Escape: escapes}}
				})
				alice, bob := h.as("alice"), h.as("bob")
				alice.types("/support a<b & c>d fails, see https://example.com/?a=1&b=2")
				alice.submits(slacksim.FormValues{"priority": "P2", "text": "It fails.", "category": category})
				card := h.reads("support", "a<b & c>d fails, see https://example.com/?a=1&b=2")
				says(t, card.Rendered(), category)
				alice.chooses(card, "edit:1")
				alice.submits(slacksim.FormValues{"text": "It still fails."})
				h.reads("support", "It still fails.")
				bob.types("/support list billing & <payments>")
				bob.hears("Open tickets · " + category + ": 1")
				bob.reacts(card, "eyes")
				h.reads("support", "Bob has it")
				bob.types("/support wait 1 Is it <b> & not <i>?")
				h.reads("support", "Is it <b> & not <i>?")
			})
		}
	}
}

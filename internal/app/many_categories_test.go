package app_test

import (
	"fmt"
	"strings"
	"testing"

	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
)

// With as many categories as the settings may have, each told of at length, the form opens, is
// redrawn, and files in the last of them; Home offers it as well.
func TestManyCategories(t *testing.T) {
	t.Parallel()
	const last = "199 Wörter & mehr"
	h := setup(t, func(c *config_, s *simConfig) {
		s.HomeDisabled = false
		c.Categories = nil
		for i := range 200 {
			name := fmt.Sprintf("%d %s", i, strings.Repeat("é", 70))
			if i == 199 {
				name = last
			}
			c.Categories = append(c.Categories, config.Category{Name: name, Filing: config.Filing{
				Description: strings.Repeat("ü", 75), Fields: []config.Field{browserField},
			}})
		}
	})
	bob := h.as("bob")
	bob.types("/support Printer is broken")
	bob.seesForm()
	bob.picks(last, browserField, true)
	bob.submits(slacksim.FormValues{"text": "It hums.", idOf(browserField): "Chrome"})
	h.reads("support", "199 Wörter & mehr")
	bob.home("Without an owner", "Printer is broken")
	bob.ok(bob.actor.ChooseHome(h.ctx, "home_category", last))
	bob.homeBecomes("Printer is broken")
	bob.types("/support help")
	bob.hears("opens a ticket")
}

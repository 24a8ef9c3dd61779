package app_test

import (
	"slices"
	"strings"
	"testing"

	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
)

// withRunbooks has runbooks, and bookmarks of them if on.
func withRunbooks(on bool) choice {
	return func(c *config_, s *simConfig) {
		s.Scopes = append(slacksim.DefaultScopes(), "bookmarks:read", "bookmarks:write")
		c.Bookmarks = on
		c.Categories = []config.Category{
			{Name: "Payments", Filing: config.Filing{Runbook: "https://wiki.example.com/payments"}},
			{Name: "Product", Filing: config.Filing{Runbook: "https://wiki.example.com/product"}},
			{Name: "Other"},
		}
	}
}

// bookmarks waits until these stand at the top of the support channel: "title link".
func (h *harness) bookmarks(want ...string) {
	h.t.Helper()
	h.poll("the bookmarks "+strings.Join(want, ", "), func() bool {
		var got []string
		for _, b := range h.look().Channel("support").Bookmarks {
			got = append(got, b.Title+" "+b.Link)
		}
		return slices.Equal(got, want)
	})
}

// The runbooks of categories are bookmarks of the channel, as the settings have them: once, also
// after a restart, and until the settings have them no more. Those of people stay.
func TestRunbooksAreBookmarks(t *testing.T) {
	t.Parallel()
	h := newHarness(t, withRunbooks(true))
	stop := h.startOne()
	payments, product := "Runbook: Payments https://wiki.example.com/payments", "Runbook: Product https://wiki.example.com/product"
	h.bookmarks(payments, product)
	h.reconfigures(readAgain, func(c *config.Config) {
		c.Categories = slices.Clone(c.Categories)
		c.Categories[1].Runbook = "https://wiki.example.com/product/2"
	})
	h.bookmarks(payments, product+"/2")
	if n := h.called("bookmarks.add"); n != 2 {
		t.Errorf("added %d times", n)
	}
	stop()
	h.cfg.Categories[0].Runbook = ""
	stop = h.startOne()
	h.bookmarks(product + "/2")
	stop()
	h.cfg.Bookmarks = false
	t.Cleanup(h.startOne())
	h.bookmarks()
	if n := h.called("bookmarks.add"); n != 2 {
		t.Errorf("added %d times in all", n)
	}
}

// Without the permission Slack is not asked, and everything else works.
func TestNoBookmarksWithoutThePermission(t *testing.T) {
	t.Parallel()
	h := setup(t, withRunbooks(true), func(_ *config_, s *simConfig) { s.Scopes = slacksim.DefaultScopes() })
	h.as("alice").opens(usual("Checkout fails"))
	if n := h.called("bookmarks.list"); n != 0 {
		t.Errorf("asked %d times", n)
	}
}

package app_test

import (
	"fmt"
	"strings"
	"testing"

	"supporty/internal/config"
	"supporty/internal/tracker"
)

// Make an issue… leads to the tracker of the ticket's category, with the ticket filled in.
func TestMakeAnIssue(t *testing.T) {
	t.Parallel()
	h := setup(t, func(c *config_, _ *simConfig) {
		c.IssueForm = "https://github.com/acme/shop/issues/new?title={title}&body={text}"
		c.Categories = append(c.Categories, config.Category{Name: "Billing", Filing: config.Filing{IssueForm: tracker.Form("https://linear.app/acme/team/BILL/new?title={title}&description={text}")}})
	})
	alice, bob := h.as("alice"), h.as("bob")
	for i, test := range []struct{ category, address string }{
		{"Payments", "https://github.com/acme/shop/issues/new?title=Payments%20fails&amp;body=https%3A%2F%2Facme.slack.com%2Farchives%2F"},
		{"Billing", "https://linear.app/acme/team/BILL/new?title=Billing%20fails&amp;description=https"},
	} {
		card := alice.opens(newTicket{"P2", test.category + " fails", "For US cards.", test.category})
		h.allPosted() // the form links to the card once its place is known
		bob.chooses(card, fmt.Sprint("issue:", i+1))
		v, err := bob.actor.View(h.ctx)
		if err != nil {
			t.Fatal(err)
		}
		if body := unescapedJSON(string(v.Body)); !strings.Contains(body, test.address) || !strings.Contains(body, "For%20US%20cards.") {
			t.Errorf("%s: %s", test.category, body)
		}
	}
}

// unescapedJSON undoes the escapes of Go's encoder.
func unescapedJSON(text string) string {
	return strings.NewReplacer("\\u0026", "&", "\\u003c", "<", "\\u003e", ">").Replace(text)
}

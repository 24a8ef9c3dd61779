package app_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

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

// A link to an issue that is posted in the thread is on the card, as long as its message has it.
// The owner who posts it is offered once to put the ticket on hold until that is done.
func TestLinkedIssues(t *testing.T) {
	t.Parallel()
	h := setup(t)
	alice, bob := h.as("alice"), h.as("bob")
	card := alice.opens(usual("Cards fail"))
	bob.reacts(card, "eyes")
	h.reads("support", "Bob has it")
	bob.replies(card, "Known: https://github.com/acme/shop/pull/7")
	h.reads("support", "linked: acme/shop#7")
	said := bob.asks(card, "It is https://acme.atlassian.net/browse/PAY-7?focusedId=1")
	h.reads("support", "linked: acme/shop#7, PAY-7")
	offer := bob.hears("#1 can be on hold until PAY-7 is done")
	bob.ok(bob.actor.Edit(h.ctx, said.Channel, said.TS, "It is https://linear.app/acme/issue/ENG-42/cards, sorry."))
	h.reads("support", "linked: acme/shop#7, ENG-42")
	bob.replies(card, "See also https://acme.atlassian.net/browse/PAY-8")
	h.reads("support", "linked: acme/shop#7, ENG-42, PAY-8")
	bob.clicks(offer, "hold_until")
	bob.hears("#1 is on hold.")
	h.reads("support", "PAY-8: https://acme.atlassian.net/browse/PAY-8")
	bob.ok(bob.actor.Delete(h.ctx, said.Channel, said.TS))
	h.reads("support", "linked: acme/shop#7, PAY-8")
	h.allPosted()
	for _, m := range bob.ephemerals() {
		if strings.Contains(m.Rendered(), "can be on hold") {
			t.Errorf("it is still offered: %s", m.Rendered())
		}
	}
	alice.types("/support show 1")
	alice.hears("Bob linked acme/shop#7.")
}

// Links that were posted, changed or deleted while no copy was connected are known afterwards.
func TestLinkedIssuesAfterAGap(t *testing.T) {
	t.Parallel()
	h := newHarness(t, func(_ *config_, s *simConfig) { s.Beliefs.DropsMissed = true })
	stop := h.startOne()
	alice, bob := h.as("alice"), h.as("bob")
	card := alice.opens(usual("Cards fail"))
	changed := alice.asks(card, "https://acme.atlassian.net/browse/PAY-1")
	gone := alice.asks(card, "https://acme.atlassian.net/browse/PAY-2")
	h.reads("support", "linked: PAY-1, PAY-2")
	h.advance(10 * time.Minute)
	h.allPosted()
	stop()
	bob.replies(card, "https://acme.atlassian.net/browse/PAY-3")
	alice.ok(alice.actor.Edit(h.ctx, changed.Channel, changed.TS, "https://acme.atlassian.net/browse/PAY-4"))
	alice.ok(alice.actor.Delete(h.ctx, gone.Channel, gone.TS))
	h.start()
	h.reads("support", "linked: PAY-3, PAY-4")
}

// unescapedJSON undoes the escapes of Go's encoder.
func unescapedJSON(text string) string {
	return strings.NewReplacer("\\u0026", "&", "\\u003c", "<", "\\u003e", ">").Replace(text)
}

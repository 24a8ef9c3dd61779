package app_test

import (
	"strings"
	"testing"

	"supporty/internal/config"
	"supporty/internal/desk"
	"supporty/internal/dev/slacksim"
	"supporty/internal/ticket"
)

// The fields of these tests, by their ids in the form.
var (
	orderField    = config.Field{Name: "Order", Kind: ticket.FieldText, Required: true}
	amountField   = config.Field{Name: "Amount", Kind: ticket.FieldNumber}
	browserField  = config.Field{Name: "Browser", Kind: ticket.FieldChoice, Choices: []string{"Chrome", "Firefox & <co>"}}
	systemsField  = config.Field{Name: "Systems", Kind: ticket.FieldChoices, Choices: []string{"Mail", "Shop", "Wiki"}}
	seenField     = config.Field{Name: "Seen on", Kind: ticket.FieldDate}
	customerField = config.Field{Name: "Customer", Kind: ticket.FieldPerson}
	pageField     = config.Field{Name: "Page", Kind: ticket.FieldLink}
	shopField     = config.Field{Name: "Shop", Kind: ticket.FieldText, Required: true}
	stepsField    = config.Field{Name: "Steps", Kind: ticket.FieldLongText}
)

func idOf(f config.Field) string { return desk.AskedField(f).ID() }

// withFields has a category with a field of each kind, one with one of them, and one without.
func withFields(c *config_, _ *simConfig) {
	c.Categories = []config.Category{
		{Name: "Payments", Filing: config.Filing{Fields: []config.Field{orderField, amountField, browserField, systemsField, seenField, customerField, pageField, stepsField}}},
		{Name: "Product", Filing: config.Filing{Fields: []config.Field{browserField}}},
		{Name: "Other"},
	}
}

// picks chooses a category in the open form and waits until the form asks for a field, or
// no longer does.
func (p *person) picks(category string, f config.Field, asks bool) {
	p.h.t.Helper()
	p.ok(p.actor.Type(p.h.ctx, slacksim.FormValues{"category": category}))
	p.awaitsView(category, func(v *slacksim.View) bool { return strings.Contains(string(v.Body), idOf(f)) == asks })
}

func (p *person) awaitsView(what string, wanted func(*slacksim.View) bool) {
	p.h.t.Helper()
	if _, err := p.actor.AwaitView(p.h.ctx, func(v *slacksim.View) bool { return v != nil && wanted(v) }); err != nil {
		p.h.t.Fatalf("waiting for the form of %s: %v\n%s", what, err, p.h.log)
	}
}

func everyFieldFilled() slacksim.FormValues {
	return slacksim.FormValues{
		idOf(orderField): "4711", idOf(amountField): "12.50", idOf(browserField): "Firefox & <co>", idOf(systemsField): []string{"Mail", "Wiki"},
		idOf(seenField): "2026-11-13", idOf(customerField): "carol", idOf(pageField): "https://example.com/a?b=1&c=2", idOf(stepsField): "One.\nTwo.",
	}
}

// A form with a field of each kind: filled in, left for another category and found again,
// on the card, in show and in Edit….
func TestFieldsOfACategory(t *testing.T) {
	t.Parallel()
	h := setup(t, withFields)
	alice := h.as("alice")
	alice.types("/support Cards fail")
	alice.seesForm()
	alice.picks("Payments", orderField, true)
	alice.ok(alice.actor.Type(h.ctx, everyFieldFilled()))
	alice.picks("Other", orderField, false)
	alice.picks("Product", browserField, true)
	alice.picks("Payments", orderField, true)
	alice.submits(slacksim.FormValues{"text": "In the US."})

	card := h.reads("support", "Cards fail")
	want := []string{"In the US.", "Order", "4711", "12.50", "Firefox & <co>", "Mail, Wiki", "Fri 13 Nov 2026", "Carol", "https://example.com/a?b=1&c=2", "Two."}
	for _, part := range want {
		if got := card.Rendered(); !strings.Contains(got, part) {
			t.Errorf("the card does not say %q:\n%s", part, got)
		}
	}
	alice.types("/support show 1")
	if got := alice.hears("filed it as").Rendered(); !strings.Contains(got, "4711") {
		t.Errorf("show says:\n%s", got)
	}

	alice.chooses(card, "edit:1")
	alice.submits(slacksim.FormValues{idOf(orderField): "4712", idOf(seenField): ""})
	h.reads("support", "4712")
	if got := h.asItIs(card).Rendered(); strings.Contains(got, "13 Nov") || !strings.Contains(got, "Mail, Wiki") {
		t.Errorf("after the edit the card says:\n%s", got)
	}
	alice.chooses(card, "edit:1")
	alice.picks("Product", orderField, false)
	alice.submits(slacksim.FormValues{idOf(browserField): "Chrome"})
	h.reads("support", "Chrome")
	if got := h.asItIs(card).Rendered(); !strings.Contains(got, "· Product ·") || strings.Contains(got, "4712") {
		t.Errorf("in another category the card says:\n%s", got)
	}
	alice.types("/support show 1")
	alice.hears("4712")
	alice.types("/support find 4712 category:Product")
	alice.hears("Found for “4712 category:Product”: 1")
	alice.types("/support find wiki")
	alice.hears("Found for “wiki”: 1")
	alice.chooses(card, "edit:1")
	alice.picks("Payments", orderField, true)
	alice.submits(slacksim.FormValues{idOf(orderField): "4713"})
	alice.types("/support find 4713")
	alice.hears("Found for “4713”: 1")
	alice.types("/support find 4712")
	alice.hears("Found for “4712”: none")
}

// What is wrong is said at its field, and the form keeps its content.
func TestFieldsAreValidated(t *testing.T) {
	t.Parallel()
	h := setup(t, withFields)
	alice := h.as("alice")
	alice.types("/support Cards fail")
	alice.seesForm()
	alice.picks("Payments", orderField, true)
	out, err := alice.actor.Submit(h.ctx, slacksim.FormValues{"text": "In the US."})
	if err != nil || out.Errors[idOf(orderField)] == "" { // Slack's own check
		t.Errorf("without an order: %v, %v", out.Errors, err)
	}
	out, err = alice.actor.Submit(h.ctx, slacksim.FormValues{idOf(orderField): "\u200b", idOf(amountField): "3"})
	if err != nil || out.Errors[idOf(orderField)] != "Please fill this in." {
		t.Errorf("an invisible order: %v, %v", out.Errors, err)
	}
	alice.submits(slacksim.FormValues{idOf(orderField): "4711"})
	if got := h.reads("support", "Cards fail").Rendered(); !strings.Contains(got, "4711") || !strings.Contains(got, "Amount") {
		t.Errorf("the card says:\n%s", got)
	}
}

// Settings that change while a form is open, and after its ticket was filed.
func TestFieldsThatAreGone(t *testing.T) {
	t.Parallel()
	h := setup(t, withFields)
	alice := h.as("alice")
	alice.types("/support Cards fail")
	alice.seesForm()
	alice.picks("Payments", orderField, true)
	alice.ok(alice.actor.Type(h.ctx, slacksim.FormValues{idOf(orderField): "4711", idOf(browserField): "Firefox & <co>", "text": "In the US."}))
	h.reconfigures(readAgain, func(c *config.Config) {
		c.Categories = []config.Category{{Name: "Payments", Filing: config.Filing{Fields: []config.Field{shopField}}}}
	})
	out, err := alice.actor.Submit(h.ctx, nil)
	if err != nil || !strings.Contains(out.Errors["category"], "Payments asks for more than the form shows.") {
		t.Fatalf("%v, %v", out, err)
	}
	alice.awaitsView("Payments", func(v *slacksim.View) bool { return strings.Contains(v.Rendered(), "The settings have changed") })
	alice.submits(slacksim.FormValues{idOf(shopField): "Soho"})
	card := h.reads("support", "Cards fail")
	h.reconfigures(readAgain, func(c *config.Config) { c.Categories = []config.Category{{Name: "Payments"}} })
	h.as("bob").reacts(card, "eyes")
	h.reads("support", "Bob has it")
	for _, part := range []string{"Soho", "4711", "Firefox & <co>"} {
		if got := h.asItIs(card).Rendered(); !strings.Contains(got, part) {
			t.Errorf("without the fields in the settings the card does not say %q:\n%s", part, got)
		}
	}
}

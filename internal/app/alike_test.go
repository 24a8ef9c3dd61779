package app_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"supporty/internal/dev/slacksim"
)

// typesTitle types into the title of the open form.
func (p *person) typesTitle(title string) {
	p.h.t.Helper()
	p.seesForm()
	p.ok(p.actor.Type(p.h.ctx, slacksim.FormValues{"title": title}))
}

// suggested waits until the open form says all of some texts.
func (p *person) suggested(texts ...string) *slacksim.View {
	p.h.t.Helper()
	var last *slacksim.View
	p.awaitsView(strings.Join(texts, ", "), func(v *slacksim.View) bool {
		last = v
		for _, text := range texts {
			if !strings.Contains(v.Rendered(), text) {
				return false
			}
		}
		return true
	})
	return last
}

// While a title is typed, the form shows tickets like it. No word is lost, and Me too joins one
// of them in the place of filing another.
func TestMeTooInTheForm(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.as("dana").opens(usual("Checkout fails for US cards"))
	alice := h.as("alice")
	alice.types("/support")
	alice.seesForm()
	alice.ok(alice.actor.Type(h.ctx, slacksim.FormValues{"text": "Since nine o'clock."}))
	alice.typesTitle("Che")
	alice.typesTitle("Checkout fails")
	alice.suggested("#1", "Checkout fails for US cards · 1 person", "[Me too]")
	alice.typesTitle("Printer jams again")
	alice.awaitsView("no suggestion", func(v *slacksim.View) bool { return !strings.Contains(v.Rendered(), "US cards") })
	alice.typesTitle("US cards fail in the checkout")
	v := alice.suggested("US cards · 1 person")
	for block, want := range map[string]string{"title": "US cards fail in the checkout", "text": "Since nine o'clock."} {
		if got := fmt.Sprint(v.Values[block]); !strings.Contains(got, want) {
			t.Errorf("%s holds %s", block, got)
		}
	}
	alice.ok(alice.actor.ClickModal(h.ctx, "follow"))
	alice.suggested("You follow #1: Open, no owner · solve by", "Nothing was filed.", "Since nine o'clock.")
	h.reads("support", "1 person follows")
	h.until(`SELECT count(*) = 1 FROM tickets`)
}

// A solution that the form shows ends it without a ticket, which is counted.
func TestSolvedBefore(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("dana").opens(usual("Invoice export hangs"))
	h.as("bob").types("/support resolve 1 Restart the exporter on the admin page.")
	h.reads("support", "Bob resolved it")
	alice := h.as("alice")
	alice.types("/support invoice export hangs at 99 %")
	alice.suggested("Invoice export hangs · solved", "“Restart the exporter on the admin page.”", "[That solved it]")
	alice.ok(alice.actor.ClickModal(h.ctx, "solved_before"))
	v := alice.suggested("Good that #1", "solved it.", "Nothing was filed.")
	if strings.Contains(string(v.Body), `"submit"`) {
		t.Error("there is something to send")
	}
	h.until(`SELECT count(*) = 1 FROM avoided_tickets WHERE ticket = 1`)
	h.as("bob").types("/support stats 7d")
	h.as("bob").hears("Not filed, because the form showed the solution: 1")
	if got := h.asItIs(card); strings.Contains(got.Rendered(), "follow") {
		t.Errorf("the ticket has changed: %s", got.Rendered())
	}
}

// Nobody sees a ticket in the form that they may not see elsewhere, nor a private one.
func TestSuggestionsAreWhatTheirReaderMaySee(t *testing.T) {
	t.Parallel()
	h := confidential(t)
	h.as("dana").opens(usual("The checkout fails"))
	h.as("carol").opens(usual("My checkout fails"))
	bob := h.as("bob")
	bob.types("/support")
	bob.submits(newTicket{"P2", "Stolen checkout fails", "Quietly.", "Security"}.values())
	h.reads("ticket-3", "Stolen checkout fails")
	for who, sees := range map[string][]string{"bob": {"The checkout", "My checkout"}, "carol": {"My checkout fails · you hear how it ends"}} {
		p := h.as(who)
		p.types("/support checkout fails")
		v := p.suggested(sees...)
		if text := v.Rendered(); strings.Contains(text, "Stolen") || who == "carol" && strings.Contains(text, "The checkout") {
			t.Errorf("%s reads:\n%s", who, text)
		}
	}
}

// A flood leads the form once its category is chosen.
func TestFloodLeadsTheForm(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for _, title := range []string{"Checkout is down", "Cannot pay", "Cards fail", "Payment hangs", "Basket is stuck"} {
		h.as("dana").opens(usual(title))
	}
	alice := h.as("alice")
	alice.types("/support")
	alice.seesForm()
	alice.ok(alice.actor.Type(h.ctx, slacksim.FormValues{"category": "Payments"}))
	v := alice.suggested("Many people are telling of this now:", "#1")
	if text := v.Rendered(); strings.Index(text, "Checkout is down") > strings.Index(text, "What is affected?") {
		t.Errorf("it does not lead:\n%s", text)
	}
	alice.submits(usual("Something else").values())
	h.reads("support", "Something else")
}

// With the setting off, Slack tells nothing of what is typed.
func TestSuggestionsAreOff(t *testing.T) {
	t.Parallel()
	h := setup(t, func(c *config_, _ *simConfig) { c.Search.Suggest = false })
	h.as("dana").opens(usual("Checkout fails"))
	alice := h.as("alice")
	alice.types("/support checkout fails")
	alice.typesTitle("Checkout fails too")
	if n := h.called("views.update"); n != 0 {
		t.Errorf("the form was drawn %d times", n)
	}
	v, err := alice.actor.View(h.ctx)
	if err != nil || strings.Contains(string(v.Body), "on_character_entered") {
		t.Errorf("%v\n%s", err, v.Body)
	}
	h.advance(time.Minute)
}

// A form is redrawn at most once a second while somebody types, for the newest title.
func TestTypingIsRedrawnOnceASecond(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for i := range 6 {
		h.as("dana").opens(usual(fmt.Sprintf("Machine%d stopped running", i)))
	}
	alice := h.as("alice")
	alice.types("/support")
	alice.seesForm()
	began, typed := time.Now(), 0
	for range 3 {
		for i := range 6 {
			alice.typesTitle(fmt.Sprintf("Machine%d stopped", i))
			typed++
		}
	}
	alice.suggested("Machine5 stopped running")
	if most := int(time.Since(began)/time.Second) + 1; h.called("views.update") > most {
		t.Errorf("drawn %d times for %d titles in %v", h.called("views.update"), typed, time.Since(began))
	}
}

package app_test

import (
	"strings"
	"testing"

	"supporty/internal/dev/slacksim"
)

// A filer sees at once the result and a link, in the place where they typed.
func TestFilerSeesTheTicketWhereTheyTyped(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(p *person){
		"command": func(p *person) { p.types("/support") },
		"shortcut": func(p *person) {
			out := p.ok(p.actor.Say(p.h.ctx, "general", "The build is red."))
			p.ok(p.actor.MessageShortcut(p.h.ctx, "general", out.TS, "ticket_from_message"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			alice := h.as("alice")
			open(alice)
			alice.submits(usual("Cards fail").values())
			filed := alice.hears("Filed: #1 (")
			card := h.reads("support", "Cards fail")
			if filed.Channel == card.Channel || !strings.Contains(filed.Rendered(), "/p"+strings.ReplaceAll(card.TS, ".", "")+"), solved by ") {
				t.Errorf("it stands in %s and does not lead to the card: %s", filed.Channel, filed.Rendered())
			}
			h.allPosted()
			if dms := h.look().DMs("alice"); len(dms) > 0 {
				t.Errorf("a member was told twice: %s", texts(dms))
			}
			if strings.Contains(h.log.String(), "/hooks/") {
				t.Error("a response_url is in the log")
			}
		})
	}
}

// A redrawn form keeps the address of its answer.
func TestFilerIsAnsweredByARedrawnForm(t *testing.T) {
	t.Parallel()
	h := setup(t, quickPayments)
	alice := h.as("alice")
	alice.types("/support")
	alice.seesForm()
	alice.ok(alice.actor.Type(h.ctx, slacksim.FormValues{"category": "Payments"}))
	alice.submits(usual("Cards fail").values())
	alice.hears("Filed: #1 (")
}

// An answer that does not get through becomes a direct message.
func TestFilerWhoCannotBeAnsweredGetsADirectMessage(t *testing.T) {
	t.Parallel()
	for name, arrange := range map[string]func(h *harness, alice *person){
		"the call fails": func(h *harness, alice *person) {
			h.fault(slacksim.Fault{Kind: slacksim.FaultHTTP, Status: 500, Method: "response_url", Count: 1})
			alice.types("/support")
		},
		"there is no address": func(h *harness, alice *person) {
			alice.ok(alice.actor.Shortcut(h.ctx, "ticket_new"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			alice := h.as("alice")
			arrange(h, alice)
			alice.submits(usual("Cards fail").values())
			alice.gets("We have it: #1")
			h.allPosted()
			if n := len(h.look().DMs("alice")); n != 1 {
				t.Errorf("%d direct messages", n)
			}
		})
	}
}

// If the card cannot be posted yet, the answer names its channel.
func TestFilerLearnsTheCardsChannel(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.as("bob").ok(h.slack.As("bob").Archive(h.ctx, "support"))
	alice := h.as("alice")
	alice.types("/support")
	alice.submits(usual("Cards fail").values())
	alice.hears("Its card will stand in #support")
}

// look is the present state of the workspace.
func (h *harness) look() slacksim.State {
	h.t.Helper()
	s, err := h.slack.State(h.ctx)
	if err != nil {
		h.t.Fatal(err)
	}
	return s
}

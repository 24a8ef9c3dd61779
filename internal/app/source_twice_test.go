package app_test

import (
	"strings"
	"testing"

	"supporty/internal/dev/slacksim"
)

// A second shortcut on a message leads to the message's ticket, before the form is filled
// in.
func TestSameMessageAgain(t *testing.T) {
	t.Parallel()
	h := setup(t)
	bob, dana := h.as("bob"), h.as("dana")
	out := dana.ok(dana.actor.Say(h.ctx, "general", "The build is red."))
	dana.makesTicketOf("general", out.TS, asItIs)
	card := h.reads("support", "The build is red.")

	bob.ok(bob.actor.MessageShortcut(h.ctx, "general", out.TS, "ticket_from_message"))
	bob.seesIn("https://acme.slack.com/archives/" + card.Channel)
	bob.ok(bob.actor.ClickModal(h.ctx, "follow"))
	bob.seesIn("You follow #1")
	dana.reacts(card, "white_check_mark")
	bob.gets("Dana resolved #1")

	bob.ok(bob.actor.MessageShortcut(h.ctx, "general", out.TS, "ticket_from_message"))
	bob.seesIn("#1 has ended. This ticket will follow it.")
	bob.submits(slacksim.FormValues{"priority": "P3", "category": "Product", "title": "Red again"})
	if card := h.reads("support", "Red again"); !strings.Contains(card.Rendered(), "follows #1") {
		t.Errorf("it does not follow: %s", card.Rendered())
	}
	dana.ok(dana.actor.MessageShortcut(h.ctx, "general", out.TS, "ticket_from_message"))
	dana.seesIn("Already")
	dana.seesIn("#2")
}

// A person outside the channel cannot follow a ticket, and gets a kind explanation.
func TestFollowingFromOutside(t *testing.T) {
	t.Parallel()
	h := setup(t)
	carol, dana := h.as("carol"), h.as("dana")
	out := dana.ok(dana.actor.Say(h.ctx, "general", "The build is red."))
	dana.makesTicketOf("general", out.TS, asItIs)
	h.reads("support", "The build is red.")
	carol.ok(carol.actor.MessageShortcut(h.ctx, "general", out.TS, "ticket_from_message"))
	carol.seesIn("Already")
	carol.ok(carol.actor.ClickModal(h.ctx, "follow"))
	carol.seesIn("People in the support channel can follow tickets.")
}

// If two people use the shortcut on one message at the same time, it gets one ticket. The
// second person keeps their text and is told the ticket's number.
func TestSameMessageAtOnce(t *testing.T) {
	t.Parallel()
	h := setup(t)
	bob, dana := h.as("bob"), h.as("dana")
	out := dana.ok(dana.actor.Say(h.ctx, "general", "The build is red."))
	for _, p := range []*person{bob, dana} {
		p.ok(p.actor.MessageShortcut(h.ctx, "general", out.TS, "ticket_from_message"))
		p.seesForm()
	}
	dana.submits(asItIs)
	if sent := bob.sends(asItIs); sent.Closed || !strings.Contains(sent.Errors["title"], "This message already has a ticket: #1.") {
		t.Errorf("a second ticket from one message: %+v", sent)
	}
}

// A message that became a ticket gets a reply with a link to the ticket. In a channel
// that the bot is not in there is no reply, and no message waits for one.
func TestMessageIsAnsweredWithItsTicket(t *testing.T) {
	t.Parallel()
	h := setup(t)
	dana := h.as("dana")
	elsewhere := dana.ok(dana.actor.Say(h.ctx, "engineering", "The tests are slow."))
	dana.makesTicketOf("engineering", elsewhere.TS, asItIs)
	out := dana.ok(dana.actor.Say(h.ctx, "support-digest", "The build is red."))
	dana.makesTicketOf("support-digest", out.TS, asItIs)
	said := h.reads("support-digest", "This is now #2")
	if said.ThreadTS != out.TS {
		t.Errorf("it stands in the thread %q", said.ThreadTS)
	}
	h.allPosted()
	h.until(`SELECT count(*) = 0 FROM outbox WHERE state IN ('parked', 'undeliverable')`)
	if all := h.channel("engineering"); len(all) != 1 {
		t.Errorf("where the bot is not: %s", texts(all))
	}
}

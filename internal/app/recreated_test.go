package app_test

import (
	"testing"

	"supporty/internal/dev/slacksim"
)

// A re-created app cannot use the direct-message channels of the old one. New ones are
// opened, and the conversation goes on for both sides.
func TestDirectMessagesOfARecreatedApp(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card, receipt := h.outsider("Checkout fails")
	bob, carol := h.as("bob"), h.as("carol")
	bob.replies(card, "@carol which card?")
	carol.gets("which card?")
	h.allPosted()
	bob.ok(h.slack.Do(h.ctx, slacksim.Action{Do: "recreate_app", As: "bob"}))

	bob.replies(card, "@carol and since when?")
	asked := carol.gets("and since when?")
	if asked.Channel == receipt.Channel {
		t.Fatalf("it stands where the app has no part: %s", asked.Rendered())
	}
	carol.ok(h.slack.As("carol").SayToBot(h.ctx, "Since noon.", slacksim.InThread(asked.TS)))
	h.reads("support", "Since noon.")
	bob.replies(card, "Thank you.") // it will be gathered
	carol.gets("Thank you.")
	bob.attaches(card.Channel, "steps.png", "Do this.", under(card))
	carol.gets("Do this.")
	h.brought("@carol", "steps.png", &slacksim.Message{}) // no thread has begun there yet
	bob.reacts(h.reads("support", "Bob has it"), "white_check_mark")
	solved := carol.gets("Bob resolved")
	h.until(`SELECT count(*) = 0 FROM outbox WHERE state IN ('parked', 'undeliverable') OR pending AND attempts > 2`)
	h.postedOnce()
	if solved.Channel != asked.Channel {
		t.Errorf("the solution stands in %s, what was asked in %s", solved.Channel, asked.Channel)
	}
}

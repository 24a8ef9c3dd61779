package app_test

import (
	"strings"
	"testing"
	"time"

	"supporty/internal/dev/slacksim"
)

func TestAQuestionStopsTheClock(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Checkout fails"))
	bob := h.as("bob")
	bob.reacts(card, "eyes")
	h.reads("support", "Bob has it")
	h.advance(time.Hour)
	asked := bob.asks(card, "Which card type?")
	bob.reacts(asked, "hourglass_flowing_sand")
	h.reads("support", "Bob waits for Alice")
	h.reads("support", "“Which card type?”")
	h.advance(8 * time.Hour)
	if said := first(h.thread(card), "target"); said != nil {
		t.Errorf("while the clock stood still, the bot said: %s", said.Rendered())
	}
	h.as("alice").replies(card, "Visa, all of them.")
	h.reads("support", "Bob has it · solve by")
	h.advance(time.Hour + 16*time.Minute)
	h.reads("support", "@Bob, #1 Checkout fails (Alice) is to be solved by")
	bob.reacts(card, "white_check_mark")
	h.reads("support", "Bob resolved it · on time")
}

func TestTheHourglassOfAnotherMeansNothing(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Checkout fails"))
	h.as("bob").reacts(card, "eyes")
	h.reads("support", "Bob has it")
	asked := h.as("bob").asks(card, "Which card type?")
	h.as("dana").reacts(asked, "hourglass_flowing_sand") // not on her own message
	h.as("dana").reacts(h.as("dana").asks(card, "Mine fails too."), "hourglass_flowing_sand")
	h.as("bob").reacts(asked, "clock1")
	h.as("bob").reacts(asked, "hourglass_flowing_sand")
	h.reads("support", "Bob waits for Alice")
	h.as("bob").unreacts(asked, "hourglass_flowing_sand")
	h.reads("support", "Bob has it · solve by")
	if n := len(h.as("dana").ephemerals()); n != 0 {
		t.Errorf("Dana was told %d things", n)
	}
}

// The order of what happened counts, not the order of its events.
func TestTheHourglassOvertakes(t *testing.T) {
	t.Parallel()
	for what, late := range map[string]slacksim.Fault{
		"the claim":    {Kind: slacksim.FaultDelayEvent, Event: "reaction_added", DelayMS: 1500, Count: 1},
		"the question": {Kind: slacksim.FaultDelayEvent, Event: "message", DelayMS: 1500, Count: 1},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			card, bob := h.as("alice").opens(usual("Checkout fails")), h.as("bob")
			h.fault(late)
			bob.reacts(card, "eyes")
			bob.reacts(bob.asks(card, "Which card type?"), "hourglass_flowing_sand")
			h.reads("support", "Bob waits for Alice")
		})
	}
}

func TestTheHourglassOvertakesTheClaim(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card, bob := h.as("carol").opens(usual("VPN is down")), h.as("bob")
	h.fault(slacksim.Fault{Kind: slacksim.FaultDelayEvent, Event: "reaction_added", DelayMS: 1500, Count: 1})
	bob.reacts(card, "eyes")
	bob.reacts(bob.asks(card, "Which office?"), "hourglass_flowing_sand")
	h.as("carol").gets("The clock is paused until you answer here.")
}

func TestAnUnansweredQuestion(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Checkout fails"))
	bob := h.as("bob")
	bob.reacts(card, "eyes")
	h.reads("support", "Bob has it")
	bob.chooses(card, "wait:1")
	bob.submits(slacksim.FormValues{"question": "Which card type?"})
	h.reads("support", "@Alice, Bob asks about #1: “Which card type?” The clock is paused until you answer.")
	h.advance(24*time.Hour + time.Second)
	h.reads("support", "@Alice, Bob needs your answer on #1: “Which card type?” The clock is paused. Without a reply it closes")
	h.advance(48 * time.Hour)
	h.reads("support", "#1 is closed because the question above had no answer. Reply within 7 days to reopen it.")
	h.reads("support", "Closed: no answer")
	h.as("alice").replies(card, "Sorry, I was away: Visa.")
	h.reads("support", "reopened")
	h.reads("support", "Bob has it · solve by")
}

func TestAnAnswerByDirectMessageStartsTheClock(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("carol").opens(usual("VPN is down"))
	bob, carol := h.as("bob"), h.as("carol")
	bob.reacts(card, "eyes")
	h.reads("support", "Bob has it")
	asked := bob.asks(card, "Which office?")
	bob.reacts(asked, "hourglass_flowing_sand")
	question := carol.gets("The clock is paused until you answer here.")
	h.advance(5 * time.Hour)
	carol.answers(question, "Berlin.")
	h.reads("support", "Carol wrote:")
	h.reads("support", "Bob has it · solve by")
	bob.reacts(card, "white_check_mark")
	carol.gets("Bob resolved #")
	carol.answers(question, "Thanks!")
	carol.answers(question, "It is broken again.")
	carol.hears("#1 is resolved. Still broken?")
}

func TestReopeningAfterAWeekBeginsAnotherTicket(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Checkout fails"))
	h.as("bob").reacts(card, "white_check_mark")
	h.reads("support", "Bob resolved it")
	h.advance(7*24*time.Hour + time.Minute)
	h.as("alice").clicks(card, "reopen")
	h.as("alice").seesIn("#1 has ended. This ticket will follow it.")
	h.as("alice").submits(nil)
	h.reads("support", "#2 · P2 · Checkout fails")
	h.reads("support", "follows #1")
}

// A person who writes about a ticket that ended long ago is led to a new ticket that
// follows it. This also works if the form is redrawn for the targets of another category.
func TestWritingAfterAWeekLeadsToAnotherTicket(t *testing.T) {
	t.Parallel()
	h := setup(t, quickPayments)
	card := h.as("alice").opens(usual("Checkout fails"))
	h.as("bob").reacts(card, "white_check_mark")
	h.reads("support", "Bob resolved it")
	h.advance(7*24*time.Hour + time.Minute)
	alice := h.as("alice")
	alice.replies(card, "It fails again.")
	alice.clicks(alice.hears("#1 was resolved more than 7 days ago. Still broken?"), "reopen")
	alice.seesIn("#1 has ended. This ticket will follow it.")
	for _, promised := range []struct{ category, want string }{{"Gardening", "no target"}, {"Payments", "within 1 h"}, {"Product", "within 3 h"}} {
		alice.ok(alice.actor.Type(h.ctx, slacksim.FormValues{"category": promised.category}))
		alice.seesIn(promised.want)
		alice.seesIn("#1 has ended. This ticket will follow it.")
	}
	alice.submits(nil)
	h.reads("support", "follows #1")
}

func TestOnHold(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Checkout fails"))
	bob := h.as("bob")
	bob.reacts(card, "eyes")
	h.reads("support", "Bob has it")
	bob.types("/support hold 1 Waits for the bank.")
	h.reads("support", "Bob has it on hold")
	h.reads("support", "@Alice, Bob put #1 on hold: Waits for the bank. It is looked at again")
	h.as("alice").replies(card, "Any news?")
	h.advance(5*24*time.Hour + time.Second)
	review := h.reads("support", "@Bob, #1 Checkout fails (Alice) is on hold since")
	bob.clicks(review, "resume")
	h.reads("support", "Bob has it · solve by")
	bob.types("/support hold 1")
	bob.awaitsForm("hold")
	if out := bob.sends(slacksim.FormValues{"reason": "Another bank", "review": "2020-01-01"}); out.Errors["review"] != "Choose a day that is still to come." {
		t.Errorf("a review in the past: %+v", out)
	}
	bob.submits(slacksim.FormValues{"reason": "Another bank", "review": h.clock.Now().AddDate(0, 0, 9).Format(time.DateOnly)})
	h.reads("support", "Bob put #1 on hold: Another bank.")
}

func TestPausingByCommand(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.as("alice").opens(usual("Checkout fails"))
	bob := h.as("bob")
	bob.types("/support wait 1 Which card?")
	bob.hears("Nobody has #1. Claim it first.")
	bob.clicks(h.reads("support", "Checkout fails"), "claim")
	h.reads("support", "Bob has it")
	h.as("dana").types("/support wait 1 Which card?")
	h.as("dana").hears("Bob has #1 and says what it waits for.")
	bob.types("/support wait #1 Which card, <!channel> @here?")
	bob.hears("Bob waits for Alice")
	said := h.reads("support", "Bob asks about #1")
	if strings.Contains(said.Text, "<!channel>") {
		t.Errorf("a question pings the channel: %s", said.Text)
	}
	h.as("alice").types("/support resume 1")
	h.reads("support", "Bob has it · solve by")
	bob.types("/support wait 7 Which card?")
	bob.hears("There is no ticket #7.")
}

package app_test

import (
	"strings"
	"testing"
	"time"

	"supporty/internal/dev/slacksim"
)

func TestAQuestionStopsTheClock(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card := w.as("alice").opens(usual("Checkout fails"))
	bob := w.as("bob")
	bob.reacts(card, "eyes")
	w.reads("support", "Bob has it")
	w.advance(time.Hour)
	asked := bob.asks(card, "Which card type?")
	bob.reacts(asked, "hourglass_flowing_sand")
	w.reads("support", "Bob waits for Alice")
	w.reads("support", "“Which card type?”")
	w.advance(8 * time.Hour)
	if said := first(w.thread(card), "target"); said != nil {
		t.Errorf("while the clock stood still, the bot said: %s", said.Rendered())
	}
	w.as("alice").replies(card, "Visa, all of them.")
	w.reads("support", "Bob has it · solve by")
	w.advance(time.Hour + 16*time.Minute)
	w.reads("support", "@Bob, #1 Checkout fails (Alice) is to be solved by")
	bob.reacts(card, "white_check_mark")
	w.reads("support", "Bob resolved it · on time")
}

func TestTheHourglassOfAnotherMeansNothing(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card := w.as("alice").opens(usual("Checkout fails"))
	w.as("bob").reacts(card, "eyes")
	w.reads("support", "Bob has it")
	asked := w.as("bob").asks(card, "Which card type?")
	w.as("dana").reacts(asked, "hourglass_flowing_sand") // not hers
	w.as("dana").reacts(w.as("dana").asks(card, "Mine fails too."), "hourglass_flowing_sand")
	w.as("bob").reacts(asked, "clock1")
	w.as("bob").reacts(asked, "hourglass_flowing_sand")
	w.reads("support", "Bob waits for Alice")
	w.as("bob").unreacts(asked, "hourglass_flowing_sand")
	w.reads("support", "Bob has it · solve by")
	if n := len(w.as("dana").whispers()); n != 0 {
		t.Errorf("Dana was told %d things", n)
	}
}

// What happened counts, not which news of it came first.
func TestTheHourglassOvertakes(t *testing.T) {
	t.Parallel()
	for what, late := range map[string]slacksim.Fault{
		"the claim":    {Kind: slacksim.FaultDelayEvent, Event: "reaction_added", DelayMS: 1500, Count: 1},
		"the question": {Kind: slacksim.FaultDelayEvent, Event: "message", DelayMS: 1500, Count: 1},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := setup(t)
			card, bob := w.as("alice").opens(usual("Checkout fails")), w.as("bob")
			w.trouble(late)
			bob.reacts(card, "eyes")
			bob.reacts(bob.asks(card, "Which card type?"), "hourglass_flowing_sand")
			w.reads("support", "Bob waits for Alice")
		})
	}
}

func TestTheHourglassOvertakesTheClaim(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card, bob := w.as("carol").opens(usual("VPN is down")), w.as("bob")
	w.trouble(slacksim.Fault{Kind: slacksim.FaultDelayEvent, Event: "reaction_added", DelayMS: 1500, Count: 1})
	bob.reacts(card, "eyes")
	bob.reacts(bob.asks(card, "Which office?"), "hourglass_flowing_sand")
	w.as("carol").gets("The clock is paused until you answer here.")
}

func TestAnUnansweredQuestion(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card := w.as("alice").opens(usual("Checkout fails"))
	bob := w.as("bob")
	bob.reacts(card, "eyes")
	w.reads("support", "Bob has it")
	bob.chooses(card, "wait:1")
	bob.submits(slacksim.Values{"question": "Which card type?"})
	w.reads("support", "@Alice, Bob asks about #1: “Which card type?” The clock is paused until you answer.")
	w.advance(24*time.Hour + time.Second)
	w.reads("support", "@Alice, Bob needs your answer on #1: “Which card type?” The clock is paused. Without a reply it closes")
	w.advance(48 * time.Hour)
	w.reads("support", "#1 is closed because the question above had no answer. Reply within 7 days to reopen it.")
	w.reads("support", "Closed: no answer")
	w.as("alice").replies(card, "Sorry, I was away: Visa.")
	w.reads("support", "reopened")
	w.reads("support", "Bob has it · solve by")
}

func TestAnAnswerByDirectMessageStartsTheClock(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card := w.as("carol").opens(usual("VPN is down"))
	bob, carol := w.as("bob"), w.as("carol")
	bob.reacts(card, "eyes")
	w.reads("support", "Bob has it")
	asked := bob.asks(card, "Which office?")
	bob.reacts(asked, "hourglass_flowing_sand")
	question := carol.gets("The clock is paused until you answer here.")
	w.advance(5 * time.Hour)
	carol.answers(question, "Berlin.")
	w.reads("support", "Carol wrote:")
	w.reads("support", "Bob has it · solve by")
	bob.reacts(card, "white_check_mark")
	carol.gets("Bob resolved #")
	carol.answers(question, "Thanks!")
	carol.answers(question, "It is broken again.")
	carol.hears("#1 is resolved. Still broken?")
}

func TestReopeningAfterAWeekBeginsAnotherTicket(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card := w.as("alice").opens(usual("Checkout fails"))
	w.as("bob").reacts(card, "white_check_mark")
	w.reads("support", "Bob resolved it")
	w.advance(7*24*time.Hour + time.Minute)
	w.as("alice").clicks(card, "reopen")
	w.as("alice").seesIn("#1 has ended. This ticket will follow it.")
	w.as("alice").submits(nil)
	w.reads("support", "#2 · P2 · Checkout fails")
	w.reads("support", "follows #1")
}

// Whoever writes about what ended long ago is led to a new ticket that is linked to it,
// also when the form is drawn anew because another category promises otherwise.
func TestWritingAfterAWeekLeadsToAnotherTicket(t *testing.T) {
	t.Parallel()
	w := setup(t, quickPayments)
	card := w.as("alice").opens(usual("Checkout fails"))
	w.as("bob").reacts(card, "white_check_mark")
	w.reads("support", "Bob resolved it")
	w.advance(7*24*time.Hour + time.Minute)
	alice := w.as("alice")
	alice.replies(card, "It fails again.")
	alice.clicks(alice.hears("#1 was resolved more than 7 days ago. Still broken?"), "reopen")
	alice.seesIn("#1 has ended. This ticket will follow it.")
	for _, promised := range []struct{ category, want string }{{"Gardening", "no target"}, {"Payments", "within 1 h"}, {"Product", "within 3 h"}} {
		alice.ok(alice.actor.Type(w.ctx, slacksim.Values{"category": promised.category}))
		alice.seesIn(promised.want)
		alice.seesIn("#1 has ended. This ticket will follow it.")
	}
	alice.submits(nil)
	w.reads("support", "follows #1")
}

func TestOnHold(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card := w.as("alice").opens(usual("Checkout fails"))
	bob := w.as("bob")
	bob.reacts(card, "eyes")
	w.reads("support", "Bob has it")
	bob.types("/support hold 1 Waits for the bank.")
	w.reads("support", "Bob has it on hold")
	w.reads("support", "@Alice, Bob put #1 on hold: Waits for the bank. It is looked at again")
	w.as("alice").replies(card, "Any news?")
	w.advance(5*24*time.Hour + time.Second)
	review := w.reads("support", "@Bob, #1 Checkout fails (Alice) is on hold since")
	bob.clicks(review, "resume")
	w.reads("support", "Bob has it · solve by")
	bob.types("/support hold 1")
	bob.awaitsForm("hold")
	if out := bob.sends(slacksim.Values{"reason": "Another bank", "review": "2020-01-01"}); out.Errors["review"] != "Choose a day that is still to come." {
		t.Errorf("a review in the past: %+v", out)
	}
	bob.submits(slacksim.Values{"reason": "Another bank", "review": w.clock.Now().AddDate(0, 0, 9).Format(time.DateOnly)})
	w.reads("support", "Bob put #1 on hold: Another bank.")
}

func TestPausingByCommand(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.as("alice").opens(usual("Checkout fails"))
	bob := w.as("bob")
	bob.types("/support wait 1 Which card?")
	bob.hears("Nobody has #1. Claim it first.")
	bob.clicks(w.reads("support", "Checkout fails"), "claim")
	w.reads("support", "Bob has it")
	w.as("dana").types("/support wait 1 Which card?")
	w.as("dana").hears("Bob has #1 and says what it waits for.")
	bob.types("/support wait #1 Which card, <!channel> @here?")
	bob.hears("Bob waits for Alice")
	said := w.reads("support", "Bob asks about #1")
	if strings.Contains(said.Text, "<!channel>") {
		t.Errorf("a question pings the channel: %s", said.Text)
	}
	w.as("alice").types("/support resume 1")
	w.reads("support", "Bob has it · solve by")
	bob.types("/support wait 7 Which card?")
	bob.hears("There is no ticket #7.")
}

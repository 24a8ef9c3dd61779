package app_test

import (
	"strings"
	"testing"
	"time"

	"supporty/internal/config"
	"supporty/internal/slacksim"
)

func TestAWarningIsAnswered(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card := w.as("alice").opens(usual("Checkout fails"))
	bob := w.as("bob")
	bob.reacts(card, "eyes")
	w.reads("support", "Bob has it")
	w.advance(2*time.Hour + 15*time.Minute + time.Second)
	warning := w.reads("support", "@Bob, #1 Checkout fails (Alice) is to be solved by")
	bob.clicks(warning, "on_it")
	bob.hears("Noted: you are on #1.")
	w.advance(31 * time.Minute)
	if said := first(w.thread(card), "has not answered"); said != nil {
		t.Errorf("the owner is on it, yet: %s", said.Rendered())
	}
	bob.clicks(warning, "expect")
	bob.submits(slacksim.Values{"expected": w.clock.Now().Add(3 * time.Hour).Truncate(time.Minute).Unix(), "reason": "The bank is slow"})
	w.reads("support", "@Alice, Bob needs longer for #1 and expects it solved by")
	w.reads("support", "expected")
	w.advance(15 * time.Minute)
	w.reads("support", "late since") // what was promised is measured as before
	if said := first(w.thread(card), "passed its"); said != nil {
		t.Errorf("the requester knows already, yet: %s", said.Rendered())
	}
	w.advance(3 * time.Hour)
	w.reads("support", "#1 Checkout fails (Alice) was expected to be solved by")
}

func TestTheNextReply(t *testing.T) {
	t.Parallel()
	w := setup(t, func(c *config_, _ *simConfig) { c.Priorities[1].NextReply = 30 * time.Minute })
	card := w.as("alice").opens(usual("Checkout fails"))
	bob, alice := w.as("bob"), w.as("alice")
	bob.reacts(card, "eyes")
	w.reads("support", "Bob has it")
	alice.replies(card, "It is every card now.")
	w.awaitReplies(1, 1)
	w.advance(31 * time.Minute)
	w.reads("support", "@Bob, Alice has been waiting for an answer on #1 Checkout fails since")
	bob.replies(card, "On it.")
	w.awaitReplies(1, 2)
	w.advance(31 * time.Minute)
	alice.replies(card, "Thanks.")
	w.awaitReplies(1, 3)
	bob.replies(card, "Nearly there.")
	w.awaitReplies(1, 4)
	w.advance(31 * time.Minute)
	if n := count(w.thread(card), "has been waiting"); n != 1 {
		t.Errorf("reminded %d times of replies, want once", n)
	}
}

func TestAFloodIsToldOnce(t *testing.T) {
	t.Parallel()
	w := setup(t, func(c *config_, _ *simConfig) { c.Alerts.Group = "oncall" })
	for _, title := range []string{"Checkout down", "Cannot pay", "Card refused", "Paying fails", "No checkout", "Shop broken"} {
		w.as("alice").opens(usual(title))
	}
	w.as("alice").opens(filing{priority: "P2", title: "Typo", text: "On the front page.", category: "Product"})
	w.advance(2*time.Hour + 16*time.Minute)
	w.reads("support", "Payments: 6 tickets within ten minutes, 6 open. The first is #1")
	w.reads("support", "@oncall, #7 Typo (Alice) has no owner and is to be solved by")
	for _, m := range w.channel("support") {
		if strings.Contains(m.Rendered(), "has no owner and is to be solved by") && !strings.Contains(m.Text, "#7") && (m.Broadcast || strings.Contains(m.Text, "<!subteam")) {
			t.Errorf("in a flood, each thread calls: %s", m.Rendered())
		}
	}
	w.advance(45 * time.Minute)
	w.reads("support", "6 open, 6 late")
	if n := count(w.channel("support"), "within ten minutes"); n != 2 {
		t.Errorf("the channel was told %d times, want twice in the hour", n)
	}
}

func TestASilentOwnersTicketIsOffered(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card := w.as("alice").opens(usual("Checkout fails"))
	w.as("bob").reacts(card, "eyes")
	w.reads("support", "Bob has it")
	w.advance(2*time.Hour + 15*time.Minute + time.Second)
	w.reads("support", "@Bob, #1 Checkout fails (Alice) is to be solved by")
	w.advance(30 * time.Minute)
	offer := w.reads("support", "Bob has not answered. Whoever is free can take it over.")
	if !offer.Broadcast || strings.Contains(offer.Text, "<@") {
		t.Errorf("broadcast %v: %s", offer.Broadcast, offer.Text)
	}
	w.as("dana").clicks(offer, "take_over")
	w.reads("support", "Dana has it")
	w.reads("support", "@Bob, Dana took #1 over")
}

// A working day leaves less time after the warning than an owner has to answer it.
func TestASilentOwnersLateTicketIsOffered(t *testing.T) {
	t.Parallel()
	w := setup(t, func(c *config_, _ *simConfig) {
		c.Hours = settings(t, "Mon-Fri 09:00-17:00 UTC").Hours
		c.Priorities[2].Resolve = config.Target{Days: 1}
	})
	w.advance(untilFriday(w.clock.Now()) - 7*time.Hour) // Friday 10:00
	card := w.as("alice").opens(filing{priority: "P3", title: "Wrong colour", text: "It is green.", category: "Product"})
	w.as("bob").reacts(card, "eyes")
	w.reads("support", "Bob has it")
	w.advance(6*time.Hour + time.Second)
	w.reads("support", "@Bob, #1 Wrong colour (Alice) is to be solved by Mon 10:00")
	w.advance(66 * time.Hour) // Monday 10:00
	w.reads("support", "please tell Alice when to expect it")
	w.advance(2 * time.Hour)
	offer := w.reads("support", "Bob has not answered. Whoever is free can take it over.")
	if !offer.Broadcast || !strings.Contains(offer.Rendered(), "passed its 1 working day target") {
		t.Errorf("broadcast %v: %s", offer.Broadcast, offer.Rendered())
	}
}

func TestAnAbsentOwnersTicketIsOffered(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card := w.as("alice").opens(usual("Checkout fails"))
	w.as("bob").reacts(card, "eyes")
	w.reads("support", "Bob has it")
	w.as("bob").ok(w.slack.Do(w.ctx, slacksim.Action{Do: "status", As: "bob", StatusEmoji: ":palm_tree:"}))
	w.until(`SELECT count(*) > 0 FROM people WHERE status = 'palm_tree'`)
	w.advance(2*time.Hour + 15*time.Minute + time.Second)
	w.reads("support", "#1 Checkout fails (Alice) is to be solved by")
	offer := w.reads("support", "Bob is away. Whoever is free can take it over.")
	if strings.Contains(offer.Text, "<@") {
		t.Errorf("somebody who is away is pinged: %s", offer.Text)
	}
}

func TestAnUnclaimedP1IsToldAgain(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card := w.as("alice").opens(filing{priority: "P1", title: "Site is down", text: "500 everywhere.", category: "Product"})
	for minute := range 44 {
		w.advance(time.Minute)
		if minute == 14 {
			w.reads("support", "#1 Site is down (Alice) has no answer yet and was to be answered by")
		}
	}
	w.advance(time.Minute + time.Second)
	w.await("three repetitions", func(s slacksim.State) bool { return count(s.Thread(card.TS), "still has no answer") == 3 })
	again := w.reads("support", "#1 Site is down (Alice) still has no answer: it was to be answered by")
	if !again.Broadcast {
		t.Error("a thread that nobody follows tells nobody")
	}
	w.as("bob").clicks(again, "claim")
	w.reads("support", "Bob has it")
	w.advance(20 * time.Minute)
	w.reads("support", "@Bob, please tell Alice when to expect it.")
	if n := count(w.thread(card), "still has no answer"); n != 3 {
		t.Errorf("it was told again %d times:\n%s", n, texts(w.thread(card)))
	}
}

func TestAnAnswerEndsTheRepetition(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card := w.as("alice").opens(filing{priority: "P1", title: "Site is down", text: "500 everywhere.", category: "Product"})
	w.advance(25*time.Minute + time.Second)
	w.reads("support", "#1 Site is down (Alice) has no answer yet and was to be answered by")
	w.advance(10 * time.Minute)
	w.reads("support", "#1 Site is down (Alice) still has no answer")
	w.as("bob").replies(card, "Looking.")
	w.awaitReplies(1, 1)
	w.advance(11 * time.Minute)
	w.reads("support", "#1 Site is down (Alice) has no owner and is to be solved by")
	if n := count(w.thread(card), "still has no answer"); n != 1 {
		t.Errorf("it was told again %d times:\n%s", n, texts(w.thread(card)))
	}
}

package app_test

import (
	"strings"
	"testing"
	"time"

	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
)

func TestAWarningIsAnswered(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Checkout fails"))
	bob := h.as("bob")
	bob.reacts(card, "eyes")
	h.reads("support", "Bob has it")
	h.advance(2*time.Hour + 15*time.Minute + time.Second)
	warning := h.reads("support", "@Bob, #1 Checkout fails (Alice) is to be solved by")
	bob.clicks(warning, "on_it")
	bob.hears("Noted: you are on #1.")
	h.advance(31 * time.Minute)
	if said := first(h.thread(card), "has not answered"); said != nil {
		t.Errorf("the owner is on it, yet: %s", said.Rendered())
	}
	bob.clicks(warning, "expect")
	bob.submits(slacksim.FormValues{"expected": h.clock.Now().Add(3 * time.Hour).Truncate(time.Minute).Unix(), "reason": "The bank is slow"})
	h.reads("support", "@Alice, Bob needs longer for #1 and expects it solved by")
	h.reads("support", "expected")
	h.advance(15 * time.Minute)
	h.reads("support", "late since") // the old target still applies to this ticket
	if said := first(h.thread(card), "passed its"); said != nil {
		t.Errorf("the requester knows already, yet: %s", said.Rendered())
	}
	h.advance(3 * time.Hour)
	h.reads("support", "#1 Checkout fails (Alice) was expected to be solved by")
}

func TestTheNextReply(t *testing.T) {
	t.Parallel()
	h := setup(t, func(c *config_, _ *simConfig) { c.Priorities[1].NextReply = 30 * time.Minute })
	card := h.as("alice").opens(usual("Checkout fails"))
	bob, alice := h.as("bob"), h.as("alice")
	bob.reacts(card, "eyes")
	h.reads("support", "Bob has it")
	alice.replies(card, "It is every card now.")
	h.awaitReplies(1, 1)
	h.advance(31 * time.Minute)
	h.reads("support", "@Bob, Alice has been waiting for an answer on #1 Checkout fails since")
	bob.replies(card, "On it.")
	h.awaitReplies(1, 2)
	h.advance(31 * time.Minute)
	alice.replies(card, "Thanks.")
	h.awaitReplies(1, 3)
	bob.replies(card, "Nearly there.")
	h.awaitReplies(1, 4)
	h.advance(31 * time.Minute)
	if n := h.posted("has been waiting"); n != 1 {
		t.Errorf("reminded %d times of replies, want once", n)
	}
}

func TestAFloodIsPostedOnce(t *testing.T) {
	t.Parallel()
	h := setup(t, func(c *config_, _ *simConfig) { c.Alerts.Group = "oncall" })
	for _, title := range []string{"Checkout down", "Cannot pay", "Card refused", "Paying fails", "No checkout", "Shop broken"} {
		h.as("alice").opens(usual(title))
	}
	h.as("alice").opens(newTicket{priority: "P2", title: "Typo", text: "On the front page.", category: "Product"})
	h.advance(2*time.Hour + 16*time.Minute)
	h.reads("support", "Payments: 6 tickets within ten minutes, 6 open. The first is #1")
	h.reads("support", "@oncall, #7 Typo (Alice) has no owner and is to be solved by")
	for _, m := range h.channel("support") {
		if strings.Contains(m.Rendered(), "has no owner and is to be solved by") && !strings.Contains(m.Text, "#7") && (m.Broadcast || strings.Contains(m.Text, "<!subteam")) {
			t.Errorf("in a flood, each thread calls: %s", m.Rendered())
		}
	}
	h.advance(45 * time.Minute)
	h.reads("support", "6 open, 6 late")
	if n := count(h.channel("support"), "within ten minutes"); n != 2 {
		t.Errorf("the channel was told %d times, want twice in the hour", n)
	}
}

func TestASilentOwnersTicketIsOffered(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Checkout fails"))
	h.as("bob").reacts(card, "eyes")
	h.reads("support", "Bob has it")
	h.advance(2*time.Hour + 15*time.Minute + time.Second)
	h.reads("support", "@Bob, #1 Checkout fails (Alice) is to be solved by")
	h.advance(30 * time.Minute)
	offer := h.reads("support", "Bob has not answered. Whoever is free can take it over.")
	if !offer.Broadcast || strings.Contains(offer.Text, "<@") {
		t.Errorf("broadcast %v: %s", offer.Broadcast, offer.Text)
	}
	h.as("dana").clicks(offer, "take_over")
	h.reads("support", "Dana has it")
	h.reads("support", "@Bob, Dana took #1 over")
}

// With a target of a working day, less time remains after the warning than an owner has
// to answer the warning.
func TestASilentOwnersLateTicketIsOffered(t *testing.T) {
	t.Parallel()
	h := setup(t, func(c *config_, _ *simConfig) {
		c.Hours = settings(t, "Mon-Fri 09:00-17:00 UTC").Hours
		c.Priorities[2].Resolve = config.Target{Days: 1}
	})
	h.advance(untilFriday(h.clock.Now()) - 7*time.Hour) // Friday 10:00
	card := h.as("alice").opens(newTicket{priority: "P3", title: "Wrong colour", text: "It is green.", category: "Product"})
	h.as("bob").reacts(card, "eyes")
	h.reads("support", "Bob has it")
	h.advance(6*time.Hour + time.Second)
	h.reads("support", "@Bob, #1 Wrong colour (Alice) is to be solved by Mon 10:00")
	h.advance(66 * time.Hour) // Monday 10:00
	h.reads("support", "please tell Alice when to expect it")
	h.advance(2 * time.Hour)
	offer := h.reads("support", "Bob has not answered. Whoever is free can take it over.")
	if !offer.Broadcast || !strings.Contains(offer.Rendered(), "passed its 1 working day target") {
		t.Errorf("broadcast %v: %s", offer.Broadcast, offer.Rendered())
	}
}

func TestAnAbsentOwnersTicketIsOffered(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Checkout fails"))
	h.as("bob").reacts(card, "eyes")
	h.reads("support", "Bob has it")
	h.as("bob").ok(h.slack.Do(h.ctx, slacksim.Action{Do: "status", As: "bob", StatusEmoji: ":palm_tree:"}))
	h.until(`SELECT count(*) > 0 FROM people WHERE status = 'palm_tree'`)
	h.advance(2*time.Hour + 15*time.Minute + time.Second)
	h.reads("support", "#1 Checkout fails (Alice) is to be solved by")
	offer := h.reads("support", "Bob is away. Whoever is free can take it over.")
	if strings.Contains(offer.Text, "<@") {
		t.Errorf("somebody who is away is pinged: %s", offer.Text)
	}
}

// Slack does not notify anybody of an edit. So while a P1 has no owner, each repetition
// of its alert is a new message that the channel sees, and the one before loses its
// buttons.
func TestAnUnclaimedP1IsPostedAgain(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(siteIsDown)
	h.advance(12 * time.Minute)
	said := []*slacksim.Message{h.newest(card, "#1 Site is down (Alice) has no answer yet and is to be answered by")}
	h.advance(3*time.Minute + time.Second)
	said = append(said, h.newest(card, "#1 Site is down (Alice) has no answer yet and was to be answered by"))
	for range 3 {
		h.advance(10 * time.Minute)
		said = append(said, h.newest(card, "#1 Site is down (Alice) still has no answer: it was to be answered by"))
	}
	h.advance(15 * time.Minute)
	late := h.newest(card, "#1 Site is down (Alice) passed its 1 h target at")
	for i, m := range append(said, late) {
		if !m.Broadcast || i > 0 && m.TS == said[i-1].TS {
			t.Errorf("nobody sees that this is new: %s", m.Rendered())
		}
		if m != late && h.hasButton(m, "claim") {
			t.Errorf("told again, and it still has its button: %s", m.Rendered())
		}
	}
	h.reads("support", "@Alice, #1 is taking longer than we aimed for. Nobody has it yet. You are told when somebody does.")
	h.as("bob").clicks(late, "claim")
	h.reads("support", "@Bob, please tell Alice when to expect it.")
	h.advance(61 * time.Second)
	h.as("alice").notified("Bob has #1")
	if n := len(h.thread(card)); n != 8 {
		t.Errorf("%d messages:\n%s", n, texts(h.thread(card)))
	}
}

// newest waits until every message is posted, and until the newest message to everybody
// in a thread contains a text.
func (h *harness) newest(card *slacksim.Message, text string) *slacksim.Message {
	h.t.Helper()
	h.allPosted()
	var loud []*slacksim.Message
	for _, m := range h.thread(card) {
		if m.Broadcast {
			loud = append(loud, m)
		}
	}
	if len(loud) == 0 || first(loud[len(loud)-1:], text) == nil {
		h.t.Fatalf("the last of this is not %q:\n%s", text, texts(loud))
	}
	return loud[len(loud)-1]
}

// If the alert mentions somebody, each repetition mentions them again.
func TestAnUnclaimedP1CallsTheGroupAgain(t *testing.T) {
	t.Parallel()
	h := setup(t, func(c *config_, _ *simConfig) { c.Alerts.Group = "oncall" })
	card := h.as("alice").opens(siteIsDown)
	h.advance(15*time.Minute + time.Second)
	told := map[string]bool{}
	for range 3 {
		h.advance(10 * time.Minute)
		h.allPosted()
		now := h.thread(card)
		if m := first(now[len(now)-1:], "@oncall, #1 Site is down (Alice) still has no answer"); m != nil {
			told[m.TS] = true
		}
	}
	if len(told) != 3 {
		t.Errorf("the group was called %d times, want three:\n%s", len(told), texts(h.thread(card)))
	}
	h.as("bob").reacts(card, "eyes")
	h.await("no button to claim it", func(s slacksim.State) bool {
		for _, m := range s.Thread(card.TS) {
			if strings.Contains(string(m.Blocks), `"action_id":"claim"`) {
				return false
			}
		}
		return true
	})
}

// hasButton reports whether a message of a thread has a button now.
func (h *harness) hasButton(m *slacksim.Message, action string) bool {
	h.t.Helper()
	for _, now := range h.channel("support") {
		if now.TS == m.TS {
			return strings.Contains(string(now.Blocks), `"action_id":"`+action+`"`)
		}
	}
	return false
}

func TestButtonsRetire(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Checkout fails"))
	h.advance(2*time.Hour + 15*time.Minute + time.Second)
	warning := h.reads("support", "#1 Checkout fails (Alice) has no owner and is to be solved by")
	h.as("bob").clicks(warning, "claim")
	h.reads("support", "@Bob, #1 Checkout fails (Alice) is to be solved by")
	if h.hasButton(warning, "claim") || !h.hasButton(warning, "on_it") {
		t.Error("what can be done about a warning does not follow the claim")
	}
	h.advance(45 * time.Minute)
	late := h.reads("support", "@Bob, please tell Alice when to expect it.")
	h.reads("support", "#1 Checkout fails (Alice) was to be solved by")
	if h.hasButton(warning, "on_it") || !h.hasButton(late, "expect") {
		t.Error("a warning can be answered after the deadline")
	}
	h.as("bob").clicks(late, "expect")
	h.as("bob").submits(slacksim.FormValues{"expected": h.clock.Now().Add(3 * time.Hour).Truncate(time.Minute).Unix(), "reason": "The bank is slow"})
	h.reads("support", "#1 Checkout fails (Alice) has another time now. Bob has it.")
	h.as("bob").reacts(card, "white_check_mark")
	h.reads("support", "Bob resolved #1")
	h.await("all alerts to be over", func(s slacksim.State) bool { return count(s.Thread(card.TS), "Bob resolved it.") == 2 })
	h.allPosted()
	before := h.updates()
	h.as("alice").replies(card, "Thank you.")
	h.awaitReplies(1, 1)
	h.allPosted()
	if after := h.updates(); after > before {
		t.Errorf("%d messages were changed by a reply", after-before)
	}
}

// A late ticket without an owner gets one message in the channel. After that, all such
// tickets are listed in one line a day.
func TestTicketsWithoutOwnerAreOneLineADay(t *testing.T) {
	t.Parallel()
	h := setup(t)
	t.Cleanup(h.startOne())                             // another copy posts nothing twice
	h.advance(untilFriday(h.clock.Now()) - 8*time.Hour) // Friday 09:00
	first := h.as("alice").opens(usual("Checkout fails"))
	second := h.as("alice").opens(newTicket{priority: "P2", title: "Wrong tax", text: "It is 7 %.", category: "Product"})
	third := h.as("alice").opens(newTicket{priority: "P2", title: "No invoices", text: "None.", category: "Access"})
	h.advance(2*time.Hour + 15*time.Minute + time.Second)
	h.reads("support", "#3 No invoices (Alice) has no owner and is to be solved by")
	h.allPosted()
	h.advance(45 * time.Minute)
	h.reads("support", "#3 No invoices (Alice) passed its 3 h target")
	for _, card := range []*slacksim.Message{first, second, third} {
		aloud := 0
		for _, m := range h.thread(card) {
			if m.Broadcast {
				aloud++
			}
		}
		if aloud != 1 {
			t.Errorf("%d posts in the channel, want one:\n%s", aloud, texts(h.thread(card)))
		}
	}
	h.as("bob").reacts(second, "eyes")
	h.reads("support", "Bob has it")
	h.advance(21 * time.Hour)
	line := h.reads("support", "2 tickets are late and have no owner: #1 Checkout fails, #3 No invoices.")
	if line.IsReply() || strings.Contains(line.Text, "<@") || !strings.Contains(line.Text, "|#1>") {
		t.Errorf("the reminder is %q", line.Text)
	}
	h.as("bob").reacts(first, "eyes")
	h.reads("support", "Bob has it")
	h.advance(24 * time.Hour)
	h.reads("support", "1 ticket is late and has no owner: #3 No invoices.")
	h.as("bob").reacts(third, "eyes")
	h.until(`SELECT count(*) = 0 FROM tickets WHERE assignee = ''`)
	h.advance(24 * time.Hour)
	h.until(`SELECT count(*) FILTER (WHERE state <> 'dropped') = 2 AND bool_and(NOT pending) FROM outbox WHERE kind = 'unowned'`)
	if n := h.posted("late and ha"); n != 2 {
		t.Errorf("%d reminders, want two", n)
	}
}

// updates is how often messages of ours were edited.
func (h *harness) updates() (n int) {
	h.t.Helper()
	entries, err := h.slack.Journal(h.ctx, 0)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, e := range entries {
		if e.Kind == slacksim.KindCall && e.Method == "chat.update" {
			n++
		}
	}
	return n
}

func TestAnAnswerEndsTheRepetition(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(newTicket{priority: "P1", title: "Site is down", text: "500 everywhere.", category: "Product"})
	h.advance(25*time.Minute + time.Second)
	h.reads("support", "#1 Site is down (Alice) has no answer yet and was to be answered by")
	h.advance(10 * time.Minute)
	h.reads("support", "#1 Site is down (Alice) still has no answer")
	h.as("bob").replies(card, "Looking.")
	h.awaitReplies(1, 1)
	h.drops("support", "#1 Site is down (Alice) still has no answer")
	h.advance(11 * time.Minute)
	h.reads("support", "#1 Site is down (Alice) has no owner and is to be solved by")
	h.doesNotSay(card, "still has no answer")
}

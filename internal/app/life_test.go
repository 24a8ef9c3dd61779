package app_test

import (
	"strings"
	"testing"
	"time"

	"supporty/internal/dev/slacksim"
)

func TestTicketFromFormToResolution(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Checkout fails for US cards"))
	if got := card.Rendered(); !strings.Contains(got, "#1 · P2 · Checkout fails for US cards") || !strings.Contains(got, "Open, no owner") {
		t.Fatalf("the card reads:\n%s", got)
	}
	h.as("bob").reacts(card, "eyes")
	h.reads("support", "Bob has it")
	h.advance(time.Minute)
	h.reads("support", "@Alice, Bob has #1.")
	h.as("bob").reacts(card, "white_check_mark")
	h.reads("support", "Bob resolved it · on time")
	h.reads("support", "@Alice, Bob resolved #1")
	ask := h.as("bob").hears("How was #1 solved?")
	h.as("bob").clicks(ask, "how_code")
	h.reads("support", "Code")
	if thread := h.thread(card); len(thread) != 2 {
		t.Errorf("the bot said %d things in the thread, want the claim and the resolution:\n%s", len(thread), texts(thread))
	}
}

// The note about a claim is dropped only if the owner's message has notified the
// requester.
func TestClaimNoteIsDroppedAfterTheOwnersMessage(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		before string // what Alice wrote in the thread
		says   string // what Bob writes
		noted  bool
	}{
		"she does not follow the thread": {"", "On it.", true},
		"he mentions her":                {"", "@alice on it.", false},
		"she follows the thread":         {"It is getting worse.", "On it.", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			card, bob := h.as("alice").opens(usual("Login loops")), h.as("bob")
			if test.before != "" {
				h.as("alice").replies(card, test.before)
			}
			bob.reacts(card, "eyes")
			h.reads("support", "Bob has it")
			bob.replies(card, test.says)
			h.as("dana").replies(card, "It is the session store again.")
			h.until(`SELECT count(*) = 2 FROM entries WHERE kind = 'replied' AND actor <> (SELECT requester FROM tickets)`)
			h.advance(2 * time.Minute)
			h.allPosted()
			bob.reacts(card, "white_check_mark")
			h.reads("support", "@Alice, Bob resolved #1")
			if noted := first(h.thread(card), "Bob has #1") != nil; noted != test.noted {
				t.Errorf("the claim was told: %t, want %t", noted, test.noted)
			}
		})
	}
}

func TestResolveIsTakenBackWithTheEmoji(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Export is empty"))
	h.as("bob").reacts(card, "heavy_check_mark")
	h.reads("support", "@Alice, Bob resolved #1")
	h.as("bob").unreacts(card, "heavy_check_mark")
	h.reads("support", "Open, no owner")
	h.reads("support", "Bob took this back: #1 is not resolved yet.")

	h.as("bob").reacts(card, "white_check_mark")
	h.reads("support", "Bob resolved it")
	h.advance(11 * time.Minute)
	h.as("bob").unreacts(card, "white_check_mark")
	h.as("bob").hears("#1 stays resolved")
}

func TestPuttingBackAndSkinTones(t *testing.T) {
	t.Parallel()
	h := setup(t, func(c *config_, _ *simConfig) { c.Emoji["claim"] = []string{"hand"} })
	card := h.as("alice").opens(usual("Slow search"))
	h.as("bob").reacts(card, "raised_hand::skin-tone-4")
	h.reads("support", "Bob has it")
	h.as("bob").unreacts(card, "raised_hand::skin-tone-4")
	h.reads("support", "Open, no owner")
	h.as("bob").reacts(card, "eyes")  // this emoji means nothing here
	h.as("dana").reacts(card, "hand") // another emoji for a claim
	h.reads("support", "Dana has it")
}

func TestOnlyTheCardCounts(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Wrong totals"))
	out := h.as("bob").ok(h.slack.As("bob").Say(h.ctx, "support", "Looking.", slacksim.InThread(card.TS)))
	if _, err := h.slack.As("dana").React(h.ctx, "support", out.TS, "white_check_mark"); err != nil {
		t.Fatal(err)
	}
	h.as("dana").reacts(card, "eyes")
	if got := h.reads("support", "Dana has it").Rendered(); strings.Contains(got, "resolved") {
		t.Errorf("a tick on a reply resolved the ticket:\n%s", got)
	}
}

// The card counts the replies until the ticket was solved.
func TestTheCardCountsReplies(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card, receipt := h.outsider("VPN is down")
	bob, carol := h.as("bob"), h.as("carol")
	bob.replies(card, "Which office?")
	carol.answers(receipt, "Berlin.")
	out := carol.answers(receipt, "My password is hunter2.")
	h.reads("support", "hunter2")
	carol.ok(carol.actor.Delete(h.ctx, receipt.Channel, out.TS))
	h.drops("support", "hunter2")
	bob.reacts(card, "white_check_mark")
	h.reads("support", "2 replies · 2 people")
	carol.answers(receipt, "Thanks!")
	h.until(`SELECT replies = 3 FROM tickets`)
	h.allPosted()
	h.reads("support", "2 replies · 2 people")
}

func TestRefusalsAreExplainedToTheirMakerOnly(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("No invoices"))
	h.as("erin").reacts(card, "eyes") // a guest
	h.as("erin").hears("Only people who answer in the support channel can take a ticket.")
	h.as("bob").reacts(card, "eyes")
	h.reads("support", "Bob has it")
	h.as("dana").reacts(card, "eyes")
	h.as("dana").hears("Bob already has #1.")
	h.as("dana").chooses(card, "put_back:1")
	h.as("dana").seesIn("Bob has #1 and can put it back")
}

func TestMenuOfTheCard(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Broken link"))
	bob, alice := h.as("bob"), h.as("alice")

	bob.clicks(card, "claim")
	h.reads("support", "Bob has it")

	bob.chooses(card, "hand_over:1")
	bob.submits(slacksim.FormValues{"assignee": "dana", "note": "You know the router."})
	h.reads("support", "Dana has it")
	h.reads("support", "@Dana, Bob handed #1 over to you: You know the router.")

	alice.chooses(card, "edit:1")
	alice.submits(slacksim.FormValues{"title": "Broken link in the footer", "text": "Imprint.", "category": "Product"})
	h.reads("support", "#1 · P2 · Broken link in the footer")

	bob.chooses(card, "priority:1")
	out := bob.sends(slacksim.FormValues{"priority": "P3"})
	if out.Closed || out.Errors["reason"] == "" {
		t.Fatalf("lowering without a reason: %+v", out)
	}
	bob.submits(slacksim.FormValues{"priority": "P3", "reason": "Nobody clicks it."})
	h.reads("support", "#1 · P3")

	h.as("dana").chooses(card, "put_back:1")
	h.reads("support", "Open, no owner")

	bob.chooses(card, "close:1")
	bob.submits(slacksim.FormValues{"reason": "not_an_issue", "note": "It is fine."})
	h.reads("support", "Closed: not an issue")
	h.reads("support", "@Alice, Bob closed #1")

	alice.clicks(card, "reopen")
	h.reads("support", "reopened")
	h.reads("support", "has no owner")

	bob.clicks(card, "resolve")
	bob.submits(slacksim.FormValues{"solution": "documentation", "note": "explained in the handbook"})
	h.reads("support", "@Alice, Bob resolved #1: explained in the handbook. If it is not fixed, reopen it here.")
}

func TestAnsweredWithoutClaiming(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Typo"))
	h.as("bob").replies(card, "Have you tried to reload?")
	ask := h.as("bob").hears("You answered #1.")
	h.as("bob").replies(card, "And the cache?")
	h.as("bob").clicks(ask, "claim")
	h.reads("support", "Bob has it")
	s := h.await("both replies", func(s slacksim.State) bool { return len(s.Ephemerals("bob")) > 0 })
	asked := 0
	for _, m := range s.Ephemerals("bob") {
		if strings.Contains(m.Rendered(), "You answered") {
			asked++
		}
	}
	if asked > 1 {
		t.Errorf("Bob was asked %d times", asked)
	}
}

func TestRequesterOutsideTheChannel(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("carol").opens(usual("VPN is down"))
	carol := h.as("carol")
	receipt := carol.gets("We have it: #1")
	h.as("bob").reacts(card, "eyes")
	h.reads("support", "Bob has it")
	h.advance(61 * time.Second)
	carol.gets("Bob has #1")
	carol.ok(h.slack.As("carol").SayToBot(h.ctx, "It is the Berlin office only.", slacksim.InThread(receipt.TS)))
	h.reads("support", "It is the Berlin office only.")
	h.as("bob").reacts(card, "white_check_mark")
	carol.gets("Bob resolved #1")
	for _, m := range h.thread(card) {
		if strings.Contains(m.Text, "<@") && strings.Contains(m.Rendered(), "@Carol") {
			t.Errorf("Carol is mentioned where a mention does not reach her: %s", m.Rendered())
		}
	}
}

func TestRequesterSolvesOrWithdraws(t *testing.T) {
	t.Parallel()
	h := setup(t)
	first := h.as("carol").opens(usual("Printer one"))
	second := h.as("carol").opens(usual("Printer two"))
	carol := h.as("carol")
	carol.clicks(carol.gets("We have it: #1"), "solved_it")
	h.reads("support", "Carol resolved it")
	carol.clicks(carol.gets("We have it: #2"), "withdraw")
	h.reads("support", "Closed: withdrawn")
	if n := len(h.thread(first)) + len(h.thread(second)); n != 0 {
		t.Errorf("nobody had to be told, yet the bot wrote %d messages", n)
	}
}

func TestMessageShortcutMakesOneTicket(t *testing.T) {
	t.Parallel()
	h := setup(t)
	out := h.as("dana").ok(h.slack.As("dana").Say(h.ctx, "engineering", "The build is red.\nSince the merge."))
	file := func(name string) slacksim.Outcome {
		p := h.as(name)
		p.ok(h.slack.As(name).MessageShortcut(h.ctx, "engineering", out.TS, "ticket_from_message"))
		p.seesForm()
		return p.sends(slacksim.FormValues{"priority": "P3", "category": "Product"})
	}
	if sent := file("bob"); !sent.Closed {
		t.Fatalf("the form stayed open: %v", sent.Errors)
	}
	h.reads("support", "The build is red.")
	h.as("dana").ok(h.slack.As("dana").MessageShortcut(h.ctx, "engineering", out.TS, "ticket_from_message"))
	h.as("dana").seesIn("Already")
}

func TestDeletedCardComesBackWithoutItsText(t *testing.T) {
	t.Parallel()
	for _, withReplies := range []bool{false, true} {
		h := setup(t)
		card := h.as("alice").opens(newTicket{priority: "P2", title: "Cannot log in", text: "My password is hunter2", category: "Access"})
		if withReplies {
			h.as("bob").replies(card, "Please delete that.")
			h.as("bob").hears("You answered #1.")
		}
		h.as("bob").ok(h.slack.As("bob").Delete(h.ctx, "support", card.TS)) // an admin
		again := h.reads("support", "The text is hidden because this message was deleted.")
		if strings.Contains(again.Rendered(), "hunter2") || strings.Contains(again.Text, "Cannot log in") {
			t.Fatalf("the text stands there again:\n%s", again.Rendered())
		}
		h.as("bob").clicks(again, "show_text")
		h.as("bob").hears("Only Alice, who asked, can show the text again.")
		h.as("alice").clicks(again, "show_text")
		h.reads("support", "hunter2")
		h.as("bob").reacts(again, "eyes")
		h.reads("support", "Bob has it")
	}
}

func TestCommandsAnswerTheAskerOnly(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.as("alice").opens(usual("Slow reports"))
	today := h.clock.Now().UTC()
	for text, want := range map[string]string{
		"help":     "/support",
		"list":     "Slow reports",
		"mine":     "Slow reports",
		"show 1":   "Slow reports",
		"show #1":  "Slow reports",
		"show 99":  "There is no ticket #99.",
		"digest":   today.AddDate(0, 0, -7).Format("2 Jan") + " to " + today.Format("2 Jan") + ": 1 opened", // the period is not a calendar week
		"  HELP  ": "/support",
	} {
		h.as("alice").ok(h.slack.As("alice").Command(h.ctx, "general", "/support", text))
		h.as("alice").hears(want)
	}
	s := h.await("nothing in public", func(slacksim.State) bool { return true })
	if n := len(s.Channel("general").Messages); n != 0 {
		t.Errorf("%d messages in #general", n)
	}
}

// Only a person who may see every ticket gets the numbers.
func TestDigestIsForReadersOfEveryTicket(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.as("alice").opens(usual("Slow reports"))
	h.as("carol").types("/support digest")
	if m := h.as("carol").hears("The numbers of the desk are for people in the support channel."); strings.Contains(m.Rendered(), "opened") {
		t.Errorf("Carol, who is not in it, reads %q", m.Rendered())
	}
	h.as("dana").types("/support digest")
	h.as("dana").hears("1 opened")
}

// The numbers of a category, or of a time, are those of the digest, for what it selects.
func TestStatsOfACategory(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.as("alice").opens(usual("Slow reports"))
	today := h.clock.Now().UTC()
	for text, want := range map[string]string{
		"stats":                        today.AddDate(0, 0, -7).Format("2 Jan") + " to " + today.Format("2 Jan") + ": 1 opened",
		"stats 30d":                    today.AddDate(0, 0, -30).Format("2 Jan") + " to " + today.Format("2 Jan") + ": 1 opened",
		"stats 2d Payments":            "Payments, " + today.AddDate(0, 0, -2).Format("2 Jan") + " to " + today.Format("2 Jan") + ": 1 opened",
		"stats 2d Access":              "Access, " + today.AddDate(0, 0, -2).Format("2 Jan") + " to " + today.Format("2 Jan") + ": no tickets.",
		"stats 30d Nothing":            "There is no category and no squad “Nothing”.",
		"stats 2099-01-01..2099-01-02": "That has not begun yet.",
	} {
		h.as("dana").types("/support " + text)
		h.as("dana").hears(want)
	}
	h.as("carol").types("/support stats 30d")
	h.as("carol").hears("The numbers of the desk are for people in the support channel.")
}

package app_test

import (
	"strings"
	"testing"
	"time"

	"supporty/internal/dev/slacksim"
)

func TestTicketFromFormToResolution(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card := w.as("alice").opens(usual("Checkout fails for US cards"))
	if got := card.Rendered(); !strings.Contains(got, "#1 · P2 · Checkout fails for US cards") || !strings.Contains(got, "Open, no owner") {
		t.Fatalf("the card reads:\n%s", got)
	}
	w.as("bob").reacts(card, "eyes")
	w.reads("support", "Bob has it")
	w.advance(time.Minute)
	w.reads("support", "@Alice, Bob has #1.")
	w.as("bob").reacts(card, "white_check_mark")
	w.reads("support", "Bob resolved it · on time")
	w.reads("support", "@Alice, Bob resolved #1")
	ask := w.as("bob").hears("How was #1 solved?")
	w.as("bob").clicks(ask, "how_code")
	w.reads("support", "Code")
	if thread := w.thread(card); len(thread) != 2 {
		t.Errorf("the bot said %d things in the thread, want the claim and the resolution:\n%s", len(thread), texts(thread))
	}
}

// The claim's note is needless only if what the owner wrote has notified the requester.
func TestClaimNoteIsDroppedWhenTheOwnerHasSaidIt(t *testing.T) {
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
			w := setup(t)
			card, bob := w.as("alice").opens(usual("Login loops")), w.as("bob")
			if test.before != "" {
				w.as("alice").replies(card, test.before)
			}
			bob.reacts(card, "eyes")
			w.reads("support", "Bob has it")
			bob.replies(card, test.says)
			w.as("dana").replies(card, "It is the session store again.")
			w.until(`SELECT count(*) = 2 FROM entries WHERE kind = 'replied' AND actor <> (SELECT requester FROM tickets)`)
			w.advance(2 * time.Minute)
			w.saidAll()
			bob.reacts(card, "white_check_mark")
			w.reads("support", "@Alice, Bob resolved #1")
			if noted := first(w.thread(card), "Bob has #1") != nil; noted != test.noted {
				t.Errorf("the claim was told: %t, want %t", noted, test.noted)
			}
		})
	}
}

func TestResolveIsTakenBackWithTheEmoji(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card := w.as("alice").opens(usual("Export is empty"))
	w.as("bob").reacts(card, "heavy_check_mark")
	w.reads("support", "@Alice, Bob resolved #1")
	w.as("bob").unreacts(card, "heavy_check_mark")
	w.reads("support", "Open, no owner")
	w.reads("support", "Bob took this back: #1 is not resolved yet.")

	w.as("bob").reacts(card, "white_check_mark")
	w.reads("support", "Bob resolved it")
	w.advance(11 * time.Minute)
	w.as("bob").unreacts(card, "white_check_mark")
	w.as("bob").hears("#1 stays resolved")
}

func TestPuttingBackAndSkinTones(t *testing.T) {
	t.Parallel()
	w := setup(t, func(c *config_, _ *simConfig) { c.Emoji["claim"] = []string{"hand"} })
	card := w.as("alice").opens(usual("Slow search"))
	w.as("bob").reacts(card, "raised_hand::skin-tone-4")
	w.reads("support", "Bob has it")
	w.as("bob").unreacts(card, "raised_hand::skin-tone-4")
	w.reads("support", "Open, no owner")
	w.as("bob").reacts(card, "eyes")  // not a gesture here
	w.as("dana").reacts(card, "hand") // another of its names
	w.reads("support", "Dana has it")
}

func TestOnlyTheCardCounts(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card := w.as("alice").opens(usual("Wrong totals"))
	out := w.as("bob").ok(w.slack.As("bob").Say(w.ctx, "support", "Looking.", slacksim.InThread(card.TS)))
	if _, err := w.slack.As("dana").React(w.ctx, "support", out.TS, "white_check_mark"); err != nil {
		t.Fatal(err)
	}
	w.as("dana").reacts(card, "eyes")
	if got := w.reads("support", "Dana has it").Rendered(); strings.Contains(got, "resolved") {
		t.Errorf("a tick on a reply resolved the ticket:\n%s", got)
	}
}

// The card counts what stood when the ticket was solved.
func TestTheCardCountsReplies(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card, receipt := w.outsider("VPN is down")
	bob, carol := w.as("bob"), w.as("carol")
	bob.replies(card, "Which office?")
	carol.answers(receipt, "Berlin.")
	out := carol.answers(receipt, "My password is hunter2.")
	w.reads("support", "hunter2")
	carol.ok(carol.actor.Delete(w.ctx, receipt.Channel, out.TS))
	w.drops("support", "hunter2")
	bob.reacts(card, "white_check_mark")
	w.reads("support", "2 replies · 2 people")
	carol.answers(receipt, "Thanks!")
	w.until(`SELECT replies = 3 FROM tickets`)
	w.saidAll()
	w.reads("support", "2 replies · 2 people")
}

func TestRefusalsAreExplainedToTheirMakerOnly(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card := w.as("alice").opens(usual("No invoices"))
	w.as("erin").reacts(card, "eyes") // a guest
	w.as("erin").hears("Only people who answer in the support channel can take a ticket.")
	w.as("bob").reacts(card, "eyes")
	w.reads("support", "Bob has it")
	w.as("dana").reacts(card, "eyes")
	w.as("dana").hears("Bob already has #1.")
	w.as("dana").chooses(card, "put_back:1")
	w.as("dana").seesIn("Bob has #1 and can put it back")
}

func TestMenuOfTheCard(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card := w.as("alice").opens(usual("Broken link"))
	bob, alice := w.as("bob"), w.as("alice")

	bob.clicks(card, "claim")
	w.reads("support", "Bob has it")

	bob.chooses(card, "hand_over:1")
	bob.submits(slacksim.Values{"assignee": "dana", "note": "You know the router."})
	w.reads("support", "Dana has it")
	w.reads("support", "@Dana, Bob handed #1 over to you: You know the router.")

	alice.chooses(card, "edit:1")
	alice.submits(slacksim.Values{"title": "Broken link in the footer", "text": "Imprint.", "category": "Product"})
	w.reads("support", "#1 · P2 · Broken link in the footer")

	bob.chooses(card, "priority:1")
	out := bob.sends(slacksim.Values{"priority": "P3"})
	if out.Closed || out.Errors["reason"] == "" {
		t.Fatalf("lowering without a reason: %+v", out)
	}
	bob.submits(slacksim.Values{"priority": "P3", "reason": "Nobody clicks it."})
	w.reads("support", "#1 · P3")

	w.as("dana").chooses(card, "put_back:1")
	w.reads("support", "Open, no owner")

	bob.chooses(card, "close:1")
	bob.submits(slacksim.Values{"reason": "not_an_issue", "note": "It is fine."})
	w.reads("support", "Closed: not an issue")
	w.reads("support", "@Alice, Bob closed #1")

	alice.clicks(card, "reopen")
	w.reads("support", "reopened")
	w.reads("support", "has no owner")

	bob.clicks(card, "resolve")
	bob.submits(slacksim.Values{"solution": "documentation", "note": "explained in the handbook"})
	w.reads("support", "@Alice, Bob resolved #1: explained in the handbook. If it is not fixed, reopen it here.")
}

func TestAnsweredWithoutClaiming(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card := w.as("alice").opens(usual("Typo"))
	w.as("bob").replies(card, "Have you tried to reload?")
	ask := w.as("bob").hears("You answered #1.")
	w.as("bob").replies(card, "And the cache?")
	w.as("bob").clicks(ask, "claim")
	w.reads("support", "Bob has it")
	s := w.await("both replies", func(s slacksim.State) bool { return len(s.Ephemerals("bob")) > 0 })
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
	w := setup(t)
	card := w.as("carol").opens(usual("VPN is down"))
	carol := w.as("carol")
	receipt := carol.gets("We have it: #1")
	w.as("bob").reacts(card, "eyes")
	w.reads("support", "Bob has it")
	w.advance(61 * time.Second)
	carol.gets("Bob has #1")
	carol.ok(w.slack.As("carol").SayToBot(w.ctx, "It is the Berlin office only.", slacksim.InThread(receipt.TS)))
	w.reads("support", "It is the Berlin office only.")
	w.as("bob").reacts(card, "white_check_mark")
	carol.gets("Bob resolved #1")
	for _, m := range w.thread(card) {
		if strings.Contains(m.Text, "<@") && strings.Contains(m.Rendered(), "@Carol") {
			t.Errorf("Carol is mentioned where a mention does not reach her: %s", m.Rendered())
		}
	}
}

func TestRequesterSolvesOrWithdraws(t *testing.T) {
	t.Parallel()
	w := setup(t)
	first := w.as("carol").opens(usual("Printer one"))
	second := w.as("carol").opens(usual("Printer two"))
	carol := w.as("carol")
	carol.clicks(carol.gets("We have it: #1"), "solved_it")
	w.reads("support", "Carol resolved it")
	carol.clicks(carol.gets("We have it: #2"), "withdraw")
	w.reads("support", "Closed: withdrawn")
	if n := len(w.thread(first)) + len(w.thread(second)); n != 0 {
		t.Errorf("nobody had to be told, yet the bot wrote %d messages", n)
	}
}

func TestMessageShortcutMakesOneTicket(t *testing.T) {
	t.Parallel()
	w := setup(t)
	out := w.as("dana").ok(w.slack.As("dana").Say(w.ctx, "engineering", "The build is red.\nSince the merge."))
	file := func(name string) slacksim.Outcome {
		p := w.as(name)
		p.ok(w.slack.As(name).MessageShortcut(w.ctx, "engineering", out.TS, "ticket_from_message"))
		p.seesForm()
		return p.sends(slacksim.Values{"priority": "P3", "category": "Product"})
	}
	if sent := file("bob"); !sent.Closed {
		t.Fatalf("the form stayed open: %v", sent.Errors)
	}
	w.reads("support", "The build is red.")
	w.as("dana").ok(w.slack.As("dana").MessageShortcut(w.ctx, "engineering", out.TS, "ticket_from_message"))
	w.as("dana").seesIn("Already")
}

func TestDeletedCardComesBackWithoutItsText(t *testing.T) {
	t.Parallel()
	for _, withReplies := range []bool{false, true} {
		w := setup(t)
		card := w.as("alice").opens(filing{priority: "P2", title: "Cannot log in", text: "My password is hunter2", category: "Access"})
		if withReplies {
			w.as("bob").replies(card, "Please delete that.")
			w.as("bob").hears("You answered #1.")
		}
		w.as("bob").ok(w.slack.As("bob").Delete(w.ctx, "support", card.TS)) // an admin
		again := w.reads("support", "The text is hidden because this message was deleted.")
		if strings.Contains(again.Rendered(), "hunter2") || strings.Contains(again.Text, "Cannot log in") {
			t.Fatalf("the text stands there again:\n%s", again.Rendered())
		}
		w.as("bob").clicks(again, "show_text")
		w.as("bob").hears("Only Alice, who asked, can show the text again.")
		w.as("alice").clicks(again, "show_text")
		w.reads("support", "hunter2")
		w.as("bob").reacts(again, "eyes")
		w.reads("support", "Bob has it")
	}
}

func TestCommandsAnswerTheAskerOnly(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.as("alice").opens(usual("Slow reports"))
	today := w.clock.Now().UTC()
	for text, want := range map[string]string{
		"help":     "/support",
		"list":     "Slow reports",
		"mine":     "Slow reports",
		"show 1":   "Slow reports",
		"show #1":  "Slow reports",
		"show 99":  "There is no ticket #99.",
		"digest":   today.AddDate(0, 0, -7).Format("2 Jan") + " to " + today.Format("2 Jan") + ": 1 opened", // no week of the calendar's
		"  HELP  ": "/support",
	} {
		w.as("alice").ok(w.slack.As("alice").Command(w.ctx, "general", "/support", text))
		w.as("alice").hears(want)
	}
	s := w.await("nothing in public", func(slacksim.State) bool { return true })
	if n := len(s.Channel("general").Messages); n != 0 {
		t.Errorf("%d messages in #general", n)
	}
}

// The numbers are for who may see what they count.
func TestDigestIsForWhoSeesEveryTicket(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.as("alice").opens(usual("Slow reports"))
	w.as("carol").types("/support digest")
	if m := w.as("carol").hears("The numbers of the desk are for people in the support channel."); strings.Contains(m.Rendered(), "opened") {
		t.Errorf("Carol, who is not in it, reads %q", m.Rendered())
	}
	w.as("dana").types("/support digest")
	w.as("dana").hears("1 opened")
}

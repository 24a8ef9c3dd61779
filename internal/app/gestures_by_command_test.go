package app_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"supporty/internal/dev/slacksim"
)

// Each gesture can be made by a command, and is seen on the card.
func TestGesturesByCommand(t *testing.T) {
	t.Parallel()
	h := setup(t)
	alice, bob, dana := h.as("alice"), h.as("bob"), h.as("dana")
	alice.opens(usual("Checkout fails"))
	alice.opens(usual("Cards are refused"))
	for _, step := range []struct {
		who        *person
		line, card string
	}{
		{bob, "claim 1", "Bob has it"},
		{bob, "putback #1", "Open, no owner"},
		{bob, "give 1 @dana she knows it", "Dana has it"},
		{dana, "wait 1 Which card?", "Dana waits for Alice"},
		{alice, "resume 1", "Dana has it"},
		{dana, "hold 1 the bank", "Dana has it on hold"},
		{bob, "priority 1 P1 because customers call", "#1 · P1 · Checkout fails"},
		{dana, "resolve 1 card rule lifted", "card rule lifted"},
		{alice, "reopen 1", "reopened"},
		{bob, "close 1 not an issue: it was a test", "Closed: not an issue"},
		{alice, "withdraw 2", "Closed: withdrawn"},
		{bob, "reopen 2", "Cards are refused (Alice) was reopened"},
		{bob, "duplicate 2 of 1", "Closed: duplicate of #1"},
	} {
		step.who.types("/support " + step.line)
		h.reads("support", step.card)
	}
}

// What changes nothing on the card is confirmed to its maker, and stands in the timeline.
func TestNoteAndEscalateByCommand(t *testing.T) {
	t.Parallel()
	h := setup(t)
	alice, bob, carol := h.as("alice"), h.as("bob"), h.as("carol")
	card := alice.opens(usual("Checkout fails"))
	h.allPosted()
	before := len(h.thread(card))
	bob.types("/support note 1 the bank has changed its rules")
	says(t, bob.hears("Bob noted: the bank has changed its rules.").Rendered(), "#1 · P2 · Checkout fails")
	alice.types("/support show 1")
	alice.hears("Bob noted: the bank has changed its rules.")
	carol.types("/support note 1 me too")
	carol.hears("Only people in the support channel, and who asked for the ticket, can note something about it.")
	h.allPosted()
	if now := h.thread(card); len(now) != before || h.posted("the bank has changed") != 0 {
		t.Errorf("somebody was told of a note: %s", texts(now))
	}
	bob.types("/support escalate 1 @dana because the bank calls")
	bob.hears("Bob escalated it to Dana: the bank calls.")
	h.reads("support", "the bank calls")
}

// The menu writes notes as well.
func TestNoteByTheMenu(t *testing.T) {
	t.Parallel()
	h := setup(t)
	alice, bob := h.as("alice"), h.as("bob")
	card := alice.opens(usual("Checkout fails"))
	bob.chooses(card, "note:1")
	bob.submits(slacksim.FormValues{"note": "the bank knows"})
	alice.types("/support show 1")
	alice.hears("Bob noted: the bank knows.")
}

// A command is refused like the button.
func TestCommandsAreRefusedLikeButtons(t *testing.T) {
	t.Parallel()
	h := setup(t)
	alice, bob, carol, dana := h.as("alice"), h.as("bob"), h.as("carol"), h.as("dana")
	card := alice.opens(usual("Checkout fails"))
	bob.types("/support claim 1")
	h.reads("support", "Bob has it")
	for _, refused := range []struct {
		who        *person
		line, with string
	}{
		{dana, "claim 1", "Bob already has #1."},
		{carol, "claim 1", "Only people who answer in the support channel can take a ticket."},
		{dana, "putback 1", "Bob has #1 and can put it back."},
		{dana, "hold 1 the bank", "Bob has #1 and says what it waits for."},
		{bob, "resume 1", "#1 is not paused"},
		{bob, "give 1 @carol", "Carol does not answer tickets here."},
		{bob, "priority 1 P2", "#1 already has priority P2."},
		{bob, "duplicate 1 of 99", "There is no ticket #99."},
		{carol, "withdraw 1", "Only Alice, who asked, and people who answer in the support channel can do that."},
		{bob, "escalate 1 @bob because I am stuck", "Choose somebody else than yourself."},
		{bob, "reopen 99", "There is no ticket #99."},
	} {
		refused.who.types("/support " + refused.line)
		refused.who.hears(refused.with)
	}
	if now := h.asItIs(card); !strings.Contains(now.Rendered(), "Bob has it") {
		t.Errorf("the card: %s", now.Rendered())
	}
}

// A command that lacks something opens the button's form, with what was typed. It does so
// too if Slack does not tell who is meant.
func TestCommandsThatLackSomethingOpenTheForm(t *testing.T) {
	t.Parallel()
	for _, believed := range []slacksim.Beliefs{{}, {CommandsEscaped: true}} {
		t.Run(fmt.Sprintf("entities %v", believed.CommandsEscaped), func(t *testing.T) {
			t.Parallel()
			h := setup(t, func(_ *config_, s *simConfig) {
				s.Beliefs, s.Commands = believed, []slacksim.Command{{Name: "/support"}}
			})
			alice, bob := h.as("alice"), h.as("bob")
			alice.opens(usual("Checkout fails"))
			alice.opens(usual("Cards are refused"))
			for _, lacks := range []struct {
				line, form, contains string
				values               slacksim.FormValues
				card                 string
			}{
				{"give 1 @bob knows it", "hand_over", "knows it", slacksim.FormValues{"assignee": "dana"}, "Dana has it"},
				{"priority 1 P3", "priority", "P3", slacksim.FormValues{"reason": "It can wait."}, "#1 · P3"},
				{"escalate 1 because the bank calls", "escalate", "the bank calls", slacksim.FormValues{"person": "dana"}, "the bank calls"},
				{"note 1", "note", "", slacksim.FormValues{"note": "x"}, "#1"},
				{"close 1 it was a test", "close", "it was a test", slacksim.FormValues{"reason": "withdrawn"}, "Closed: withdrawn"},
			} {
				bob.types("/support " + lacks.line)
				bob.awaitsForm(lacks.form)
				bob.seesIn(lacks.contains)
				bob.submits(lacks.values)
				h.reads("support", lacks.card)
			}
			bob.types("/support reopen 1")
			bob.hears("#1 · P3 · Checkout fails")
			bob.types("/support duplicate 1")
			bob.awaitsForm("close")
			bob.submits(slacksim.FormValues{"duplicate": "2"})
			h.reads("support", "Closed: duplicate of #2")
		})
	}
}

// A title that looks like a command can be filed.
func TestATitleThatLooksLikeACommand(t *testing.T) {
	t.Parallel()
	h := setup(t)
	alice := h.as("alice")
	alice.types("/support show abc of the keyboard")
	alice.seesIn("Did you mean a command? `/support show 42` shows a ticket and what happened to it.")
	alice.submits(slacksim.FormValues{"text": "It fails.", "category": "Payments"})
	h.reads("support", "#1 · P3 · show abc of the keyboard")
	alice.types(`/support "resolve 2 conflicts"`)
	alice.seesForm()
	alice.submits(slacksim.FormValues{"text": "It fails.", "category": "Payments"})
	h.reads("support", "#2 · P3 · resolve 2 conflicts")
}

// A ticket that ended long ago is followed by a new one.
func TestReopenByCommandAfterAWeek(t *testing.T) {
	t.Parallel()
	h := setup(t)
	alice, bob := h.as("alice"), h.as("bob")
	alice.opens(usual("Checkout fails"))
	bob.types("/support resolve 1")
	h.reads("support", "Bob resolved it")
	h.advance(8 * 24 * time.Hour)
	alice.types("/support reopen 1")
	alice.seesIn("This ticket will follow it.")
}

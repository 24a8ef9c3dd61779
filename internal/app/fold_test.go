package app_test

import (
	"strings"
	"testing"

	"supporty/internal/dev/slacksim"
)

// folds closes a ticket as a duplicate of another, by the form.
func (p *person) folds(card *slacksim.Message, option, of string) {
	p.h.t.Helper()
	p.chooses(card, option)
	p.submits(slacksim.FormValues{"reason": "duplicate", "duplicate": of})
}

// Who asked for a duplicate hears of the original: how it stands, and its end. They may not
// read it, and hear nothing else of it. If theirs is different, it is a ticket again.
func TestDuplicate(t *testing.T) {
	t.Parallel()
	h := setup(t)
	original := h.as("alice").opens(usual("A secret printer"))
	duplicate := h.as("carol").opens(usual("Printer on floor two"))
	carol, bob := h.as("carol"), h.as("bob")
	receipt := carol.gets("We have it: #2")
	bob.reacts(original, "eyes")
	h.reads("support", "Bob has it")
	bob.folds(duplicate, "close:2", "1")
	told := carol.gets("Bob closed #2 as a duplicate of #1. #1: Bob has it · solve by")
	if strings.Contains(told.Rendered(), "secret") {
		t.Errorf("it tells what Carol may not read: %s", told.Rendered())
	}
	h.reads("support", "with #2 · 1 person follows")
	carol.answers(receipt, "Still broken here.")
	carol.hears("#2 is a duplicate of #1. #1: Bob has it")
	bob.reacts(original, "white_check_mark")
	solved := carol.gets("Bob resolved #1.")
	if strings.Contains(solved.Rendered(), "secret") || strings.Contains(solved.Rendered(), "archives") {
		t.Errorf("it tells what Carol may not read: %s", solved.Rendered())
	}
	carol.answers(receipt, "It still is.")
	carol.hears("#1: Bob resolved it. Still broken?")
	carol.clicks(solved, "different")
	carol.gets("Bob resolved #1. You no longer follow it.")
	h.reads("support", "#2 Printer on floor two (Carol) was reopened and has no owner.")
	h.drops("support", "with #2")
	carol.gets("Bob closed #2. It was reopened.")
}

// The original can be reopened by who asked for a duplicate.
func TestOriginalIsReopened(t *testing.T) {
	t.Parallel()
	h := setup(t)
	original := h.as("alice").opens(usual("Printer"))
	duplicate := h.as("carol").opens(usual("Printer on floor two"))
	carol, bob := h.as("carol"), h.as("bob")
	receipt := carol.gets("We have it: #2")
	bob.folds(duplicate, "close:2", "1")
	carol.gets("as a duplicate of #1")
	bob.reacts(original, "white_check_mark")
	carol.gets("Bob resolved #1.")
	carol.answers(receipt, "It is still broken.")
	carol.clicks(carol.hears("#1: Bob resolved it. Still broken?"), "reopen")
	h.reads("support", "#1 Printer (Alice) was reopened and has no owner.")
	h.as("alice").notified("Carol reopened")
	bob.chooses(original, "close:1")
	if out := bob.sends(slacksim.FormValues{"reason": "duplicate", "duplicate": "2"}); out.Closed || !strings.Contains(out.Errors["duplicate"], "#2 is already a duplicate of #1.") {
		t.Errorf("it was folded in a circle: %v", out.Errors)
	}
}

// In a flood, those that came with a ticket are chosen already. They are folded in at once,
// and nothing is said in the channel.
func TestFoldIn(t *testing.T) {
	t.Parallel()
	h := setup(t)
	bob := h.as("bob")
	original := h.as("alice").opens(usual("Checkout is down"))
	for _, title := range []string{"Cannot pay", "Cards fail", "Checkout broken", "Payment hangs"} {
		h.as("carol").opens(usual(title))
	}
	bob.chooses(original, "fold_in:1")
	bob.seesIn("#5 · P2 · Payment hangs")
	bob.submits(nil)
	h.reads("support", "with #2, #3, #4, #5 · 1 person follows")
	for _, n := range []string{"#2", "#3", "#4", "#5"} {
		h.as("carol").gets("Bob closed " + n + " as a duplicate of #1.")
	}
	bob.reacts(original, "white_check_mark")
	h.as("carol").gets("Bob resolved #1.")
	h.allPosted()
	for _, m := range h.channel("support") {
		if m.ThreadTS == "" && !strings.Contains(m.Rendered(), "P2") {
			t.Errorf("said in the channel: %s", m.Rendered())
		}
	}
}

// The other ticket is found by its words or its number, of those that may be seen and folded.
func TestOtherTicketIsFound(t *testing.T) {
	t.Parallel()
	h := confidential(t)
	bob := h.as("bob")
	bob.types("/support")
	bob.submits(newTicket{"P2", "Stolen printer", "Quietly.", "Security"}.values())
	h.reads("ticket-1", "Stolen printer")
	h.as("alice").opens(usual("The printer on floor one jams"))
	h.as("alice").opens(usual("Coffee is cold"))
	card := h.as("carol").opens(usual("Printer on floor two"))
	finds := func(who *person, text string, want ...string) {
		t.Helper()
		options, err := who.actor.Suggest(h.ctx, "duplicate_input", text)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, o := range options {
			got = append(got, o.Text)
		}
		if strings.Join(got, "; ") != strings.Join(want, "; ") {
			t.Errorf("%q finds %q, want %q", text, got, want)
		}
	}
	const printer, coffee = "#2 · P2 · The printer on floor one jams", "#3 · P2 · Coffee is cold"
	bob.chooses(card, "close:4")
	bob.awaitsForm("close")
	finds(bob, "", printer, coffee)
	finds(bob, "jamming", printer)
	finds(bob, "3", coffee)
	finds(bob, "1")
	finds(bob, "state:nonsense")
	bob.submits(slacksim.FormValues{"reason": "duplicate", "duplicate": "2"})
	h.reads("support", "with #4 · 1 person follows")
	bob.chooses(h.reads("support", "Coffee is cold"), "fold_in:3")
	bob.awaitsForm("fold_in")
	finds(bob, "printer", printer)
	finds(bob, "4")
}

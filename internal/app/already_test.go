package app_test

import (
	"strings"
	"testing"

	"supporty/internal/slacksim"
)

// Two have the form open; what the second typed is added to what the first said.
func TestResolvedMeanwhileByAnother(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card := w.as("alice").opens(usual("Checkout fails"))
	w.as("dana").clicks(card, "resolve")
	w.as("dana").awaitsForm("resolve")
	w.as("bob").clicks(card, "resolve")
	w.as("bob").awaitsForm("resolve")
	w.as("bob").submits(slacksim.Values{"solution": "code", "note": "restarted the cache"})
	w.reads("support", "@Alice, Bob resolved #1: restarted the cache.")
	w.as("dana").submits(slacksim.Values{"solution": "configuration", "note": "its limit was too low"})
	w.reads("support", "@Alice, Dana adds about #1: its limit was too low.")
	w.reads("support", "Code: restarted the cache")
	w.reads("support", "Dana adds: Configuration · its limit was too low")
	w.reads("support", "Bob resolved it")
}

// A form that asks for what is so already stays open, with what was typed, and says so.
func TestFormsThatAskForWhatIsSo(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card := w.as("alice").opens(usual("Checkout fails"))
	dana, bob := w.as("dana"), w.as("bob")
	stays := func(form, field, says string, v slacksim.Values, meanwhile func()) {
		t.Helper()
		dana.chooses(card, form+":1")
		meanwhile()
		if out := dana.sends(v); out.Closed || !strings.Contains(out.Errors[field], says) {
			t.Errorf("%s: %+v, want %q at %s", form, out, says, field)
		}
		dana.ok(w.slack.As("dana").CloseModal(w.ctx))
	}
	stays("hand_over", "assignee", "Bob already has #1.", slacksim.Values{"assignee": "bob", "note": "He knows it."}, func() {
		bob.reacts(card, "eyes")
		w.reads("support", "Bob has it")
	})
	stays("priority", "priority", "#1 already has priority P1.", slacksim.Values{"priority": "P1", "reason": "All of them."}, func() {
		bob.chooses(card, "priority:1")
		bob.submits(slacksim.Values{"priority": "P1", "reason": "It spreads."})
		w.reads("support", "#1 · P1")
	})
	stays("wait", "question", "Bob has #1", slacksim.Values{"question": "Which card?"}, func() {})
	stays("hold", "reason", "Bob has #1", slacksim.Values{"reason": "The bank."}, func() {})
	stays("close", "reason", "#1 is already closed.", slacksim.Values{"reason": "not_an_issue", "note": "It is fine."}, func() {
		bob.chooses(card, "close:1")
		bob.submits(slacksim.Values{"reason": "not_an_issue"})
		w.reads("support", "Closed: not an issue")
	})
}

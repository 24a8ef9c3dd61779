package app_test

import (
	"slices"
	"strings"
	"testing"

	"supporty/internal/dev/slacksim"
)

// Two people have the form to resolve open. The second person's solution is added to the
// first.
func TestResolvedMeanwhileByAnother(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Checkout fails"))
	h.as("dana").clicks(card, "resolve")
	h.as("dana").awaitsForm("resolve")
	h.as("bob").clicks(card, "resolve")
	h.as("bob").awaitsForm("resolve")
	h.as("bob").submits(slacksim.FormValues{"solution": "code", "note": "restarted the cache"})
	h.reads("support", "@Alice, Bob resolved #1: restarted the cache.")
	h.as("dana").submits(slacksim.FormValues{"solution": "configuration", "note": "its limit was too low"})
	h.reads("support", "@Alice, Dana adds about #1: its limit was too low.")
	h.reads("support", "Code: restarted the cache")
	h.reads("support", "Dana adds: Configuration · its limit was too low")
	h.reads("support", "Bob resolved it")
}

// A form that would change nothing stays open with its content, and says so.
func TestFormsWithoutAChange(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Checkout fails"))
	dana, bob := h.as("dana"), h.as("bob")
	stays := func(form, field, says string, v slacksim.FormValues, meanwhile func()) {
		t.Helper()
		dana.chooses(card, form+":1")
		meanwhile()
		if out := dana.sends(v); out.Closed || !strings.Contains(out.Errors[field], says) {
			t.Errorf("%s: %+v, want %q at %s", form, out, says, field)
		}
		dana.ok(h.slack.As("dana").CloseModal(h.ctx))
	}
	stays("hand_over", "assignee", "Bob already has #1.", slacksim.FormValues{"assignee": "bob", "note": "He knows it."}, func() {
		bob.reacts(card, "eyes")
		h.reads("support", "Bob has it")
	})
	stays("priority", "priority", "#1 already has priority P1.", slacksim.FormValues{"priority": "P1", "reason": "All of them."}, func() {
		bob.chooses(card, "priority:1")
		bob.submits(slacksim.FormValues{"priority": "P1", "reason": "It spreads."})
		h.reads("support", "#1 · P1")
	})
	stays("wait", "question", "Bob has #1", slacksim.FormValues{"question": "Which card?"}, func() {})
	stays("hold", "reason", "Bob has #1", slacksim.FormValues{"reason": "The bank."}, func() {})
	stays("close", "reason", "#1 is already closed.", slacksim.FormValues{"reason": "not_an_issue", "note": "It is fine."}, func() {
		bob.chooses(card, "close:1")
		bob.submits(slacksim.FormValues{"reason": "not_an_issue"})
		h.reads("support", "Closed: not an issue")
	})
}

// Slack may confirm an open form so late that the form's own ticket exists already. Then
// the form, into which somebody may have typed, is not replaced by the link to that
// ticket.
func TestAFormIsNotTurnedByItsOwnTicket(t *testing.T) {
	t.Parallel()
	h := setup(t)
	alice := h.as("alice")
	said := alice.ok(alice.actor.Say(h.ctx, "general", "The export is empty."))
	h.fault(slacksim.Fault{Kind: slacksim.FaultDelay, Method: "views.open", DelayMS: 1500, AfterEffect: true, Count: 1})
	h.fault(slacksim.Fault{Kind: slacksim.FaultDropAck, Event: "view_submission", Count: 1})
	alice.ok(alice.actor.MessageShortcut(h.ctx, "general", said.TS, "ticket_from_message"))
	alice.seesForm()
	if out, err := h.slack.As("alice").Submit(h.ctx, usual("Export is empty").values()); err != nil || out.Closed {
		t.Fatalf("the form closed though nobody acknowledged it: %+v, %v", out, err)
	}
	h.reads("support", "Export is empty")
	h.until(`SELECT count(*) = 1 FROM tickets`)
	h.poll("the late answer", func() bool {
		calls, err := h.slack.Journal(h.ctx, 0)
		return err == nil && slices.ContainsFunc(calls, func(e slacksim.Entry) bool { return e.Kind == slacksim.KindCall && e.Method == "views.open" })
	})
	if out := alice.ok(alice.actor.Resubmit(h.ctx)); !out.Closed {
		t.Errorf("sent again, it stays open: %+v", out)
	}
	h.until(`SELECT count(*) = 1 FROM tickets`)
}

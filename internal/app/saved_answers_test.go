package app_test

import (
	"strings"
	"testing"

	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
)

// answering has saved answers, one of them for the tickets of a squad.
func answering(c *config_, _ *simConfig) {
	c.Squads = append(c.Squads, config.Squad{Name: "Checkout"})
	c.Categories[0].Squad = "Checkout"
	c.SavedAnswers = []config.SavedAnswer{
		{Name: "Logs", Text: "Hello {requester}, please add the log to {number}."},
		{Name: "Refund", Text: "The refund is on its way.", Squad: "checkout"},
	}
}

// A saved answer stands in the thread in the name of who chose it, mentions a requester who
// is there, and counts as an answer.
func TestASavedAnswerInTheThread(t *testing.T) {
	t.Parallel()
	h := setup(t, answering)
	alice, bob, carol := h.as("alice"), h.as("bob"), h.as("carol")
	card := alice.opens(usual("Checkout fails"))
	bob.types("/support say 1 logs")
	bob.hears("Bob replied.")
	said := h.reads("support", "Hello Alice, please add the log to #1.")
	says(t, said.Rendered(), "@Alice, Bob")
	if said.ThreadTS != card.TS {
		t.Errorf("it stands in the thread %q", said.ThreadTS)
	}
	bob.hears("You answered #1.")
	h.awaitReplies(1, 1)
	h.until(`SELECT responded_at IS NOT NULL FROM cycles WHERE ticket = 1`)
	alice.types("/support say 1 logs")
	carol.types("/support say 1 logs")
	carol.hears("Only people who answer in the support channel can post saved answers.")
	h.allPosted()
	if n := len(h.look().DMs("alice")); n != 0 {
		t.Errorf("Alice, who is there, got %d direct messages", n)
	}
}

// A requester who is not in the channel has it brought to them, once.
func TestASavedAnswerReachesARequesterElsewhere(t *testing.T) {
	t.Parallel()
	h := setup(t, answering)
	bob, carol := h.as("bob"), h.as("carol")
	carol.opens(usual("Checkout fails"))
	carol.gets("We have it: #1")
	bob.types("/support claim 1")
	h.reads("support", "Bob has it")
	bob.types("/support wait 1 Which card?")
	carol.gets("Which card?")
	bob.types("/support say 1 Logs")
	carol.gets("Hello Carol, please add the log to #1.")
	h.reads("support", "Hello Carol, please add the log to #1.")
	h.allPosted()
	if n := h.posted("please add the log"); n != 2 {
		t.Errorf("it stands %d times, want once in the thread and once with Carol", n)
	}
}

// The menu offers the answers of the ticket's squad, and those of everybody.
func TestASavedAnswerByTheMenu(t *testing.T) {
	t.Parallel()
	h := setup(t, answering)
	alice, bob := h.as("alice"), h.as("bob")
	card := alice.opens(usual("Checkout fails"))
	bob.chooses(card, "say:1")
	bob.seesIn("The refund is on its way.")
	bob.submits(slacksim.FormValues{"answer": "Refund"})
	h.reads("support", "The refund is on its way.")
	other := alice.opens(newTicket{"P3", "The product is slow", "x", "Product"})
	bob.chooses(other, "say:2")
	v, err := bob.actor.View(h.ctx)
	if err != nil {
		t.Fatal(err)
	}
	if body := string(v.Body); strings.Contains(body, "Refund") || !strings.Contains(body, "Logs") {
		t.Errorf("offered for another squad: %s", body)
	}
	bob.submits(slacksim.FormValues{"answer": "Logs"})
	bob.types("/support say 2 nonsense")
	bob.awaitsForm("say")
	bob.types("/support help")
	bob.hears("Logs: Hello {requester}, please add the log to {number}.")
}

func TestThereAreNoAnswers(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.as("alice").opens(usual("Checkout fails"))
	h.as("bob").types("/support say 1 logs")
	h.as("bob").hears("no ticket like it tells how it was solved.")
}

// Who posted a saved answer takes it back where they posted it from, on both sides.
func TestASavedAnswerIsTakenBack(t *testing.T) {
	t.Parallel()
	h := setup(t, answering)
	bob, dana, carol := h.as("bob"), h.as("dana"), h.as("carol")
	carol.opens(usual("Checkout fails"))
	bob.types("/support claim 1")
	h.reads("support", "Bob has it")
	bob.types("/support say 1 logs")
	h.reads("support", "Hello Carol, please add the log to #1.")
	carol.gets("Hello Carol, please add the log to #1.")
	h.allPosted()
	dana.types("/support say 1")
	dana.awaitsForm("say")
	if v, err := dana.actor.View(h.ctx); err != nil || strings.Contains(v.Rendered(), "Posted:") {
		t.Errorf("Dana is offered what Bob posted: %v", err)
	}
	bob.types("/support say 1")
	bob.seesIn("Posted: Hello Carol, please add the log to #1.")
	bob.ok(bob.actor.ClickModal(h.ctx, "take_back"))
	bob.seesIn("Taken back")
	h.await("the answer to go", func(s slacksim.State) bool {
		return first(s.Channel("support").Messages, "please add the log") == nil && first(s.DMs("carol"), "please add the log") == nil
	})
	bob.types("/support resolve 1")
	h.reads("support", "Bob resolved it")
	bob.types("/support say 1")
	bob.awaitsForm("say")
}

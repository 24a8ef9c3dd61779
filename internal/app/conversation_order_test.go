package app_test

import (
	"fmt"
	"strings"
	"testing"

	"supporty/internal/dev/slacksim"
)

// Slack promises no order of its events. An edit, a deletion or a later message can
// arrive before the message itself.

// late makes Slack send the next event of a type after a delay.
func (h *harness) late(event string) {
	h.fault(slacksim.Fault{Kind: slacksim.FaultDelayEvent, Event: event, Count: 1, DelayMS: 500})
}

// isTold waits until the bot has handled so many events with a text.
func (h *harness) isTold(text string, times int) {
	h.t.Helper()
	h.poll("the news of "+text, func() bool {
		entries, err := h.slack.Journal(h.ctx, 0)
		says, taken := map[string]bool{}, 0
		for _, e := range entries {
			switch {
			case e.Kind == slacksim.KindEnvelope && strings.Contains(string(e.Payload), text):
				says[e.EventID] = true
			case e.Kind == slacksim.KindAck && says[e.EventID]:
				taken++
			}
		}
		return err == nil && taken >= times
	})
}

func TestAnEditThatIsFasterThanItsMessage(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card, _ := h.outsider("VPN is down")
	bob, carol := h.as("bob"), h.as("carol")
	h.late("message")
	said := bob.asks(card, "Call 030 123.")
	bob.ok(bob.actor.Edit(h.ctx, said.Channel, said.TS, "Call 030 124."))
	carol.gets("Call 030 124.")
	carol.drops("Call 030 123.")
}

func TestADeletionThatIsFasterThanItsMessage(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card, _ := h.outsider("VPN is down")
	bob := h.as("bob")
	h.late("message")
	said := bob.asks(card, "My password is hunter2.")
	bob.ok(bob.actor.Delete(h.ctx, said.Channel, said.TS))
	h.until(`SELECT count(*) = 1 FROM entries WHERE kind = 'retracted'`)
	h.as("carol").drops("hunter2")
}

func TestTheNewestOfTwoEditsHolds(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card, _ := h.outsider("VPN is down")
	bob, carol := h.as("bob"), h.as("carol")
	said := bob.asks(card, "Call 030 123.")
	carol.gets("Call 030 123.")
	h.late("message")
	bob.ok(bob.actor.Edit(h.ctx, said.Channel, said.TS, "Call 030 124."))
	bob.ok(bob.actor.Edit(h.ctx, said.Channel, said.TS, "Call 030 125."))
	carol.gets("Call 030 125.")
	h.isTold("Call 030 124.", 2) // the event of the second edit has it as the previous text
	h.allPosted()
	if first(carol.directs(), "Call 030 125.") == nil {
		t.Errorf("an older edit stands:\n%s", texts(carol.directs()))
	}
}

func TestAQuestionThatIsGoneBeforeItIsKnown(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Login loops"))
	bob := h.as("bob")
	bob.reacts(card, "eyes")
	h.reads("support", "Bob has it")
	question := bob.asks(card, "Which browser?")
	h.awaitReplies(1, 1)
	h.late("reaction_added")
	bob.reacts(question, "hourglass_flowing_sand")
	bob.ok(bob.actor.Delete(h.ctx, question.Channel, question.TS))
	h.until(`SELECT count(*) = 1 FROM entries WHERE kind = 'waited'`)
	h.until(`SELECT state = 'claimed' FROM tickets`)
}

// A message from before the question does not answer it.
func TestAMessageFromBeforeTheQuestionIsNoAnswer(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card, _ := h.outsider("VPN is down")
	bob, carol := h.as("bob"), h.as("carol")
	question := bob.asks(card, "Which office?")
	carol.gets("Which office?")
	h.allPosted()
	h.late("message")
	carol.tells("What is my salary grade?")
	bob.reacts(question, "hourglass_flowing_sand")
	carol.gets("Where does this belong?")
	h.nowhereIn("support", "salary")
}

// A thread of direct messages goes on after its first message is deleted.
func TestDeletedWordsLeadNoThread(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("VPN is down"))
	alice, bob := h.as("alice"), h.as("bob")
	alice.ok(h.slack.Do(h.ctx, slacksim.Action{Do: "leave", As: "alice", Channel: "support"}))
	h.until(fmt.Sprintf(`SELECT count(*) = 0 FROM members WHERE person = '%s'`, h.look().Person("alice").ID))
	bob.reacts(card, "eyes")
	words := bob.asks(card, "The password is hunter2.")
	alice.gets("hunter2")
	bob.replies(card, "It is the old one.")
	alice.gets("It is the old one.")
	bob.ok(bob.actor.Delete(h.ctx, words.Channel, words.TS))
	alice.drops("hunter2")
	bob.replies(card, "Try it again, please.")
	alice.notified("Try it again, please.")
	bob.reacts(card, "white_check_mark")
	alice.notified("Bob resolved #1")
}

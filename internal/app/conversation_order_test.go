package app_test

import (
	"strings"
	"testing"

	"supporty/internal/dev/slacksim"
)

// Slack promises no order of its events: what became of a message, and what came after
// it, can be known before the message itself.

// late has Slack send the next event of a type after a while.
func (w *world) late(event string) {
	w.trouble(slacksim.Fault{Kind: slacksim.FaultDelayEvent, Event: event, Count: 1, DelayMS: 500})
}

// isTold waits until the bot has taken so many events that say something.
func (w *world) isTold(text string, times int) {
	w.t.Helper()
	w.poll("the news of "+text, func() bool {
		entries, err := w.slack.Journal(w.ctx, 0)
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
	w := setup(t)
	card, _ := w.outsider("VPN is down")
	bob, carol := w.as("bob"), w.as("carol")
	w.late("message")
	said := bob.asks(card, "Call 030 123.")
	bob.ok(bob.actor.Edit(w.ctx, said.Channel, said.TS, "Call 030 124."))
	carol.gets("Call 030 124.")
	carol.drops("Call 030 123.")
}

func TestADeletionThatIsFasterThanItsMessage(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card, _ := w.outsider("VPN is down")
	bob := w.as("bob")
	w.late("message")
	said := bob.asks(card, "My password is hunter2.")
	bob.ok(bob.actor.Delete(w.ctx, said.Channel, said.TS))
	w.until(`SELECT count(*) = 1 FROM entries WHERE kind = 'retracted'`)
	w.as("carol").drops("hunter2")
}

func TestTheNewestOfTwoEditsHolds(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card, _ := w.outsider("VPN is down")
	bob, carol := w.as("bob"), w.as("carol")
	said := bob.asks(card, "Call 030 123.")
	carol.gets("Call 030 123.")
	w.late("message")
	bob.ok(bob.actor.Edit(w.ctx, said.Channel, said.TS, "Call 030 124."))
	bob.ok(bob.actor.Edit(w.ctx, said.Channel, said.TS, "Call 030 125."))
	carol.gets("Call 030 125.")
	w.isTold("Call 030 124.", 2) // it is what the second has changed as well
	w.saidAll()
	if first(carol.directs(), "Call 030 125.") == nil {
		t.Errorf("an older edit stands:\n%s", texts(carol.directs()))
	}
}

func TestAQuestionThatIsGoneBeforeItIsKnown(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card := w.as("alice").opens(usual("Login loops"))
	bob := w.as("bob")
	bob.reacts(card, "eyes")
	w.reads("support", "Bob has it")
	question := bob.asks(card, "Which browser?")
	w.awaitReplies(1, 1)
	w.late("reaction_added")
	bob.reacts(question, "hourglass_flowing_sand")
	bob.ok(bob.actor.Delete(w.ctx, question.Channel, question.TS))
	w.until(`SELECT count(*) = 1 FROM entries WHERE kind = 'waited'`)
	w.until(`SELECT state = 'claimed' FROM tickets`)
}

// What was written before a question was asked is no answer to it.
func TestAMessageFromBeforeTheQuestionIsNoAnswer(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card, _ := w.outsider("VPN is down")
	bob, carol := w.as("bob"), w.as("carol")
	question := bob.asks(card, "Which office?")
	carol.gets("Which office?")
	w.saidAll()
	w.late("message")
	carol.tells("What is my salary grade?")
	bob.reacts(question, "hourglass_flowing_sand")
	carol.gets("Where does this belong?")
	w.nowhereIn("support", "salary")
}

// A thread of direct messages goes on though the first words in it are deleted.
func TestDeletedWordsLeadNoThread(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card := w.as("alice").opens(usual("VPN is down"))
	alice, bob := w.as("alice"), w.as("bob")
	alice.ok(w.slack.Do(w.ctx, slacksim.Action{Do: "leave", As: "alice", Channel: "support"}))
	bob.reacts(card, "eyes")
	words := bob.asks(card, "The password is hunter2.")
	alice.gets("hunter2")
	bob.replies(card, "It is the old one.")
	alice.gets("It is the old one.")
	bob.ok(bob.actor.Delete(w.ctx, words.Channel, words.TS))
	alice.drops("hunter2")
	bob.replies(card, "Try it again, please.")
	alice.notified("Try it again, please.")
	bob.reacts(card, "white_check_mark")
	alice.notified("Bob resolved #1")
}

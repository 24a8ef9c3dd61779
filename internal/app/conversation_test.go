package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
)

// Carol is not in #support; Alice is.

// outsider makes Carol file a ticket, and Bob claim it. It returns the card and the
// receipt, which begins the thread of direct messages.
func (h *harness) outsider(title string) (card, receipt *slacksim.Message) {
	h.t.Helper()
	card = h.as("carol").opens(usual(title))
	receipt = h.as("carol").gets(title)
	h.as("bob").reacts(card, "eyes")
	h.until(`SELECT count(*) = 0 FROM tickets WHERE state = 'open'`)
	return card, receipt
}

// tells writes to the bot, outside of any thread.
func (p *person) tells(text string) *slacksim.Message {
	p.h.t.Helper()
	out := p.ok(p.actor.SayToBot(p.h.ctx, text))
	return &slacksim.Message{Channel: "@supporty", TS: out.TS}
}

// notified waits until the person is notified of a text.
func (p *person) notified(text string) {
	p.h.t.Helper()
	p.h.await(fmt.Sprintf("%s to be notified of %q", p.name(), text), func(s slacksim.State) bool {
		return notifiedOf(s, p.name(), text)
	})
}

// notNotified fails the test if the person was notified of a text.
func (p *person) notNotified(text string) {
	p.h.t.Helper()
	s, err := p.h.slack.State(p.h.ctx)
	if err != nil {
		p.h.t.Fatal(err)
	}
	if notifiedOf(s, p.name(), text) {
		p.h.t.Errorf("%s was notified of %q", p.name(), text)
	}
}

func notifiedOf(s slacksim.State, person, text string) bool {
	return slices.ContainsFunc(s.Notified(person), func(n slacksim.Notification) bool { return strings.Contains(n.Text, text) })
}

// nowhereIn fails the test if a text stands in a channel.
func (h *harness) nowhereIn(channel, text string) {
	h.t.Helper()
	for _, m := range h.channel(channel) {
		if strings.Contains(m.Rendered(), text) {
			h.t.Errorf("%q stands in #%s: %s", text, channel, m.Rendered())
		}
	}
}

// drops waits until a text does not stand in a channel any more.
func (h *harness) drops(channel, text string) {
	h.t.Helper()
	h.await(text+" to go", func(s slacksim.State) bool { return first(s.Channel(channel).Messages, text) == nil })
}

// drops waits until a text does not stand in somebody's direct messages any more.
func (p *person) drops(text string) {
	p.h.t.Helper()
	p.h.await(text+" to go", func(s slacksim.State) bool { return first(s.DMs(p.name()), text) == nil })
}

func TestDirectMessageIsNotPassedOnByGuess(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.outsider("VPN is down")
	h.outsider("Badge is lost")
	carol := h.as("carol")
	carol.tells("Private question: what is my salary grade?")
	asked := carol.gets("Where does this belong?")
	carol.tells("And when is it reviewed?")
	carol.gets("Where do these 2 messages belong?")
	carol.clicks(asked, "belongs_nowhere")
	carol.gets("Nobody else sees these messages.")
	h.nowhereIn("support", "salary")

	carol.tells("The badge was found.")
	asked = carol.gets("Where does this belong?")
	carol.clicks(asked, "belongs_2")
	carol.gets("Passed on to #2.")
	h.reads("support", "The badge was found.")
	back := carol.gets("Passed on to #2.")
	carol.clicks(back, "take_back")
	carol.turns("Taken back: it is no longer shown in #2.")
	h.drops("support", "The badge was found.")
}

// The confirmation of several passed-on messages stays until the last of them is taken
// back or deleted.
func TestTakingBackEveryPassedOnMessage(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.outsider("VPN is down")
	carol := h.as("carol")
	carol.tells("It is the one in Berlin.")
	asked := carol.gets("Where does this belong?")
	second := carol.tells("My manager is on holiday.")
	carol.gets("Where do these 2 messages belong?")
	carol.clicks(asked, "belongs_1")
	carol.gets("Passed on to #1.")
	h.reads("support", "My manager is on holiday.")
	h.await("both to be confirmed", func(s slacksim.State) bool { return count(s.Ephemerals("carol"), "Passed on to Bob in #1.") == 2 })
	carol.clicks(carol.hears("Passed on to Bob in #1."), "take_back")
	h.allPosted()
	carol.gets("Passed on to #1.") // the other message stays
	carol.ok(carol.actor.Delete(h.ctx, second.Channel, second.TS))
	carol.turns("Taken back: it is no longer shown in #1.")
	h.drops("support", "Carol wrote:")
}

// A message in the thread of the confirmation is about the same ticket, and needs no question.
func TestAReplyToTheConfirmationIsAboutItsTicket(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.outsider("VPN is down")
	h.outsider("Badge is lost")
	carol := h.as("carol")
	carol.tells("It is the one in Berlin.")
	carol.clicks(carol.gets("Where does this belong?"), "belongs_1")
	carol.answers(carol.gets("Passed on to #1."), "On the second floor.")
	h.reads("support", "On the second floor.")
	h.until(`SELECT replies = 2 FROM tickets WHERE number = 1`)
}

// What is written while the form of a new ticket is open is not in the form. It is asked
// about when the form is sent.
func TestWhatIsWrittenBesideAFormIsAskedAbout(t *testing.T) {
	t.Parallel()
	h := setup(t)
	erin := h.as("erin")
	erin.tells("The printer on floor 2 is on fire.")
	erin.clicks(erin.gets("Where does this belong?"), "belongs_new")
	erin.seesIn("The printer on floor 2 is on fire.")
	erin.tells("And the coffee is cold.")
	erin.gets("Where do these 2 messages belong?")
	erin.submits(slacksim.FormValues{"priority": "P2", "category": "Other"})
	erin.gets("Filed as #1.")
	erin.clicks(erin.gets("Where does this belong?"), "belongs_1")
	h.reads("support", "And the coffee is cold.")
}

func TestDirectMessageCanBecomeATicket(t *testing.T) {
	t.Parallel()
	h := setup(t)
	erin := h.as("erin")
	erin.tells("The printer on floor 2 is on fire.\nReally.")
	asked := erin.gets("Where does this belong?")
	erin.clicks(asked, "belongs_new")
	erin.seesIn("The printer on floor 2 is on fire.")
	erin.submits(slacksim.FormValues{"priority": "P2", "category": "Other"})
	card := h.reads("support", "The printer on floor 2 is on fire.")
	if strings.Contains(card.Rendered(), "from this message") {
		t.Errorf("it links to what others cannot open: %s", card.Rendered())
	}
	erin.gets("Filed as #1.")
	erin.gets("We have it: #1")
	h.allPosted()
	if n := len(erin.ephemerals()); n != 0 {
		t.Errorf("she is told a third time: %s", texts(erin.ephemerals()))
	}
}

// A message outside of threads is an answer only if the bot's last message to the person
// is the one open question.
func TestAnAnswerOutsideOfTheThread(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card, _ := h.outsider("VPN is down")
	bob, carol := h.as("bob"), h.as("carol")
	bob.reacts(bob.asks(card, "Which office?"), "hourglass_flowing_sand")
	carol.gets("The clock is paused until you answer here.")
	h.allPosted()
	carol.tells("Berlin.")
	h.reads("support", "Carol wrote:")
	carol.hears("Passed on to Bob in #1.")
	h.reads("support", "Bob has it · solve by")

	other, _ := h.outsider("Badge is lost")
	for i, c := range []*slacksim.Message{card, other} {
		bob.reacts(bob.asks(c, fmt.Sprintf("Question %d?", i)), "hourglass_flowing_sand")
	}
	h.until(`SELECT count(*) = 2 FROM tickets WHERE state = 'waiting'`)
	carol.gets("Question 1?")
	carol.tells("Yes.") // it is not clear which question it answers
	carol.gets("Where does this belong?")
	h.nowhereIn("support", "Yes.")
}

func TestEachTicketHasItsOwnThreadOfDirectMessages(t *testing.T) {
	t.Parallel()
	h := setup(t)
	vpn, _ := h.outsider("VPN is down")
	_, receipt := h.outsider("Badge is lost")
	bob, carol := h.as("bob"), h.as("carol")
	bob.reacts(bob.asks(vpn, "Which office?"), "hourglass_flowing_sand")
	carol.notified("Which office?")
	carol.answers(receipt, "It was blue.")
	h.await("the answer in its own ticket", func(s slacksim.State) bool {
		for _, m := range s.Channel("support").Messages {
			if strings.Contains(m.Rendered(), "It was blue.") {
				return m.ThreadTS != vpn.TS
			}
		}
		return false
	})
	h.until(`SELECT state = 'waiting' FROM tickets WHERE number = 1`)
}

// Messages to the requester are brought to them at once; the others are gathered in one
// message.
func TestTheThreadIsBroughtToAnOutsider(t *testing.T) {
	t.Parallel()
	for name, reading := range readings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t, reading)
			card, receipt := h.outsider("VPN is down")
			h.reads("support", "Carol is not in this channel and gets the replies as direct messages.")
			bob, dana, carol := h.as("bob"), h.as("dana"), h.as("carol")
			bob.replies(card, "I restart the gateway.")
			carol.notified("I restart the gateway.")
			dana.replies(card, "It is the certificate.")
			carol.gets("It is the certificate.")
			dana.replies(card, "Again.")
			carol.gets("Again.")
			carol.notNotified("Again.")
			aside := bob.asks(card, "// her laptop is ancient")
			dana.replies(card, "Thanks @carol for telling us.")
			carol.notified("for telling us")
			h.advance(2 * time.Minute)
			bob.reacts(card, "white_check_mark")
			carol.notified("Bob resolved #1")
			for _, m := range carol.directs() {
				if strings.Contains(m.Rendered(), "ancient") {
					t.Errorf("the aside was brought to Carol: %s", m.Rendered())
				}
			}
			carol.answers(receipt, "It works.")
			h.reads("support", "It works.")
			bob.ok(bob.actor.Edit(h.ctx, aside.Channel, aside.TS, "Your laptop is next."))
			carol.gets("Your laptop is next.")
			if first(h.thread(card), "Bob has #1") != nil {
				t.Error("the claim was told though Bob had written to her")
			}
		})
	}
}

// readings are undocumented possibilities: whether a mention notifies in the first
// message of a thread, and in a thread of direct messages. Each has the setting that
// suits it.
var readings = map[string]choice{
	"mentions notify in threads of direct messages": func(*config_, *simConfig) {},
	"a card's mention makes one follow its thread":  func(_ *config_, s *simConfig) { s.Beliefs.RootMentionFollows = true },
	"only messages of their own do": func(c *config_, s *simConfig) {
		c.DirectMessages, s.Beliefs.DirectThreadMute = config.DirectSingly, true
	},
}

// bothReadings runs a test under both possibilities of an undocumented behaviour of
// Slack.
func bothReadings(t *testing.T, believe func(b *slacksim.Beliefs, so bool), test func(*testing.T, choice)) {
	t.Helper()
	for _, so := range []bool{false, true} {
		t.Run(fmt.Sprintf("believed %t", so), func(t *testing.T) {
			t.Parallel()
			test(t, func(_ *config_, s *simConfig) { believe(&s.Beliefs, so) })
		})
	}
}

// directs are all messages between the bot and this person.
func (p *person) directs() []*slacksim.Message {
	p.h.t.Helper()
	s, err := p.h.slack.State(p.h.ctx)
	if err != nil {
		p.h.t.Fatal(err)
	}
	return s.DMs(p.name())
}

// If a message is deleted before its author says where it belongs, it is passed on to
// nobody, even if the event of the deletion is lost.
func TestDeletedMessageIsNotPassedOn(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.outsider("VPN is down")
	carol := h.as("carol")
	h.fault(slacksim.Fault{Kind: slacksim.FaultLose, Event: "message"})
	for name, buttons := range map[string]string{"to a ticket": "belongs_1", "to a new one": "belongs_new"} {
		if err := h.slack.ClearFaults(h.ctx); err != nil {
			t.Fatal(err)
		}
		out := carol.ok(carol.actor.SayToBot(h.ctx, "My password is hunter2, "+name))
		question := carol.gets("Where does this belong?")
		h.fault(slacksim.Fault{Kind: slacksim.FaultLose, Event: "message"})
		carol.ok(carol.actor.Delete(h.ctx, question.Channel, out.TS))
		carol.clicks(question, buttons)
		carol.hears("Your message was deleted.")
		carol.drops("Where does this belong?")
	}
	h.allPosted()
	if said := texts(h.channel("support")); strings.Contains(said, "hunter2") || strings.Contains(said, "without text") {
		t.Errorf("it was passed on: %s", said)
	}
}

func TestEditsAndDeletionsAreFollowed(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card, receipt := h.outsider("VPN is down")
	bob, carol := h.as("bob"), h.as("carol")
	said := bob.asks(card, "Call 030 123.")
	carol.gets("Call 030 123.")
	bob.ok(bob.actor.Edit(h.ctx, said.Channel, said.TS, "Call 030 124."))
	carol.gets("Call 030 124.")
	bob.ok(bob.actor.Delete(h.ctx, said.Channel, said.TS))
	carol.drops("Call 030")

	out := carol.answers(receipt, "My password is hunter2.")
	h.reads("support", "hunter2")
	carol.ok(carol.actor.Edit(h.ctx, receipt.Channel, out.TS, "My password is secret."))
	h.reads("support", "My password is secret.")
	h.nowhereIn("support", "hunter2")
	carol.ok(carol.actor.Delete(h.ctx, receipt.Channel, out.TS))
	h.drops("support", "My password")

	question := bob.asks(card, "Which office?")
	bob.reacts(question, "hourglass_flowing_sand")
	h.reads("support", "Bob waits for Carol")
	bob.ok(bob.actor.Edit(h.ctx, question.Channel, question.TS, "Which floor?"))
	h.reads("support", "“Which floor?”")
	bob.ok(bob.actor.Delete(h.ctx, question.Channel, question.TS))
	h.reads("support", "Bob has it · solve by")
	bob.hears("Your question is gone, so #1 no longer waits for an answer.")
}

func TestPassedOnMessageCanBeTakenBack(t *testing.T) {
	t.Parallel()
	h := setup(t)
	_, receipt := h.outsider("VPN is down")
	carol := h.as("carol")
	carol.answers(receipt, "My manager is on holiday.")
	h.reads("support", "My manager is on holiday.")
	passed := carol.hears("Passed on to Bob in #1.")
	carol.clicks(passed, "take_back")
	carol.hears("Taken back: it is no longer shown in #1.")
	h.drops("support", "on holiday")
}

// An owner who was mentioned because of an answer is told that it was taken back.
func TestAnAnswerIsTakenBack(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card, receipt := h.outsider("VPN is down")
	bob, carol := h.as("bob"), h.as("carol")
	bob.reacts(bob.asks(card, "Which office?"), "hourglass_flowing_sand")
	carol.gets("The clock is paused until you answer here.")
	out := carol.answers(receipt, "Berlin, I think.")
	bob.notified("Berlin, I think.")
	carol.clicks(carol.hears("Passed on to Bob in #1."), "take_back")
	bob.notified("Carol took the answer back.")
	carol.ok(carol.actor.Delete(h.ctx, receipt.Channel, out.TS))
	later := carol.answers(receipt, "Never mind.")
	bob.notified("Never mind.")
	carol.ok(carol.actor.Delete(h.ctx, receipt.Channel, later.TS)) // this message answers nothing
	h.drops("support", "Never mind.")
	h.allPosted()
	if n := h.posted("took the answer back"); n != 1 {
		t.Errorf("Bob was told %d times", n)
	}
}

// A late answer reopens a ticket that was closed because there was none.
func TestAnAnswerAfterAllReopens(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card, receipt := h.outsider("VPN is down")
	bob, carol := h.as("bob"), h.as("carol")
	bob.reacts(bob.asks(card, "Which office?"), "hourglass_flowing_sand")
	carol.notified("Which office?")
	h.advance(25 * time.Hour)
	carol.notified("Bob needs your answer on")
	h.advance(72 * time.Hour)
	carol.notified("is closed because the question above had no answer.")
	closed := h.reads("support", "Closed: no answer")
	if strings.Contains(closed.Rendered(), "somebody") {
		t.Errorf("the card: %s", closed.Rendered())
	}
	h.advance(24 * time.Hour)
	carol.answers(receipt, "Berlin, sorry.")
	h.reads("support", "Bob has it · solve by")
	bob.notified("Carol reopened #1")
	carol.hears("Passed on to Bob in #1. It is open again.")
}

func TestThanksAreNoComplaint(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Login loops"))
	h.as("bob").reacts(card, "white_check_mark")
	h.reads("support", "Bob resolved #1")
	alice := h.as("alice")
	alice.replies(card, "Thanks a lot, it works now! :tada:")
	h.awaitReplies(1, 1)
	alice.replies(card, "Hm, it is still broken.")
	alice.hears("#1 is resolved. Still broken?")
	h.allPosted()
	alice.replies(card, "Thank you!")
	alice.replies(card, "No, I still cannot log in.")
	h.awaitReplies(1, 4)
	h.await("the question again", func(s slacksim.State) bool { return count(s.Ephemerals("alice"), "Still broken?") == 2 })
	h.allPosted()
	if n := len(alice.ephemerals()); n != 3 { // her receipt, and the other two
		t.Errorf("Alice was told %d things", n)
	}
}

// A member who does not follow the thread is notified of an answer.
func TestAMemberIsNotifiedOfAnAnswer(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Login loops"))
	h.as("bob").replies(card, "Clear your cookies.")
	h.awaitReplies(1, 1)
	h.as("alice").notNotified("Clear your cookies.")
	h.advance(2 * time.Minute)
	h.as("alice").notified("Bob answered above about #1.")
	h.as("bob").replies(card, "Did it help?")
	h.as("alice").notified("Did it help?") // she follows the thread now
	h.awaitReplies(1, 2)
	h.advance(2 * time.Minute)
	if n := h.posted("answered above"); n != 1 {
		t.Errorf("she was told %d times", n)
	}
}

// An owner who has written nothing does not follow the thread either.
func TestTheOwnerIsNotifiedOfTheRequester(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Login loops"))
	alice, dana := h.as("alice"), h.as("dana")
	dana.clicks(card, "claim")
	h.reads("support", "Dana has it")
	h.advance(2 * time.Minute)
	alice.notified("Dana has #1")
	alice.replies(card, "It is only Firefox.")
	h.awaitReplies(1, 1)
	dana.notNotified("It is only Firefox.")
	h.advance(2 * time.Minute)
	dana.notified("Alice wrote above about #1.")
	alice.replies(card, "And Safari.")
	dana.notified("And Safari.")
	h.advance(2 * time.Minute)
	h.allPosted()
	if n := h.posted("wrote above"); n != 1 {
		t.Errorf("she was called %d times", n)
	}
}

// The owner is notified of a message after the solution too. They are not notified of
// thanks, nor if they answer without it.
func TestTheOwnerIsNotifiedAfterTheSolution(t *testing.T) {
	t.Parallel()
	h := setup(t)
	alice, dana := h.as("alice"), h.as("dana")
	solved, answered := alice.opens(usual("Login loops")), alice.opens(usual("No invoices"))
	for _, card := range []*slacksim.Message{solved, answered} {
		dana.clicks(card, "claim")
	}
	h.until(`SELECT count(*) = 2 FROM tickets WHERE assignee <> ''`)
	dana.reacts(solved, "white_check_mark")
	alice.notified("Dana resolved #1")
	alice.replies(solved, "Thanks!")
	alice.replies(answered, "Since Monday.")
	h.until(`SELECT count(*) = 2 FROM tickets WHERE replies = 1`)
	dana.replies(answered, "I am looking.")
	h.awaitReplies(2, 2)
	h.advance(2 * time.Minute)
	h.allPosted()
	dana.notNotified("wrote above")
	alice.replies(solved, "No, it is still wrong.")
	h.awaitReplies(1, 2)
	h.advance(2 * time.Minute)
	dana.notified("Alice wrote above about #1.")
}

// A question that is marked by emoji notifies a member at once, unless the message itself
// did.
func TestAQuestionReachesAMember(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card, bob := h.as("alice").opens(usual("Login loops")), h.as("bob")
	bob.reacts(card, "eyes")
	h.reads("support", "Bob has it")
	bob.reacts(bob.asks(card, "Which browser?"), "hourglass_flowing_sand")
	h.as("alice").notified("Bob asks about #1: “Which browser?” The clock is paused until you answer.")
	h.as("alice").replies(card, "Firefox.")
	h.drops("support", "The clock is paused")
	h.reads("support", "Bob has it · solve by")
	again := bob.asks(card, "Which version?")
	h.awaitReplies(1, 3)
	bob.reacts(again, "hourglass")
	h.as("alice").notified("Which version?")
	h.reads("support", "“Which version?”")
	if n := h.posted("asks about #1"); n != 1 {
		t.Errorf("the bot asked %d times", n)
	}
}

// A message can be answered a moment before we have recorded its place.
func TestAnAnswerFasterThanTheRecord(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.fault(slacksim.Fault{Kind: slacksim.FaultDelay, Method: "chat.postMessage", DelayMS: 700, AfterEffect: true})
	carol := h.as("carol")
	carol.opens(usual("VPN is down"))
	carol.answers(carol.gets("VPN is down"), "It is the one in Berlin.")
	h.reads("support", "It is the one in Berlin.")
}

func TestADeletedMessageIsAskedAboutNoMore(t *testing.T) {
	t.Parallel()
	h := setup(t)
	carol := h.as("carol")
	said := carol.tells("My password is hunter2.")
	carol.gets("Where does this belong?")
	carol.ok(carol.actor.Delete(h.ctx, said.Channel, said.TS))
	carol.drops("Where does this belong?")
}

// Another priority means another target. It notifies the requester, whether it is raised
// or lowered.
func TestAnotherPriorityReachesTheRequester(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("carol").opens(usual("Refunds hang"))
	h.as("carol").gets("We have it: #1") // it begins their thread
	h.as("bob").clicks(card, "claim")
	h.advance(time.Minute + time.Second)
	h.as("carol").gets("Bob has #1")
	h.as("bob").chooses(card, "priority:1")
	h.as("bob").submits(slacksim.FormValues{"priority": "P1", "reason": "All customers."})
	h.as("carol").gets("Bob raised #1 to P1: All customers. Target: solved by ")
	h.await("the note of the claim to go, with its old time", func(s slacksim.State) bool {
		return first(s.DMs("carol"), "Bob has #1") == nil
	})
	s, err := h.slack.State(h.ctx)
	if err != nil {
		t.Fatal(err)
	}
	if rang := s.Notified("carol"); !slices.ContainsFunc(rang, func(n slacksim.Notification) bool { return strings.Contains(n.Text, "raised") }) {
		t.Errorf("it did not ring: %v", rang)
	}
}

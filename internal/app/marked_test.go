package app_test

import (
	"strings"
	"testing"

	"supporty/internal/dev/slacksim"
)

const marked = "ticket" // 🎫

// Somebody who puts 🎫 on another person's message gets the form with it: the author is
// the requester, and who put it is named as the filer.
func TestAMarkedMessageBecomesATicket(t *testing.T) {
	t.Parallel()
	h := setup(t)
	bob, dana := h.as("bob"), h.as("dana")
	said := bob.writes("support-digest", "The numbers are wrong.\nAll of them.")
	dana.reacts(said, marked)
	asked := dana.hears(offered)
	dana.clicks(asked, "offer")
	dana.seesIn("All of them.")
	dana.seesIn("The ticket will link to the message.")
	dana.submits(asItIs)
	card := h.reads("support", "#1 · P3 · The numbers are wrong.")
	says(t, card.Rendered(), "Bob", "filed by Dana", "from this message")
	dana.hears("Filed: #1")
	if made := h.reads("support-digest", "This is now #1"); made.ThreadTS != said.TS {
		t.Errorf("it is told in the thread %q", made.ThreadTS)
	}
	for _, p := range []*person{bob, dana} {
		if n := p.asked(); n != 0 {
			t.Errorf("%s is still asked %d times", p.name(), n)
		}
	}
}

// A message never gets a second ticket by 🎫, until its ticket has ended.
func TestAMarkedMessageThatHasATicket(t *testing.T) {
	t.Parallel()
	h := setup(t)
	alice, bob, dana := h.as("alice"), h.as("bob"), h.as("dana")
	said := alice.writes("support", "The numbers are wrong.")
	bob.reacts(said, marked)
	first := bob.hears(offered)
	dana.reacts(said, marked)
	second := dana.hears(offered)
	bob.clicks(first, "offer")
	bob.submits(asItIs)
	card := h.reads("support", "#1 · P3 · The numbers are wrong.")
	dana.clicks(second, "offer") // offered before there was a ticket
	dana.seesIn("Already")
	dana.unreacts(said, marked)
	dana.reacts(said, marked)
	dana.clicks(dana.hears("Already #1"), "follow")
	dana.hears("You follow #1")
	bob.reacts(card, "white_check_mark")
	h.reads("support", "Bob resolved it")
	alice.reacts(said, marked)
	alice.clicks(alice.hears(offered), "offer")
	alice.seesIn("#1 has ended. This ticket will follow it.")
}

// In a thread the offer stands in the thread, and leads to the reply.
func TestAMarkedReply(t *testing.T) {
	t.Parallel()
	h := setup(t)
	alice, dana := h.as("alice"), h.as("dana")
	card := alice.opens(usual("Checkout fails"))
	reply := dana.asks(card, "The printer is broken, too.")
	dana.reacts(reply, marked)
	asked := dana.hears(offered)
	if asked.ThreadTS != card.TS {
		t.Errorf("asked in the thread %q, want %q", asked.ThreadTS, card.TS)
	}
	dana.clicks(asked, "offer")
	dana.submits(asItIs)
	h.reads("support", "#2 · P3 · The printer is broken, too.")
}

// A message of another person in a private channel is shown only if its author agrees.
func TestAMarkedMessageInPrivate(t *testing.T) {
	t.Parallel()
	h := setup(t, withPrivateChannel)
	carol, bob := h.as("carol"), h.as("bob")
	said := carol.writes("secret", inPrivate)
	bob.reacts(said, marked)
	bob.clicks(bob.hears(offered), "offer")
	bob.seesIn("The message was written in private.")
	bob.submits(slacksim.FormValues{"priority": "P3", "category": "Product", "title": "Something is wrong", "text": "See there."})
	card := h.reads("support", "#1 · P3 · Something is wrong")
	carol.gets(inPrivate) // is asked
	if strings.Contains(card.Rendered(), inPrivate) {
		t.Errorf("the card: %s", card.Rendered())
	}
}

// 🎫 means nothing on a card and on messages of other bots.
func TestMarksThatMeanNothing(t *testing.T) {
	t.Parallel()
	h := setup(t)
	alice, bob := h.as("alice"), h.as("bob")
	card := alice.opens(usual("Checkout fails"))
	bob.reacts(card, marked)
	alert, err := h.slack.Incoming(h.ctx, slacksim.AppMessage{Channel: "support", Username: "Monitor", Text: "Disk full"})
	if err != nil {
		t.Fatal(err)
	}
	bob.reacts(alert, marked)
	bob.types("/support claim 1")
	h.reads("support", "Bob has it")
	h.handled("The last")
	if n := bob.asked(); n != 0 {
		t.Errorf("Bob is asked %d times", n)
	}
}

func TestMarksAreSwitchedOff(t *testing.T) {
	t.Parallel()
	h := setup(t, func(c *config_, _ *simConfig) { c.Emoji["ticket"] = []string{} })
	bob := h.as("bob")
	bob.reacts(bob.writes("support", "Lunch?"), marked)
	h.handled("The first")
	if n := bob.asked(); n != 0 {
		t.Errorf("Bob is asked %d times", n)
	}
}

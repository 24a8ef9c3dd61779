package app_test

import (
	"strings"
	"testing"
	"time"

	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
	"supporty/internal/slackview"
)

const (
	yours = "@Dana, Bob took :eyes: off #1. Yours is still there, so it is yours now. To put it back, take yours off."
	eyes  = "eyes"
	tick  = "white_check_mark"
)

// shows waits until a card shows a text.
func (h *harness) shows(text string) { h.t.Helper(); h.reads("support", text) }

// refusedClaim waits until the bot has handled somebody's claim emoji on an owned ticket.
func (h *harness) refusedClaim(name string) {
	h.t.Helper()
	h.as(name).hears("Bob already has #1.")
}

func TestTheEyesOfAnotherStillClaim(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Checkout fails"))
	h.as("bob").reacts(card, eyes)
	h.shows("Bob has it")
	h.as("dana").reacts(card, eyes)
	h.refusedClaim("dana")
	h.as("bob").unreacts(card, eyes)
	h.shows("Dana has it")
	h.reads("support", yours)
	h.advance(2 * time.Minute)
	h.reads("support", "@Alice, Dana has #1.")
	h.postedOnceIn(card, yours, "Dana has #1")
	h.as("dana").unreacts(card, eyes)
	h.shows("Open, no owner")
}

func TestPutBackByAButtonWhileAnothersEyesStand(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Checkout fails"))
	h.as("bob").reacts(card, eyes)
	h.shows("Bob has it")
	h.as("dana").reacts(card, eyes)
	h.refusedClaim("dana")
	h.as("bob").chooses(card, "put_back:1")
	h.shows("Open, no owner")
	h.allPosted()
	h.doesNotSay(card, "yours now")
}

func TestOnesSecondEmojiSaysTheSame(t *testing.T) {
	t.Parallel()
	h := setup(t, func(c *config_, _ *simConfig) { c.Emoji["claim"] = []string{eyes, "hand"} })
	card := h.as("alice").opens(usual("Checkout fails"))
	h.as("bob").reacts(card, eyes)
	h.shows("Bob has it")
	h.as("bob").reacts(card, "raised_hand")
	h.as("bob").unreacts(card, eyes)
	h.until(`SELECT count(*) = 2 FROM entries WHERE void <> ''`)
	h.shows("Bob has it")
	h.as("bob").unreacts(card, "raised_hand")
	h.shows("Open, no owner")

	h.as("bob").reacts(card, tick)
	h.shows("Bob resolved it")
	h.as("bob").reacts(card, "heavy_check_mark")
	h.as("bob").unreacts(card, tick)
	h.until(`SELECT count(*) = 4 FROM entries WHERE void <> ''`)
	h.shows("Bob resolved it")
	h.as("bob").unreacts(card, "heavy_check_mark")
	h.shows("Open, no owner")
}

func TestTheTickOfAnotherStillResolves(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Checkout fails"))
	h.as("bob").reacts(card, tick)
	h.reads("support", "@Alice, Bob resolved #1")
	h.as("dana").reacts(card, tick)
	h.until(`SELECT count(*) = 1 FROM entries WHERE void <> ''`)
	h.as("bob").unreacts(card, tick)
	h.shows("Dana resolved it")
	h.reads("support", "@Alice, Dana resolved #1")
	h.as("dana").unreacts(card, tick)
	h.shows("Open, no owner")
	h.reads("support", "#1 is not resolved yet.")
	h.allPosted()
	if n := count(h.thread(card), "took this back"); n != 1 || count(h.thread(card), "resolved #1") != 0 {
		t.Errorf("the thread reads:\n%s", texts(h.thread(card)))
	}
}

// Of a gap, only emoji that still stand are visible. The outcome is the same, and each
// message is posted once.
func TestEmojiOfOthersReadAfterAGap(t *testing.T) {
	t.Parallel()
	h := newHarness(t, forgetful)
	stop := h.startOne()
	card := h.as("alice").opens(usual("Checkout fails"))
	solved := h.as("alice").opens(usual("Login loops"))
	h.as("bob").reacts(card, eyes)
	h.shows("Bob has it")
	h.as("dana").reacts(card, eyes)
	h.refusedClaim("dana")
	h.as("bob").reacts(solved, tick)
	h.shows("Bob resolved it")
	h.as("dana").reacts(solved, tick)
	h.until(`SELECT count(*) = 2 FROM entries WHERE void <> ''`)
	h.allPosted()
	stop()

	h.passes(2 * time.Minute)
	h.as("bob").unreacts(card, eyes)
	h.as("bob").unreacts(solved, tick)
	h.passes(time.Minute)
	stop = h.comesBack()
	h.shows("Dana has it")
	h.shows("Dana resolved it")
	h.postedOnceIn(card, yours)
	h.postedOnceIn(solved, "@Alice, Dana resolved #2")

	stop()
	h.passes(2 * time.Minute)
	h.as("dana").unreacts(card, eyes)
	h.passes(time.Minute)
	t.Cleanup(h.comesBack())
	h.shows("Open, no owner")
	h.postedOnceIn(card, yours)
}

// The finished hourglass emoji means the same as the running one.
func TestBothHourglasses(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Checkout fails"))
	h.as("bob").reacts(card, eyes)
	h.shows("Bob has it")
	asked := h.as("bob").asks(card, "Which card type?")
	h.as("bob").reacts(asked, "hourglass")
	h.shows("Bob waits for Alice")
	h.as("bob").reacts(asked, "hourglass_flowing_sand")
	h.as("bob").unreacts(asked, "hourglass")
	h.until(`SELECT count(*) = 2 FROM entries WHERE void <> ''`)
	h.shows("Bob waits for Alice")
	h.as("bob").unreacts(asked, "hourglass_flowing_sand")
	h.shows("Bob has it")
}

// The settings can give every gesture an emoji: on a card it offers the button to whoever put it, alone.
// On anything else it means nothing, and where the gesture is not possible there is no button.
func TestEmojiThatOffers(t *testing.T) {
	t.Parallel()
	h := setup(t, func(c *config_, _ *simConfig) {
		c.Emoji["hold"], c.Emoji["follow"], c.Emoji["resume"] = []string{"pause_button"}, []string{"bell"}, []string{"arrow_forward"}
	})
	bob, dana := h.as("bob"), h.as("dana")
	card := h.as("alice").opens(usual("Checkout fails"))
	bob.reacts(card, "pause_button")
	if said := bob.hears("#1 · P2 · Checkout fails"); strings.Contains(said.Rendered(), "On hold…") {
		t.Errorf("what nobody owns is offered to be held: %s", said.Rendered())
	}
	bob.reacts(card, "eyes")
	h.reads("support", "Bob has it")
	bob.unreacts(card, "pause_button")
	bob.reacts(card, "pause_button")
	bob.clicks(bob.hears("It needs something from outside"), "hold")
	bob.submits(slacksim.FormValues{"reason": "The bank answers tomorrow."})
	h.reads("support", "on hold")
	bob.reacts(card, "arrow_forward")
	bob.clicks(bob.hears("The clock goes on."), "resume")
	h.until(`SELECT state = 'claimed' FROM tickets`)
	dana.reacts(dana.writes("support", "No card."), "bell")
	dana.reacts(card, "bell")
	dana.clicks(dana.hears("You hear if it takes longer"), "follow")
	h.reads("support", "1 person follows")
}

func TestEveryEmojiOffersSomething(t *testing.T) {
	t.Parallel()
	all := config.Emoji{}
	for meaning := range config.Default().Emoji {
		all[meaning] = []string{meaning}
	}
	offers := all.Offers()
	if len(offers) < 10 {
		t.Fatalf("only %d gestures", len(offers))
	}
	for name, gesture := range offers {
		if name != gesture || !slackview.OffersGesture(gesture) {
			t.Errorf("%s offers nothing", gesture)
		}
	}
}

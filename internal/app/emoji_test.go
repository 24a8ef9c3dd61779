package app_test

import (
	"testing"
	"time"
)

const (
	yours = "@Dana, Bob took :eyes: off #1. Yours is still there, so it is yours now. To put it back, take yours off."
	eyes  = "eyes"
	tick  = "white_check_mark"
)

// shows waits until a card shows a text.
func (w *world) shows(text string) { w.t.Helper(); w.reads("support", text) }

// refusedClaim waits until somebody's emoji on the card of another's ticket is known.
func (w *world) refusedClaim(name string) {
	w.t.Helper()
	w.as(name).hears("Bob already has #1.")
}

func TestTheEyesOfAnotherStillClaim(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card := w.as("alice").opens(usual("Checkout fails"))
	w.as("bob").reacts(card, eyes)
	w.shows("Bob has it")
	w.as("dana").reacts(card, eyes)
	w.refusedClaim("dana")
	w.as("bob").unreacts(card, eyes)
	w.shows("Dana has it")
	w.reads("support", yours)
	w.advance(2 * time.Minute)
	w.reads("support", "@Alice, Dana has #1.")
	w.saysOnce(card, yours, "Dana has #1")
	w.as("dana").unreacts(card, eyes)
	w.shows("Open, no owner")
}

func TestPutBackByAButtonWhileAnothersEyesStand(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card := w.as("alice").opens(usual("Checkout fails"))
	w.as("bob").reacts(card, eyes)
	w.shows("Bob has it")
	w.as("dana").reacts(card, eyes)
	w.refusedClaim("dana")
	w.as("bob").chooses(card, "put_back:1")
	w.shows("Open, no owner")
	w.saidAll()
	w.doesNotSay(card, "yours now")
}

func TestOnesSecondEmojiSaysTheSame(t *testing.T) {
	t.Parallel()
	w := setup(t, func(c *config_, _ *simConfig) { c.Emoji["claim"] = []string{eyes, "hand"} })
	card := w.as("alice").opens(usual("Checkout fails"))
	w.as("bob").reacts(card, eyes)
	w.shows("Bob has it")
	w.as("bob").reacts(card, "raised_hand")
	w.as("bob").unreacts(card, eyes)
	w.until(`SELECT count(*) = 2 FROM entries WHERE void <> ''`)
	w.shows("Bob has it")
	w.as("bob").unreacts(card, "raised_hand")
	w.shows("Open, no owner")

	w.as("bob").reacts(card, tick)
	w.shows("Bob resolved it")
	w.as("bob").reacts(card, "heavy_check_mark")
	w.as("bob").unreacts(card, tick)
	w.until(`SELECT count(*) = 4 FROM entries WHERE void <> ''`)
	w.shows("Bob resolved it")
	w.as("bob").unreacts(card, "heavy_check_mark")
	w.shows("Open, no owner")
}

func TestTheTickOfAnotherStillResolves(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card := w.as("alice").opens(usual("Checkout fails"))
	w.as("bob").reacts(card, tick)
	w.reads("support", "@Alice, Bob resolved #1")
	w.as("dana").reacts(card, tick)
	w.until(`SELECT count(*) = 1 FROM entries WHERE void <> ''`)
	w.as("bob").unreacts(card, tick)
	w.shows("Dana resolved it")
	w.reads("support", "@Alice, Dana resolved #1")
	w.as("dana").unreacts(card, tick)
	w.shows("Open, no owner")
	w.reads("support", "#1 is not resolved yet.")
	w.saidAll()
	if n := count(w.thread(card), "took this back"); n != 1 || count(w.thread(card), "resolved #1") != 0 {
		t.Errorf("the thread reads:\n%s", texts(w.thread(card)))
	}
}

// Of a gap, only what stands is seen: the same holds, and is told once.
func TestEmojiOfOthersReadAfterAGap(t *testing.T) {
	t.Parallel()
	w := newWorld(t, forgetful)
	stop := w.startOne()
	card := w.as("alice").opens(usual("Checkout fails"))
	solved := w.as("alice").opens(usual("Login loops"))
	w.as("bob").reacts(card, eyes)
	w.shows("Bob has it")
	w.as("dana").reacts(card, eyes)
	w.refusedClaim("dana")
	w.as("bob").reacts(solved, tick)
	w.shows("Bob resolved it")
	w.as("dana").reacts(solved, tick)
	w.until(`SELECT count(*) = 2 FROM entries WHERE void <> ''`)
	w.saidAll()
	stop()

	w.passes(2 * time.Minute)
	w.as("bob").unreacts(card, eyes)
	w.as("bob").unreacts(solved, tick)
	w.passes(time.Minute)
	stop = w.comesBack()
	w.shows("Dana has it")
	w.shows("Dana resolved it")
	w.saysOnce(card, yours)
	w.saysOnce(solved, "@Alice, Dana resolved #2")

	stop()
	w.passes(2 * time.Minute)
	w.as("dana").unreacts(card, eyes)
	w.passes(time.Minute)
	t.Cleanup(w.comesBack())
	w.shows("Open, no owner")
	w.saysOnce(card, yours)
}

// An hourglass that has run out asks for the same as one that has not.
func TestBothHourglasses(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card := w.as("alice").opens(usual("Checkout fails"))
	w.as("bob").reacts(card, eyes)
	w.shows("Bob has it")
	asked := w.as("bob").asks(card, "Which card type?")
	w.as("bob").reacts(asked, "hourglass")
	w.shows("Bob waits for Alice")
	w.as("bob").reacts(asked, "hourglass_flowing_sand")
	w.as("bob").unreacts(asked, "hourglass")
	w.until(`SELECT count(*) = 2 FROM entries WHERE void <> ''`)
	w.shows("Bob waits for Alice")
	w.as("bob").unreacts(asked, "hourglass_flowing_sand")
	w.shows("Bob has it")
}

package app_test

import (
	"strings"
	"testing"
	"time"

	"supporty/internal/dev/slacksim"
)

// A follower hears the first delay, the end, and that it is open again: by direct message,
// with a button that shows its effect.
func TestFollowing(t *testing.T) {
	t.Parallel()
	h := setup(t)
	alice, bob, dana := h.as("alice"), h.as("bob"), h.as("dana")
	card := alice.opens(usual("Printer"))
	dana.clicks(card, "follow") // Me too
	dana.hears("You follow #1: Open, no owner · solve by")
	h.reads("support", "1 person follows")
	h.advance(3*time.Hour + time.Minute)
	dana.gets("#1 Printer is taking longer than we aimed for. Nobody has it yet.")
	bob.reacts(card, "white_check_mark")
	dana.gets("Bob resolved #1 Printer.")
	alice.clicks(h.reads("support", "@Alice, Bob resolved #1."), "reopen")
	dana.notified("Alice reopened")
	dana.turns("#1 Printer had ended. It was reopened.")
	dana.clicks(dana.gets("Alice reopened #1 Printer."), "unfollow")
	dana.turns("You no longer follow it.")
	h.drops("support", "1 person follows")
	bob.reacts(card, "eyes")
	bob.clicks(card, "resolve")
	bob.awaitsForm("resolve")
	bob.submits(slacksim.FormValues{"solution": "code"})
	h.reads("support", "Bob resolved it")
	h.allPosted()
	if dms := h.look().DMs("dana"); len(dms) != 3 {
		t.Errorf("Dana was told %d times: %s", len(dms), texts(dms))
	}
}

// Following and its end also work by menu and command; asking twice is answered.
func TestFollowingByMenuAndCommand(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Printer"))
	dana := h.as("dana")
	dana.chooses(card, "follow:1")
	dana.seesIn("You follow #1")
	dana.types("/support follow 1")
	dana.hears("You already follow #1.")
	dana.clicks(card, "follow")
	dana.types("/support unfollow 1")
	dana.hears("You no longer follow #1.")
	dana.types("/support unfollow 1")
	dana.hears("You do not follow #1.")
	dana.types("/support follow 1")
	dana.clicks(dana.hears("You follow #1: Open, no owner"), "unfollow")
	h.await("the answer to be replaced", func(s slacksim.State) bool {
		return first(s.Ephemerals("dana"), "You follow #1: Open") == nil
	})
	h.as("alice").clicks(card, "follow")
	h.as("alice").hears("You asked for #1, so you hear of it anyway.")
	h.as("carol").types("/support follow 1")
	h.as("carol").hears("People in the support channel can follow tickets.")
	h.as("carol").types("/support unfollow 1")
	if heard := h.as("carol").hears("You do not follow #1."); strings.Contains(heard.Rendered(), "Printer") {
		t.Errorf("it tells Carol of what she may not read: %s", heard.Rendered())
	}
}

// Who follows the thread itself is notified there, and not a second time.
func TestFollowersInTheThread(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Printer"))
	dana := h.as("dana")
	dana.replies(card, "I see it too.")
	dana.clicks(card, "follow")
	dana.hears("You follow #1")
	h.awaitReplies(1, 1)
	h.as("bob").reacts(card, "white_check_mark")
	dana.notified("Bob resolved #1.")
	h.allPosted()
	if dms := h.look().DMs("dana"); len(dms) != 0 {
		t.Errorf("Dana was told twice: %s", texts(dms))
	}
}

// Following grants no right to read. Who has left the channel hears number and state.
func TestFollowerWhoLeavesTheChannel(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("A secret printer"))
	dana := h.as("dana")
	dana.clicks(card, "follow")
	dana.hears("You follow #1")
	dana.ok(h.slack.Do(h.ctx, slacksim.Action{Do: "leave", As: "dana", Channel: "support"}))
	h.until(`SELECT count(*) = 0 FROM members m JOIN people p ON p.id = m.person WHERE p.name = 'Dana' AND m.place = (SELECT channel FROM ticket_threads LIMIT 1)`)
	h.as("bob").clicks(card, "resolve")
	h.as("bob").awaitsForm("resolve")
	h.as("bob").submits(slacksim.FormValues{"solution": "code", "note": "New toner."})
	if told := dana.gets("Bob resolved #1: New toner."); strings.Contains(told.Rendered(), "secret") || strings.Contains(told.Rendered(), "archives") {
		t.Errorf("it tells more than Dana may read: %s", told.Rendered())
	}
}

// What a follower answers in private is not passed on: they are asked where it belongs.
func TestFollowersAnswerInPrivate(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Printer"))
	dana := h.as("dana")
	dana.clicks(card, "follow")
	dana.hears("You follow #1")
	h.as("bob").reacts(card, "white_check_mark")
	dana.answers(dana.gets("Bob resolved #1"), "Between us: Alice broke it.")
	question := dana.gets("Where does this belong?")
	h.allPosted()
	h.nowhereIn("support", "Between us")
	dana.clicks(question, "belongs_1")
	h.reads("support", "Between us")
	dana.gets("Passed on to #1.")
}

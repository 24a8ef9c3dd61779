package app_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/dev/slacksim"
)

func TestWarningAndLatenessArePostedOnce(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Checkout fails"))
	h.as("bob").reacts(card, "eyes")
	h.reads("support", "Bob has it")
	h.advance(2*time.Hour + 14*time.Minute)
	if said := first(h.thread(card), "is to be solved"); said != nil {
		t.Fatalf("warned before 75 %% of the target: %s", said.Rendered())
	}
	h.advance(time.Minute + time.Second)
	h.reads("support", "@Bob, #1 Checkout fails (Alice) is to be solved by")
	h.advance(45 * time.Minute)
	late := h.reads("support", "#1 Checkout fails (Alice) passed its 3 h target at")
	if !strings.Contains(late.Rendered(), "@Bob, please tell Alice when to expect it.") {
		t.Errorf("lateness reads: %s", late.Rendered())
	}
	h.reads("support", "late since")
	for range 3 {
		h.advance(time.Hour)
	}
	if n := count(h.thread(card), "passed its"); n != 1 {
		t.Errorf("lateness was told %d times", n)
	}
	if n := h.posted("is to be solved"); n != 1 {
		t.Errorf("the warning was told %d times", n)
	}
}

// A requester outside the channel is told of lateness once, and of every new time.
func TestTheRequesterHearsOfLateness(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("carol").opens(usual("VPN is down"))
	carol, bob := h.as("carol"), h.as("bob")
	h.advance(3*time.Hour + time.Second)
	carol.gets("is taking longer than we aimed for. Nobody has it yet. You are told when somebody does.")
	bob.reacts(card, "eyes")
	h.reads("support", "Bob has it")
	h.advance(61 * time.Second)
	carol.gets("now. It is already late; Bob is asked for a new time.")
	for _, m := range h.look().DMs("carol") {
		if strings.Contains(m.Rendered(), "Target: solved by") && strings.Contains(m.Rendered(), "Bob has") {
			t.Errorf("a time that has passed is a target: %s", m.Rendered())
		}
	}
}

func TestTheRequesterHearsOfEveryNewTime(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("carol").opens(usual("VPN is down"))
	carol, bob := h.as("carol"), h.as("bob")
	bob.reacts(card, "eyes")
	h.reads("support", "Bob has it")
	h.advance(3*time.Hour + time.Second)
	carol.gets("is taking longer than we aimed for. Bob has it and is asked for a new time.")
	longer := func(late *slacksim.Message) {
		bob.clicks(late, "expect")
		bob.submits(slacksim.FormValues{"expected": h.clock.Now().Add(2 * time.Hour).Truncate(time.Minute).Unix(), "reason": "The bank is slow"})
	}
	longer(h.reads("support", "passed its 3 h target"))
	carol.gets("Bob needs longer for #1")
	h.advance(2*time.Hour + time.Second)
	carol.gets("is taking longer than expected. Bob has it and is asked for a new time.")
	longer(h.reads("support", "was expected to be solved by"))
	s := h.await("both new times", func(s slacksim.State) bool { return count(s.DMs("carol"), "expects it solved by") == 2 })
	if n := count(s.DMs("carol"), "is taking longer"); n != 2 {
		t.Errorf("she heard %d times that it takes longer:\n%s", n, texts(s.DMs("carol")))
	}
	if said := first(h.thread(card), "is taking longer"); said != nil {
		t.Errorf("told where she does not see it: %s", said.Rendered())
	}
}

func TestAMemberHearsOfLatenessInTheThread(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Checkout fails"))
	h.as("bob").reacts(card, "eyes")
	h.reads("support", "Bob has it")
	h.advance(3*time.Hour + time.Second)
	h.reads("support", "@Alice, #1 is taking longer than we aimed for. Bob has it and is asked for a new time.")
	own := h.as("dana").opens(usual("Wrong tax"))
	h.as("dana").reacts(own, "eyes")
	h.reads("support", "Dana has it")
	h.advance(3*time.Hour + time.Second)
	h.reads("support", "@Dana, #2 Wrong tax passed its 3 h target")
	h.allPosted()
	h.doesNotSay(own, "is taking longer")
}

func TestUnownedAlertReachesTheChannel(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.as("alice").opens(newTicket{priority: "P3", title: "Wrong colour", text: "It is green.", category: "Product"})
	h.advance(18*time.Hour + time.Second)
	warning := h.reads("support", "#1 Wrong colour (Alice) has no owner and is to be solved by")
	if !warning.Broadcast || strings.Contains(warning.Text, "<@") || strings.Contains(warning.Text, "<!subteam") {
		t.Errorf("broadcast %v, text %q", warning.Broadcast, warning.Text)
	}
	h.as("bob").clicks(warning, "claim")
	h.reads("support", "Bob has it")
}

func TestUnownedAlertPingsTheGroup(t *testing.T) {
	t.Parallel()
	h := setup(t, func(c *config_, _ *simConfig) { c.Alerts.Group = "oncall" })
	h.as("alice").opens(usual("Wrong tax"))
	h.advance(3*time.Hour + time.Second)
	late := h.reads("support", "#1 Wrong tax (Alice) passed its 3 h target")
	if !strings.Contains(late.Text, "<!subteam^S") {
		t.Errorf("the group is not pinged: %q", late.Text)
	}
}

func TestAnswerClockSpeaksForP1Only(t *testing.T) {
	t.Parallel()
	h := setup(t)
	urgent := h.as("alice").opens(newTicket{priority: "P1", title: "Site is down", text: "500 everywhere.", category: "Product"})
	minor := h.as("alice").opens(newTicket{priority: "P3", title: "Typo", text: "A letter is missing.", category: "Product"})
	h.advance(15*time.Minute + time.Second)
	h.reads("support", "#1")
	h.await("the unanswered P1", func(s slacksim.State) bool {
		return first(s.Thread(urgent.TS)[1:], "was to be answered by") != nil
	})
	h.advance(6 * time.Hour)
	if n := len(h.thread(minor)); n != 0 {
		t.Errorf("the P3's answer clock spoke:\n%s", texts(h.thread(minor)))
	}
}

func TestResolvedTicketIsSilent(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Broken filter"))
	h.as("bob").reacts(card, "white_check_mark")
	h.reads("support", "@Alice, Bob resolved #1")
	said := len(h.thread(card))
	h.advance(48 * time.Hour)
	h.as("alice").opens(usual("Another one")) // when this card stands, the outbox is empty
	if now := len(h.thread(card)); now != said {
		t.Errorf("the bot went on talking:\n%s", texts(h.thread(card)))
	}
}

func TestLatenessSupersedesAnUnsentWarning(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Stuck job"))
	h.advance(5 * time.Hour) // as after an outage: both steps are due
	h.reads("support", "passed its 3 h target")
	if n := count(h.thread(card), "is to be solved"); n != 0 {
		t.Errorf("the warning was told after the deadline")
	}
}

func TestDigestOncePerWeekWithTwoCopies(t *testing.T) {
	t.Parallel()
	h := setup(t)
	t.Cleanup(h.startOne())
	card := h.as("alice").opens(usual("Checkout fails"))
	h.as("bob").reacts(card, "white_check_mark")
	h.reads("support", "Bob resolved it")
	h.advance(untilMonday(h.clock.Now()))
	post := h.reads("support-digest", "1 opened, 1 resolved")
	h.await("the details in its thread", func(s slacksim.State) bool { return len(s.Thread(post.TS)) > 1 })
	h.advance(7 * 24 * time.Hour)
	h.reads("support-digest", "no tickets")
	s := h.await("two posts", func(s slacksim.State) bool { return len(s.Channel("support-digest").Roots()) >= 2 })
	if n := len(s.Channel("support-digest").Roots()); n != 2 {
		t.Errorf("%d digests for two weeks", n)
	}
}

// untilMonday is the time until a minute after Monday 09:00 UTC, when the digest is due.
func untilMonday(now time.Time) time.Duration {
	monday := time.Date(now.Year(), now.Month(), now.Day(), 9, 1, 0, 0, time.UTC)
	for monday.Weekday() != time.Monday || !monday.After(now) {
		monday = monday.AddDate(0, 0, 1)
	}
	return monday.Sub(now)
}

func count(messages []*slacksim.Message, text string) int {
	n := 0
	for _, m := range messages {
		if strings.Contains(withoutAddresses(m), text) {
			n++
		}
	}
	return n
}

// A sweep leaves out a ticket that another one has locked: the clock counts as moved when
// the other one has ended.
func TestMovingTheClockWaitsForAnotherSweep(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Checkout fails"))
	h.allPosted()
	conn, err := pgx.Connect(h.ctx, h.dbURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(h.ctx)) })
	other, err := conn.Begin(h.ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Exec(h.ctx, `SELECT FROM tickets FOR UPDATE`); err != nil {
		t.Fatal(err)
	}
	moved := make(chan error, 1)
	go func() { moved <- h.bot.Advance(h.ctx, 3*time.Hour+time.Second) }()
	select {
	case err := <-moved:
		t.Errorf("moved while a ticket is locked: %v", err)
	case <-time.After(300 * time.Millisecond): // a sweep takes some milliseconds
	}
	if err := errors.Join(other.Rollback(h.ctx), <-moved); err != nil {
		t.Fatal(err)
	}
	h.allPosted()
	if first(h.thread(card), "passed its 3 h target at") == nil {
		t.Errorf("lateness is not told:\n%s", texts(h.thread(card)))
	}
}

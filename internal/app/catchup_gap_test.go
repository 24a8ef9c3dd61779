package app_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/dev/slacksim"
	"supporty/internal/postgres"
)

// forgetful makes Slack send an event again once, at once, and then drop it.
func forgetful(_ *config_, s *simConfig) {
	s.RetryDelays = []time.Duration{0, time.Millisecond, time.Millisecond}
}

// passes moves the business clock, while the bot may be stopped.
func (h *harness) passes(d time.Duration) {
	h.t.Helper()
	db, err := postgres.Open(h.dbURL)
	if err != nil {
		h.t.Fatal(err)
	}
	defer db.Close()
	setting, err := db.MoveClock(h.ctx, d, 1)
	if err != nil {
		h.t.Fatal(err)
	}
	h.clock.Set(setting)
}

// forgets waits until Slack has dropped every event that no bot received.
func (h *harness) forgets() {
	h.t.Helper()
	h.poll("Slack to forget", func() bool {
		entries, err := h.slack.Journal(h.ctx, 0)
		if err != nil {
			h.t.Fatal(err)
		}
		open := map[string]bool{}
		for _, e := range entries {
			if e.Kind == slacksim.KindEnvelope && e.What == "no socket" && e.EventID != "" {
				open[e.EventID] = true
			}
			if e.Kind == slacksim.KindMissed && e.What == "given up" || e.Kind == slacksim.KindAck {
				delete(open, e.EventID)
			}
		}
		return len(open) == 0
	})
}

// poll waits until so is true.
func (h *harness) poll(what string, so func() bool) {
	h.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !so() {
		select {
		case <-tick.C:
		case <-h.ctx.Done():
			h.t.Fatalf("waiting for %s\n%s", what, h.log)
		}
	}
}

// knowsAll waits until every gap is read.
func (h *harness) knowsAll() {
	h.t.Helper()
	h.until(`SELECT seen_until >= unbroken_since AND NOT EXISTS (SELECT FROM unread) FROM watermarks`)
}

// allPosted waits until the bot has posted every message that is due.
func (h *harness) allPosted() {
	h.t.Helper()
	h.poll("all to be said", func() bool {
		settled, err := h.bot.Settled(h.ctx)
		return err == nil && settled
	})
}

// comesBack starts the bot after Slack has dropped its events, and waits until the bot
// has read the gap and posted every message.
func (h *harness) comesBack() (stop func()) {
	h.t.Helper()
	h.forgets()
	stop = h.startOne()
	h.knowsAll()
	if err := h.bot.Sweep(h.ctx); err != nil {
		h.t.Fatal(err)
	}
	h.allPosted()
	return stop
}

// postedOnceIn checks that each text stands in a thread exactly once.
func (h *harness) postedOnceIn(card *slacksim.Message, said ...string) {
	h.t.Helper()
	for _, text := range said {
		if n := count(h.thread(card), text); n != 1 {
			h.t.Errorf("%q stands %d times in the thread:\n%s", text, n, texts(h.thread(card)))
		}
	}
}

func (h *harness) doesNotSay(card *slacksim.Message, unsaid ...string) {
	h.t.Helper()
	for _, text := range unsaid {
		if n := count(h.thread(card), text); n != 0 {
			h.t.Errorf("%q stands in the thread:\n%s", text, texts(h.thread(card)))
		}
	}
}

// The bot is stopped for ten minutes. Meanwhile there are a claim, a question with its
// answer, and a solution.
func TestAwayForTenMinutes(t *testing.T) {
	t.Parallel()
	h := newHarness(t, forgetful)
	stop := h.startOne()
	claimed := h.as("alice").opens(usual("Checkout fails"))
	solved := h.as("alice").opens(usual("Login loops"))
	asked := h.as("alice").opens(usual("Export is empty"))
	h.as("bob").reacts(asked, "eyes")
	h.reads("support", "Bob has it")
	h.allPosted()
	stop()

	h.passes(2 * time.Minute)
	h.as("bob").reacts(claimed, "eyes")
	h.as("bob").replies(claimed, "@alice on it.")
	h.as("dana").reacts(solved, "eyes")
	h.as("dana").reacts(solved, "white_check_mark")
	question := h.as("bob").asks(asked, "Which filter?")
	h.as("bob").reacts(question, "hourglass_flowing_sand")
	h.passes(8 * time.Minute)

	t.Cleanup(h.comesBack())
	h.reads("support", "Dana resolved it · on time · ≈")
	h.reads("support", "Bob waits for Alice")
	h.until(`SELECT state = 'claimed' AND replies = 1 FROM tickets WHERE number = 1`)
	h.postedOnceIn(solved, "@Alice, Dana resolved #2")
	h.doesNotSay(claimed, "Bob has #1") // because Bob has written to her
	h.until(`SELECT count(*) = 4 AND bool_and(gesture = 'emoji') FROM entries WHERE inexact`)
	h.until(`SELECT NOT inexact AND happened_at < (SELECT unbroken_since - interval '7 minutes' FROM watermarks)
		FROM entries WHERE ticket = 1 AND kind = 'replied'`)

	h.as("alice").replies(asked, "The one by date.")
	h.until(`SELECT state = 'claimed' FROM tickets WHERE number = 3`)
	h.as("bob").unreacts(claimed, "eyes")
	h.until(`SELECT state = 'open' FROM tickets WHERE number = 1`)
	if strings.Contains(texts(h.thread(asked)), "passed its") {
		t.Errorf("late:\n%s", texts(h.thread(asked)))
	}
}

// A reply that was edited into an aside during a gap is removed on the other side. An
// aside that was edited into a reply is brought there.
func TestAsidesAfterAGap(t *testing.T) {
	t.Parallel()
	h := newHarness(t, forgetful)
	stop := h.startOne()
	card, _ := h.outsider("VPN is down")
	bob, carol := h.as("bob"), h.as("carol")
	said, aside := bob.asks(card, "Her laptop is ancient."), bob.asks(card, "// it is the gateway")
	carol.gets("Her laptop is ancient.")
	h.awaitReplies(1, 2)
	h.allPosted()
	stop()
	bob.ok(bob.actor.Edit(h.ctx, said.Channel, said.TS, "// her laptop is ancient"))
	bob.ok(bob.actor.Edit(h.ctx, aside.Channel, aside.TS, "It is the gateway."))
	h.passes(3 * time.Minute)
	t.Cleanup(h.comesBack())
	carol.gets("It is the gateway.")
	carol.drops("ancient")
}

// The bot is stopped for an hour in which two targets end. As far as can be known, one
// was met and one was not. The missed one leads to one alert, without a warning before
// it.
func TestAwayForAnHour(t *testing.T) {
	t.Parallel()
	h := newHarness(t, forgetful)
	stop := h.startOne()
	kept := h.as("alice").opens(usual("Checkout fails"))
	late := h.as("alice").opens(usual("Login loops"))
	warned := h.as("alice").opens(newTicket{priority: "P1", title: "All is down", text: "502.", category: "Payments"})
	h.as("bob").reacts(late, "eyes")
	h.reads("support", "Bob has it")
	h.advance(2 * time.Minute)
	h.reads("support", "Bob has #2")
	h.as("dana").reacts(warned, "eyes")
	h.reads("support", "Dana has it")
	h.advance(2*time.Hour + 5*time.Minute) // the P1 is late, warnings of the others are due soon
	h.reads("support", "#3 All is down (Alice) passed its 1 h target")
	h.allPosted()
	stop()

	h.passes(time.Minute)
	h.as("dana").reacts(kept, "white_check_mark")
	h.as("bob").replies(late, "Not yet.")
	h.passes(59 * time.Minute)

	t.Cleanup(h.comesBack())
	h.reads("support", "Dana resolved it · on time · ≈")
	h.reads("support", "#2 Login loops (Alice) passed its 3 h target")
	h.reads("support", "late since")
	h.advance(time.Minute)
	h.allPosted()
	h.postedOnceIn(late, "#2 Login loops (Alice) passed its 3 h target", "Bob has #2")
	h.postedOnceIn(kept, "@Alice, Dana resolved #1")
	h.postedOnceIn(warned, "#3 All is down (Alice) passed its 1 h target")
	h.doesNotSay(late, "is to be solved by")
	h.doesNotSay(kept, "has no owner", "passed its")
	if n := h.posted("passed its"); n != 2 {
		t.Errorf("lateness was posted %d times", n)
	}
}

// The bot is stopped over a weekend. Meanwhile there are an answer in the thread, one by
// direct message, and a deleted card. Nobody is reminded of a question that was answered.
func TestAwayForAWeekend(t *testing.T) {
	t.Parallel()
	h := newHarness(t, forgetful)
	stop := h.startOne()
	minor := func(title string) newTicket {
		return newTicket{priority: "P3", title: title, text: "It does not work.", category: "Payments"}
	}
	answered := h.as("alice").opens(minor("Checkout fails"))
	written := h.as("carol").opens(minor("VPN is down"))
	deleted := h.as("alice").opens(minor("Login loops"))
	for _, card := range []*slacksim.Message{answered, written} {
		h.as("bob").reacts(card, "eyes")
		h.until(`SELECT count(*) = 1 FROM tickets WHERE state = 'claimed'`)
		h.as("bob").reacts(h.as("bob").asks(card, "Which one?"), "hourglass_flowing_sand")
		h.until(`SELECT count(*) = 0 FROM tickets WHERE state = 'claimed'`)
	}
	h.until(`SELECT count(*) = 2 FROM tickets WHERE state = 'waiting'`)
	question := h.as("carol").gets("The clock is paused until you answer here.")
	h.allPosted()
	stop()

	h.passes(20 * time.Hour)
	h.as("alice").replies(answered, "The first.")
	carol := h.as("carol")
	carol.answers(question, "Berlin.")
	h.as("bob").ok(h.slack.As("bob").Delete(h.ctx, "support", deleted.TS))
	h.passes(42 * time.Hour)

	t.Cleanup(h.comesBack())
	h.until(`SELECT count(*) = 2 FROM tickets WHERE state = 'claimed'`)
	h.reads("support", "Carol wrote:")
	h.reads("support", "The text is hidden because this message was deleted.")
	h.until(`SELECT count(*) = 2 FROM entries e JOIN watermarks ON true
		WHERE kind = 'replied' AND actor <> '' AND NOT inexact AND happened_at < unbroken_since - interval '41 hours' AND role = 'requester'`)
	h.reads("support", "#1 Checkout fails (Alice) passed its 24 h target")
	h.reads("support", "#2 VPN is down (Carol) passed its 24 h target")
	h.advance(time.Minute)
	h.allPosted()
	h.postedOnceIn(answered, "#1 Checkout fails (Alice) passed its 24 h target")
	h.postedOnceIn(written, "#2 VPN is down (Carol) passed its 24 h target", "Carol wrote:")
	h.doesNotSay(answered, "needs your answer", "is closed", "is to be solved")
	h.doesNotSay(written, "needs your answer", "is closed", "is to be solved")
	if n := h.posted("Login loops"); n != 1 {
		t.Errorf("the deleted card's title was posted %d times", n)
	}
}

// Slack's own tries bring the same events to two copies while these read the gap. Each
// event counts once.
func TestEventsThatArriveDuringTheReading(t *testing.T) {
	t.Parallel()
	h := newHarness(t, func(_ *config_, s *simConfig) {
		s.RetryDelays = []time.Duration{0, time.Second, 2 * time.Second}
	})
	stop := h.startOne()
	card := h.as("alice").opens(usual("Checkout fails"))
	other := h.as("alice").opens(usual("Login loops"))
	h.allPosted()
	stop()
	h.passes(5 * time.Minute)
	h.as("bob").reacts(card, "eyes")
	h.as("bob").replies(card, "On it.")
	h.as("bob").reacts(card, "white_check_mark")
	h.as("bob").replies(other, "Mine works.")
	h.as("dana").reacts(other, "eyes")
	h.as("dana").unreacts(other, "eyes")
	h.fault(slacksim.Fault{Kind: slacksim.FaultDelay, Method: "conversations.replies", DelayMS: 300})

	t.Cleanup(h.startOne())
	t.Cleanup(h.startOne())
	h.knowsAll()
	h.forgets()
	h.until(`SELECT state = 'resolved' AND replies = 1 AND assignee <> '' FROM tickets WHERE number = 1`)
	h.until(`SELECT state = 'open' AND replies = 1 FROM tickets WHERE number = 2`)
	h.until(`SELECT count(*) = 2 FROM entries WHERE kind IN ('claimed', 'resolved') AND void = '' AND ticket = 1`)
	h.allPosted()
	h.postedOnceIn(card, "@Alice, Bob resolved #1")
	h.doesNotSay(card, "Bob has #1")
	h.doesNotSay(other, "Dana has #2")
	if n := h.posted("resolved #1"); n != 1 {
		t.Errorf("the resolution was posted %d times", n)
	}
}

// A copy that stops while it reads a gap begins anew, and nothing is applied or posted
// twice. The reading keeps to Slack's rate limits.
func TestCatchingUpThroughTrouble(t *testing.T) {
	t.Parallel()
	h := newHarness(t, forgetful)
	stop := h.startOne()
	var cards []*slacksim.Message
	for _, title := range []string{"Checkout fails", "Login loops", "Export is empty"} {
		cards = append(cards, h.as("alice").opens(usual(title)))
	}
	h.allPosted()
	stop()
	h.passes(time.Hour)
	for _, card := range cards {
		h.as("bob").replies(card, "On it.")
		h.as("bob").reacts(card, "white_check_mark")
	}
	h.forgets()
	h.fault(slacksim.Fault{Kind: slacksim.FaultDelay, Method: "conversations.replies", DelayMS: 500})
	stop = h.startOne()
	h.until(`SELECT count(*) >= 1 FROM tickets WHERE state = 'resolved'`)
	h.until(`SELECT EXISTS (SELECT FROM unread WHERE changed)`)
	stop()

	if err := h.slack.ClearFaults(h.ctx); err != nil {
		t.Fatal(err)
	}
	h.fault(slacksim.Fault{Kind: slacksim.FaultRateLimit, Method: "conversations.replies", RetryAfter: 1, Count: 2})
	h.fault(slacksim.Fault{Kind: slacksim.FaultHTTP, Status: 500, Method: "users.conversations", Count: 1})
	t.Cleanup(h.comesBack())
	h.until(`SELECT count(*) = 3 FROM tickets WHERE state = 'resolved' AND replies = 1`)
	for i, card := range cards {
		h.postedOnceIn(card, "@Alice, Bob resolved #"+string(rune('1'+i)))
	}
}

// Alerts wait until the gap is read, but not for ever. An alert that turns out to be
// wrong is taken back in its message.
func TestAlertsWaitForTheGap(t *testing.T) {
	t.Parallel()
	h := newHarness(t, forgetful)
	stop := h.startOne()
	card := h.as("alice").opens(usual("Checkout fails"))
	h.allPosted()
	stop()
	h.passes(time.Hour)
	h.as("bob").reacts(card, "white_check_mark")
	h.passes(3 * time.Hour)
	h.forgets()
	h.fault(slacksim.Fault{Kind: slacksim.FaultRateLimit, Method: "conversations.history", RetryAfter: 1})
	t.Cleanup(h.startOne())
	for range 3 {
		if err := h.bot.Sweep(h.ctx); err != nil {
			t.Fatal(err)
		}
	}
	h.allPosted()
	h.doesNotSay(card, "passed its")

	h.advance(2 * time.Minute)
	said := h.reads("support", "#1 Checkout fails (Alice) passed its 3 h target")
	if err := h.slack.ClearFaults(h.ctx); err != nil {
		t.Fatal(err)
	}
	h.reads("support", "#1 Checkout fails (Alice) was not late: it was solved on time.")
	h.reads("support", "Bob resolved it · on time · ≈")
	h.reads("support", "@Alice, Bob resolved #1")
	if n := len(h.thread(card)); n != 3 { // the lateness, the delay, and the solution
		t.Errorf("%d messages in the thread:\n%s", n, texts(h.thread(card)))
	}
	if h.thread(card)[0].TS != said.TS {
		t.Errorf("it was taken back elsewhere:\n%s", texts(h.thread(card)))
	}
}

// The program runs, but has no socket for a while.
func TestNoSocketForAWhile(t *testing.T) {
	t.Parallel()
	h := setup(t, forgetful)
	card := h.as("alice").opens(usual("Checkout fails"))
	h.allPosted()
	h.fault(slacksim.Fault{Kind: slacksim.FaultHandshake, Status: 503})
	h.fault(slacksim.Fault{Kind: slacksim.FaultCutSockets})
	h.await("no socket", func(s slacksim.State) bool { return s.Sockets == 0 })
	h.as("bob").reacts(card, "eyes")
	h.forgets()
	h.passes(10 * time.Minute)
	if err := h.slack.ClearFaults(h.ctx); err != nil {
		t.Fatal(err)
	}
	h.reads("support", "Bob has it")
	h.knowsAll()
	h.until(`SELECT inexact FROM entries WHERE kind = 'claimed'`)
}

// An event that could not be stored, and that Slack does not send again, is read
// afterwards like an event that was not received.
func TestUnstoredEvents(t *testing.T) {
	t.Parallel()
	h := setup(t, forgetful, func(_ *config_, s *simConfig) { s.AckTimeout = 300 * time.Millisecond })
	card := h.as("alice").opens(usual("Checkout fails"))
	h.allPosted()
	h.changes(`ALTER TABLE inputs RENAME TO away`)
	h.as("bob").reacts(card, "eyes")
	h.poll("Slack to give up", func() bool {
		entries, err := h.slack.Journal(h.ctx, 0)
		return err == nil && slices.ContainsFunc(entries, func(e slacksim.Entry) bool {
			return e.Kind == slacksim.KindMissed && e.What == "given up"
		})
	})
	h.changes(`ALTER TABLE away RENAME TO inputs`)
	h.reads("support", "Bob has it")
	h.until(`SELECT inexact FROM entries WHERE kind = 'claimed'`)
	h.knowsAll()
}

// changes runs a statement on the bot's database.
func (h *harness) changes(statement string) {
	h.t.Helper()
	conn, err := pgx.Connect(h.ctx, h.dbURL)
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(h.ctx)) }()
	if _, err := conn.Exec(h.ctx, statement); err != nil {
		h.t.Fatal(err)
	}
}

// The digest includes events of a gap.
func TestDigestWaitsForTheGap(t *testing.T) {
	t.Parallel()
	h := newHarness(t, forgetful)
	stop := h.startOne()
	card := h.as("alice").opens(usual("Checkout fails"))
	h.allPosted()
	stop()
	h.as("bob").reacts(card, "white_check_mark")
	h.passes(untilMonday(h.clock.Now()))
	h.forgets()
	h.fault(slacksim.Fault{Kind: slacksim.FaultDelay, DelayMS: 1500, Method: "conversations.*", Count: 1})
	t.Cleanup(h.startOne())
	h.knowsAll()
	h.advance(time.Second)
	h.reads("support-digest", "1 opened, 1 resolved")
}

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

// forgetful is a Slack that tries an event again at once, and then forgets it.
func forgetful(_ *config_, s *simConfig) {
	s.RetryDelays = []time.Duration{0, time.Millisecond, time.Millisecond}
}

// passes moves the time while the bot may be away.
func (w *world) passes(d time.Duration) {
	w.t.Helper()
	db, err := postgres.Open(w.dbURL)
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	setting, err := db.MoveClock(w.ctx, d, 1)
	if err != nil {
		w.t.Fatal(err)
	}
	w.clock.Set(setting)
}

// forgets waits until Slack has given up every event that nobody was there for.
func (w *world) forgets() {
	w.t.Helper()
	w.poll("Slack to forget", func() bool {
		entries, err := w.slack.Journal(w.ctx, 0)
		if err != nil {
			w.t.Fatal(err)
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

// poll waits until something is so.
func (w *world) poll(what string, so func() bool) {
	w.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !so() {
		select {
		case <-tick.C:
		case <-w.ctx.Done():
			w.t.Fatalf("waiting for %s\n%s", what, w.log)
		}
	}
}

// knowsAll waits until everything that happened while nobody was connected is known.
func (w *world) knowsAll() {
	w.t.Helper()
	w.until(`SELECT seen_until >= unbroken_since FROM watermarks`)
}

// saidAll waits until the bot has said everything that it owes by now.
func (w *world) saidAll() {
	w.t.Helper()
	w.poll("all to be said", func() bool {
		settled, err := w.bot.Settled(w.ctx)
		return err == nil && settled
	})
}

// comesBack starts the bot after Slack has forgotten, and waits until it knows and
// has said all.
func (w *world) comesBack() (stop func()) {
	w.t.Helper()
	w.forgets()
	stop = w.startOne()
	w.knowsAll()
	if err := w.bot.Sweep(w.ctx); err != nil {
		w.t.Fatal(err)
	}
	w.saidAll()
	return stop
}

// saysOnce checks that a text stands in a thread once.
func (w *world) saysOnce(card *slacksim.Message, said ...string) {
	w.t.Helper()
	for _, text := range said {
		if n := count(w.thread(card), text); n != 1 {
			w.t.Errorf("%q stands %d times in the thread:\n%s", text, n, texts(w.thread(card)))
		}
	}
}

func (w *world) doesNotSay(card *slacksim.Message, unsaid ...string) {
	w.t.Helper()
	for _, text := range unsaid {
		if n := count(w.thread(card), text); n != 0 {
			w.t.Errorf("%q stands in the thread:\n%s", text, texts(w.thread(card)))
		}
	}
}

// Ten minutes without the bot: a claim, a question with its answer, and a solution.
func TestAwayForTenMinutes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, forgetful)
	stop := w.startOne()
	claimed := w.as("alice").opens(usual("Checkout fails"))
	solved := w.as("alice").opens(usual("Login loops"))
	asked := w.as("alice").opens(usual("Export is empty"))
	w.as("bob").reacts(asked, "eyes")
	w.reads("support", "Bob has it")
	w.saidAll()
	stop()

	w.passes(2 * time.Minute)
	w.as("bob").reacts(claimed, "eyes")
	w.as("bob").replies(claimed, "@alice on it.")
	w.as("dana").reacts(solved, "eyes")
	w.as("dana").reacts(solved, "white_check_mark")
	question := w.as("bob").asks(asked, "Which filter?")
	w.as("bob").reacts(question, "hourglass_flowing_sand")
	w.passes(8 * time.Minute)

	t.Cleanup(w.comesBack())
	w.reads("support", "Dana resolved it · on time · ≈")
	w.reads("support", "Bob waits for Alice")
	w.until(`SELECT state = 'claimed' AND replies = 1 FROM tickets WHERE number = 1`)
	w.saysOnce(solved, "@Alice, Dana resolved #2")
	w.doesNotSay(claimed, "Bob has #1") // he has written to her
	w.until(`SELECT count(*) = 4 AND bool_and(gesture = 'emoji') FROM entries WHERE inexact`)
	w.until(`SELECT NOT inexact AND happened_at < (SELECT unbroken_since - interval '7 minutes' FROM watermarks)
		FROM entries WHERE ticket = 1 AND kind = 'replied'`)

	w.as("alice").replies(asked, "The one by date.")
	w.until(`SELECT state = 'claimed' FROM tickets WHERE number = 3`)
	w.as("bob").unreacts(claimed, "eyes")
	w.until(`SELECT state = 'open' FROM tickets WHERE number = 1`)
	if strings.Contains(texts(w.thread(asked)), "passed its") {
		t.Errorf("late:\n%s", texts(w.thread(asked)))
	}
}

// What became an aside while nobody was there is taken away from the other side, and what
// is none any more is brought there.
func TestAsidesAfterAGap(t *testing.T) {
	t.Parallel()
	w := newWorld(t, forgetful)
	stop := w.startOne()
	card, _ := w.outsider("VPN is down")
	bob, carol := w.as("bob"), w.as("carol")
	said, aside := bob.asks(card, "Her laptop is ancient."), bob.asks(card, "// it is the gateway")
	carol.gets("Her laptop is ancient.")
	w.awaitReplies(1, 2)
	w.saidAll()
	stop()
	bob.ok(bob.actor.Edit(w.ctx, said.Channel, said.TS, "// her laptop is ancient"))
	bob.ok(bob.actor.Edit(w.ctx, aside.Channel, aside.TS, "It is the gateway."))
	w.passes(3 * time.Minute)
	t.Cleanup(w.comesBack())
	carol.gets("It is the gateway.")
	carol.drops("ancient")
}

// An hour without the bot, while two promises were to be kept: one was, as far as
// can be known, and one was not. What is late is told once, without its warning.
func TestAwayForAnHour(t *testing.T) {
	t.Parallel()
	w := newWorld(t, forgetful)
	stop := w.startOne()
	kept := w.as("alice").opens(usual("Checkout fails"))
	late := w.as("alice").opens(usual("Login loops"))
	warned := w.as("alice").opens(filing{priority: "P1", title: "All is down", text: "502.", category: "Payments"})
	w.as("bob").reacts(late, "eyes")
	w.reads("support", "Bob has it")
	w.advance(2 * time.Minute)
	w.reads("support", "Bob has #2")
	w.as("dana").reacts(warned, "eyes")
	w.reads("support", "Dana has it")
	w.advance(2*time.Hour + 5*time.Minute) // the P1 is late, the others are about to be warned of
	w.reads("support", "#3 All is down (Alice) passed its 1 h target")
	w.saidAll()
	stop()

	w.passes(time.Minute)
	w.as("dana").reacts(kept, "white_check_mark")
	w.as("bob").replies(late, "Not yet.")
	w.passes(59 * time.Minute)

	t.Cleanup(w.comesBack())
	w.reads("support", "Dana resolved it · on time · ≈")
	w.reads("support", "#2 Login loops (Alice) passed its 3 h target")
	w.reads("support", "late since")
	w.advance(time.Minute)
	w.saidAll()
	w.saysOnce(late, "#2 Login loops (Alice) passed its 3 h target", "Bob has #2")
	w.saysOnce(kept, "@Alice, Dana resolved #1")
	w.saysOnce(warned, "#3 All is down (Alice) passed its 1 h target")
	w.doesNotSay(late, "is to be solved by")
	w.doesNotSay(kept, "has no owner", "passed its")
	if n := w.posted("passed its"); n != 2 {
		t.Errorf("lateness was posted %d times", n)
	}
}

// A weekend without the bot: an answer in the thread, one by direct message, a card
// that was deleted, and nobody is reminded of what was answered long ago.
func TestAwayForAWeekend(t *testing.T) {
	t.Parallel()
	w := newWorld(t, forgetful)
	stop := w.startOne()
	minor := func(title string) filing {
		return filing{priority: "P3", title: title, text: "It does not work.", category: "Payments"}
	}
	answered := w.as("alice").opens(minor("Checkout fails"))
	written := w.as("carol").opens(minor("VPN is down"))
	deleted := w.as("alice").opens(minor("Login loops"))
	for _, card := range []*slacksim.Message{answered, written} {
		w.as("bob").reacts(card, "eyes")
		w.until(`SELECT count(*) = 1 FROM tickets WHERE state = 'claimed'`)
		w.as("bob").reacts(w.as("bob").asks(card, "Which one?"), "hourglass_flowing_sand")
		w.until(`SELECT count(*) = 0 FROM tickets WHERE state = 'claimed'`)
	}
	w.until(`SELECT count(*) = 2 FROM tickets WHERE state = 'waiting'`)
	question := w.as("carol").gets("The clock is paused until you answer here.")
	w.saidAll()
	stop()

	w.passes(20 * time.Hour)
	w.as("alice").replies(answered, "The first.")
	carol := w.as("carol")
	carol.answers(question, "Berlin.")
	w.as("bob").ok(w.slack.As("bob").Delete(w.ctx, "support", deleted.TS))
	w.passes(42 * time.Hour)

	t.Cleanup(w.comesBack())
	w.until(`SELECT count(*) = 2 FROM tickets WHERE state = 'claimed'`)
	w.reads("support", "Carol wrote:")
	w.reads("support", "The text is hidden because this message was deleted.")
	w.until(`SELECT count(*) = 2 FROM entries e JOIN watermarks ON true
		WHERE kind = 'replied' AND actor <> '' AND NOT inexact AND happened_at < unbroken_since - interval '41 hours' AND role = 'requester'`)
	w.reads("support", "#1 Checkout fails (Alice) passed its 24 h target")
	w.reads("support", "#2 VPN is down (Carol) passed its 24 h target")
	w.advance(time.Minute)
	w.saidAll()
	w.saysOnce(answered, "#1 Checkout fails (Alice) passed its 24 h target")
	w.saysOnce(written, "#2 VPN is down (Carol) passed its 24 h target", "Carol wrote:")
	w.doesNotSay(answered, "needs your answer", "is closed", "is to be solved")
	w.doesNotSay(written, "needs your answer", "is closed", "is to be solved")
	if n := w.posted("Login loops"); n != 1 {
		t.Errorf("the deleted card's title was posted %d times", n)
	}
}

// Slack's own tries bring the same news while it is read, to two copies at once:
// it counts once.
func TestEventsThatComeAfterAll(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(_ *config_, s *simConfig) {
		s.RetryDelays = []time.Duration{0, time.Second, 2 * time.Second}
	})
	stop := w.startOne()
	card := w.as("alice").opens(usual("Checkout fails"))
	other := w.as("alice").opens(usual("Login loops"))
	w.saidAll()
	stop()
	w.passes(5 * time.Minute)
	w.as("bob").reacts(card, "eyes")
	w.as("bob").replies(card, "On it.")
	w.as("bob").reacts(card, "white_check_mark")
	w.as("bob").replies(other, "Mine works.")
	w.as("dana").reacts(other, "eyes")
	w.as("dana").unreacts(other, "eyes")
	w.trouble(slacksim.Fault{Kind: slacksim.FaultDelay, Method: "conversations.replies", DelayMS: 300})

	t.Cleanup(w.startOne())
	t.Cleanup(w.startOne())
	w.knowsAll()
	w.forgets()
	w.until(`SELECT state = 'resolved' AND replies = 1 AND assignee <> '' FROM tickets WHERE number = 1`)
	w.until(`SELECT state = 'open' AND replies = 1 FROM tickets WHERE number = 2`)
	w.until(`SELECT count(*) = 2 FROM entries WHERE kind IN ('claimed', 'resolved') AND void = '' AND ticket = 1`)
	w.saidAll()
	w.saysOnce(card, "@Alice, Bob resolved #1")
	w.doesNotSay(card, "Bob has #1")
	w.doesNotSay(other, "Dana has #2")
	if n := w.posted("resolved #1"); n != 1 {
		t.Errorf("the resolution was posted %d times", n)
	}
}

// Who stops in the middle begins anew, and nothing is applied or said twice; a
// Slack that wants to be left alone is.
func TestCatchingUpThroughTrouble(t *testing.T) {
	t.Parallel()
	w := newWorld(t, forgetful)
	stop := w.startOne()
	var cards []*slacksim.Message
	for _, title := range []string{"Checkout fails", "Login loops", "Export is empty"} {
		cards = append(cards, w.as("alice").opens(usual(title)))
	}
	w.saidAll()
	stop()
	w.passes(time.Hour)
	for _, card := range cards {
		w.as("bob").replies(card, "On it.")
		w.as("bob").reacts(card, "white_check_mark")
	}
	w.forgets()
	w.trouble(slacksim.Fault{Kind: slacksim.FaultDelay, Method: "conversations.replies", DelayMS: 500})
	stop = w.startOne()
	w.until(`SELECT count(*) >= 1 FROM tickets WHERE state = 'resolved'`)
	w.until(`SELECT seen_until < unbroken_since FROM watermarks`)
	stop()

	if err := w.slack.ClearFaults(w.ctx); err != nil {
		t.Fatal(err)
	}
	w.trouble(slacksim.Fault{Kind: slacksim.FaultRateLimit, Method: "conversations.replies", RetryAfter: 1, Count: 2})
	w.trouble(slacksim.Fault{Kind: slacksim.FaultHTTP, Status: 500, Method: "users.conversations", Count: 1})
	t.Cleanup(w.comesBack())
	w.until(`SELECT count(*) = 3 FROM tickets WHERE state = 'resolved' AND replies = 1`)
	for i, card := range cards {
		w.saysOnce(card, "@Alice, Bob resolved #"+string(rune('1'+i)))
	}
}

// Alerts wait for what happened meanwhile, but not for ever. One that was told and
// turns out to be wrong is taken back where it stands.
func TestAlertsWaitForWhatHappened(t *testing.T) {
	t.Parallel()
	w := newWorld(t, forgetful)
	stop := w.startOne()
	card := w.as("alice").opens(usual("Checkout fails"))
	w.saidAll()
	stop()
	w.passes(time.Hour)
	w.as("bob").reacts(card, "white_check_mark")
	w.passes(3 * time.Hour)
	w.forgets()
	w.trouble(slacksim.Fault{Kind: slacksim.FaultRateLimit, Method: "conversations.history", RetryAfter: 1})
	t.Cleanup(w.startOne())
	for range 3 {
		if err := w.bot.Sweep(w.ctx); err != nil {
			t.Fatal(err)
		}
	}
	w.saidAll()
	w.doesNotSay(card, "passed its")

	w.advance(2 * time.Minute)
	said := w.reads("support", "#1 Checkout fails (Alice) passed its 3 h target")
	if err := w.slack.ClearFaults(w.ctx); err != nil {
		t.Fatal(err)
	}
	w.reads("support", "#1 Checkout fails (Alice) was not late: it was solved on time.")
	w.reads("support", "Bob resolved it · on time · ≈")
	w.reads("support", "@Alice, Bob resolved #1")
	if n := len(w.thread(card)); n != 3 { // lateness, that it takes longer, and the solution
		t.Errorf("%d messages in the thread:\n%s", n, texts(w.thread(card)))
	}
	if w.thread(card)[0].TS != said.TS {
		t.Errorf("it was taken back elsewhere:\n%s", texts(w.thread(card)))
	}
}

// The program runs, but nobody is connected for a while.
func TestNoSocketForAWhile(t *testing.T) {
	t.Parallel()
	w := setup(t, forgetful)
	card := w.as("alice").opens(usual("Checkout fails"))
	w.saidAll()
	w.trouble(slacksim.Fault{Kind: slacksim.FaultHandshake, Status: 503})
	w.trouble(slacksim.Fault{Kind: slacksim.FaultCutSockets})
	w.await("no socket", func(s slacksim.State) bool { return s.Sockets == 0 })
	w.as("bob").reacts(card, "eyes")
	w.forgets()
	w.passes(10 * time.Minute)
	if err := w.slack.ClearFaults(w.ctx); err != nil {
		t.Fatal(err)
	}
	w.reads("support", "Bob has it")
	w.knowsAll()
	w.until(`SELECT inexact FROM entries WHERE kind = 'claimed'`)
}

// An event that could not be stored, and that Slack does not send again, is read
// afterwards like one that never came.
func TestEventsThatCouldNotBeStored(t *testing.T) {
	t.Parallel()
	w := setup(t, forgetful, func(_ *config_, s *simConfig) { s.AckTimeout = 300 * time.Millisecond })
	card := w.as("alice").opens(usual("Checkout fails"))
	w.saidAll()
	w.changes(`ALTER TABLE ticket_threads RENAME TO away`)
	w.as("bob").reacts(card, "eyes")
	w.poll("Slack to give up", func() bool {
		entries, err := w.slack.Journal(w.ctx, 0)
		return err == nil && slices.ContainsFunc(entries, func(e slacksim.Entry) bool {
			return e.Kind == slacksim.KindMissed && e.What == "given up"
		})
	})
	w.changes(`ALTER TABLE away RENAME TO ticket_threads`)
	w.reads("support", "Bob has it")
	w.until(`SELECT inexact FROM entries WHERE kind = 'claimed'`)
	w.knowsAll()
}

// changes runs a statement on the bot's database.
func (w *world) changes(statement string) {
	w.t.Helper()
	conn, err := pgx.Connect(w.ctx, w.dbURL)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(w.ctx)) }()
	if _, err := conn.Exec(w.ctx, statement); err != nil {
		w.t.Fatal(err)
	}
}

// The digest tells of what happened while nobody was there, too.
func TestDigestWaitsForWhatWasMissed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, forgetful)
	stop := w.startOne()
	card := w.as("alice").opens(usual("Checkout fails"))
	w.saidAll()
	stop()
	w.as("bob").reacts(card, "white_check_mark")
	w.passes(untilMonday(w.clock.Now()))
	w.forgets()
	w.trouble(slacksim.Fault{Kind: slacksim.FaultDelay, DelayMS: 1500, Method: "conversations.*", Count: 1})
	t.Cleanup(w.startOne())
	w.knowsAll()
	w.advance(time.Second)
	w.reads("support-digest", "1 opened, 1 resolved")
}

package app_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/dev/slacksim"
)

// eachBelief runs a test under both possibilities for an event that found no socket, or
// whose socket ended: Slack sends it again, or does not.
func eachBelief(t *testing.T, test func(t *testing.T, h *harness)) {
	t.Helper()
	for name, drops := range map[string]bool{"sent again": false, "never sent again": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newHarness(t, func(_ *config_, s *simConfig) { s.Beliefs.DropsMissed = drops }))
		})
	}
}

// A plain restart takes a second and loses nothing.
func TestPlainRestartLosesNothing(t *testing.T) {
	t.Parallel()
	eachBelief(t, func(t *testing.T, h *harness) {
		stop := h.startOne()
		claimed := h.as("alice").opens(usual("Checkout fails"))
		asked := h.as("alice").opens(usual("Export is empty"))
		h.as("bob").reacts(asked, "eyes")
		h.reads("support", "Bob has it")
		h.allPosted()
		stop()
		h.as("dana").reacts(claimed, "eyes")
		h.as("alice").replies(claimed, "It is the new page.")
		question := h.as("bob").asks(asked, "Which filter?")
		h.as("bob").reacts(question, "hourglass_flowing_sand")

		h.start()
		h.reads("support", "Dana has it")
		h.reads("support", "Bob waits for Alice")
		h.awaitReplies(1, 1)
		h.until(`SELECT count(*) = 1 FROM entries WHERE ticket = 1 AND kind = 'replied'`)
	})
}

// An event on its way to a socket that ends is read, although another socket was
// connected.
func TestSocketThatEndsLosesNothing(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]slacksim.Fault{
		"cut":       {Kind: slacksim.FaultCutSockets},
		"refreshed": {Kind: slacksim.FaultDisconnect, Reason: "refresh_requested"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			card := h.as("alice").opens(usual("Checkout fails"))
			h.allPosted()
			h.fault(slacksim.Fault{Kind: slacksim.FaultLose, Event: "reaction_added", Count: 1})
			h.as("bob").reacts(card, "eyes")
			h.fault(fault)
			h.reads("support", "Bob has it")
			h.knowsAll()
		})
	}
}

// An event on its way to a copy that ends is read by the other copy.
func TestCopyThatEndsLosesNothing(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	stop := h.startOne()
	h.start()
	card := h.as("alice").opens(usual("Checkout fails"))
	h.knowsAll()
	h.allPosted()
	h.fault(slacksim.Fault{Kind: slacksim.FaultLose, Event: "reaction_added", Count: 1})
	h.as("bob").reacts(card, "eyes")
	stop()
	h.reads("support", "Bob has it")
}

// many files a ticket and copies it n times, each with a card of its own.
func (h *harness) many(n int) (first, last *slacksim.Message) {
	h.t.Helper()
	first = h.as("alice").opens(usual("Checkout fails"))
	h.allPosted()
	var cards []string
	for number := 2; number <= n; number++ {
		card, err := h.slack.Incoming(h.ctx, slacksim.AppMessage{Channel: "support", Text: fmt.Sprintf("Card of #%d", number)})
		if err != nil {
			h.t.Fatal(err)
		}
		last, cards = card, append(cards, card.TS)
	}
	h.changes(fmt.Sprintf(`
		CREATE TABLE cards AS SELECT ts, number + 1 AS number FROM unnest(ARRAY['%s']) WITH ORDINALITY AS c (ts, number);
		INSERT INTO tickets SELECT (jsonb_populate_record(t, jsonb_build_object('number', c.number))).*
			FROM tickets t, cards c WHERE t.number = 1;
		INSERT INTO entries (ticket, kind, actor, role, gesture, happened_at, recorded_at, details)
			SELECT c.number, kind, actor, role, gesture, happened_at, recorded_at, details FROM entries, cards c WHERE ticket = 1;
		INSERT INTO ticket_threads SELECT channel, c.ts, c.number, true FROM ticket_threads, cards c WHERE ticket = 1`,
		strings.Join(cards, "','")))
	return first, last
}

// A desk with 500 open tickets keeps within Slack's limits. Within seconds of the start
// it knows what the cards show, and the threads that have changed.
func TestManyTicketsAreSkimmedInSeconds(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("NOT TIMED: the reading of 500 tickets; make proof does it")
	}
	h := newHarness(t, forgetful)
	h.paced = true
	stop := h.startOne()
	first, last := h.many(500)
	stop()
	h.as("bob").reacts(first, "eyes")
	h.as("dana").reacts(last, "white_check_mark")
	h.as("alice").replies(last, "It works again.")
	h.forgets()
	if err := h.slack.SetLimits(h.ctx, slacksim.Limits{On: true}); err != nil {
		t.Fatal(err)
	}
	h.start()
	began := time.Now()
	h.until(`SELECT count(*) = 1 FROM tickets WHERE state = 'claimed' AND number = 1`)
	h.until(`SELECT count(*) = 1 FROM tickets WHERE state = 'resolved' AND replies = 1 AND number = 500`)
	took := time.Since(began)
	t.Logf("the cards of 500 tickets are known after %v", took.Round(time.Millisecond))
	if took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
}

// asked are the values of an argument in the calls of a method about the support channel,
// in order. The calls are those since a number of the journal.
func (h *harness) asked(method, argument string, since int64) (values []string) {
	h.t.Helper()
	entries, err := h.slack.Journal(h.ctx, since)
	if err != nil {
		h.t.Fatal(err)
	}
	support := h.channelID("support")
	for _, e := range entries {
		if e.Kind == slacksim.KindCall && e.Method == method && e.Args["channel"] == support {
			values = append(values, e.Args[argument])
		}
	}
	return values
}

func (h *harness) channelID(name string) string {
	h.t.Helper()
	s, err := h.slack.State(h.ctx)
	if err != nil {
		h.t.Fatal(err)
	}
	return s.Channel(name).ID
}

// column returns the rows of a query.
func (h *harness) column(sql string) []string {
	h.t.Helper()
	conn, err := pgx.Connect(h.ctx, h.dbURL)
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(h.ctx)) }()
	rows, _ := conn.Query(h.ctx, sql)
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		h.t.Fatal(err)
	}
	return list
}

// journaled is the number of the journal's last entry.
func (h *harness) journaled() int64 {
	h.t.Helper()
	s, err := h.slack.State(h.ctx)
	if err != nil {
		h.t.Fatal(err)
	}
	return s.Seq
}

// A copy that is stopped while it reads the cards begins with the next card when it is
// back, and goes round once.
func TestCardsAreReadOnAfterAStop(t *testing.T) {
	t.Parallel()
	h := newHarness(t, forgetful)
	stop := h.startOne()
	first, _ := h.many(450)
	stop()
	h.as("bob").reacts(first, "eyes")
	h.passes(10 * time.Minute)
	h.forgets()
	h.fault(slacksim.Fault{Kind: slacksim.FaultDelay, Method: "conversations.history", DelayMS: 500})
	stop = h.startOne()
	h.until(`SELECT coalesce(lap -> 'at' <> '{}', false) FROM watermarks`)
	stop()
	at := h.column(`SELECT lap -> 'at' ->> 'ts' FROM watermarks`)
	newestFirst := h.column(`SELECT ts FROM ticket_threads ORDER BY ts DESC`)

	if err := h.slack.ClearFaults(h.ctx); err != nil {
		t.Fatal(err)
	}
	before := h.journaled()
	t.Cleanup(h.comesBack())
	h.until(`SELECT state = 'claimed' FROM tickets WHERE number = 1`)
	n := slices.Index(newestFirst, at[0])
	if n < 200 {
		t.Fatalf("stopped after %d cards", n)
	}
	var want []string
	for ; n < len(newestFirst); n += 200 {
		want = append(want, newestFirst[n])
	}
	got := h.asked("conversations.history", "latest", before)
	cards := got[max(0, slices.Index(got, at[0])):] // before them the channel is read for questions
	if len(cards) <= len(want) || !slices.Equal(cards[:len(want)], want) || cards[len(want)] != newestFirst[0] || len(cards) > 4 {
		t.Errorf("read from %v; want from %v, and then from %s", got, want, newestFirst[0])
	}
}

// A copy that is stopped while it reads threads goes on with those that are left, although
// its stop was another gap.
func TestThreadsAreReadOnAfterAStop(t *testing.T) {
	t.Parallel()
	h := newHarness(t, forgetful)
	stop := h.startOne()
	h.many(30)
	stop()
	cards := h.column(`SELECT ts FROM ticket_threads ORDER BY ticket`)
	for _, ts := range cards {
		h.as("alice").ok(h.as("alice").actor.Say(h.ctx, "support", "It is the new page.", slacksim.InThread(ts)))
	}
	h.passes(10 * time.Minute)
	h.forgets()
	h.fault(slacksim.Fault{Kind: slacksim.FaultDelay, Method: "conversations.replies", DelayMS: 100})
	stop = h.startOne()
	h.until(`SELECT count(*) BETWEEN 1 AND 25 FROM unread WHERE changed`)
	stop()
	left := h.column(`SELECT u.ts FROM unread u JOIN tickets t ON t.number = u.ticket WHERE changed ORDER BY t.number`)
	h.passes(10 * time.Minute)
	if err := h.slack.ClearFaults(h.ctx); err != nil {
		t.Fatal(err)
	}
	before := h.journaled()
	t.Cleanup(h.comesBack())
	h.until(`SELECT bool_and(replies = 1) FROM tickets`)
	if got := h.asked("conversations.replies", "ts", before); !slices.Equal(got, left) || len(left) == 0 || len(left) == len(cards) {
		t.Errorf("read %v; want %v", got, left)
	}
}

// Events about a thread that is still unread count at once, and nothing counts twice when it
// is read.
func TestEventsOfThreadsThatAreUnread(t *testing.T) {
	t.Parallel()
	h := newHarness(t, forgetful)
	stop := h.startOne()
	_, last := h.many(20)
	stop()
	for _, ts := range h.column(`SELECT ts FROM ticket_threads ORDER BY ticket`) {
		h.as("alice").ok(h.as("alice").actor.Say(h.ctx, "support", "It is the new page.", slacksim.InThread(ts)))
	}
	h.passes(10 * time.Minute)
	h.forgets()
	h.fault(slacksim.Fault{Kind: slacksim.FaultDelay, Method: "conversations.replies", DelayMS: 200})
	t.Cleanup(h.startOne())
	h.until(`SELECT count(*) > 10 FROM unread WHERE changed`)
	h.as("bob").reacts(last, "eyes")
	h.as("alice").replies(last, "And the old one.")
	h.until(`SELECT state = 'claimed' AND replies = 1 AND EXISTS (SELECT FROM unread WHERE changed AND ticket = number) FROM tickets WHERE number = 20`)
	if err := h.slack.ClearFaults(h.ctx); err != nil {
		t.Fatal(err)
	}
	h.knowsAll()
	h.until(`SELECT count(*) = 19 FROM tickets WHERE replies = 1 AND state = 'open'`)
	h.until(`SELECT replies = 2 AND state = 'claimed' FROM tickets WHERE number = 20`)
	h.until(`SELECT count(*) = 1 AND NOT bool_or(inexact) FROM entries WHERE kind = 'claimed'`)
}

// All that is about a ticket that was opened after a gap was received as it happened, so
// nothing of it is read.
func TestWhatIsNewerThanTheGapIsNotRead(t *testing.T) {
	t.Parallel()
	h := newHarness(t, forgetful)
	stop := h.startOne()
	h.as("alice").opens(usual("Checkout fails"))
	h.allPosted()
	stop()
	h.passes(10 * time.Minute)
	h.forgets()
	h.fault(slacksim.Fault{Kind: slacksim.FaultDelay, Method: "conversations.history", DelayMS: 1000})
	before := h.journaled()
	t.Cleanup(h.startOne())
	h.as("carol").opens(usual("Login fails"))
	if err := h.slack.ClearFaults(h.ctx); err != nil {
		t.Fatal(err)
	}
	h.knowsAll()
	entries, err := h.slack.Journal(h.ctx, before)
	if err != nil {
		t.Fatal(err)
	}
	var read []string
	for _, e := range entries {
		if e.Kind == slacksim.KindCall && e.Method == "conversations.history" && strings.HasPrefix(e.Args["channel"], "D") {
			read = append(read, e.Args["channel"])
		}
	}
	if len(read) > 1 {
		t.Errorf("the direct messages of %d people were read, want those of alice", len(read))
	}
}

// After a gap, a ticket that lives in what was a squad's channel once is read in that channel.
func TestATicketInAChannelOfItsOwnIsRead(t *testing.T) {
	t.Parallel()
	h := newHarness(t, forgetful)
	stop := h.startOne()
	card := h.as("alice").opens(usual("The payroll"))
	other := h.as("alice").opens(usual("Checkout fails"))
	h.allPosted()
	stop()
	s, err := h.slack.State(h.ctx)
	if err != nil {
		t.Fatal(err)
	}
	h.changes(fmt.Sprintf(`
		INSERT INTO home_channels VALUES ('%[1]s');
		UPDATE entries SET details = details || '{"channel": "%[1]s"}' WHERE ticket = 1 AND kind = 'opened'`,
		s.Channel("support-digest").ID))
	stop = h.startOne()
	h.as("bob").ok(h.as("bob").actor.Delete(h.ctx, card.Channel, card.TS)) // so that another card takes its place
	moved := h.reads("support-digest", "#1 ·")
	h.allPosted()
	stop()
	h.as("bob").reacts(moved, "eyes")
	h.as("dana").reacts(other, "eyes")
	t.Cleanup(h.comesBack())
	h.until(`SELECT count(*) = 2 FROM tickets WHERE state = 'claimed'`)
	h.reads("support-digest", "Bob has it")
}

package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"supporty/internal/desk"
	"supporty/internal/dev/slacksim"
	"supporty/internal/outbox"
	"supporty/internal/slackapi"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

func TestEphemeralMessageIsTriedOnce(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]slacksim.Fault{
		"no answer":         {Kind: slacksim.FaultCut},
		"posted, no answer": {Kind: slacksim.FaultCut, AfterEffect: true},
		"perhaps posted":    {Kind: slacksim.FaultError, Error: "internal_error"},
		"refused by Slack":  {Kind: slacksim.FaultError, Error: "user_not_in_channel"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newOutboxHarness(t)
			n := h.files("alice", "Ask how")
			h.sends(h.options("copy"))
			h.reads("Ask how")
			fault.Method, fault.Count = "chat.postEphemeral", 1
			h.trouble(fault)
			h.must(h.Resolve(h.ctx, h.gesture("bob", n), "", "")) // asks Bob how
			h.until(`SELECT count(*) = 1 FROM outbox WHERE kind = 'how' AND state = 'dropped'`)
			if calls := h.calls("chat.postEphemeral"); calls != 1 {
				t.Errorf("it was tried %d times", calls)
			}
			h.reads("resolved")
		})
	}
}

func TestEphemeralMessageOfAnEarlierSenderIsDropped(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	n := h.files("alice", "Ask how")
	stop := h.sends(h.options("copy"))
	h.reads("Ask how")
	stop()
	h.must(h.Resolve(h.ctx, h.gesture("alice", n), "", ""))
	h.must(h.Reopen(h.ctx, h.gesture("alice", n)))
	h.must(h.Reply(h.ctx, h.gesture("bob", n), desk.Written{Message: ticket.Message{Channel: h.channel("support"), TS: "1.1"}})) // asks Bob whether it is his
	_, err := h.conn.Exec(h.ctx, `UPDATE outbox SET state = 'sending', tried_at = clock_timestamp() WHERE kind = 'answered'`)
	if err != nil {
		t.Fatal(err)
	}
	h.sends(h.options("later"))
	h.until(`SELECT state = 'dropped' FROM outbox WHERE kind = 'answered'`)
	if calls := h.calls("chat.postEphemeral"); calls != 0 {
		t.Errorf("it was posted %d times more", calls)
	}
}

func TestCardThatIsGoneGetsANewOne(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	n := h.files("alice", "My secret")
	h.sends(h.options("copy"))
	old := h.reads("My secret")
	if _, err := h.slack.As("bob").Delete(h.ctx, "support", old.TS); err != nil { // no copy receives the event
		t.Fatal(err)
	}
	h.must(h.Claim(h.ctx, h.gesture("bob", n)))
	card := h.reads("The text is hidden because this message was deleted.")
	if strings.Contains(card.Rendered(), "My secret") {
		t.Errorf("the text stands there again: %s", card.Rendered())
	}
	r, err := h.Find(h.ctx, n)
	if err != nil {
		t.Fatal(err)
	}
	h.until(`SELECT count(*) = 1 FROM ticket_threads WHERE ts = $1 AND current`, card.TS)
	if r.Ticket.State != ticket.StateClaimed {
		t.Errorf("the ticket is %s", r.Ticket.State)
	}
}

func TestNoticeUnderACardThatIsGoneFollowsToTheNewOne(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	n := h.files("alice", "Moved")
	stop := h.sends(h.options("copy"))
	old := h.reads("Moved")
	stop()
	h.must(h.Resolve(h.ctx, h.gesture("bob", n), ticket.SolvedByData, ""))
	if _, err := h.slack.As("bob").Delete(h.ctx, "support", old.TS); err != nil {
		t.Fatal(err)
	}
	h.sends(h.options("later"))
	card := h.reads("The text is hidden because this message was deleted.")
	if notice := h.reads("Bob resolved #1"); notice.ThreadTS != card.TS {
		t.Errorf("the notice stands under %q, the card at %s", notice.ThreadTS, card.TS)
	}
}

// A message that cannot be rendered because the database does not answer has not failed. It
// keeps its place before later messages.
func TestOurOwnFailureIsNoTryOfAMessage(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	h.files("alice", "Worded later")
	h.exec(`ALTER TABLE entries RENAME TO entries_away`)
	h.sends(h.options("copy"))
	h.until(`SELECT state = 'waiting' AND reason LIKE 'composing: %' AND attempts = 0 FROM outbox WHERE kind = 'card'`)
	h.exec(`ALTER TABLE entries_away RENAME TO entries`)
	h.reads("Worded later")
}

func TestChannelThatRefusesParksAndResumes(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	h.files("alice", "Parked")
	h.trouble(slacksim.Fault{Kind: slacksim.FaultError, Error: "not_in_channel", Method: "chat.postMessage", Count: 1})
	h.sends(h.options("copy"))
	h.until(`SELECT state = 'parked' AND reason = 'not_in_channel' FROM outbox WHERE kind = 'card'`)
	h.files("alice", "Another thread") // is tried, and taken
	h.reads("Another thread")
	if n := h.standing("Parked"); n != 0 {
		t.Errorf("what is parked was posted %d times", n)
	}
	if n, err := h.db.Resume(h.ctx); err != nil || n != 1 {
		t.Fatalf("resumed %d: %v", n, err)
	}
	h.reads("Parked")
}

// The event that a channel takes messages again can be missed.
func TestNewLeaseTriesAgainWhatIsParked(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	h.files("alice", "Parked")
	h.trouble(slacksim.Fault{Kind: slacksim.FaultError, Error: "is_archived", Method: "chat.postMessage", Count: 1})
	stop := h.sends(h.options("copy"))
	h.until(`SELECT state = 'parked' FROM outbox WHERE kind = 'card'`)
	stop()
	h.sends(h.options("later"))
	h.reads("Parked")
}

// A card is never given up, because without its card nobody sees the ticket.
func TestCardThatSlackRefusesIsTriedAgain(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	h.files("alice", "Refused")
	h.trouble(slacksim.Fault{Kind: slacksim.FaultError, Error: "invalid_blocks", Method: "chat.postMessage", Count: 2})
	h.sends(h.options("copy"))
	h.until(`SELECT state = 'waiting' AND reason = 'invalid_blocks' FROM outbox WHERE kind = 'card'`)
	if n := h.calls("chat.postMessage"); n != 2 { // with blocks, and in plain words
		t.Errorf("it was tried %d times", n)
	}
	if !strings.Contains(h.log.String(), "Slack refuses a message") {
		t.Error("the operator was not told")
	}
}

func TestRefusedTokenIsToldOnce(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	h.files("alice", "One")
	h.files("alice", "Two")
	h.trouble(slacksim.Fault{Kind: slacksim.FaultError, Error: "account_inactive", Method: "chat.postMessage"})
	h.trouble(slacksim.Fault{Kind: slacksim.FaultError, Error: "account_inactive", Method: "auth.test"})
	told := make(chan error, 10)
	stop := h.sendsUntil(h.options("copy"), func(err error) { told <- err })
	if err := <-told; slackapi.CodeOf(err) != "account_inactive" {
		t.Errorf("told: %v", err)
	}
	h.until(`SELECT sum(attempts) >= 2 FROM outbox WHERE kind = 'card'`)
	stop()
	if len(told) > 0 {
		t.Errorf("told again: %v", <-told)
	}
	h.until(`SELECT bool_and(state = 'waiting' AND not_before IS NOT NULL) FROM outbox WHERE kind = 'card'`)
}

// forgetful is a store that cannot record for a while.
type forgetful struct {
	outbox.Store
	fails atomic.Int32 // how often it still fails
}

func (q *forgetful) Exchange(ctx context.Context, e outbox.Exchange) (outbox.Exchanged, error) {
	if len(e.Posted) > 0 && q.fails.Add(-1) >= 0 {
		return outbox.Exchanged{}, errors.New("no database")
	}
	return q.Store.Exchange(ctx, e)
}

func TestRecordingIsTriedUntilItIsDone(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	h.files("alice", "Recorded")
	o := h.options("copy")
	q := &forgetful{Store: o.Store}
	q.fails.Store(3)
	o.Store = q
	h.sends(o)
	h.until(`SELECT posted_ts <> '' FROM outbox WHERE kind = 'card'`)
	if n := h.calls("chat.postMessage"); n != 1 {
		t.Errorf("it was posted %d times", n)
	}
}

func TestWhatCouldNotBeRecordedIsFound(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	h.files("alice", "Found")
	o := h.options("copy")
	q := &forgetful{Store: o.Store}
	q.fails.Store(math.MaxInt32)
	o.Store = q
	stop := h.sends(o)
	at := h.reads("Found")
	stop() // in the middle of recording
	h.sends(h.options("later"))
	h.until(`SELECT posted_ts = $1 FROM outbox WHERE kind = 'card'`, at.TS)
	if n := h.calls("chat.postMessage"); n != 1 {
		t.Errorf("it was posted %d times", n)
	}
}

// slow is a store that delays the first message.
type slow struct {
	outbox.Store
	once         sync.Once
	taking, goes chan struct{}
	cut          chan error // the error of its context after the delay
}

func (q *slow) Exchange(ctx context.Context, e outbox.Exchange) (outbox.Exchanged, error) {
	q.once.Do(func() {
		close(q.taking)
		<-q.goes
		q.cut <- ctx.Err()
	})
	return q.Store.Exchange(ctx, e)
}

// TestStopWhileTakingAMessage: a sender that stops while it takes a message completes the
// taking, so that it can put the message back. An interrupted one would be unsure, and would
// have to be looked for.
func TestStopWhileTakingAMessage(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	h.files("alice", "Put back")
	o := h.options("copy")
	q := &slow{Store: o.Store, taking: make(chan struct{}), goes: make(chan struct{}), cut: make(chan error, 1)}
	o.Store = q
	ctx, cancel := context.WithCancel(h.ctx)
	ended := make(chan error, 1)
	go func() { ended <- outbox.New(o, func(error) {}).Run(ctx) }()
	<-q.taking
	cancel()
	close(q.goes)
	if err := <-ended; err != nil {
		t.Errorf("ended with %v", err)
	}
	if err := <-q.cut; err != nil {
		t.Errorf("taking was cut: %v", err)
	}
	h.sends(h.options("later"))
	h.reads("Put back")
}

func TestPanicCostsOneTry(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	var asked atomic.Bool
	h.staff.name = func(string) {
		if asked.CompareAndSwap(false, true) {
			panic("a bug")
		}
	}
	h.files("alice", "Composed again")
	h.sends(h.options("copy"))
	h.until(`SELECT reason = 'panic' AND attempts = 1 AND state = 'waiting' AND not_before > clock_timestamp() FROM outbox WHERE kind = 'card'`)
	h.reads("Composed again")
	if !strings.Contains(h.log.String(), "panic while posting a message") {
		t.Error("the operator was not told")
	}
}

// A message that may have been posted stays unsure if the next try fails before the call. It
// is still looked for, and not posted twice.
func TestUnsureOutlivesATryThatFails(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	var armed atomic.Bool
	h.staff.name = func(string) {
		if armed.CompareAndSwap(true, false) {
			panic("a bug")
		}
	}
	h.files("alice", "Said already")
	h.trouble(slacksim.Fault{Kind: slacksim.FaultCut, Method: "chat.postMessage", Count: 1, AfterEffect: true})
	o := h.options("copy")
	o.LookAfter = 10 * time.Second
	h.sends(o)
	h.until(`SELECT state = 'unsure' FROM outbox WHERE kind = 'card'`)
	armed.Store(true)
	h.until(`SELECT reason = 'panic' FROM outbox WHERE kind = 'card'`)
	h.until(`SELECT NOT pending FROM outbox WHERE kind = 'card'`)
	if n := h.calls("chat.postMessage"); n != 1 {
		t.Errorf("it was posted %d times", n)
	}
}

func TestWhatIsObsoleteIsNotPosted(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	n := h.files("alice", "Withdrawn")
	h.must(h.Claim(h.ctx, h.gesture("bob", n)))
	h.must(h.PutBack(h.ctx, h.gesture("bob", n)))
	if _, err := h.conn.Exec(h.ctx, `UPDATE outbox SET due_at = clock_timestamp()`); err != nil {
		t.Fatal(err)
	}
	h.sends(h.options("copy"))
	h.reads("Withdrawn")
	h.until(`SELECT state = 'dropped' AND reason = 'it was put back or handed over' FROM outbox WHERE kind = 'claimed'`)
}

// With many messages, one waits after it is rendered. If it becomes obsolete during that
// wait, it is not posted.
func TestWhatBecomesObsoleteWhileItWaitsIsNotPosted(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	n := h.filesAndWarns("Solved meanwhile")
	h.must(h.Resolve(h.ctx, h.gesture("bob", n), ticket.SolvedByCode, "It works again."))
	h.reads("Bob resolved #1: It works again.")
	h.until(`SELECT state = 'dropped' AND reason = 'the clock has stopped' FROM outbox WHERE kind = 'alert'`)
	if posted := h.standing("to be solved by"); posted != 0 {
		t.Errorf("it was posted %d times", posted)
	}
	if n := h.calls("chat.postMessage"); n != 2 {
		t.Errorf("%d messages were posted, want the card and the solution", n)
	}
}

// filesAndWarns opens a ticket whose warning is due, and returns when the warning waits to
// be sent.
func (h *outboxHarness) filesAndWarns(title string) ticket.Number {
	h.t.Helper()
	n := h.files("alice", title)
	if _, err := h.Sweep(h.ctx, time.Now().Add(150*time.Minute)); err != nil {
		h.t.Fatal(err)
	}
	if _, err := h.conn.Exec(h.ctx, `UPDATE outbox SET due_at = clock_timestamp()`); err != nil {
		h.t.Fatal(err)
	}
	o := h.options("copy")
	paced := slackapi.New(slackapi.Options{BotToken: h.sim.BotToken(), APIURL: h.sim.APIURL(), Pace: 0.5}) // a post in two seconds
	posts := &tap{Slack: paced, posting: make(chan struct{}, 10), ended: make(chan error, 10)}
	o.Slack = posts
	h.sends(o)
	<-posts.posting // the card
	<-posts.posting // the warning
	return n
}

// A message that waits is rendered from the state when it is sent.
func TestWhatIsWordedBeforeAWaitIsWordedAgain(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	n := h.filesAndWarns("Claimed meanwhile")
	h.must(h.Claim(h.ctx, h.gesture("bob", n)))
	if said := h.reads("to be solved by").Rendered(); strings.Contains(said, "has no owner") {
		t.Errorf("after a claim it says: %s", said)
	}
}

// A card found after a lost answer shows the version that was sent. A version desired since
// is still pending.
func TestCardThatChangedWhileItsAnswerWasLost(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	n := h.files("alice", "Changed meanwhile")
	h.trouble(slacksim.Fault{Kind: slacksim.FaultCut, Method: "chat.postMessage", Count: 1, AfterEffect: true})
	stop := h.sends(h.patient("copy"))
	h.until(`SELECT state = 'unsure' FROM outbox WHERE kind = 'card'`)
	stop()
	h.must(h.Claim(h.ctx, h.gesture("bob", n)))
	h.lookedFor()
	h.sends(h.options("later"))
	h.reads("Bob has it")
	if n := h.calls("chat.postMessage"); n != 1 {
		t.Errorf("it was posted %d times", n)
	}
}

// The deletion of a message that is one too many is tried again if its error may pass,
// because nothing else would delete it later.
func TestMessageTooManyIsDeletedThoughSlackIsAway(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	h.files("alice", "Twice")
	i := h.unsaid()
	for range 2 {
		_, err := h.api.Post(h.ctx, nil, h.channel("support"), "", slackformat.Message{
			Text: "Twice", Mark: slackformat.Mark{ID: i.ID, Version: i.Desired},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	h.trouble(slacksim.Fault{Kind: slacksim.FaultHTTP, Status: 503, Method: "chat.delete", Count: 1})
	h.trouble(slacksim.Fault{Kind: slacksim.FaultRateLimit, RetryAfter: 1, Method: "chat.delete", Count: 1})
	stop := h.sends(h.options("later"))
	h.until(`SELECT posted_ts <> '' FROM outbox WHERE kind = 'card'`)
	stop()
	if n := h.standing("Twice"); n != 1 {
		t.Errorf("it stands %d times", n)
	}
}

// A lateness is not posted because the ticket was resolved. If the resolution was taken
// back, the lateness is told, whichever of the two is known first.
func TestAlertThatWasObsoleteIsToldAfterAll(t *testing.T) {
	t.Parallel()
	for name, known := range map[string]bool{"undone after it was dropped": false, "undone before": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newOutboxHarness(t)
			n := h.files("alice", "Late after all")
			h.exec(`UPDATE entries SET happened_at = happened_at - interval '4 h'`)
			h.exec(`UPDATE tickets SET next_at = opened_at - interval '1 h'`)
			h.sweeps()
			h.exec(`UPDATE outbox SET due_at = due_at + interval '1 h' WHERE kind <> 'alert'`) // nothing else is posted
			tick, untick := h.gesture("bob", n), h.gesture("bob", n)
			tick.By, tick.Emoji, untick.By, untick.Emoji = ticket.ByEmoji, "white_check_mark", ticket.ByEmoji, "white_check_mark"
			untick.At = tick.At.Add(time.Millisecond)
			h.must(h.Resolve(h.ctx, tick, "", ""))
			o := h.options("copy")
			undone := make(chan struct{})
			if known {
				o.Store = &meanwhile{Store: o.Store, before: func() { h.must(h.React(h.ctx, untick, ticket.Undone, ticket.Message{}, "")); close(undone) }}
			}
			h.sends(o)
			if known {
				select {
				case <-undone:
				case <-h.ctx.Done():
					t.Fatal("the alert was not found obsolete in time")
				}
			}
			dropped := 0
			if !known {
				h.until(`SELECT state = 'dropped' AND reason = 'the clock has stopped' FROM outbox WHERE kind = 'alert'`)
				h.must(h.React(h.ctx, untick, ticket.Undone, ticket.Message{}, ""))
				h.until(`SELECT next_at <= now() FROM tickets`)
				dropped = 1
			}
			h.sweeps()
			h.until(`SELECT count(*) = 1 + $1 AND count(*) FILTER (WHERE state = 'dropped') = $1 FROM outbox WHERE kind = 'alert'`, dropped)
			h.sweeps()
			h.until(`SELECT count(*) = 1 + $1 FROM outbox WHERE kind = 'alert'`, dropped)
		})
	}
}

// meanwhile is a store that does something before it records the first failure.
type meanwhile struct {
	outbox.Store
	once   sync.Once
	before func()
}

func (q *meanwhile) RecordFailure(ctx context.Context, i outbox.Item, f outbox.Failure) error {
	q.once.Do(q.before)
	return q.Store.RecordFailure(ctx, i, f)
}

func (h *outboxHarness) sweeps() {
	h.t.Helper()
	if _, err := h.Sweep(h.ctx, time.Now()); err != nil {
		h.t.Fatal(err)
	}
}

func (h *outboxHarness) exec(sql string, args ...any) {
	h.t.Helper()
	if _, err := h.conn.Exec(h.ctx, sql, args...); err != nil {
		h.t.Fatalf("%s: %v", sql, err)
	}
}

// A notice that became obsolete while it was unsure is not posted any more. If it was posted
// already, it does not stay as it is.
func TestUnsureNoticeThatBecameObsolete(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		posted bool
		wait   string
	}{
		"posted":     {true, `SELECT posted_ts <> '' AND posted = desired FROM outbox WHERE kind = 'resolved'`},
		"not posted": {false, `SELECT state = 'dropped' AND reason = 'it was taken back' FROM outbox WHERE kind = 'resolved'`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newOutboxHarness(t)
			n := h.files("alice", "Obsolete")
			stop := h.sends(h.options("copy"))
			h.reads("Obsolete")
			stop()
			h.trouble(slacksim.Fault{Kind: slacksim.FaultCut, Method: "chat.postMessage", Count: 1, AfterEffect: test.posted})
			tick := h.gesture("bob", n)
			tick.By, tick.Emoji = ticket.ByEmoji, "white_check_mark"
			h.must(h.Resolve(h.ctx, tick, "", ""))
			stop = h.sends(h.patient("copy"))
			h.until(`SELECT state = 'unsure' FROM outbox WHERE kind = 'resolved'`)
			stop()
			untick := h.gesture("bob", n)
			untick.By, untick.Emoji = ticket.ByEmoji, "white_check_mark"
			h.must(h.React(h.ctx, untick, ticket.Undone, ticket.Message{}, ""))
			h.lookedFor()
			h.sends(h.options("later"))
			h.until(test.wait)
			if stands := h.standing("Bob resolved #1"); stands != 0 {
				t.Errorf("an open ticket is said to be resolved %d times", stands)
			}
			if again := h.standing("#1 is not resolved after all"); (again == 1) != test.posted {
				t.Errorf("it is taken back %d times", again)
			}
		})
	}
}

func TestRequesterOutsideTheChannelGetsDirectMessages(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	n := h.files("carol", "From outside")
	h.sends(h.options("copy"))
	h.reads("From outside")
	h.must(h.Resolve(h.ctx, h.gesture("bob", n), ticket.SolvedByCode, ""))
	_, err := h.slack.Await(h.ctx, func(s slacksim.State) bool {
		return slices.ContainsFunc(s.DMs("carol"), func(m *slacksim.Message) bool { return strings.Contains(m.Rendered(), "resolved #1") })
	})
	if err != nil {
		t.Error(err)
	}
	if n := h.standing("resolved #1"); n != 0 {
		t.Errorf("it stands in the channel %d times", n)
	}
}

// TestWhatIsTakenBackGoesThoughTheCallIsLost: a deletion without an answer is tried again.
func TestWhatIsTakenBackGoesThoughTheCallIsLost(t *testing.T) {
	t.Parallel()
	for name, effect := range map[string]bool{"before its effect": false, "after its effect": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newOutboxHarness(t)
			h.sends(h.options("it"))
			n := h.files("carol", "Words")
			h.reads("Words")
			written := ticket.Message{Channel: h.channel("support"), TS: "1772447338.000100"}
			h.must(h.Reply(h.ctx, h.gesture("alice", n), desk.Written{Message: written, Text: "The password is hunter2."}))
			h.until(`SELECT count(*) = 1 FROM outbox WHERE kind = 'words' AND posted_ts <> ''`)
			h.trouble(slacksim.Fault{Kind: slacksim.FaultCut, Method: "chat.delete", AfterEffect: effect, Count: 1})
			h.must(h.Retract(h.ctx, h.gesture("alice", n), written))
			h.until(`SELECT NOT pending FROM outbox WHERE kind = 'words'`)
			for _, m := range h.sim.State().DMs("carol") {
				if strings.Contains(m.Rendered(), "hunter2") {
					t.Errorf("it still stands: %s", m.Rendered())
				}
			}
		})
	}
}

func TestDetailsOfADigestThatWasNotPostedAreDropped(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	c := h.options("copy").Composer
	p, err := c.Compose(h.ctx, outbox.Item{Notice: desk.Notice{
		Kind: desk.NoticeBreakdown, Queue: desk.QueueDigest, OrderingKey: "digest:1",
		NoticeDetails: desk.NoticeDetails{Period: &ticket.Period{}},
	}}, time.Now())
	if err != nil || p.Drop != "the digest was not posted" {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestBackoff(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, math.MaxInt-1).Draw(t, "attempts")
		now, next := outbox.Backoff(n), outbox.Backoff(n+1)
		switch {
		case now < time.Second || now > 5*time.Minute:
			t.Fatalf("%v after %d tries", now, n)
		case next < now || next > 2*now:
			t.Fatalf("%v after %d tries, %v after one more", now, n, next)
		case n <= 1 && now != time.Second || n >= 10 && now != 5*time.Minute:
			t.Fatalf("%v after %d tries", now, n)
		}
	})
}

// counting counts the steps of a sender.
type counting struct {
	outbox.Store
	steps atomic.Int32
}

func (q *counting) Exchange(ctx context.Context, e outbox.Exchange) (outbox.Exchanged, error) {
	q.steps.Add(1)
	return q.Store.Exchange(ctx, e)
}

// If many messages are pending, one step takes and records many of them.
func TestManyMessages(t *testing.T) {
	t.Parallel()
	const tickets = 120
	h := newOutboxHarness(t)
	for n := range tickets {
		h.files("alice", fmt.Sprintf("Ticket %d", n))
	}
	o := h.options("copy")
	q := &counting{Store: o.Store}
	o.Store = q
	h.sends(o)
	h.until(`SELECT count(*) = 0 FROM outbox WHERE pending`)
	if n := h.calls("chat.postMessage"); n != tickets {
		t.Errorf("%d messages for %d tickets", n, tickets)
	}
	if n := q.steps.Load(); n > tickets/2 {
		t.Errorf("%d steps for %d messages", n, tickets)
	}
}

// A ticket lives in the channel that it was opened for: its card stands there, and its
// notices in the card's thread.
func TestTicketInAChannelOfItsOwn(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	now := time.Now()
	home := h.channel("support-digest")
	r, err := h.Open(h.ctx, desk.NewTicket{
		Content: desk.Content{Priority: ticket.P2, Title: "The payroll", Category: "Billing"}, Channel: home,
		Requester: h.person("dana"), Gesture: ticket.ByForm, Key: "form:home", At: now, Now: now, Answered: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	h.sends(h.options("copy"))
	h.until(`SELECT count(*) = 1 FROM ticket_threads WHERE channel = $1`, home)
	h.must(h.Resolve(h.ctx, h.gesture("bob", r.Ticket.Number), ticket.SolvedByData, ""))
	h.until(`SELECT count(*) = 1 FROM outbox WHERE kind = 'resolved' AND posted_in = $1`, home)
	if stands := h.standing("The payroll"); stands != 0 {
		t.Errorf("%d messages about it stand in the support channel", stands)
	}
}

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
		"no answer":        {Kind: slacksim.FaultCut},
		"said, no answer":  {Kind: slacksim.FaultCut, AfterEffect: true},
		"perhaps said":     {Kind: slacksim.FaultError, Error: "internal_error"},
		"refused by Slack": {Kind: slacksim.FaultError, Error: "user_not_in_channel"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBureau(t)
			n := b.files("alice", "Ask how")
			b.sends(b.options("copy"))
			b.reads("Ask how")
			fault.Method, fault.Count = "chat.postEphemeral", 1
			b.trouble(fault)
			b.must(b.Resolve(b.ctx, b.gesture("bob", n), "", "")) // asks Bob how
			b.until(`SELECT count(*) = 1 FROM outbox WHERE kind = 'how' AND state = 'dropped'`)
			if calls := b.calls("chat.postEphemeral"); calls != 1 {
				t.Errorf("it was tried %d times", calls)
			}
			b.reads("resolved")
		})
	}
}

func TestEphemeralMessageOfAnEarlierSenderIsDropped(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	n := b.files("alice", "Ask how")
	stop := b.sends(b.options("copy"))
	b.reads("Ask how")
	stop()
	b.must(b.Resolve(b.ctx, b.gesture("alice", n), "", ""))
	b.must(b.Reopen(b.ctx, b.gesture("alice", n)))
	b.must(b.Reply(b.ctx, b.gesture("bob", n), desk.Written{Message: ticket.Message{Channel: b.channel("support"), TS: "1.1"}})) // asks Bob whether it is his
	_, err := b.conn.Exec(b.ctx, `UPDATE outbox SET state = 'sending', tried_at = clock_timestamp() WHERE kind = 'answered'`)
	if err != nil {
		t.Fatal(err)
	}
	b.sends(b.options("later"))
	b.until(`SELECT state = 'dropped' FROM outbox WHERE kind = 'answered'`)
	if calls := b.calls("chat.postEphemeral"); calls != 0 {
		t.Errorf("it was said %d times more", calls)
	}
}

func TestCardThatIsGoneGetsANewOne(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	n := b.files("alice", "My secret")
	b.sends(b.options("copy"))
	old := b.reads("My secret")
	if _, err := b.slack.As("bob").Delete(b.ctx, "support", old.TS); err != nil { // and nobody hears of it
		t.Fatal(err)
	}
	b.must(b.Claim(b.ctx, b.gesture("bob", n)))
	card := b.reads("The text is hidden because this message was deleted.")
	if strings.Contains(card.Rendered(), "My secret") {
		t.Errorf("the text stands there again: %s", card.Rendered())
	}
	r, err := b.Find(b.ctx, n)
	if err != nil {
		t.Fatal(err)
	}
	b.until(`SELECT count(*) = 1 FROM ticket_threads WHERE ts = $1 AND current`, card.TS)
	if r.Ticket.State != ticket.StateClaimed {
		t.Errorf("the ticket is %s", r.Ticket.State)
	}
}

func TestNoticeUnderACardThatIsGoneFollowsToTheNewOne(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	n := b.files("alice", "Moved")
	stop := b.sends(b.options("copy"))
	old := b.reads("Moved")
	stop()
	b.must(b.Resolve(b.ctx, b.gesture("bob", n), ticket.SolvedByData, ""))
	if _, err := b.slack.As("bob").Delete(b.ctx, "support", old.TS); err != nil {
		t.Fatal(err)
	}
	b.sends(b.options("later"))
	card := b.reads("The text is hidden because this message was deleted.")
	if notice := b.reads("Bob resolved #1"); notice.ThreadTS != card.TS {
		t.Errorf("the notice stands under %q, the card at %s", notice.ThreadTS, card.TS)
	}
}

// What cannot be worded because the database does not answer has not failed itself: it
// keeps its place before what comes after it.
func TestOurOwnFailureIsNoTryOfAMessage(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	b.files("alice", "Worded later")
	b.exec(`ALTER TABLE entries RENAME TO entries_away`)
	b.sends(b.options("copy"))
	b.until(`SELECT state = 'waiting' AND reason LIKE 'composing: %' AND attempts = 0 FROM outbox WHERE kind = 'card'`)
	b.exec(`ALTER TABLE entries_away RENAME TO entries`)
	b.reads("Worded later")
}

func TestChannelThatRefusesParksAndResumes(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	b.files("alice", "Parked")
	b.trouble(slacksim.Fault{Kind: slacksim.FaultError, Error: "not_in_channel", Method: "chat.postMessage", Count: 1})
	b.sends(b.options("copy"))
	b.until(`SELECT state = 'parked' AND reason = 'not_in_channel' FROM outbox WHERE kind = 'card'`)
	b.files("alice", "Another lane") // is tried, and taken
	b.reads("Another lane")
	if n := b.standing("Parked"); n != 0 {
		t.Errorf("what is parked was said %d times", n)
	}
	if n, err := b.db.Resume(b.ctx); err != nil || n != 1 {
		t.Fatalf("resumed %d: %v", n, err)
	}
	b.reads("Parked")
}

// The news that a channel takes messages again can be missed.
func TestNewTurnTriesAgainWhatIsParked(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	b.files("alice", "Parked")
	b.trouble(slacksim.Fault{Kind: slacksim.FaultError, Error: "is_archived", Method: "chat.postMessage", Count: 1})
	stop := b.sends(b.options("copy"))
	b.until(`SELECT state = 'parked' FROM outbox WHERE kind = 'card'`)
	stop()
	b.sends(b.options("later"))
	b.reads("Parked")
}

// Without its card a ticket cannot be seen at all: that is never given up.
func TestCardThatSlackRefusesIsTriedAgain(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	b.files("alice", "Refused")
	b.trouble(slacksim.Fault{Kind: slacksim.FaultError, Error: "invalid_blocks", Method: "chat.postMessage", Count: 2})
	b.sends(b.options("copy"))
	b.until(`SELECT state = 'waiting' AND reason = 'invalid_blocks' FROM outbox WHERE kind = 'card'`)
	if n := b.calls("chat.postMessage"); n != 2 { // with blocks, and in plain words
		t.Errorf("it was tried %d times", n)
	}
	if !strings.Contains(b.log.String(), "Slack refuses a message") {
		t.Error("the operator was not told")
	}
}

func TestRefusedTokenIsToldOnce(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	b.files("alice", "One")
	b.files("alice", "Two")
	b.trouble(slacksim.Fault{Kind: slacksim.FaultError, Error: "account_inactive", Method: "chat.postMessage"})
	b.trouble(slacksim.Fault{Kind: slacksim.FaultError, Error: "account_inactive", Method: "auth.test"})
	told := make(chan error, 10)
	stop := b.sendsUntil(b.options("copy"), func(err error) { told <- err })
	if err := <-told; slackapi.CodeOf(err) != "account_inactive" {
		t.Errorf("told: %v", err)
	}
	b.until(`SELECT sum(attempts) >= 2 FROM outbox WHERE kind = 'card'`)
	stop()
	if len(told) > 0 {
		t.Errorf("told again: %v", <-told)
	}
	b.until(`SELECT bool_and(state = 'waiting' AND not_before IS NOT NULL) FROM outbox WHERE kind = 'card'`)
}

// forgetful is a queue that cannot record for a while.
type forgetful struct {
	outbox.Store
	fails atomic.Int32 // so often
}

func (q *forgetful) RecordPosted(ctx context.Context, i outbox.Item, at ticket.Message, now time.Time) error {
	if q.fails.Add(-1) >= 0 {
		return errors.New("no database")
	}
	return q.Store.RecordPosted(ctx, i, at, now)
}

func TestRecordingIsTriedUntilItIsDone(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	b.files("alice", "Recorded")
	o := b.options("copy")
	q := &forgetful{Store: o.Store}
	q.fails.Store(3)
	o.Store = q
	b.sends(o)
	b.until(`SELECT posted_ts <> '' FROM outbox WHERE kind = 'card'`)
	if n := b.calls("chat.postMessage"); n != 1 {
		t.Errorf("it was posted %d times", n)
	}
}

func TestWhatCouldNotBeRecordedIsFound(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	b.files("alice", "Found")
	o := b.options("copy")
	q := &forgetful{Store: o.Store}
	q.fails.Store(math.MaxInt32)
	o.Store = q
	stop := b.sends(o)
	at := b.reads("Found")
	stop() // in the middle of recording
	b.sends(b.options("later"))
	b.until(`SELECT posted_ts = $1 FROM outbox WHERE kind = 'card'`, at.TS)
	if n := b.calls("chat.postMessage"); n != 1 {
		t.Errorf("it was posted %d times", n)
	}
}

// slow is a queue that takes its time to give the first message.
type slow struct {
	outbox.Store
	once         sync.Once
	taking, goes chan struct{}
	cut          chan error // what its context says then
}

func (q *slow) Next(ctx context.Context, p desk.Queue, epoch int64, now time.Time) (outbox.Item, bool, error) {
	if p == desk.QueueSupport {
		q.once.Do(func() {
			close(q.taking)
			<-q.goes
			q.cut <- ctx.Err()
		})
	}
	return q.Store.Next(ctx, p, epoch, now)
}

// TestStopWhileTakingAMessage: what is being taken is taken, so that it can be put
// back. Left in the middle, it would have to be looked for.
func TestStopWhileTakingAMessage(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	b.files("alice", "Put back")
	o := b.options("copy")
	q := &slow{Store: o.Store, taking: make(chan struct{}), goes: make(chan struct{}), cut: make(chan error, 1)}
	o.Store = q
	ctx, cancel := context.WithCancel(b.ctx)
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
	b.sends(b.options("later"))
	b.reads("Put back")
}

func TestPanicCostsOneTry(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	var asked atomic.Bool
	b.staff.name = func(string) {
		if asked.CompareAndSwap(false, true) {
			panic("a bug")
		}
	}
	b.files("alice", "Composed again")
	b.sends(b.options("copy"))
	b.until(`SELECT reason = 'panic' AND attempts = 1 AND state = 'waiting' AND not_before > clock_timestamp() FROM outbox WHERE kind = 'card'`)
	b.reads("Composed again")
	if !strings.Contains(b.log.String(), "panic while saying a message") {
		t.Error("the operator was not told")
	}
}

// What may have been said stays so when the next try fails before it is sent:
// it is still looked for, and not said twice.
func TestUnsureOutlivesATryThatFails(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	var armed atomic.Bool
	b.staff.name = func(string) {
		if armed.CompareAndSwap(true, false) {
			panic("a bug")
		}
	}
	b.files("alice", "Said already")
	b.trouble(slacksim.Fault{Kind: slacksim.FaultCut, Method: "chat.postMessage", Count: 1, AfterEffect: true})
	o := b.options("copy")
	o.LookAfter = 10 * time.Second
	b.sends(o)
	b.until(`SELECT state = 'unsure' FROM outbox WHERE kind = 'card'`)
	armed.Store(true)
	b.until(`SELECT reason = 'panic' FROM outbox WHERE kind = 'card'`)
	b.until(`SELECT NOT pending FROM outbox WHERE kind = 'card'`)
	if n := b.calls("chat.postMessage"); n != 1 {
		t.Errorf("it was posted %d times", n)
	}
}

func TestWhatIsObsoleteIsNotSaid(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	n := b.files("alice", "Withdrawn")
	b.must(b.Claim(b.ctx, b.gesture("bob", n)))
	b.must(b.PutBack(b.ctx, b.gesture("bob", n)))
	if _, err := b.conn.Exec(b.ctx, `UPDATE outbox SET due_at = clock_timestamp()`); err != nil {
		t.Fatal(err)
	}
	b.sends(b.options("copy"))
	b.reads("Withdrawn")
	b.until(`SELECT state = 'dropped' AND reason = 'it was put back or handed over' FROM outbox WHERE kind = 'claimed'`)
}

// In a crowd a message waits for its turn after it was worded. What has become of the
// ticket meanwhile decides.
func TestWhatBecomesObsoleteWhileItWaitsIsNotSaid(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	n := b.filesAndWarns("Solved meanwhile")
	b.must(b.Resolve(b.ctx, b.gesture("bob", n), ticket.SolvedByCode, "It works again."))
	b.reads("Bob resolved #1: It works again.")
	b.until(`SELECT state = 'dropped' AND reason = 'the clock has stopped' FROM outbox WHERE kind = 'alert'`)
	if said := b.standing("to be solved by"); said != 0 {
		t.Errorf("it was said %d times", said)
	}
	if n := b.calls("chat.postMessage"); n != 2 {
		t.Errorf("%d messages were posted, want the card and the solution", n)
	}
}

// filesAndWarns opens a ticket whose warning is due, and returns when that waits for
// its turn to be sent.
func (b *bureau) filesAndWarns(title string) ticket.Number {
	b.t.Helper()
	n := b.files("alice", title)
	if _, err := b.Sweep(b.ctx, time.Now().Add(150*time.Minute)); err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.conn.Exec(b.ctx, `UPDATE outbox SET due_at = clock_timestamp()`); err != nil {
		b.t.Fatal(err)
	}
	o := b.options("copy")
	paced := slackapi.New(slackapi.Options{BotToken: b.sim.BotToken(), APIURL: b.sim.APIURL(), Pace: 0.5}) // a post in two seconds
	posts := &tap{Slack: paced, posting: make(chan struct{}, 10), ended: make(chan error, 10)}
	o.Slack = posts
	b.sends(o)
	<-posts.posting // the card
	<-posts.posting // the warning
	return n
}

// What waits is worded as things stand when it is sent.
func TestWhatIsWordedBeforeAWaitIsWordedAgain(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	n := b.filesAndWarns("Claimed meanwhile")
	b.must(b.Claim(b.ctx, b.gesture("bob", n)))
	if said := b.reads("to be solved by").Rendered(); strings.Contains(said, "has no owner") {
		t.Errorf("after a claim it says: %s", said)
	}
}

// What was found after a lost answer shows what was wanted then. What is wanted
// since is still owed.
func TestCardThatChangedWhileItsAnswerWasLost(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	n := b.files("alice", "Changed meanwhile")
	b.trouble(slacksim.Fault{Kind: slacksim.FaultCut, Method: "chat.postMessage", Count: 1, AfterEffect: true})
	stop := b.sends(b.patient("copy"))
	b.until(`SELECT state = 'unsure' FROM outbox WHERE kind = 'card'`)
	stop()
	b.must(b.Claim(b.ctx, b.gesture("bob", n)))
	b.lookedFor()
	b.sends(b.options("later"))
	b.reads("Bob has it")
	if n := b.calls("chat.postMessage"); n != 1 {
		t.Errorf("it was posted %d times", n)
	}
}

// Nobody comes back to a message that is one too many: what may pass is tried again.
func TestMessageTooManyIsDeletedThoughSlackIsAway(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	b.files("alice", "Twice")
	i := b.unsaid()
	for range 2 {
		_, err := b.api.Post(b.ctx, nil, b.channel("support"), "", slackformat.Message{
			Text: "Twice", Mark: slackformat.Mark{ID: i.ID, Version: i.Desired},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	b.trouble(slacksim.Fault{Kind: slacksim.FaultHTTP, Status: 503, Method: "chat.delete", Count: 1})
	b.trouble(slacksim.Fault{Kind: slacksim.FaultRateLimit, RetryAfter: 1, Method: "chat.delete", Count: 1})
	stop := b.sends(b.options("later"))
	b.until(`SELECT posted_ts <> '' FROM outbox WHERE kind = 'card'`)
	stop()
	if n := b.standing("Twice"); n != 1 {
		t.Errorf("it stands %d times", n)
	}
}

// A lateness that was not said because the ticket was resolved is told when the
// resolution turns out to be taken back, whichever is known first.
func TestAlertThatWasObsoleteIsToldAfterAll(t *testing.T) {
	t.Parallel()
	for name, known := range map[string]bool{"undone after it was dropped": false, "undone before": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBureau(t)
			n := b.files("alice", "Late after all")
			b.exec(`UPDATE entries SET happened_at = happened_at - interval '4 h'`)
			b.exec(`UPDATE tickets SET next_at = opened_at - interval '1 h'`)
			b.sweeps()
			b.exec(`UPDATE outbox SET due_at = due_at + interval '1 h' WHERE kind <> 'alert'`) // nothing else is said
			tick, untick := b.gesture("bob", n), b.gesture("bob", n)
			tick.By, tick.Emoji, untick.By, untick.Emoji = ticket.ByEmoji, "white_check_mark", ticket.ByEmoji, "white_check_mark"
			untick.At = tick.At.Add(time.Millisecond)
			b.must(b.Resolve(b.ctx, tick, "", ""))
			o := b.options("copy")
			undone := make(chan struct{})
			if known {
				o.Store = &meanwhile{Store: o.Store, before: func() { b.must(b.React(b.ctx, untick, ticket.Undone, ticket.Message{}, "")); close(undone) }}
			}
			b.sends(o)
			if known {
				select {
				case <-undone:
				case <-b.ctx.Done():
					t.Fatal("the alert was not found obsolete in time")
				}
			}
			dropped := 0
			if !known {
				b.until(`SELECT state = 'dropped' AND reason = 'the clock has stopped' FROM outbox WHERE kind = 'alert'`)
				b.must(b.React(b.ctx, untick, ticket.Undone, ticket.Message{}, ""))
				b.until(`SELECT next_at <= now() FROM tickets`)
				dropped = 1
			}
			b.sweeps()
			b.until(`SELECT count(*) = 1 + $1 AND count(*) FILTER (WHERE state = 'dropped') = $1 FROM outbox WHERE kind = 'alert'`, dropped)
			b.sweeps()
			b.until(`SELECT count(*) = 1 + $1 FROM outbox WHERE kind = 'alert'`, dropped)
		})
	}
}

// meanwhile is a queue before whose first failure something happens.
type meanwhile struct {
	outbox.Store
	once   sync.Once
	before func()
}

func (q *meanwhile) RecordFailure(ctx context.Context, i outbox.Item, f outbox.Failure) error {
	q.once.Do(q.before)
	return q.Store.RecordFailure(ctx, i, f)
}

func (b *bureau) sweeps() {
	b.t.Helper()
	if _, err := b.Sweep(b.ctx, time.Now()); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bureau) exec(sql string, args ...any) {
	b.t.Helper()
	if _, err := b.conn.Exec(b.ctx, sql, args...); err != nil {
		b.t.Fatalf("%s: %v", sql, err)
	}
}

// What became obsolete while nobody knew whether it was said is not said any more.
// Where it was said, it does not stay as it is.
func TestUnsureNoticeThatBecameObsolete(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		said bool
		wait string
	}{
		"said":     {true, `SELECT posted_ts <> '' AND posted = desired FROM outbox WHERE kind = 'resolved'`},
		"not said": {false, `SELECT state = 'dropped' AND reason = 'it was taken back' FROM outbox WHERE kind = 'resolved'`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBureau(t)
			n := b.files("alice", "Obsolete")
			stop := b.sends(b.options("copy"))
			b.reads("Obsolete")
			stop()
			b.trouble(slacksim.Fault{Kind: slacksim.FaultCut, Method: "chat.postMessage", Count: 1, AfterEffect: test.said})
			tick := b.gesture("bob", n)
			tick.By, tick.Emoji = ticket.ByEmoji, "white_check_mark"
			b.must(b.Resolve(b.ctx, tick, "", ""))
			stop = b.sends(b.patient("copy"))
			b.until(`SELECT state = 'unsure' FROM outbox WHERE kind = 'resolved'`)
			stop()
			untick := b.gesture("bob", n)
			untick.By, untick.Emoji = ticket.ByEmoji, "white_check_mark"
			b.must(b.React(b.ctx, untick, ticket.Undone, ticket.Message{}, ""))
			b.lookedFor()
			b.sends(b.options("later"))
			b.until(test.wait)
			if stands := b.standing("Bob resolved #1"); stands != 0 {
				t.Errorf("an open ticket is said to be resolved %d times", stands)
			}
			if again := b.standing("#1 is not resolved after all"); (again == 1) != test.said {
				t.Errorf("it is taken back %d times", again)
			}
		})
	}
}

func TestRequesterOutsideTheChannelGetsDirectMessages(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	n := b.files("carol", "From outside")
	b.sends(b.options("copy"))
	b.reads("From outside")
	b.must(b.Resolve(b.ctx, b.gesture("bob", n), ticket.SolvedByCode, ""))
	_, err := b.slack.Await(b.ctx, func(s slacksim.State) bool {
		return slices.ContainsFunc(s.DMs("carol"), func(m *slacksim.Message) bool { return strings.Contains(m.Rendered(), "resolved #1") })
	})
	if err != nil {
		t.Error(err)
	}
	if n := b.standing("resolved #1"); n != 0 {
		t.Errorf("it stands in the channel %d times", n)
	}
}

// TestWhatIsTakenBackGoesThoughTheCallIsLost: a deletion without an answer is tried
// again as a deletion.
func TestWhatIsTakenBackGoesThoughTheCallIsLost(t *testing.T) {
	t.Parallel()
	for name, effect := range map[string]bool{"before its effect": false, "after its effect": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBureau(t)
			b.sends(b.options("it"))
			n := b.files("carol", "Words")
			b.reads("Words")
			written := ticket.Message{Channel: b.channel("support"), TS: "1772447338.000100"}
			b.must(b.Reply(b.ctx, b.gesture("alice", n), desk.Written{Message: written, Text: "The password is hunter2."}))
			b.until(`SELECT count(*) = 1 FROM outbox WHERE kind = 'words' AND posted_ts <> ''`)
			b.trouble(slacksim.Fault{Kind: slacksim.FaultCut, Method: "chat.delete", AfterEffect: effect, Count: 1})
			b.must(b.Retract(b.ctx, b.gesture("alice", n), written))
			b.until(`SELECT NOT pending FROM outbox WHERE kind = 'words'`)
			for _, m := range b.sim.State().DMs("carol") {
				if strings.Contains(m.Rendered(), "hunter2") {
					t.Errorf("it still stands: %s", m.Rendered())
				}
			}
		})
	}
}

func TestDetailsOfADigestThatWasNotPostedAreDropped(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	c := b.options("copy").Composer
	p, err := c.Compose(b.ctx, outbox.Item{Notice: desk.Notice{
		Kind: desk.NoticeBreakdown, Queue: desk.QueueDigest, OrderingKey: "digest:1",
		NoticeDetails: desk.NoticeDetails{Period: &desk.Period{}},
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

// counting counts how often it was looked at all that is owed.
type counting struct {
	outbox.Store
	looked, taken atomic.Int32
}

func (q *counting) Next(ctx context.Context, p desk.Queue, epoch int64, now time.Time) (outbox.Item, bool, error) {
	if p == desk.QueueSupport {
		q.looked.Add(1)
	}
	return q.Store.Next(ctx, p, epoch, now)
}

func (q *counting) Take(ctx context.Context, id string, epoch int64, now time.Time) (outbox.Item, bool, error) {
	q.taken.Add(1)
	return q.Store.Take(ctx, id, epoch, now)
}

// Much that is owed at once is looked at now and then, not for every message.
func TestManyMessages(t *testing.T) {
	t.Parallel()
	const tickets = 120
	b := newBureau(t)
	for n := range tickets {
		b.files("alice", fmt.Sprintf("Ticket %d", n))
	}
	o := b.options("copy")
	q := &counting{Store: o.Store}
	o.Store = q
	b.sends(o)
	b.until(`SELECT count(*) = 0 FROM outbox WHERE pending`)
	if n := b.calls("chat.postMessage"); n != tickets {
		t.Errorf("%d messages for %d tickets", n, tickets)
	}
	if looked, taken := q.looked.Load(), q.taken.Load(); taken < tickets/2 || looked > tickets {
		t.Errorf("it looked %d times at all that is owed, and took %d of what was behind", looked, taken)
	}
}

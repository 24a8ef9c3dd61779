package outbox_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"supporty/internal/desk"
	"supporty/internal/dev/slacksim"
	"supporty/internal/outbox"
	"supporty/internal/slackapi"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// frost freezes a copy: its lease is not renewed from begun on, until thaw is
// closed. It stands between the sender and its ports.
type frost struct {
	outbox.Store
	outbox.Slack
	begun, thaw chan struct{}
	at          moment
	posted      chan error // how the frozen post ended
}

// moment is where in a post the copy freezes.
type moment int

const (
	beforeTheCheck moment = iota
	beforeTheCall
	afterTheCall
)

func newFrost(o outbox.Options, at moment) *frost {
	return &frost{
		Store: o.Store, Slack: o.Slack, at: at,
		begun: make(chan struct{}), thaw: make(chan struct{}), posted: make(chan error, 1),
	}
}

func (f *frost) freeze() {
	close(f.begun)
	<-f.thaw
}

func (f *frost) AcquireLease(ctx context.Context, holder string, now time.Time) (outbox.Lease, error) {
	select {
	case <-f.begun:
		<-f.thaw
	default:
	}
	return f.Store.AcquireLease(ctx, holder, now)
}

func (f *frost) Post(ctx context.Context, guard slackapi.Guard, channel, thread string, m slackformat.Message) (ticket.Message, error) {
	at, err := f.Slack.Post(ctx, func(m *slackformat.Message) error {
		if f.at == beforeTheCheck {
			f.freeze()
		}
		err := guard(m)
		if f.at == beforeTheCall {
			f.freeze()
		}
		return err
	}, channel, thread, m)
	if f.at == afterTheCall {
		f.freeze()
	}
	f.posted <- err
	return at, err
}

// TestFrozenCopy freezes a copy in the middle of posting a card, for longer than
// its lease. The other copy takes over, and the card stands once.
func TestFrozenCopy(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		at    moment
		posts int // of both copies
	}{
		"before it checks the lease":        {beforeTheCheck, 1},
		"between the check and the call":    {beforeTheCall, 2}, // and deletes its own
		"after the call, before the record": {afterTheCall, 1},  // which the other adopts
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBureau(t)
			b.files("alice", "Only once")
			o := b.options("frozen")
			f := newFrost(o, test.at)
			o.Store, o.Slack = f, f
			stop := b.sends(o)
			<-f.begun
			b.sends(b.options("other"))
			b.until(`SELECT posted_ts <> '' FROM outbox WHERE kind = 'card'`)
			close(f.thaw)
			if err := <-f.posted; (err == nil) != (test.at != beforeTheCheck) || err != nil && !errors.Is(err, outbox.ErrOvertaken) {
				t.Errorf("the frozen post ended with %v", err)
			}
			stop() // what it found when it thawed is dealt with then
			if n := b.standing("Only once"); n != 1 {
				t.Errorf("the card stands %d times", n)
			}
			if n := b.calls("chat.postMessage"); n != test.posts {
				t.Errorf("it was posted %d times, not %d", n, test.posts)
			}
			b.until(`SELECT posted_ts = $1 AND state = 'waiting' FROM outbox WHERE kind = 'card'`, b.reads("Only once").TS)
		})
	}
}

// tap tells when a post begins, and how it ends.
type tap struct {
	outbox.Slack
	posting chan struct{}
	ended   chan error
}

func (p *tap) Post(ctx context.Context, guard slackapi.Guard, channel, thread string, m slackformat.Message) (ticket.Message, error) {
	p.posting <- struct{}{}
	at, err := p.Slack.Post(ctx, guard, channel, thread, m)
	p.ended <- err
	return at, err
}

// loses runs a sender until it posts, and then gives its lease to another copy.
// It returns how the post ended; the sender has stopped then.
func (b *bureau) loses(o outbox.Options) error {
	b.t.Helper()
	p := &tap{Slack: o.Slack, posting: make(chan struct{}, 10), ended: make(chan error, 10)}
	o.Slack = p
	stop := b.sends(o)
	<-p.posting
	if _, err := b.conn.Exec(b.ctx, `UPDATE leases SET until = clock_timestamp()`); err != nil {
		b.t.Fatal(err)
	}
	if turn, err := b.db.AcquireLease(b.ctx, "winner", time.Now()); err != nil || !turn.Holding {
		b.t.Fatalf("the other copy's turn: %+v, %v", turn, err)
	}
	err := <-p.ended
	stop()
	return err
}

func TestLosingTheLeaseDoesNotCutACall(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	b.files("alice", "In flight")
	b.trouble(slacksim.Fault{Kind: slacksim.FaultDelay, DelayMS: 3000, Method: "chat.postMessage", Count: 1})
	if err := b.loses(b.options("loser")); err != nil {
		t.Errorf("the post ended with %v", err)
	}
	b.until(`SELECT posted_ts = $1 FROM outbox WHERE kind = 'card'`, b.reads("In flight").TS)
}

// broken is a queue whose connection breaks once, after a message was taken, and
// that does not find what an earlier sender left.
type broken struct {
	outbox.Store
	once sync.Once
	lost chan struct{} // closed when the message is lost; nil for none
}

func (q *broken) Next(ctx context.Context, p desk.Queue, epoch int64, now time.Time) (outbox.Item, bool, error) {
	i, ok, err := q.Store.Next(ctx, p, epoch, now)
	if ok && q.lost != nil {
		q.once.Do(func() {
			i, ok, err = outbox.Item{}, false, errors.New("connection reset")
			close(q.lost)
		})
	}
	return i, ok, err
}

func (q *broken) Recover(context.Context, int64, time.Duration) error {
	return errors.New("canceling statement due to lock timeout")
}

// A message that was taken and is in nobody's hands is said in the same turn.
func TestMessageLostInTheMiddleIsSaid(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(b *bureau, q *broken){
		"the answer to taking it was lost": func(b *bureau, q *broken) {
			q.lost = make(chan struct{})
			o := b.options("copy")
			o.Store = q
			b.sends(o)
			<-q.lost
		},
		"an earlier sender's was not recovered": func(b *bureau, q *broken) {
			turn, err := b.db.AcquireLease(b.ctx, "dead", time.Now())
			if err != nil {
				b.t.Fatal(err)
			}
			if _, ok, err := b.db.Next(b.ctx, desk.QueueSupport, turn.Epoch, time.Now()); !ok || err != nil {
				b.t.Fatal(ok, err)
			}
			if err := b.db.ReleaseLease(b.ctx, "dead"); err != nil {
				b.t.Fatal(err)
			}
			o := b.options("copy")
			o.Store = q
			b.sends(o)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBureau(t)
			b.files("alice", "Lost")
			lose(b, &broken{Store: b.db})
			_, err := b.conn.Exec(b.ctx, `UPDATE outbox SET tried_at = tried_at - $1::interval WHERE kind = 'card'`, outbox.LostAfter)
			if err != nil {
				t.Fatal(err)
			}
			b.lookedFor()
			b.until(`SELECT posted_ts <> '' FROM outbox WHERE kind = 'card'`)
			if n := b.calls("chat.postMessage"); n != 1 {
				t.Errorf("it was posted %d times", n)
			}
		})
	}
}

// mute is a queue that never answers what a new turn begins with.
type mute struct{ outbox.Store }

func (mute) Recover(ctx context.Context, _ int64, _ time.Duration) error {
	<-ctx.Done()
	return ctx.Err()
}

func (mute) Resume(ctx context.Context) (int64, error) {
	<-ctx.Done()
	return 0, ctx.Err()
}

// A connection can be lost without a word at any time.
func TestTurnBeginsThoughTheDatabaseIsMute(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	b.files("alice", "All the same")
	o := b.options("copy")
	o.Store = mute{o.Store}
	b.sends(o)
	b.reads("All the same")
}

func TestLeaseIsGivenBack(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	b.files("alice", "First")
	stop := b.sends(b.options("first"))
	b.reads("First")
	stop()
	if turn, err := b.db.AcquireLease(b.ctx, "second", time.Now()); err != nil || !turn.Holding || turn.Epoch != 2 {
		t.Errorf("the next copy's turn: %+v, %v", turn, err)
	}
}

func TestSenderKeepsTheClockOfAllCopies(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	if _, err := b.db.MoveClock(b.ctx, 48*time.Hour, 1); err != nil {
		t.Fatal(err)
	}
	o := b.options("copy")
	b.files("alice", "Later") // due now, and so two days ago by that clock
	b.sends(o)
	b.reads("Later")
	if ahead := time.Until(o.Clock.Now()); ahead < 47*time.Hour {
		t.Errorf("the copy's clock is %v ahead", ahead)
	}
}

// unsaid is an item that a sender took, and left in the middle.
func (b *bureau) unsaid() outbox.Item {
	b.t.Helper()
	now := time.Now()
	turn, err := b.db.AcquireLease(b.ctx, "earlier", now)
	if err != nil || !turn.Holding {
		b.t.Fatalf("the earlier copy's turn: %+v, %v", turn, err)
	}
	i, ok, err := b.db.Next(b.ctx, desk.QueueSupport, turn.Epoch, now.Add(time.Second))
	if err != nil || !ok {
		b.t.Fatalf("taking a message: %v, %v", ok, err)
	}
	if err := b.db.ReleaseLease(b.ctx, "earlier"); err != nil {
		b.t.Fatal(err)
	}
	return i
}

// TestLookingBack: an earlier sender may have posted the card never, once, or,
// with the help of a third, twice. In the end it stands once.
func TestLookingBack(t *testing.T) {
	t.Parallel()
	for posted, want := range []struct{ posts, looks, deletions int }{
		{posts: 1, looks: 4},
		{posts: 1, looks: 1},
		{posts: 2, looks: 1, deletions: 1},
	} {
		t.Run(string(rune('0'+posted))+" posted", func(t *testing.T) {
			t.Parallel()
			b := newBureau(t)
			b.files("alice", "Looked for")
			i := b.unsaid()
			var first ticket.Message
			for range posted {
				at, err := b.api.Post(b.ctx, nil, b.channel("support"), "", slackformat.Message{
					Text: "Looked for", Mark: slackformat.Mark{ID: i.ID, Version: i.Desired},
				})
				if err != nil {
					t.Fatal(err)
				}
				if first.TS == "" {
					first = at
				}
			}
			stop := b.sends(b.options("later"))
			b.until(`SELECT posted_ts <> '' AND posted = desired FROM outbox WHERE kind = 'card'`)
			stop()
			got := []int{b.calls("chat.postMessage"), b.calls("conversations.history"), b.calls("chat.delete"), b.standing("Looked for")}
			if got[0] != want.posts || got[1] != want.looks || got[2] != want.deletions || got[3] != 1 {
				t.Errorf("posted, looked for, deleted, standing: %v", got)
			}
			if posted > 0 {
				b.until(`SELECT posted_ts = $1 FROM outbox WHERE kind = 'card'`, first.TS)
			}
		})
	}
}

func TestLookingBackWaitsForSlack(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	b.files("alice", "Patience")
	b.unsaid()
	b.trouble(slacksim.Fault{Kind: slacksim.FaultHTTP, Status: 503, Method: "conversations.history", Count: 2})
	stop := b.sends(b.options("later"))
	b.reads("Patience")
	stop()
	if looks, posts := b.calls("conversations.history"), b.calls("chat.postMessage"); looks != 6 || posts != 1 {
		t.Errorf("looked for %d times, posted %d times", looks, posts)
	}
}

func TestNewSender(t *testing.T) {
	t.Parallel()
	s := outbox.New(outbox.Options{}, func(error) {})
	if s.LookAfter != 35*time.Second {
		t.Errorf("looks after %v", s.LookAfter)
	}
	for range 10 {
		s.Wake() // never blocks
	}
}

// A sender that is killed just after it has renewed its lease is followed as soon as
// that ends.
func TestAnotherSendsWithinFiveSeconds(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	b.files("alice", "Soon")
	for _, later := range []time.Duration{0, 400 * time.Millisecond} { // the other begins to look
		turn, err := b.db.AcquireLease(b.ctx, "killed", time.Now())
		if err != nil || !turn.Holding {
			t.Fatal(turn, err)
		}
		killed := time.Now()
		<-time.After(later)
		stop := b.sends(b.options("other"))
		b.until(`SELECT holder = 'other' FROM leases`)
		if took := time.Since(killed); took > outbox.LeaseTime+500*time.Millisecond {
			t.Errorf("looking from %v on: after %v", later, took)
		}
		stop()
	}
}

package outbox_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"supporty/internal/dev/slacksim"
	"supporty/internal/outbox"
	"supporty/internal/slackapi"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// frost freezes a copy: from begun until thaw is closed, its lease is not renewed. It wraps
// the sender's interfaces.
type frost struct {
	outbox.Store
	outbox.Slack
	begun, thaw chan struct{}
	at          moment
	posted      chan error // how the frozen post ended
}

// moment is the point of a post at which the copy freezes.
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

func (f *frost) Exchange(ctx context.Context, e outbox.Exchange) (outbox.Exchanged, error) {
	select {
	case <-f.begun:
		<-f.thaw
	default:
	}
	return f.Store.Exchange(ctx, e)
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
			h := newOutboxHarness(t)
			h.files("alice", "Only once")
			o := h.options("frozen")
			f := newFrost(o, test.at)
			o.Store, o.Slack = f, f
			stop := h.sends(o)
			<-f.begun
			h.sends(h.options("other"))
			h.until(`SELECT posted_ts <> '' FROM outbox WHERE kind = 'card'`)
			close(f.thaw)
			if err := <-f.posted; (err == nil) != (test.at != beforeTheCheck) || err != nil && !errors.Is(err, outbox.ErrOvertaken) {
				t.Errorf("the frozen post ended with %v", err)
			}
			stop() // returns when the thawed copy has handled its message
			if n := h.standing("Only once"); n != 1 {
				t.Errorf("the card stands %d times", n)
			}
			if n := h.calls("chat.postMessage"); n != test.posts {
				t.Errorf("it was posted %d times, not %d", n, test.posts)
			}
			h.until(`SELECT posted_ts = $1 AND state = 'waiting' FROM outbox WHERE kind = 'card'`, h.reads("Only once").TS)
		})
	}
}

// tap tells when a post begins, and its result.
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

// loses runs a sender until it posts, and then gives its lease to another copy. It returns
// the result of the post after the sender has stopped.
func (h *outboxHarness) loses(o outbox.Options) error {
	h.t.Helper()
	p := &tap{Slack: o.Slack, posting: make(chan struct{}, 10), ended: make(chan error, 10)}
	o.Slack = p
	stop := h.sends(o)
	<-p.posting
	if _, err := h.conn.Exec(h.ctx, `UPDATE leases SET until = clock_timestamp()`); err != nil {
		h.t.Fatal(err)
	}
	if lease, err := h.lease("winner"); err != nil || !lease.Holding {
		h.t.Fatalf("the other copy's lease: %+v, %v", lease, err)
	}
	err := <-p.ended
	stop()
	return err
}

func TestLosingTheLeaseDoesNotCutACall(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	h.files("alice", "In flight")
	h.trouble(slacksim.Fault{Kind: slacksim.FaultDelay, DelayMS: 3000, Method: "chat.postMessage", Count: 1})
	if err := h.loses(h.options("loser")); err != nil {
		t.Errorf("the post ended with %v", err)
	}
	h.until(`SELECT posted_ts = $1 FROM outbox WHERE kind = 'card'`, h.reads("In flight").TS)
}

// broken is a store whose connection breaks once, after a message was taken. Its Recover
// does nothing.
type broken struct {
	outbox.Store
	once sync.Once
	lost chan struct{} // closed when the message is lost; nil for none
}

func (q *broken) Exchange(ctx context.Context, e outbox.Exchange) (outbox.Exchanged, error) {
	out, err := q.Store.Exchange(ctx, e)
	if len(out.Items) > 0 && q.lost != nil {
		q.once.Do(func() {
			out, err = outbox.Exchanged{}, errors.New("connection reset")
			close(q.lost)
		})
	}
	return out, err
}

func (q *broken) Recover(context.Context, int64, time.Duration) error {
	return errors.New("canceling statement due to lock timeout")
}

// A message that was taken and then lost is posted under the same lease.
func TestMessageLostInTheMiddleIsPosted(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(h *outboxHarness, q *broken){
		"the answer to taking it was lost": func(h *outboxHarness, q *broken) {
			q.lost = make(chan struct{})
			o := h.options("copy")
			o.Store = q
			h.sends(o)
			<-q.lost
		},
		"an earlier sender's was not recovered": func(h *outboxHarness, q *broken) {
			h.unsaid()
			o := h.options("copy")
			o.Store = q
			h.sends(o)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newOutboxHarness(t)
			h.files("alice", "Lost")
			lose(h, &broken{Store: h.db})
			_, err := h.conn.Exec(h.ctx, `UPDATE outbox SET tried_at = tried_at - $1::interval WHERE kind = 'card'`, outbox.LostAfter)
			if err != nil {
				t.Fatal(err)
			}
			h.lookedFor()
			h.until(`SELECT posted_ts <> '' FROM outbox WHERE kind = 'card'`)
			if n := h.calls("chat.postMessage"); n != 1 {
				t.Errorf("it was posted %d times", n)
			}
		})
	}
}

// mute is a store that never answers the calls with which a new lease begins.
type mute struct{ outbox.Store }

func (mute) Recover(ctx context.Context, _ int64, _ time.Duration) error {
	<-ctx.Done()
	return ctx.Err()
}

func (mute) Resume(ctx context.Context) (int64, error) {
	<-ctx.Done()
	return 0, ctx.Err()
}

// A connection can be lost at any time without an error.
func TestLeaseBeginsThoughTheDatabaseIsMute(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	h.files("alice", "All the same")
	o := h.options("copy")
	o.Store = mute{o.Store}
	h.sends(o)
	h.reads("All the same")
}

func TestLeaseIsGivenBack(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	h.files("alice", "First")
	stop := h.sends(h.options("first"))
	h.reads("First")
	stop()
	if lease, err := h.lease("second"); err != nil || !lease.Holding || lease.Epoch != 2 {
		t.Errorf("the next copy's lease: %+v, %v", lease, err)
	}
}

func TestSenderKeepsTheClockOfAllCopies(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	if _, err := h.db.MoveClock(h.ctx, 48*time.Hour, 1); err != nil {
		t.Fatal(err)
	}
	o := h.options("copy")
	h.files("alice", "Later") // due now, so two days ago by that clock
	h.sends(o)
	h.reads("Later")
	if ahead := time.Until(o.Clock.Now()); ahead < 47*time.Hour {
		t.Errorf("the copy's clock is %v ahead", ahead)
	}
}

// lease asks for the lease, as another copy.
func (h *outboxHarness) lease(holder string) (outbox.Lease, error) {
	e, err := h.db.Exchange(h.ctx, outbox.Exchange{Holder: holder, Now: time.Now(), Lease: true, Busy: true})
	return e.Lease, err
}

// unsaid is an item that a sender took and left unfinished.
func (h *outboxHarness) unsaid() outbox.Item {
	h.t.Helper()
	e, err := h.db.Exchange(h.ctx, outbox.Exchange{
		Holder: "earlier", Now: time.Now().Add(time.Second), Lease: true, Most: 1, Room: h.api.Room(0),
	})
	if err != nil || len(e.Items) != 1 {
		h.t.Fatalf("the earlier copy takes %+v, %v", e, err)
	}
	if err := h.db.ReleaseLease(h.ctx, "earlier"); err != nil {
		h.t.Fatal(err)
	}
	return e.Items[0]
}

// TestLookingBack: an earlier sender may have posted the card never, once, or, together with
// a third sender, twice. In the end the card stands once.
func TestLookingBack(t *testing.T) {
	t.Parallel()
	for posted, want := range []struct{ posts, looks, deletions int }{
		{posts: 1, looks: 4},
		{posts: 1, looks: 1},
		{posts: 2, looks: 1, deletions: 1},
	} {
		t.Run(string(rune('0'+posted))+" posted", func(t *testing.T) {
			t.Parallel()
			h := newOutboxHarness(t)
			h.files("alice", "Looked for")
			i := h.unsaid()
			var first ticket.Message
			for range posted {
				at, err := h.api.Post(h.ctx, nil, h.channel("support"), "", slackformat.Message{
					Text: "Looked for", Mark: slackformat.Mark{ID: i.ID, Version: i.Desired},
				})
				if err != nil {
					t.Fatal(err)
				}
				if first.TS == "" {
					first = at
				}
			}
			stop := h.sends(h.options("later"))
			h.until(`SELECT posted_ts <> '' AND posted = desired FROM outbox WHERE kind = 'card'`)
			stop()
			got := []int{h.calls("chat.postMessage"), h.calls("conversations.history"), h.calls("chat.delete"), h.standing("Looked for")}
			if got[0] != want.posts || got[1] != want.looks || got[2] != want.deletions || got[3] != 1 {
				t.Errorf("posted, looked for, deleted, standing: %v", got)
			}
			if posted > 0 {
				h.until(`SELECT posted_ts = $1 FROM outbox WHERE kind = 'card'`, first.TS)
			}
		})
	}
}

func TestLookingBackWaitsForSlack(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	h.files("alice", "Patience")
	h.unsaid()
	h.trouble(slacksim.Fault{Kind: slacksim.FaultHTTP, Status: 503, Method: "conversations.history", Count: 2})
	stop := h.sends(h.options("later"))
	h.reads("Patience")
	stop()
	if looks, posts := h.calls("conversations.history"), h.calls("chat.postMessage"); looks != 6 || posts != 1 {
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

// If a sender is killed just after it has renewed its lease, another follows as soon as the
// lease ends.
func TestAnotherSendsWithinFiveSeconds(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	for _, later := range []time.Duration{0, 400 * time.Millisecond} { // when the other copy begins to ask
		h.files("alice", "Soon")
		lease, err := h.lease("killed")
		if err != nil || !lease.Holding {
			t.Fatal(lease, err)
		}
		killed := time.Now()
		<-time.After(later)
		stop := h.sends(h.options("other"))
		h.until(`SELECT holder = 'other' FROM leases`)
		if took := time.Since(killed); took > outbox.LeaseTime+500*time.Millisecond {
			t.Errorf("looking from %v on: after %v", later, took)
		}
		stop()
	}
}

// refusedLate is a Slack whose first refusal arrives when another copy has taken the message.
type refusedLate struct {
	outbox.Slack
	h       *outboxHarness
	refused chan struct{}
}

func (r *refusedLate) Post(ctx context.Context, guard slackapi.Guard, channel, thread string, m slackformat.Message) (ticket.Message, error) {
	at, err := r.Slack.Post(ctx, guard, channel, thread, m)
	if _, failed := r.h.conn.Exec(r.h.ctx, `UPDATE outbox SET epoch = epoch + 1, tried_at = clock_timestamp()`); failed != nil {
		r.h.t.Error(failed)
	}
	close(r.refused)
	return at, err
}

// telling is a desk that counts the calls of TellUnreachable.
type telling struct {
	outbox.Desk
	told atomic.Int64
}

func (d *telling) TellUnreachable(ctx context.Context, channel, why string, operators []string, now time.Time) error {
	d.told.Add(1)
	return d.Desk.TellUnreachable(ctx, channel, why, operators, now)
}

// Operators are not told of a refusal that a copy learns of too late, because the other copy
// may have posted the card.
func TestOperatorsAreToldOfARefusalThatCounts(t *testing.T) {
	t.Parallel()
	for name, late := range map[string]bool{"in time": false, "too late": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newOutboxHarness(t)
			h.trouble(slacksim.Fault{Kind: slacksim.FaultError, Error: "not_in_channel", Method: "chat.postMessage", Count: 1})
			h.files("alice", "Whose card?")
			o := h.patient("copy")
			d := &telling{Desk: o.Composer.Desk}
			o.Composer.Desk, o.Composer.Operators = d, []string{h.person("bob")}
			if !late {
				h.sends(o)
				h.until(`SELECT count(*) = 1 FROM outbox WHERE kind = 'unreachable'`)
				return
			}
			slack := &refusedLate{Slack: o.Slack, h: h, refused: make(chan struct{})}
			o.Slack = slack
			stop := h.sends(o)
			<-slack.refused
			stop() // returns when the copy has recorded the refusal
			if n := d.told.Load(); n != 0 {
				t.Errorf("operators are told %d times", n)
			}
		})
	}
}

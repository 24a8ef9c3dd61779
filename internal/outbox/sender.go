package outbox

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"supporty/internal/clock"
	"supporty/internal/desk"
)

// places are where something is said, each by hands of its own.
var places = []desk.Queue{desk.QueueSupport, desk.QueueDigest, desk.QueuePage}

// workersPerQueue is how many messages are on their way at a time: a call that is slow
// to be answered keeps one hand and one thread waiting. More hands would take
// messages that something more urgent could still overtake.
const workersPerQueue = 3

// Options of a Sender.
type Options struct {
	Holder   string // unique to this copy
	Store    Store
	Slack    Slack
	Composer *Composer
	Clock    *clock.Clock // the business clock; kept as all copies have it
	Log      *slog.Logger
	// LookAfter is how long after a call without an answer the message is looked
	// for the last time before it is sent anew, in real time: longer than Slack may
	// take to show it. 0 means 35 s.
	LookAfter time.Duration
}

const defaultLookAfter = 35 * time.Second

// Sender works off the queue while it holds the lease. Create it with New and
// call Run once; Wake is safe for concurrent use.
type Sender struct {
	Options
	composer atomic.Pointer[Composer] // Options.Composer at first
	wake     chan struct{}
	hands    map[desk.Queue]chan struct{}
	lines    map[desk.Queue]*line
	bringing chan struct{} // a place for each file on its way

	failed func(error)
	again  time.Duration // until the lease is asked for again; of Run alone

	mu    sync.Mutex
	until time.Time // the lease is ours at least until then, on this machine's monotonic clock
}

// New returns a sender. onFatal is called, at most once, when Slack does not know the
// token any more: nothing can be said until somebody mends that.
func New(o Options, onFatal func(error)) *Sender {
	s := &Sender{Options: o, wake: make(chan struct{}, 1), hands: map[desk.Queue]chan struct{}{}, lines: map[desk.Queue]*line{}, bringing: make(chan struct{}, filesAtATime)}
	s.composer.Store(o.Composer)
	s.LookAfter = cmp.Or(s.LookAfter, defaultLookAfter)
	var once sync.Once
	s.failed = func(err error) { once.Do(func() { onFatal(err) }) }
	for _, p := range places {
		s.hands[p] = make(chan struct{}, 1)
		s.lines[p] = &line{}
	}
	return s
}

// Reload lets another composer word what is said from now on.
func (s *Sender) Reload(c *Composer) { s.composer.Store(c) }

// Wake tells the sender that something new is owed about a ticket. It never
// blocks; without it, and for everything else, the sender finds out within
// RenewEvery.
func (s *Sender) Wake() { poke(s.wake) }

func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Run sends until ctx is done, and then gives the lease back.
func (s *Sender) Run(ctx context.Context) error {
	defer s.giveBack(ctx)
	ticker := time.NewTicker(RenewEvery)
	defer ticker.Stop()
	var turn *heldLease
	for ctx.Err() == nil {
		turn = s.renew(ctx, turn)
		ticker.Reset(s.again)
		s.awaitTick(ctx, ticker, turn)
	}
	turn.end()
	return nil
}

// afterTheLease is when another's lease is asked for once it has ended: not to wait
// until the next time that it would have been renewed.
const afterTheLease = 20 * time.Millisecond

// awaitTick passes wake-ups on until it is time to renew the lease.
func (s *Sender) awaitTick(ctx context.Context, ticker *time.Ticker, turn *heldLease) {
	for {
		select {
		case <-s.wake:
			turn.wake(s, desk.QueueSupport)
		case <-ticker.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

// heldLease is the time during which this copy holds the lease without a break.
type heldLease struct {
	epoch  int64
	cancel context.CancelFunc
	hands  sync.WaitGroup
}

func (t *heldLease) end() {
	if t != nil {
		t.cancel()
		t.hands.Wait()
	}
}

func (t *heldLease) wake(s *Sender, in ...desk.Queue) {
	if t == nil {
		return
	}
	for _, p := range in {
		poke(s.hands[p])
	}
}

// renew asks for the lease and returns the turn that results: the same as
// before, a new one, or nil. Losing it cancels what waits; a call to Slack that
// has begun is waited for, because its message has to be recorded or deleted.
func (s *Sender) renew(ctx context.Context, turn *heldLease) *heldLease {
	asked := time.Now()
	s.again = RenewEvery
	answer, err := s.Store.AcquireLease(ctx, s.Holder, s.Clock.Now())
	if err != nil {
		if ctx.Err() == nil {
			s.Log.Warn("asking for the sender's turn", "error", err)
		}
		if turn != nil && s.check() != nil {
			turn.end()
			return nil
		}
		return turn
	}
	s.Clock.Set(answer.Clock)
	if !answer.Holding || turn != nil && turn.epoch != answer.Epoch {
		turn.end()
		turn = nil
	}
	if !answer.Holding {
		s.again = min(RenewEvery, max(answer.Left, 0)+afterTheLease)
		return nil
	}
	s.setUntil(asked.Add(LeaseTime - leaseMargin))
	if turn == nil {
		turn = s.begin(ctx, answer.Epoch)
	}
	if answer.Pending {
		turn.wake(s, places...)
	}
	return turn
}

func (s *Sender) begin(ctx context.Context, epoch int64) *heldLease {
	s.recoverUnfinished(ctx, epoch)
	ctx, cancel := context.WithCancel(ctx)
	turn := &heldLease{epoch: epoch, cancel: cancel}
	for _, p := range places {
		for range workersPerQueue {
			turn.hands.Go(func() { s.hand(ctx, p, epoch) })
		}
	}
	s.Log.Info("this copy sends now", "epoch", epoch)
	return turn
}

// recoverUnfinished deals with what an earlier sender left. It may fail: what was left in the
// middle counts as lost after a while, and what is parked is tried again now and then.
func (s *Sender) recoverUnfinished(ctx context.Context, epoch int64) {
	ctx, cancel := context.WithTimeout(ctx, LeaseTime/2)
	defer cancel()
	if err := s.Store.Recover(ctx, epoch, s.untilLook(0)); err != nil {
		s.Log.Warn("recovering what an earlier sender left", "error", err)
	}
	if _, err := s.Store.Resume(ctx); err != nil { // the news that a channel takes messages again may have been missed
		s.Log.Warn("resuming what was parked", "error", err)
	}
}

func (s *Sender) setUntil(t time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.until = t
}

// check is asked right before each call to Slack. A process that was frozen
// finds here that its lease has run out.
func (s *Sender) check() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Now().After(s.until) {
		return ErrOvertaken
	}
	return nil
}

// Holding reports whether it is this copy that sends.
func (s *Sender) Holding() bool { return s.check() == nil }

func (s *Sender) giveBack(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if err := s.Store.ReleaseLease(ctx, s.Holder); err != nil {
		s.Log.Warn("giving the sender's turn back", "error", err)
	}
}

// hand writes to one place until the turn is over.
func (s *Sender) hand(ctx context.Context, p desk.Queue, epoch int64) {
	for {
		s.drain(ctx, p, epoch)
		select {
		case <-s.hands[p]:
		case <-ctx.Done():
			return
		}
	}
}

// drain says what can be said in a place now.
func (s *Sender) drain(ctx context.Context, p desk.Queue, epoch int64) {
	for ctx.Err() == nil {
		more, err := s.sayNext(ctx, p, epoch)
		if err != nil && ctx.Err() == nil {
			s.Log.Warn("saying what is owed", "place", p, "error", err)
		}
		if err != nil || !more {
			return
		}
	}
}

// sayNext says the next message of a place; false if there is none. A panic
// costs that message one try, not the process.
func (s *Sender) sayNext(ctx context.Context, p desk.Queue, epoch int64) (more bool, err error) {
	item, ok, err := s.next(ctx, p, epoch)
	if err != nil || !ok {
		return false, err
	}
	poke(s.hands[p]) // there may be more than one hand can take
	defer func() {
		if r := recover(); r != nil {
			s.about(item).Error("panic while saying a message", "panic", r)
			err = errors.Join(err, s.Store.RecordFailure(ctx, item, item.untried("panic")))
		}
	}()
	if err := s.say(ctx, item); err != nil {
		return false, fmt.Errorf("outbox %s (%s): %w", item.ID, item.Kind, err)
	}
	s.about(item).Debug("a message was dealt with", "tries", item.Attempts)
	return true, nil
}

// about is the log of what becomes of an item.
func (s *Sender) about(i Item) *slog.Logger {
	return s.Log.With("outbox", i.ID, "kind", i.Kind, "ticket", int64(i.Ticket))
}

// next takes the next message of a place. The end of the turn does not interrupt
// it: a message that was taken without our knowing would count as half sent.
func (s *Sender) next(ctx context.Context, p desk.Queue, epoch int64) (Item, bool, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), LeaseTime/2)
	defer cancel()
	return s.lines[p].next(ctx, s.Store, p, epoch, s.Clock.Now())
}

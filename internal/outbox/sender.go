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

// queues are what is worked off, each by workers of its own.
var queues = []desk.Queue{desk.QueueSupport, desk.QueueDigest, desk.QueuePage}

// workersPerQueue is how many messages of a queue are on their way at a time. A slow call
// keeps one worker and one thread waiting. More workers would take messages that something
// more urgent could still overtake.
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
	composer   atomic.Pointer[Composer] // Options.Composer at first
	wake       chan struct{}
	wakes      map[desk.Queue]chan struct{}
	prefetched map[desk.Queue]*prefetch
	bringing   chan struct{} // a place for each file on its way

	failed func(error)
	again  time.Duration // until the lease is asked for again; of Run alone

	mu    sync.Mutex
	until time.Time // the lease is ours at least until then, on this machine's monotonic clock
}

// New returns a sender. onFatal is called, at most once, when Slack does not know the
// token any more: nothing can be posted until somebody mends that.
func New(o Options, onFatal func(error)) *Sender {
	s := &Sender{Options: o, wake: make(chan struct{}, 1), wakes: map[desk.Queue]chan struct{}{}, prefetched: map[desk.Queue]*prefetch{}, bringing: make(chan struct{}, filesAtATime)}
	s.composer.Store(o.Composer)
	s.LookAfter = cmp.Or(s.LookAfter, defaultLookAfter)
	var once sync.Once
	s.failed = func(err error) { once.Do(func() { onFatal(err) }) }
	for _, q := range queues {
		s.wakes[q] = make(chan struct{}, 1)
		s.prefetched[q] = &prefetch{}
	}
	return s
}

// Reload lets another composer word what is posted from now on.
func (s *Sender) Reload(c *Composer) { s.composer.Store(c) }

// Wake tells the sender that something new is pending about a ticket. It never
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
	defer s.releaseLease(ctx)
	ticker := time.NewTicker(RenewEvery)
	defer ticker.Stop()
	var lease *heldLease
	for ctx.Err() == nil {
		lease = s.renew(ctx, lease)
		ticker.Reset(s.again)
		s.awaitTick(ctx, ticker, lease)
	}
	lease.end()
	return nil
}

// afterTheLease is when another's lease is asked for once it has ended: not to wait
// until the next time that it would have been renewed.
const afterTheLease = 20 * time.Millisecond

// awaitTick passes wake-ups on until it is time to renew the lease.
func (s *Sender) awaitTick(ctx context.Context, ticker *time.Ticker, lease *heldLease) {
	for {
		select {
		case <-s.wake:
			lease.wake(s, desk.QueueSupport)
		case <-ticker.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

// heldLease is the time during which this copy holds the lease without a break.
type heldLease struct {
	epoch   int64
	cancel  context.CancelFunc
	workers sync.WaitGroup
}

func (l *heldLease) end() {
	if l != nil {
		l.cancel()
		l.workers.Wait()
	}
}

func (l *heldLease) wake(s *Sender, queues ...desk.Queue) {
	if l == nil {
		return
	}
	for _, q := range queues {
		poke(s.wakes[q])
	}
}

// renew asks for the lease and returns what is held then: the same as before, a new one, or
// nil. Losing it cancels what waits. A call to Slack that has begun is waited for, because
// its message has to be recorded or deleted.
func (s *Sender) renew(ctx context.Context, lease *heldLease) *heldLease {
	asked := time.Now()
	s.again = RenewEvery
	answer, err := s.Store.AcquireLease(ctx, s.Holder, s.Clock.Now())
	if err != nil {
		if ctx.Err() == nil {
			s.Log.Warn("acquiring the sender's lease", "error", err)
		}
		if lease != nil && s.check() != nil {
			lease.end()
			return nil
		}
		return lease
	}
	s.Clock.Set(answer.Clock)
	if !answer.Holding || lease != nil && lease.epoch != answer.Epoch {
		lease.end()
		lease = nil
	}
	if !answer.Holding {
		s.again = min(RenewEvery, max(answer.Left, 0)+afterTheLease)
		return nil
	}
	s.setUntil(asked.Add(LeaseTime - leaseMargin))
	if lease == nil {
		lease = s.begin(ctx, answer.Epoch)
	}
	if answer.Pending {
		lease.wake(s, queues...)
	}
	return lease
}

func (s *Sender) begin(ctx context.Context, epoch int64) *heldLease {
	s.recoverUnfinished(ctx, epoch)
	ctx, cancel := context.WithCancel(ctx)
	lease := &heldLease{epoch: epoch, cancel: cancel}
	for _, q := range queues {
		for range workersPerQueue {
			lease.workers.Go(func() { s.work(ctx, q, epoch) })
		}
	}
	s.Log.Info("this copy sends now", "epoch", epoch)
	return lease
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

func (s *Sender) releaseLease(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if err := s.Store.ReleaseLease(ctx, s.Holder); err != nil {
		s.Log.Warn("releasing the sender's lease", "error", err)
	}
}

// work posts what is in a queue until the lease is lost.
func (s *Sender) work(ctx context.Context, queue desk.Queue, epoch int64) {
	for {
		s.drain(ctx, queue, epoch)
		select {
		case <-s.wakes[queue]:
		case <-ctx.Done():
			return
		}
	}
}

// drain posts what can be posted from a queue now.
func (s *Sender) drain(ctx context.Context, queue desk.Queue, epoch int64) {
	for ctx.Err() == nil {
		more, err := s.deliverNext(ctx, queue, epoch)
		if err != nil && ctx.Err() == nil {
			s.Log.Warn("posting what is pending", "queue", queue, "error", err)
		}
		if err != nil || !more {
			return
		}
	}
}

// deliverNext posts the next message of a queue; false if there is none. A panic costs that
// message one try, not the process.
func (s *Sender) deliverNext(ctx context.Context, queue desk.Queue, epoch int64) (more bool, err error) {
	item, ok, err := s.next(ctx, queue, epoch)
	if err != nil || !ok {
		return false, err
	}
	poke(s.wakes[queue]) // there may be more than one worker can take
	defer func() {
		if r := recover(); r != nil {
			s.about(item).Error("panic while posting a message", "panic", r)
			err = errors.Join(err, s.Store.RecordFailure(ctx, item, item.untried("panic")))
		}
	}()
	if err := s.deliver(ctx, item); err != nil {
		return false, fmt.Errorf("outbox %s (%s): %w", item.ID, item.Kind, err)
	}
	s.about(item).Debug("a message was dealt with", "tries", item.Attempts)
	return true, nil
}

// about is the log of what becomes of an item.
func (s *Sender) about(i Item) *slog.Logger {
	return s.Log.With("outbox", i.ID, "kind", i.Kind, "ticket", int64(i.Ticket))
}

// next takes the next message of a queue. The loss of the lease does not interrupt it: a
// message that was taken without our knowing would count as half posted.
func (s *Sender) next(ctx context.Context, queue desk.Queue, epoch int64) (Item, bool, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), LeaseTime/2)
	defer cancel()
	return s.prefetched[queue].next(ctx, s.Store, queue, epoch, s.Clock.Now())
}

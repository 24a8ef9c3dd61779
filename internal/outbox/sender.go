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

// queues are the queues of the outbox. Each has its own workers.
var queues = []desk.Queue{desk.QueueSupport, desk.QueueDigest, desk.QueuePage}

// workersPerQueue is how many messages of a queue are sent at the same time. A slow call
// keeps only one worker and one thread waiting. With more workers, more messages would be
// taken too early, before a more urgent one arrives.
const workersPerQueue = 3

// Options of a Sender.
type Options struct {
	Holder   string // unique to this copy
	Store    Store
	Slack    Slack
	Composer *Composer
	Clock    *clock.Clock // the business clock; the sender sets it to that of all copies
	Log      *slog.Logger
	// LookAfter is the real time between a call without an answer and the last look for its
	// message, after which it is sent again. It must be longer than Slack may take to show
	// the message. 0 means 35 s.
	LookAfter time.Duration
}

const defaultLookAfter = 35 * time.Second

// Sender posts the messages of the outbox while it holds the lease. Create it with New and
// call Run once; Wake is safe for concurrent use.
type Sender struct {
	Options
	composer   atomic.Pointer[Composer] // Options.Composer at first
	wake       chan struct{}
	wakes      map[desk.Queue]chan struct{}
	prefetched map[desk.Queue]*prefetch
	bringing   chan struct{} // holds a token for each file on its way

	failed func(error)
	again  time.Duration // until the lease is asked for again; used by Run only

	mu    sync.Mutex
	until time.Time // this copy holds the lease at least until then, by this machine's monotonic clock
}

// New returns a sender. onFatal is called at most once, if Slack does not know the token any
// more. Then nothing can be posted until somebody corrects the token.
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

// Reload sets the composer of messages that are posted from now on.
func (s *Sender) Reload(c *Composer) { s.composer.Store(c) }

// Wake tells the sender that a new message about a ticket is pending. It never blocks. The
// sender finds other messages, and those without a Wake, within RenewEvery.
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

// afterTheLease is how soon after the end of another copy's lease this copy asks for it. It
// does not wait for its next regular question.
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

// heldLease is a period in which this copy holds the lease without a break.
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

// renew asks for the lease and returns the lease that is held then: the same, a new one, or
// nil. If it is lost, waiting messages are cancelled. A call to Slack that has begun is
// waited for, because its message has to be recorded or deleted.
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

// recoverUnfinished deals with the messages that an earlier sender left. It may fail:
// unfinished messages count as lost after LostAfter, and parked ones are tried again once an
// hour.
func (s *Sender) recoverUnfinished(ctx context.Context, epoch int64) {
	ctx, cancel := context.WithTimeout(ctx, LeaseTime/2)
	defer cancel()
	if err := s.Store.Recover(ctx, epoch, s.untilLook(0)); err != nil {
		s.Log.Warn("recovering what an earlier sender left", "error", err)
	}
	if _, err := s.Store.Resume(ctx); err != nil { // the event that a channel takes messages again may have been missed
		s.Log.Warn("resuming what was parked", "error", err)
	}
}

func (s *Sender) setUntil(t time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.until = t
}

// check returns ErrOvertaken if the lease has run out, as after this process was frozen. It
// is asked right before each call to Slack.
func (s *Sender) check() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Now().After(s.until) {
		return ErrOvertaken
	}
	return nil
}

// Holding reports whether this copy is the sender.
func (s *Sender) Holding() bool { return s.check() == nil }

func (s *Sender) releaseLease(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if err := s.Store.ReleaseLease(ctx, s.Holder); err != nil {
		s.Log.Warn("releasing the sender's lease", "error", err)
	}
}

// work posts the messages of a queue until the lease is lost.
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

// drain posts all messages of a queue that can be posted now.
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

// deliverNext posts the next message of a queue and returns false if there is none. A panic
// is one failed try of that message and does not end the process.
func (s *Sender) deliverNext(ctx context.Context, queue desk.Queue, epoch int64) (more bool, err error) {
	item, ok, err := s.next(ctx, queue, epoch)
	if err != nil || !ok {
		return false, err
	}
	poke(s.wakes[queue]) // another worker may find another message
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

// about is a logger with the attributes of an item.
func (s *Sender) about(i Item) *slog.Logger {
	return s.Log.With("outbox", i.ID, "kind", i.Kind, "ticket", int64(i.Ticket))
}

// next takes the next message of a queue. The loss of the lease does not interrupt it: the
// store might have taken a message that no worker knows of, and that would count as unsure.
func (s *Sender) next(ctx context.Context, queue desk.Queue, epoch int64) (Item, bool, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), LeaseTime/2)
	defer cancel()
	return s.prefetched[queue].next(ctx, s.Store, queue, epoch, s.Clock.Now())
}

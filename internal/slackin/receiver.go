package slackin

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/slack-go/slack"
)

const (
	sockets     = 2                       // so that one stands while the other reconnects
	workers     = 64                      // handlers at a time; most wait for Slack to open a form
	queueLength = 256                     // envelopes that wait for a worker
	mostRefused = 64                      // refusals under way at a time, of envelopes that found the queue full
	maxWait     = time.Second             // an envelope that waited longer is answered as busy
	ackDeadline = 2800 * time.Millisecond // Slack accepts an answer until 3 s after it sent the envelope
)

// arrival is an envelope and the connection it came from.
type arrival struct {
	envelope
	at   time.Time // real time
	from *connection
}

// Receiver holds the Socket Mode connections. Create it with NewReceiver and
// call Run once.
type Receiver struct {
	api     *slack.Client
	handler atomic.Pointer[Handler]
	log     *slog.Logger
	queue   chan arrival
	refused chan struct{} // one slot for each refusal under way
	arrived atomic.Int64  // envelopes so far
	pending atomic.Int32  // those of them that wait or are being handled
	uptime  uptime        // of the greeted sockets
	all     atomic.Int64  // sockets of all copies, by the last greeting
	first   chan struct{} // closed by the first greeting
	once    sync.Once
	silence time.Duration // shorter in tests

	ending sync.Mutex
	ended  bool // Run waits for what is under way beside
}

// NewReceiver returns a receiver on the connections of api, whose client must
// have the app-level token.
func NewReceiver(api *slack.Client, h *Handler, log *slog.Logger) *Receiver {
	r := &Receiver{
		api: api, log: log,
		queue: make(chan arrival, queueLength), refused: make(chan struct{}, mostRefused), first: make(chan struct{}),
		silence: silence,
	}
	r.handler.Store(h)
	return r
}

// Reload gives the handler other options for envelopes that arrive from now on.
func (r *Receiver) Reload(o Options) { r.handler.Store(r.handler.Load().reloaded(o)) }

// uptime counts the connected sockets.
type uptime struct {
	mu    sync.Mutex
	up    int
	since time.Time // when the first of the connected sockets was greeted, by the business clock
}

func (u *uptime) add(n int, now time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.up += n; u.up == 0 {
		u.since = time.Time{}
	} else if u.since.IsZero() {
		u.since = now
	}
}

// Connected returns how many sockets Slack has greeted that are not lost since.
func (r *Receiver) Connected() int {
	r.uptime.mu.Lock()
	defer r.uptime.mu.Unlock()
	return r.uptime.up
}

// All returns how many sockets all copies together have. Slack said so when it last
// greeted a socket of this copy; before that All returns 0.
func (r *Receiver) All() int { return int(r.all.Load()) }

// Since returns the time, by the business clock, from which at least one socket has been
// connected without a break. It is the zero time if none is connected.
func (r *Receiver) Since() time.Time {
	r.uptime.mu.Lock()
	defer r.uptime.mu.Unlock()
	return r.uptime.since
}

// Greeted is closed when the first socket is connected.
func (r *Receiver) Greeted() <-chan struct{} { return r.first }

// Run receives until ctx is done, and then returns when no envelope is pending. It
// returns an error early if Slack refuses the app token; the error says what to do.
func (r *Receiver) Run(ctx context.Context) error {
	live, leave := context.WithCancelCause(context.WithoutCancel(ctx))
	defer leave(nil)
	stop := context.AfterFunc(ctx, func() { r.drain(); leave(nil) })
	defer stop()
	var running sync.WaitGroup
	for range workers {
		running.Go(func() { r.work(live) })
	}
	for n := range sockets {
		running.Go(func() {
			if err := r.newConnection(n).supervise(live); err != nil {
				leave(err)
			}
		})
	}
	running.Wait()
	r.ending.Lock()
	r.ended = true // from now on nothing begins that would have to be waited for
	r.ending.Unlock()
	r.handler.Load().said.Wait()
	if cause := context.Cause(live); !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}

const (
	drainFor = 5 * time.Second
	quietFor = 50 * time.Millisecond // what Slack has sent may not have been read yet
)

// drain waits until every envelope is answered, and none has come for a moment: Slack would
// not send all of them again.
func (r *Receiver) drain() {
	ctx, cancel := context.WithTimeout(context.Background(), drainFor)
	defer cancel()
	for ctx.Err() == nil {
		before := r.arrived.Load()
		idle := r.pending.Load() == 0
		if pause(ctx, quietFor); idle && r.arrived.Load() == before {
			return
		}
	}
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// offer queues an envelope without waiting. A reader that waits loses its connection.
func (r *Receiver) offer(from *connection, e envelope) {
	a := arrival{envelope: e, at: time.Now(), from: from}
	r.pending.Add(1)
	r.arrived.Add(1)
	select {
	case r.queue <- a:
	default:
		r.pending.Add(-1)
		r.refuse(a)
	}
}

// refuse answers an envelope that found the queue full. In a flood even the refusals are
// limited: beyond that limit Slack itself tells the person that the app did not answer,
// and their form keeps its content.
func (r *Receiver) refuse(a arrival) {
	r.observe(a, outcomeBusy)
	if _, ok := busyAnswer(a.envelope); !ok {
		r.busy(a) // needs no slot: nothing is sent to Slack's API
		return
	}
	select {
	case r.refused <- struct{}{}:
		go func() {
			defer func() { <-r.refused }()
			r.busy(a)
		}()
	default:
	}
}

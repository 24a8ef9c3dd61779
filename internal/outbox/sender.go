package outbox

import (
	"cmp"
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"supporty/internal/clock"
)

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
// call Run once; the other methods are safe for concurrent use.
type Sender struct {
	Options
	composer  atomic.Pointer[Composer] // Options.Composer at first
	wake      chan struct{}
	begins    chan struct{}
	reports   chan report
	sightings chan sighting
	bringing  chan struct{} // holds a token for each file on its way
	failed    func(error)

	mu     sync.Mutex
	due    time.Time // NextDue
	asked  time.Time // when due was read
	until  time.Time // this copy holds the lease at least until then, by this machine's monotonic clock
	wanted time.Time // until then the lease is wanted for something else than posting
	idle   bool      // this copy sends, and nothing waits for Slack's limits
	handed []handed  // not begun yet
	others bool      // were stored since the last Begin
}

// New returns a sender. onFatal is called at most once, if Slack does not know the token any
// more. Then nothing can be posted until somebody corrects the token.
func New(o Options, onFatal func(error)) *Sender {
	s := &Sender{Options: o, wake: make(chan struct{}, 1), begins: make(chan struct{}, 1), reports: make(chan report), sightings: make(chan sighting), bringing: make(chan struct{}, filesAtATime)}
	s.composer.Store(o.Composer)
	s.LookAfter = cmp.Or(s.LookAfter, defaultLookAfter)
	var once sync.Once
	s.failed = func(err error) { once.Do(func() { onFatal(err) }) }
	return s
}

// Reload sets the composer of messages that are posted from now on.
func (s *Sender) Reload(c *Composer) { s.composer.Store(c) }

// Wake tells the sender that a new message is pending. It never blocks. Without it the sender
// finds a message within LeaseTime.
func (s *Sender) Wake() { signal(s.wake) }

func signal(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Run sends until ctx is done, and then gives the lease back.
func (s *Sender) Run(ctx context.Context) error {
	s.resumeParked(ctx)
	l := newLoop(s)
	for ctx.Err() == nil {
		l.step(ctx)
		l.await(ctx)
	}
	l.end(ctx)
	return nil
}

// check returns ErrOvertaken if the lease has run out, as after this process was frozen. It
// is asked right before each call to Slack.
func (s *Sender) check() error {
	if !s.Holding() {
		return ErrOvertaken
	}
	return nil
}

// Holding reports whether this copy is the sender. Nobody is while nothing is pending.
func (s *Sender) Holding() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Now().Before(s.until)
}

// wantFor is how long the lease is kept after somebody asked for it.
const wantFor = 2 * LeaseTime

// Hold is Holding for what one copy at a time does beside posting. Who asks makes this copy
// take the lease, if no other has it, and keep it for a while: ask again until it is true,
// and as long as it is needed.
func (s *Sender) Hold() bool {
	s.mu.Lock()
	s.wanted = time.Now().Add(wantFor)
	s.mu.Unlock()
	if s.Holding() {
		return true
	}
	s.Wake()
	return false
}

// NextDue returns when a ticket's clock has something to tell next, as it was known some
// seconds ago; the zero time if none has. It returns false if nobody knows. The sender asks
// for it with its lease, so that an idle copy makes one query for both.
func (s *Sender) NextDue() (time.Time, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.due, time.Since(s.asked) < 2*LeaseTime
}

func (s *Sender) noteDue(due, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.due, s.asked = due, now
}

func (s *Sender) isWanted() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Now().Before(s.wanted)
}

// Resume implements slackin.Outbox.
func (s *Sender) Resume(ctx context.Context) (int64, error) { return s.Store.Resume(ctx) }

func (s *Sender) setUntil(t time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.until = t
}

// about is a logger with the attributes of an item.
func (s *Sender) about(i Item) *slog.Logger {
	return s.Log.With("outbox", i.ID, "kind", i.Kind, "ticket", int64(i.Ticket))
}

// report is what a message on its way tells the loop. One of its pointers is set.
type report struct {
	posted   *Posted    // it stands, and is to be recorded
	returned *Returned  // it could not begin, and is to be put back
	answer   chan error // receives what became of that: nil, ErrOvertaken, or that it is not known; nil if nobody waits for it

	ended *try // nothing more will come of it
	err   error
}

// try identifies one try of a message.
type try struct {
	id    string
	taken time.Time
}

func (i Item) try() try { return try{i.ID, i.Taken} }

// record has the loop record a message that was posted, and waits for that.
func (s *Sender) record(p Posted) error {
	r := report{posted: &p, answer: make(chan error, 1)}
	s.reports <- r
	return <-r.answer
}

// putBack has the loop put a message back that could not begin, and waits for that.
func (s *Sender) putBack(r Returned) error {
	answer := make(chan error, 1)
	s.reports <- report{returned: &r, answer: answer}
	return <-answer
}

// Package catchup learns of what happened while nobody was connected. Slack tries
// an event again for some minutes and then forgets it; what people wrote and which
// emoji they put can be read afterwards.
//
// Until when everything is known is a watermark in the database. While a copy is
// connected it follows the time; behind a gap the copy that sends reads the threads
// of the tickets that matter, and has the desk compare them with what it knows.
//
// What a message or an emoji means is the desk's business. No SQL may enter.
package catchup

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"supporty/internal/desk"
	"supporty/internal/slackapi"
	"supporty/internal/ticket"
)

// Tolerance is how long a copy may give no sign of being connected before it counts as
// gone, and how long a gap may be that alerts do not wait for. That Slack sends again what
// nobody took is not documented for gaps of seconds: they are read as well.
const Tolerance = 30 * time.Second

// HoldFor is how long alerts wait for what is read afterwards.
const HoldFor = 2 * time.Minute

// answersFor is how long after the end of a ticket what is written in its thread
// still matters.
const answersFor = ticket.ReopenWindow

// A database whose machine has gone without a word never answers; nor does it end the
// connection before a quarter of an hour has passed.
const storeWithin = 5 * time.Second

const (
	pulseEvery  = 10 * time.Second // while nothing is to be done
	behindEvery = time.Second      // while a gap waits for the copy that reads
	awayEvery   = 200 * time.Millisecond
)

// Watermark is until when everything that happened is known. Times are UTC, by the
// business clock.
type Watermark struct {
	SeenUntil     time.Time // everything until here is known
	UnbrokenSince time.Time // and everything since here, as it happens
	PulsedAt      time.Time // when a copy was last connected
}

// Behind reports whether there is a gap to be read.
func (w Watermark) Behind() bool { return w.UnbrokenSince.After(w.SeenUntil) }

// Long reports whether the gap is one that alerts wait for.
func (w Watermark) Long() bool { return w.UnbrokenSince.Sub(w.SeenUntil) > Tolerance }

// Pulse is a copy's sign that it is connected.
type Pulse struct {
	Channel string
	Copy    string    // which copy it is
	Begins  bool      // it gives its first sign: the one that it follows may have left something
	Since   time.Time // since when it is
	Now     time.Time
	Lost    time.Time // since then something may have arrived that was not stored; zero if all was
}

// Thread is where people write about a ticket.
type Thread struct {
	Ticket    ticket.Number
	Requester string
	OpenedAt  time.Time
	Ended     bool
	Root      ticket.Message
	Current   bool // its root is the ticket's card
	Busy      bool // somebody has the ticket, or it waits: its replies may be questions
}

// Store keeps the watermark. Implementations are safe for concurrent use.
type Store interface {
	// Pulse moves the watermark forward if nothing was missed, opens a gap if
	// something was, and returns the watermark that results.
	Pulse(ctx context.Context, p Pulse) (Watermark, error)
	// Leave notes that a copy ends. What it may have left is read by another one.
	Leave(ctx context.Context, copyID string) error
	// Watermark returns a channel's; the zero Watermark if it has none.
	Watermark(ctx context.Context, channel string) (Watermark, error)
	// CaughtUp notes that everything until a time is known.
	CaughtUp(ctx context.Context, channel string, until time.Time) error
	// Threads lists those of tickets that have not ended, or not before a time,
	// the most urgent first and a ticket's current one before its others.
	Threads(ctx context.Context, ended time.Time) ([]Thread, error)
}

// Desk is what is asked of the desk.
type Desk interface {
	Find(ctx context.Context, n ticket.Number) (desk.Record, error)
	FindByNotice(ctx context.Context, m ticket.Message) (ticket.Number, error)
	FindByReply(ctx context.Context, m ticket.Message) (ticket.Number, error)
	Address(ctx context.Context, person string, m ticket.Message, at, now time.Time) (ticket.Number, error)
	CatchUp(ctx context.Context, s desk.Observation) (bool, error)
}

// Slack is what is read of Slack; *slackapi.Client is one.
type Slack interface {
	Thread(ctx context.Context, channel, root string, since time.Time) (slackapi.Thread, error)
	Skim(ctx context.Context, channel string, since time.Time, take func([]slackapi.Written) bool) error
	Directs(ctx context.Context, channel string, since, threads time.Time) ([]slackapi.Direct, error)
	Direct(ctx context.Context, person string) (channel string, err error)
}

// Settings are the options that can change while the program runs.
type Settings struct {
	Desk    Desk
	Name    func(ctx context.Context, id string) string // how somebody is called
	Channel string                                      // the support channel's id
	Signs   map[string]ticket.Sign                      // by the names of their emoji
}

// Options of a CatchUp.
type Options struct {
	Copy    string // tells this copy from all others
	Store   Store
	Slack   Slack
	Now     func() time.Time     // the business clock
	Since   func() time.Time     // since when this copy is connected; zero if it is not
	Turn    func() bool          // whether this copy sends, and so may read
	Changed func()               // the outbox may owe something
	Observe func(outcome string) // of a thread or direct channel: news, nothing, failed
	Behind  func(time.Duration)  // how long the gap is
	Log     *slog.Logger
}

// CatchUp keeps the watermark and reads what was missed. Create it with New and
// call Run once; the other methods are safe for concurrent use.
type CatchUp struct {
	Options
	settings atomic.Pointer[Settings]

	reading sync.WaitGroup
	read    chan struct{} // holds one token while this copy reads
	wake    chan struct{} // something was lost

	due time.Time // when the next beat is, by this machine's clock; of Run alone

	mu     sync.Mutex
	lost   time.Time // since when something that arrived may not be stored; zero if all is
	woke   time.Time // when this process was found to have stood still; zero if never
	known  Watermark // by the last pulse
	pulsed time.Time // when that was, by this machine's clock
	since  time.Time // since when this copy was connected then; zero before the first
	hold   hold
}

// New returns a CatchUp.
func New(o Options, s Settings) *CatchUp {
	c := &CatchUp{Options: o, read: make(chan struct{}, 1), wake: make(chan struct{}, 1)}
	c.Reload(s)
	return c
}

// Reload lets other settings hold for what is read from now on.
func (c *CatchUp) Reload(s Settings) { c.settings.Store(&s) }

// Lost notes that something that happened at a time may have arrived, and was not
// stored: it is to be read like what did not arrive.
func (c *CatchUp) Lost(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.lost.IsZero() || at.Before(c.lost) {
		c.lost = at
	}
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// Run keeps the watermark until ctx is done.
func (c *CatchUp) Run(ctx context.Context) error {
	defer c.reading.Wait()
	for {
		timer := time.NewTimer(c.beat(ctx))
		select {
		case <-timer.C:
		case <-c.wake:
		case <-ctx.Done():
			timer.Stop()
			return nil
		}
		timer.Stop() // when it was woken
	}
}

// Leave lets another copy know that this one has no sockets any more: what Slack has sent
// to them at the last is for that one to read. It comes after Run, and after the sockets.
func (c *CatchUp) Leave(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, storeWithin)
	defer cancel()
	if err := c.Store.Leave(ctx, c.Copy); err != nil {
		c.Log.Warn("another copy learns later that this one has left", "error", err)
	}
	return nil
}

// Connected gives a sign that this copy is connected, and learns whether there is a
// gap. At the start it comes before Run, which gives the others.
func (c *CatchUp) Connected(ctx context.Context) {
	if _, err := c.pulse(ctx, c.connectedSince()); err != nil {
		c.Log.Warn("keeping the watermark", "error", err)
	}
}

// beat gives a sign that this copy is connected, and returns when to beat again. What
// comes much later than that finds a process that stood still, or a machine that slept:
// its sockets seem to stand, but whatever happened may have passed them by.
func (c *CatchUp) beat(ctx context.Context) time.Duration {
	if !c.due.IsZero() && onTheWall().Sub(c.due) > Tolerance {
		c.mu.Lock()
		c.woke = c.Now()
		c.mu.Unlock()
	}
	pause := c.sign(ctx)
	c.due = onTheWall().Add(pause)
	return pause
}

// onTheWall is this machine's time as it goes on while the machine sleeps.
func onTheWall() time.Time { return time.Now().Round(0) }

// connectedSince is since when this copy is connected and awake; the zero time if it
// is not connected.
func (c *CatchUp) connectedSince() time.Time {
	since := c.Since()
	c.mu.Lock()
	defer c.mu.Unlock()
	if !since.IsZero() && since.Before(c.woke) {
		return c.woke
	}
	return since
}

// sign gives the sign, begins to read if there is a gap, and returns when to do so
// again.
func (c *CatchUp) sign(ctx context.Context) time.Duration {
	since := c.connectedSince()
	if since.IsZero() {
		return awayEvery
	}
	w, err := c.pulse(ctx, since)
	if err != nil {
		if ctx.Err() == nil {
			c.Log.Warn("keeping the watermark", "error", err)
		}
		return behindEvery
	}
	if !w.Behind() {
		return pulseEvery
	}
	if c.Turn() {
		c.begin(ctx, w)
	}
	return behindEvery
}

func (c *CatchUp) pulse(ctx context.Context, since time.Time) (Watermark, error) {
	if since.IsZero() {
		return Watermark{}, nil // the connection is lost again
	}
	c.mu.Lock()
	lost, begins := c.lost, c.since.IsZero()
	c.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, storeWithin)
	defer cancel()
	w, err := c.Store.Pulse(ctx, Pulse{
		Channel: c.settings.Load().Channel, Copy: c.Copy, Begins: begins, Since: since, Now: c.Now(), Lost: lost,
	})
	if err != nil {
		return w, err
	}
	c.Behind(max(0, w.UnbrokenSince.Sub(w.SeenUntil)))
	c.mu.Lock()
	defer c.mu.Unlock()
	c.known, c.since, c.pulsed = w, since, onTheWall()
	if c.lost.Equal(lost) {
		c.lost = time.Time{}
	}
	return w, nil
}

// begin reads a gap in the background, unless this copy does so already.
func (c *CatchUp) begin(ctx context.Context, w Watermark) {
	select {
	case c.read <- struct{}{}:
	default:
		return
	}
	c.reading.Go(func() {
		defer func() { <-c.read }()
		c.readGap(ctx, w)
	})
}

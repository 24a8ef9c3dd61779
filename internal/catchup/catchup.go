// Package catchup reads what happened in Slack while no copy was connected. Slack sends
// an event again for some minutes and then drops it. But messages and emoji can be read
// later.
//
// A watermark in the database holds the time until which everything is known. While a
// copy is connected, the watermark follows the time. After a gap the copy that sends
// reads all cards first, 200 a call, and then the threads and direct messages of which the
// cards do not show everything. How far it has come is stored, so that an interruption
// costs nothing that was read. The desk compares what was read with the timelines.
//
// The meaning of a message or an emoji is the desk's business. No SQL may enter.
package catchup

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"supporty/internal/desk"
	"supporty/internal/slackapi"
	"supporty/internal/ticket"
)

// Tolerance is how long a copy may give no sign before it counts as disconnected. It is
// also the longest gap for which alerts do not wait. Slack's documentation does not
// promise to send events of a gap of seconds again, so such a gap is read as well.
const Tolerance = 30 * time.Second

// HoldFor is how long alerts wait until a gap is read.
const HoldFor = 2 * time.Minute

// answersFor is how long messages in a ticket's thread matter after the ticket's end.
const answersFor = ticket.ReopenWindow

// A database whose machine has died never answers, and the connection does not end before
// a quarter of an hour has passed. So every call has a limit.
const storeWithin = 5 * time.Second

const (
	pulseEvery  = 10 * time.Second // while there is no gap
	behindEvery = time.Second      // while a gap waits for the copy that reads
	awayEvery   = 200 * time.Millisecond
)

// Watermark holds until when everything is known. Times are UTC, by the business clock.
type Watermark struct {
	SeenUntil     time.Time // everything until then is known, except what is unread
	UnreadSince   time.Time // the earliest Unread.Since; zero if nothing is unread
	UnbrokenSince time.Time // everything since then was received as it happened
	PulsedAt      time.Time // when a copy was last connected
	Lap           Lap       // the reading of cards that is under way, if there is one
	Copies        int       // that are connected, as far as is known; the first sign does not count its own
}

// KnownUntil is the time until which everything is known without an exception.
func (w Watermark) KnownUntil() time.Time { return earlier(w.SeenUntil, w.UnreadSince) }

// Behind reports whether there is a gap to read.
func (w Watermark) Behind() bool { return w.UnbrokenSince.After(w.KnownUntil()) }

// CardsBehind reports whether the cards are among what is to be read.
func (w Watermark) CardsBehind() bool { return w.UnbrokenSince.After(w.SeenUntil) }

// Gap is the length of the gap that is still to be read.
func (w Watermark) Gap() time.Duration { return max(0, w.UnbrokenSince.Sub(w.KnownUntil())) }

// Long reports whether alerts wait for the gap.
func (w Watermark) Long() bool { return w.Gap() > Tolerance }

// Pulse is a copy's sign that it is connected.
type Pulse struct {
	Channel string
	Copy    string    // which copy it is
	Begins  bool      // its first sign: the copy before it may have left something unread
	Since   time.Time // since when it is connected
	Now     time.Time
	Lost    time.Time // since then an event may have arrived and not been stored; zero if all were
}

// Thread is a thread about a ticket.
type Thread struct {
	Ticket    ticket.Number
	Requester string
	OpenedAt  time.Time
	Ended     bool
	Root      ticket.Message
	Current   bool // its root is the ticket's card
	Busy      bool // the ticket has an owner or is paused: replies may be marked questions
}

// Unread is a thread, or the direct messages of a person, in which something may have
// happened in a gap that is not known yet.
type Unread struct {
	In      ticket.Message // the thread's first message; for direct messages the person, without a ts
	Ticket  ticket.Number  // what it is about; of a person's tickets the most urgent
	Changed bool           // it is known that there is something new
	Since   time.Time      // the gap is from then
	Until   time.Time      // until then
}

// Direct reports whether it is the direct messages of a person.
func (u Unread) Direct() bool { return u.In.TS == "" }

// Store keeps the watermark and how far a gap is read. Implementations are safe for
// concurrent use.
type Store interface {
	// Pulse moves the watermark forward if nothing was missed, or else opens a gap. It
	// returns the new watermark.
	Pulse(ctx context.Context, p Pulse) (Watermark, error)
	// Leave records that a copy ends. Another copy reads the events that this one missed.
	Leave(ctx context.Context, copyID string) error
	// Watermark returns the watermark of a channel, or the zero Watermark.
	Watermark(ctx context.Context, channel string) (Watermark, error)
	// Left records that the bot is not in a channel, unless that is known, and since when.
	Left(ctx context.Context, channel string, since time.Time) error
	// Back records that the bot is in a channel. If it was not, that opens a gap until now in the
	// watermark of the support channel, and missed is true.
	Back(ctx context.Context, support, channel string, now time.Time) (missed bool, err error)
	// BeginLap records that all cards are to be read.
	BeginLap(ctx context.Context, channel string, l Lap) error
	// Advance records how far a lap has come, and what it found unread. What is unread
	// already stays so since its earlier time. The error is ErrOtherLap if another lap has
	// begun.
	Advance(ctx context.Context, channel string, l Lap, found []Unread) error
	// EndLap is the last Advance of a lap: all cards are known until l.Until.
	EndLap(ctx context.Context, channel string, l Lap, found []Unread) error
	// Unread lists what is to be read next. What has failed three times comes after the
	// rest. What is known to have changed comes first, then what is unread for the longest
	// time, and among these what is about the most urgent ticket.
	Unread(ctx context.Context, limit int) ([]Unread, error)
	// Read records that something is read, unless it is unread again because of a later gap.
	Read(ctx context.Context, u Unread) error
	// Failed records that a try to read something failed.
	Failed(ctx context.Context, u Unread) error
	// FailedIn records that nothing in a channel can be read: it comes after the rest.
	FailedIn(ctx context.Context, channel string) error
	// Threads lists the threads of tickets of which something may have been missed in a
	// gap. The most urgent ticket comes first, and its current thread before its others.
	Threads(ctx context.Context, of Missed) ([]Thread, error)
	// ThreadsOf is Threads for the tickets of one requester.
	ThreadsOf(ctx context.Context, requester string, of Missed) ([]Thread, error)
}

// Missed says of which tickets something may have been missed.
type Missed struct {
	Opened time.Time // before that: of later ones all was received as it happened
	Ended  time.Time // after that, or not at all
}

// ErrOtherLap means that another copy has begun a lap of its own.
var ErrOtherLap = errors.New("another copy reads the cards now")

// Desk is the part of the desk that catching up calls.
type Desk interface {
	Find(ctx context.Context, n ticket.Number) (desk.Record, error)
	FindByNotice(ctx context.Context, m ticket.Message) (ticket.Number, error)
	FindByReply(ctx context.Context, m ticket.Message) (ticket.Number, error)
	IsOwn(ctx context.Context, n ticket.Number, person string) (bool, error)
	Address(ctx context.Context, person string, m ticket.Message, thread ticket.Number, at, now time.Time) (ticket.Number, error)
	CatchUp(ctx context.Context, s desk.Observation) (bool, error)
	UnsettledQuestions(ctx context.Context, channel string, now time.Time) ([]desk.Question, error)
	CatchUpQuestions(ctx context.Context, known []desk.Question, seen []desk.SeenQuestion, since, now time.Time) error
}

// Slack is the part of Slack that catching up reads; *slackapi.Client implements it.
type Slack interface {
	Thread(ctx context.Context, channel, root string, since time.Time) (slackapi.Thread, error)
	Skim(ctx context.Context, channel, ts string) (page []slackapi.Written, more bool, err error)
	Directs(ctx context.Context, channel string, since, threads time.Time) ([]slackapi.Direct, error)
	Direct(ctx context.Context, person string) (channel string, err error)
}

// Settings are the options that can change while the program runs.
type Settings struct {
	Desk    Desk
	Name    func(ctx context.Context, id string) string // a person's name
	Channel string                                      // the support channel's id
	Homes   []string                                    // the ids of the squads' channels
	Signs   map[string]ticket.Sign                      // by emoji name
}

// Options of a CatchUp.
type Options struct {
	Copy       string // tells this copy from all others
	Store      Store
	Slack      Slack
	Now        func() time.Time     // the business clock
	Since      func() time.Time     // since when this copy is connected; zero if it is not
	HoldsLease func() bool          // whether this copy sends, and so reads gaps
	OnEnqueued func()               // called when messages may have been enqueued
	OnRead     func(outcome string) // counts threads and direct channels by outcome: news, nothing, failed
	OnSign     func(Watermark)      // called with what each sign leaves
	Log        *slog.Logger
}

// CatchUp keeps the watermark and reads gaps. Create it with New and call Run once; the
// other methods are safe for concurrent use.
type CatchUp struct {
	Options
	settings atomic.Pointer[Settings]

	reading sync.WaitGroup
	read    chan struct{} // holds one token while this copy reads
	wake    chan struct{} // wakes Run: something was lost

	due time.Time // when the next beat is due, by this machine's clock; used by Run only

	mu     sync.Mutex
	lost   time.Time // since when an arrived event may not be stored; zero if all are
	woke   time.Time // when this process was last found to have stood still; zero if never
	known  Watermark // from the last pulse
	pulsed time.Time // time of the last pulse, by this machine's clock
	since  time.Time // since when this copy was connected at that pulse; zero before the first
	hold   hold
}

// New returns a CatchUp.
func New(o Options, s Settings) *CatchUp {
	c := &CatchUp{Options: o, read: make(chan struct{}, 1), wake: make(chan struct{}, 1)}
	c.Reload(s)
	return c
}

// Reload sets the settings for gaps that are read from now on.
func (c *CatchUp) Reload(s Settings) { c.settings.Store(&s) }

// Lost records that an event of a time may have arrived and was not stored. It is read
// later like an event that did not arrive.
func (c *CatchUp) Lost(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.lost.IsZero() || at.Before(c.lost) {
		c.lost = at
	}
	c.beatNow()
}

// beatNow has Run give the next sign at once.
func (c *CatchUp) beatNow() {
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
		timer.Stop() // when something was lost
	}
}

// Leave tells the other copies that this one has no sockets any more. Another copy then
// reads the events that Slack last sent to this one. Call it after Run has ended and the
// sockets are closed.
func (c *CatchUp) Leave(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, storeWithin)
	defer cancel()
	if err := c.Store.Leave(ctx, c.Copy); err != nil {
		c.Log.Warn("another copy learns later that this one has left", "error", err)
	}
	return nil
}

// Connected gives a sign that this copy is connected, and learns whether there is a gap.
// At the start, call it before Run, which gives the later signs.
func (c *CatchUp) Connected(ctx context.Context) {
	if _, err := c.pulse(ctx, c.connectedSince()); err != nil {
		c.Log.Warn("keeping the watermark", "error", err)
	}
}

// beat gives a sign that this copy is connected, and returns the time until the next
// beat. A beat that comes much too late means that the process stood still or that the
// machine slept. Its sockets may look connected, but events may have been missed.
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

// onTheWall is this machine's wall clock, which goes on while the machine sleeps.
func onTheWall() time.Time { return time.Now().Round(0) }

// connectedSince is the time since which this copy is connected and awake. It is zero if
// the copy is not connected.
func (c *CatchUp) connectedSince() time.Time {
	since := c.Since()
	c.mu.Lock()
	defer c.mu.Unlock()
	if !since.IsZero() && since.Before(c.woke) {
		return c.woke
	}
	return since
}

// sign gives the sign and starts to read if there is a gap. It returns the time until the
// next sign.
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
	if c.HoldsLease() {
		c.begin(ctx, w)
	}
	return behindEvery
}

func (c *CatchUp) pulse(ctx context.Context, since time.Time) (Watermark, error) {
	if since.IsZero() {
		return Watermark{}, nil // the connection was lost meanwhile
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
	c.OnSign(w)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.known, c.since, c.pulsed = w, since, onTheWall()
	if c.lost.Equal(lost) {
		c.lost = time.Time{}
	}
	return w, nil
}

// begin reads a gap in the background, unless this copy is reading one.
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

// Package outbox brings what the desk enqueues into Slack: once, in order, the most urgent
// first. The outbox holds the messages that should stand in Slack; one copy at a time, which
// holds a lease, works it off.
//
// The desk decides what is enqueued, and whether it is obsolete by now; slackview how it
// looks; slackapi how Slack is called. No SQL may enter.
package outbox

import (
	"context"
	"errors"
	"time"

	"supporty/internal/clock"
	"supporty/internal/desk"
	"supporty/internal/insight"
	"supporty/internal/slackapi"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// ErrOvertaken says that another sender has taken the message over; nothing was
// recorded.
var ErrOvertaken = errors.New("another sender has taken over")

// Item is one message that should stand in Slack.
type Item struct {
	desk.Notice
	Desired    int64     // the version it should show
	Epoch      int64     // of the lease under which it was taken
	Taken      time.Time // when, by the queue's clock: no other try has both
	Unsure     bool      // an earlier try had no answer
	Looked     int       // how often it was looked for since
	Attempts   int       // tries without success, this one included
	Posted     ticket.Message
	PostedAt   time.Time // when it was first posted; zero if it does not stand
	Upload     string    // of a file: its id in Slack, once its bytes are there; it may not stand anywhere yet
	Prefetched []string  // of what Next returns: the ids of what comes after it, as it looked then
}

// Standing reports whether the message is in Slack already and has to be
// changed rather than posted.
func (i Item) Standing() bool { return i.Posted.TS != "" }

// Ephemeral reports whether the message is seen once and cannot be looked for:
// it is tried once at most.
func (i Item) Ephemeral() bool { return i.Kind.Ephemeral() }

// Lease is the outcome of asking for the sender's lease.
type Lease struct {
	Holding bool
	Epoch   int64         // goes up whenever another copy gets the lease
	Left    time.Duration // until the lease ends, unless who has it renews it
	Pending bool          // whether anything can be posted now
	Clock   clock.Setting // what the business clock follows
}

// Store keeps the messages. Implementations are safe for concurrent use.
type Store interface {
	// AcquireLease takes the lease, renews it, or finds that another copy has it.
	// The lease lasts LeaseTime from a moment during the call.
	AcquireLease(ctx context.Context, holder string, now time.Time) (Lease, error)
	// ReleaseLease gives the lease back, so that another copy need not wait for it.
	ReleaseLease(ctx context.Context, holder string) error
	// Recover marks what earlier senders left in the middle as unsure, to be looked for
	// a (real) time after it was tried: their calls have ended with them.
	Recover(ctx context.Context, epoch int64, after time.Duration) error
	// Next takes the most urgent message that may be posted from a queue now; false
	// if there is none, or if the lease is not the caller's any more.
	Next(ctx context.Context, queue desk.Queue, epoch int64, now time.Time) (Item, bool, error)
	// Take takes a message that Next has named, if it may still be posted.
	// That costs less than to look at everything that is pending.
	Take(ctx context.Context, id string, epoch int64, now time.Time) (Item, bool, error)
	// RecordPosted notes where the message stands. It returns ErrOvertaken if
	// another sender took the item since.
	RecordPosted(ctx context.Context, i Item, at ticket.Message, now time.Time) error
	// RecordUpload notes what a file is going to be in Slack, before it is shared. It
	// returns ErrOvertaken if another sender took the item since.
	RecordUpload(ctx context.Context, i Item, upload string) error
	// RecordFailure notes what becomes of an item that was not posted. One that is
	// desired anew since it was taken is not dropped. It returns ErrOvertaken if the
	// item was taken since, or what became of it is recorded already.
	RecordFailure(ctx context.Context, i Item, f Failure) error
	// Where returns where an item stands; the zero Message if it does not.
	Where(ctx context.Context, id string) (ticket.Message, error)
	// Root returns where the first message with an ordering key stands; the zero Message if it
	// does not.
	Root(ctx context.Context, orderingKey string) (ticket.Message, error)
	// Resume lets parked messages be tried again and returns how many there are.
	Resume(ctx context.Context) (int64, error)
	// Overwritten notes that a message of ours showed a version since a time, by Slack's
	// clock. If it showed a newer version before, that was overwritten, and is to be posted
	// again; in whichever order Slack tells of the two.
	Overwritten(ctx context.Context, at ticket.Message, version int64, observed time.Time) error
}

// Failure is what becomes of an item that was not posted.
type Failure struct {
	State   State
	Reason  string        // for the operator; never anything people wrote
	After   time.Duration // real time until the next try; for Waiting and Unsure
	Looked  int           // for Unsure; for Parked and Undeliverable one more, if it may have been posted
	Free    bool          // the try does not count: it was not the message's fault
	Forget  bool          // for Dropped: the alert, or the escalation's step, counts as never told
	File    *desk.File    // of one that is not brought along: what is known of it; a sentence is posted in its place
	Enqueue []desk.Notice // what is to be enqueued because of it

	AskCard bool         // the ticket's card is to be posted anew: it may be gone
	NewCard *desk.Notice // of a card: another one that takes its place; replies under each belong to the ticket

	Unbrought desk.Unbrought // why the file is not brought
}

// State is where an item stands on its way.
type State string

// The states of an item. One that was posted is Waiting again, with nothing to
// wait for.
const (
	Waiting State = "waiting" // to be taken
	Sending State = "sending" // a sender has it
	Unsure  State = "unsure"  // it may have been posted
	Parked  State = "parked"  // its channel does not take it
	Dropped State = "dropped" // it is not to be posted any more

	// Undeliverable is what Slack does not take, however it is tried: an operator
	// decides. What follows with the same key does not wait.
	Undeliverable State = "undeliverable"
)

// Stuck is a message that does not get into Slack, as an operator is told of it:
// without a word of what it says.
type Stuck struct {
	ID       string
	Ticket   ticket.Number // 0 if it is about none
	Kind     desk.NoticeKind
	State    State
	Attempts int
	Since    time.Time // real time
	Reason   string
}

// ManyTries is from how many tries without success on a message that is still
// being tried counts as stuck.
const ManyTries = 5

// BlockingTries is from how many tries without success on a message keeps nothing waiting
// any more that follows with the same key; but what begins a thread always does.
const BlockingTries = 3

// LeaseTime is how long a lease lasts, RenewEvery how often it is renewed.
const (
	LeaseTime  = 4 * time.Second
	RenewEvery = 1500 * time.Millisecond
)

// LostAfter is how long after it was taken a message counts as lost in the
// middle, though its sender still holds the lease: longer than a call to Slack
// and the record of it take.
const LostAfter = time.Minute

// leaseMargin is taken off the lease before each call, for the time until the
// call reaches Slack.
const leaseMargin = time.Second

// Desk is what the sender needs of the desk.
type Desk interface {
	Find(ctx context.Context, n ticket.Number) (desk.Record, error)
	Candidates(ctx context.Context, person string, now time.Time) ([]desk.Record, error)
	Unowned(ctx context.Context, at time.Time) ([]desk.Summary, error)
	TellUnreachable(ctx context.Context, channel, why string, operators []string, now time.Time) error
	Withhold(ctx context.Context, g desk.Gesture, card ticket.Message) (desk.Record, error)
}

// People is what the sender needs of the directory.
type People interface {
	Person(ctx context.Context, id string) (desk.Person, error)
	Name(ctx context.Context, id string) string
}

// Digests computes the numbers of a digest.
type Digests interface {
	Week(ctx context.Context, p ticket.Period) (insight.Digest, error)
}

// Slack is how the sender writes; *slackapi.Client is one.
type Slack interface {
	Identify(ctx context.Context) (slackapi.Identity, error)
	Post(ctx context.Context, guard slackapi.Guard, channel, thread string, m slackformat.Message) (ticket.Message, error)
	Update(ctx context.Context, guard slackapi.Guard, at ticket.Message, m slackformat.Message) error
	Ephemeral(ctx context.Context, guard slackapi.Guard, channel, thread, person string, m slackformat.Message) error
	Delete(ctx context.Context, at ticket.Message) error
	Find(ctx context.Context, id, channel, thread string, since time.Time) ([]slackapi.Found, error)
	Thread(ctx context.Context, channel, root string, since time.Time) (slackapi.Thread, error)

	IsIn(ctx context.Context, channel string) (bool, error)
	Look(ctx context.Context, file string) (slackapi.StoredFile, error)
	Fetch(ctx context.Context, f slackapi.StoredFile) (upload string, err error)
	Share(ctx context.Context, guard func() error, upload, title, channel, thread string) error
	DeleteFile(ctx context.Context, file string) error
}

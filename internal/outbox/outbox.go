// Package outbox posts in Slack what the desk enqueues: once, in order, the most urgent
// first. The outbox holds the messages that should stand in Slack. One copy at a time, the
// sender, holds the lease and posts them.
//
// The desk decides which messages are enqueued and which are obsolete; slackview renders
// them; slackapi calls Slack. No SQL may enter.
package outbox

import (
	"context"
	"errors"
	"time"

	"supporty/internal/deploy"
	"supporty/internal/desk"
	"supporty/internal/duty"
	"supporty/internal/insight"
	"supporty/internal/slackapi"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// ErrOvertaken says that another sender has taken the message over. Nothing was recorded.
var ErrOvertaken = errors.New("another sender has taken over")

// Item is one message that should stand in Slack.
type Item struct {
	desk.Notice
	Version  int64     // of its ticket, when it was taken; 0 if it is about none
	Desired  int64     // the version it should show
	Epoch    int64     // of the lease under which it was taken
	Taken    time.Time // when it was taken, by the store's clock; Epoch and Taken identify the try
	Unsure   bool      // an earlier try had no answer
	Looked   int       // how often it was looked for since then
	Attempts int       // tries without success, this one included
	Posted   ticket.Message
	PostedAt time.Time // when it was first posted; zero if it does not stand
	Upload   string    // of a file: its id in Slack once its bytes are there, shared or not

	Unreadable bool // its details cannot be read
}

// Standing reports whether the message stands in Slack, so that it has to be edited and not
// posted.
func (i Item) Standing() bool { return i.Posted.TS != "" }

// Ephemeral reports whether the message is ephemeral. Such a message cannot be looked for,
// so it is sent once at most.
func (i Item) Ephemeral() bool { return i.Kind.Ephemeral() }

// Store keeps the messages. Implementations are safe for concurrent use.
type Store interface {
	// Exchange does a sender's next step in one transaction. Messages are taken only if the
	// caller holds the lease; it lasts LeaseTime from a moment during the call in which it was
	// asked for. After an error it is not known whether the step was done; the same step may
	// be done again.
	Exchange(ctx context.Context, e Exchange) (Exchanged, error)
	// ReleaseLease gives the lease back, so that another copy need not wait for it.
	ReleaseLease(ctx context.Context, holder string) error
	// Recover marks messages that earlier senders left unfinished as unsure. They are looked
	// for a (real) time after their try: the calls of those senders have ended with them.
	Recover(ctx context.Context, epoch int64, after time.Duration) error
	// RecordUpload notes the id of a file's upload, before it is shared. It returns
	// ErrOvertaken if another sender took the item since.
	RecordUpload(ctx context.Context, i Item, upload string) error
	// StandingRooms returns the rooms that stand.
	StandingRooms(ctx context.Context) ([]StandingRoom, error)
	// KeepRooms has rooms kept anew.
	KeepRooms(ctx context.Context, ids []string) error
	// RecordBrought notes whom a room has, as far as the bot has invited them. It returns
	// ErrOvertaken if another sender took the item since.
	RecordBrought(ctx context.Context, i Item, people []string) error
	// RecordFailure notes the outcome of an item that was not posted. It does not drop an
	// item whose newer version was desired since it was taken. It returns ErrOvertaken if
	// the item was taken again since, or if its outcome is recorded already.
	RecordFailure(ctx context.Context, i Item, f Failure) error
	// Where returns where an item stands; the zero Message if it does not stand.
	Where(ctx context.Context, id string) (ticket.Message, error)
	// Root returns where the first message with an ordering key stands; the zero Message if
	// it does not stand.
	Root(ctx context.Context, orderingKey string) (ticket.Message, error)
	// Asked reports whether somebody was asked by a survey since a time, about another ticket.
	Asked(ctx context.Context, person string, other ticket.Number, since time.Time) (bool, error)
	// Overwritten notes which version a message of ours shows. If it showed a newer version
	// before, the newer one is posted again, and it returns true. The order in which Slack
	// tells of the two does not matter.
	Overwritten(ctx context.Context, s Shown) (bool, error)
	// Resume lets parked messages be tried again and returns how many there are.
	Resume(ctx context.Context) (int64, error)
}

// Failure is the outcome of an item that was not posted.
type Failure struct {
	State   State
	Reason  string        // for operators; never text that people wrote
	After   time.Duration // real time until the next try; for Waiting and Unsure
	Looked  int           // for Unsure: the looks so far; for Parked and Undeliverable one more, if it may have been posted
	Free    bool          // the try does not count, because the message did not cause the failure
	Forget  bool          // for Dropped: the alert, or the escalation's step, counts as never told
	File    *desk.File    // a file that is not brought along, as far as it is known; a sentence is posted in its place
	Enqueue []desk.Notice // notices to enqueue because of the failure

	AskCard bool         // the ticket's card is edited or posted anew, because it may be gone
	NewCard *desk.Notice // for a card: the card that replaces it; replies under either belong to the ticket

	Unbrought desk.Unbrought // why the file is not brought along
}

// ChangesTicket reports whether something else is known of the ticket after the failure: which
// messages it has, and what they say.
func (f Failure) ChangesTicket() bool {
	return f.State == Dropped || f.File != nil || f.NewCard != nil || len(f.Enqueue) > 0
}

// State is the state of an item on its way into Slack.
type State string

// The states of an item. An item that was posted is Waiting again, but not pending.
const (
	Waiting State = "waiting" // to be taken
	Sending State = "sending" // a sender has it
	Unsure  State = "unsure"  // it may have been posted
	Parked  State = "parked"  // its channel does not take it
	Dropped State = "dropped" // it is not to be posted any more

	// Undeliverable: Slack refuses the message in every form, and an operator decides.
	// Later messages with the same key do not wait for it.
	Undeliverable State = "undeliverable"
)

// Stuck is a stuck message as operators see it: without its text.
type Stuck struct {
	ID       string
	Ticket   ticket.Number // 0 if it is about no ticket
	Kind     desk.NoticeKind
	State    State
	Attempts int
	Since    time.Time // real time
	Reason   string
}

// ManyTries is the number of failures that make a message stuck, if it is still tried.
const ManyTries = 5

// BlockingTries is the number of failures after which a message no longer holds up later
// ones with its key. The first message of a thread always does.
const BlockingTries = 3

// A lease lasts LeaseTime and is renewed every RenewEvery.
const (
	LeaseTime  = 4 * time.Second
	RenewEvery = 1500 * time.Millisecond
)

// LostAfter is the time after which a taken message without an outcome counts as lost, even
// if its sender still holds the lease. A call to Slack and its record take less.
const LostAfter = time.Minute

// leaseMargin is how long before the lease ends calls stop: a call takes time to reach Slack.
const leaseMargin = time.Second

// Desk is the part of the desk that the sender calls.
type Desk interface {
	Find(ctx context.Context, n ticket.Number) (desk.Record, error)
	Known(ctx context.Context, n ticket.Number, version int64) (desk.Record, error)
	ForgetRecords()
	NotePosted(n ticket.Number, version int64, messages ...desk.Posted)
	CauseOf(ctx context.Context, t ticket.Ticket) (deploy.Deployment, error)
	Candidates(ctx context.Context, question desk.Notice, now time.Time) ([]desk.Record, error)
	Roster(ctx context.Context, now time.Time) (duty.Roster, error)
	Mornings(ctx context.Context, person string, now time.Time) ([]desk.Swap, error)
	OnDutyFor(ctx context.Context, category string, now time.Time) (string, error)
	Strain(ctx context.Context, squad string, s duty.Shift, with []duty.Override, now time.Time) (duty.Strain, error)
	PagesOf(ctx context.Context, f desk.DutyPages) ([]desk.DutyPage, error)
	Pressing(ctx context.Context, person string, squad duty.Squad, now time.Time) ([]desk.HomeRow, error)
	Brief(ctx context.Context, person string, squad duty.Squad, now time.Time) (desk.Brief, error)
	Unowned(ctx context.Context, channel string, at time.Time) ([]desk.Summary, error)
	TellRoomless(ctx context.Context, room desk.Notice, why string, operators []string, now time.Time) error
	TellStaysInside(ctx context.Context, room desk.Notice, person string, operators []string, now time.Time) error
	TellUnreachable(ctx context.Context, channel, why string, operators []string, now time.Time) error
	Withhold(ctx context.Context, g desk.Gesture, card ticket.Message) (desk.Record, error)
}

// People is the part of the directory that the sender calls.
type People interface {
	Person(ctx context.Context, id string) (desk.Person, error)
	Name(ctx context.Context, id string) string
	// EntrustedWith returns the people who answer the private tickets of a category.
	EntrustedWith(ctx context.Context, category string) ([]string, error)
	// Joined notes that somebody is in a channel.
	Joined(ctx context.Context, channel, person string, member bool) error
}

// Digests computes the numbers of a digest.
type Digests interface {
	Digest(ctx context.Context, p ticket.Period, of insight.Selection) (insight.Digest, error)
	WithWeeks(ctx context.Context, d insight.Digest) (insight.Digest, error)
}

// Slack is the part of Slack that the sender calls; *slackapi.Client implements it.
type Slack interface {
	Identify(ctx context.Context) (slackapi.Identity, error)
	Post(ctx context.Context, guard slackapi.Guard, channel, thread string, m slackformat.Message) (ticket.Message, error)
	Update(ctx context.Context, guard slackapi.Guard, at ticket.Message, m slackformat.Message) error
	Ephemeral(ctx context.Context, guard slackapi.Guard, channel, thread, person string, m slackformat.Message) error
	Delete(ctx context.Context, at ticket.Message) error
	Room(within time.Duration) Room
	Find(ctx context.Context, id, channel, thread string, since time.Time) ([]slackapi.Found, error)
	Thread(ctx context.Context, channel, root string, since time.Time) (slackapi.Thread, error)

	CreatePrivateChannel(ctx context.Context, name string) (id string, err error)
	OwnChannels(ctx context.Context) ([]slackapi.ChannelInfo, error)
	Invite(ctx context.Context, channel string, people []string) (refused map[string]string, err error)
	RemoveMember(ctx context.Context, channel, person string) error
	Archive(ctx context.Context, channel string) error

	IsIn(ctx context.Context, channel string) (bool, error)
	Look(ctx context.Context, file string) (slackapi.StoredFile, error)
	Fetch(ctx context.Context, f slackapi.StoredFile) (upload string, err error)
	Upload(ctx context.Context, name, alt string, content []byte) (upload string, err error)
	Share(ctx context.Context, guard func() error, upload, title, channel, thread string) error
	DeleteFile(ctx context.Context, file string) error
}

package outbox

import (
	"time"

	"supporty/internal/clock"
	"supporty/internal/desk"
	"supporty/internal/slackapi"
	"supporty/internal/ticket"
)

// Exchange is one step of a sender: what it gives to the store at once, and what it asks for.
type Exchange struct {
	Holder string    // of the lease
	Now    time.Time // by the business clock
	// Lease asks for the lease, or renews it. Without it a sender that holds the lease goes
	// on under it.
	Lease bool
	// Busy says that the holder needs the lease though nothing may be pending. If it is not
	// busy and nothing is pending, a lease that is asked for is not taken but given back.
	Busy bool

	Posted   []Posted   // to be recorded
	Returned []Returned // to be put back untried

	Shown []Shown // to be noted

	Most     int       // how many messages are taken at most
	Room     Room      // how many of them may begin now
	Files    int       // how many files may begin now
	Seen     time.Time // Exchanged.At of the last answer
	Underway []string  // ids of messages that the sender has; what it does not have was never tried
}

// Room is how many calls may begin without breaking Slack's limits.
type Room = slackapi.Room

// Posted is a message that was posted, edited or deleted.
type Posted struct {
	Item
	At ticket.Message // where it stands; zero if it left no trace
}

// known is what the desk knows of the message once it was recorded at a time.
func (p Posted) known(now time.Time) desk.Posted {
	return desk.Posted{ID: p.ID, Kind: p.Kind, To: p.To, At: p.At, PostedAt: now, NoticeDetails: p.NoticeDetails}
}

// Returned is a message that was taken, and whose call could not begin at once.
type Returned struct {
	Item
	Destination string // the channel or person that it has to wait for
}

// Shown is a version of a message of ours that Slack shows since a time, by Slack's clock.
type Shown struct {
	At      ticket.Message
	Version int64
	When    time.Time
}

// Noted is what became of a Shown.
type Noted struct {
	Known       bool // the message is there, and nobody else is changing it
	Overwritten bool // a newer version was shown before: it is posted again
}

// Exchanged is the store's answer.
type Exchanged struct {
	Lease Lease // if it was asked for
	// Recorded has the ids of Posted that were recorded; another sender has the others. The
	// value is the version of the ticket, if the record gave it one; else 0.
	Recorded map[string]int64
	Later    map[string]bool // ids of Posted that could not be recorded now: their tickets are locked
	Noted    []Noted         // of Shown, one for each
	Items    []Item          // taken, the most urgent first
	At       time.Time       // of the answer, by the store's clock; zero if nothing was to be taken
	More     bool            // others may be posted now, too, but for Most or Room
}

// Lease is the outcome of asking for the sender's lease.
type Lease struct {
	Holding bool
	Epoch   int64         // goes up whenever the lease is taken anew
	Left    time.Duration // until the lease ends, unless its holder renews it; 0 if nobody has it
	Clock   clock.Setting // the setting of the business clock
	Due     time.Time     // when a ticket's clock has something to tell next, by the business clock; zero if none has
}

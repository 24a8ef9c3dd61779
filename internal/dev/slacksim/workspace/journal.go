package workspace

import (
	"encoding/json"
	"slices"
	"time"
)

// Kinds of journal entries.
const (
	KindCall         = "call"         // a Web API call, or a use of a response_url, was answered
	KindEnvelope     = "envelope"     // a payload was sent on a socket, or had none to go to
	KindAck          = "ack"          // an acknowledgement arrived
	KindMissed       = "missed"       // no acknowledgement in time
	KindSocket       = "socket"       // a socket opened or closed
	KindMessage      = "message"      // posted, changed, deleted or shown to one person
	KindReaction     = "reaction"     // given or taken back
	KindNotification = "notification" // somebody was notified of a message; What says why
	KindView         = "view"         // a modal or Home tab opened, changed or closed
	KindPeople       = "people"       // a person, channel, group or membership changed
	KindFile         = "file"         // a file was deleted
	KindFault        = "fault"        // a fault was set, cleared or struck
	KindTime         = "time"         // somebody moved the business time
)

// Entry is one line of the journal: everything that happened, deletions
// included; the oldest entries go in time. Which fields are set depends on Kind.
type Entry struct {
	Seq    int64     `json:"seq"` // 1, 2, 3 …
	At     time.Time `json:"at"`  // real time
	Kind   string    `json:"kind"`
	What   string    `json:"what,omitempty"` // posted, deleted, opened, late …
	Detail string    `json:"detail,omitempty"`

	Method   string            `json:"method,omitempty"`
	Args     map[string]string `json:"args,omitempty"`   // without the token
	Status   int               `json:"status,omitempty"` // HTTP; 0 means no answer was given
	Error    string            `json:"error,omitempty"`
	Duration time.Duration     `json:"duration_ns,omitempty"`

	Envelope string          `json:"envelope,omitempty"`
	Type     string          `json:"type,omitempty"` // of the envelope or inner event
	EventID  string          `json:"event_id,omitempty"`
	Attempt  int             `json:"attempt,omitempty"`
	Socket   int             `json:"socket,omitempty"`
	Payload  json.RawMessage `json:"payload,omitempty"` // what was sent, or acknowledged with

	Channel      string        `json:"channel,omitempty"`
	User         string        `json:"user,omitempty"`
	Message      *Message      `json:"message,omitempty"`
	View         *View         `json:"view,omitempty"`
	Notification *Notification `json:"notification,omitempty"`
}

// journal keeps the newest entries and wakes those who wait for the next one.
// The server's lock guards it.
type journal struct {
	entries []Entry
	Dropped int64         // how many there were before these
	changed chan struct{} // closed by the next entry
}

// keepEntries is how many entries are kept at least. Older ones go, so that a
// workspace can live for long.
const keepEntries = 20_000

func newJournal() *journal { return &journal{changed: make(chan struct{})} }

func (j *journal) Add(e Entry) {
	e.Seq = j.Last() + 1
	e.At = time.Now()
	if len(j.entries) == 2*keepEntries {
		j.entries = slices.Clone(j.entries[keepEntries:])
		j.Dropped += keepEntries
	}
	j.entries = append(j.entries, e)
	close(j.changed)
	j.changed = make(chan struct{})
}

func (j *journal) Last() int64 { return j.Dropped + int64(len(j.entries)) }

// After returns the entries with a number greater than n that are still kept.
// The result is shared and never changes.
func (j *journal) After(n int64) []Entry {
	n = min(max(n, j.Dropped), j.Last()) - j.Dropped
	return j.entries[n:len(j.entries):len(j.entries)]
}

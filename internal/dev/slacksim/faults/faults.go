package faults

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"time"
)

// Kinds of faults. The first six strike Web API calls and response_urls
// (method "response_url"), the next five what goes over sockets. The last three
// happen once, when they are set.
const (
	Delay     = "delay"     // wait Delay
	RateLimit = "ratelimit" // HTTP 429 with RetryAfter
	HTTP      = "http"      // HTTP Status (500) with a page instead of JSON
	Error     = "error"     // {"ok":false,"error":Error}, internal_error by default
	Hang      = "hang"      // no answer until the caller gives up
	Cut       = "cut"       // the connection is cut without an answer

	Lose       = "lose"             // an event is never sent
	Duplicate  = "duplicate"        // an event is sent twice
	DelayEvent = "delay_event"      // an event is sent after Delay
	Reorder    = "reorder"          // an event is sent after the next one
	DropAck    = "drop_ack"         // an acknowledgement counts as never arrived
	Handshake  = "refuse_handshake" // a socket is refused with HTTP Status (409)

	CutSockets = "cut_sockets" // every socket is dropped
	Disconnect = "disconnect"  // a disconnect frame with Reason; closed after Delay (10 s)
	Inject     = "inject"      // Payload is sent as an envelope of type Event (events_api)
)

// Fault is something that goes wrong, once set, for as long as Count says.
type Fault struct {
	ID   int    `json:"id,omitempty"` // given by the server
	Kind string `json:"kind"`

	// AfterEffect strikes a call after its effect: a message is posted, and
	// the answer is late, wrong or missing.
	AfterEffect bool `json:"after_effect,omitempty"`

	Method string `json:"method,omitempty"` // only this method; chat.* matches all that begin so; "" all
	Text   string `json:"text,omitempty"`   // only calls of which an argument contains it
	Event  string `json:"event,omitempty"`  // only this inner type: message, view_submission, slash_commands …
	Count  int    `json:"count,omitempty"`  // strikes this often; 0 means until cleared

	DelayMS    int             `json:"delay_ms,omitempty"`
	RetryAfter int             `json:"retry_after,omitempty"` // seconds; 0 means 1
	Status     int             `json:"status,omitempty"`
	Error      string          `json:"error,omitempty"`
	Reason     string          `json:"reason,omitempty"` // warning, refresh_requested, link_disabled, too_many_websockets
	Payload    json.RawMessage `json:"payload,omitempty"`
}

// Wait is how long it holds up what it strikes.
func (f *Fault) Wait() time.Duration { return time.Duration(f.DelayMS) * time.Millisecond }

func (f *Fault) matches(kind, about string) bool {
	if f.Kind != kind {
		return false
	}
	filter := f.Method + f.Event
	if prefix, ok := strings.CutSuffix(filter, "*"); ok {
		return strings.HasPrefix(about, prefix)
	}
	return filter == "" || filter == about
}

// List are those in force. Its lock is its own.
type List struct {
	mu     sync.Mutex
	lastID int
	list   []*Fault
}

// Add puts a fault in force and gives it an id.
func (fs *List) Add(f Fault) Fault {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.lastID++
	f.ID = fs.lastID
	fs.list = append(fs.list, &f)
	return f
}

// Remove takes one fault away, or all of them for id 0.
func (fs *List) Remove(id int) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.list = slices.DeleteFunc(fs.list, func(f *Fault) bool { return id == 0 || f.ID == id })
}

// All are those that are in force.
func (fs *List) All() []Fault {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	list := []Fault{}
	for _, f := range fs.list {
		list = append(list, *f)
	}
	return list
}

// Take uses up one strike of a fault of that kind, about a method or an inner
// type; nil if none is in force.
func (fs *List) Take(kind, about string) *Fault {
	return fs.strike(func(f *Fault) bool { return f.matches(kind, about) })
}

// TakeOf is Take for any of some kinds.
func (fs *List) TakeOf(about string, kinds ...string) *Fault {
	return fs.strike(func(f *Fault) bool {
		return slices.ContainsFunc(kinds, func(kind string) bool { return f.matches(kind, about) })
	})
}

// TakeCall is take for a call, before or after its effect.
func (fs *List) TakeCall(method string, args map[string]string, after bool, kinds ...string) *Fault {
	return fs.strike(func(f *Fault) bool {
		return f.AfterEffect == after && contain(args, f.Text) &&
			slices.ContainsFunc(kinds, func(kind string) bool { return f.matches(kind, method) })
	})
}

func (fs *List) strike(hit func(*Fault) bool) *Fault {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	i := slices.IndexFunc(fs.list, hit)
	if i < 0 {
		return nil
	}
	f := *fs.list[i]
	if fs.list[i].Count == 1 {
		fs.list = slices.Delete(fs.list, i, i+1)
	} else if fs.list[i].Count > 1 {
		fs.list[i].Count--
	}
	return &f
}

// contain says whether an argument contains a text, be it empty.
func contain(args map[string]string, text string) bool {
	if text == "" {
		return true
	}
	for _, value := range args {
		if strings.Contains(value, text) {
			return true
		}
	}
	return false
}

//go:build unix

package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"supporty/internal/dev/slacksim"
)

// record is what was ever posted, and which events were never taken.
type record struct {
	slack *slacksim.Client

	mu      sync.Mutex
	seq     int64
	posted  []*slacksim.Message
	changed []*slacksim.Message // as they were after each edit
	rang    []slacksim.Notification
	deleted map[string]bool     // channel and ts
	events  map[string]string   // by id, what they are known by
	ways    map[string][]string // by what events are known by, how they went
	open    map[string]bool     // events that were sent and neither taken nor given up, by id
	lost    map[string]bool     // what events are known by that were given up
	failed  map[int]int         // how many calls went wrong, by the identity of the message
	unread  map[string]int      // how many looks into a thread did
	calls   int
	kinds   map[string]int // envelopes sent
}

func newRecord(slack *slacksim.Client) *record {
	return &record{slack: slack, deleted: map[string]bool{}, events: map[string]string{}, ways: map[string][]string{}, open: map[string]bool{}, lost: map[string]bool{}, failed: map[int]int{}, unread: map[string]int{}, kinds: map[string]int{}}
}

// read takes in what has happened since it was last called.
func (r *record) read(ctx context.Context) {
	r.mu.Lock()
	defer r.mu.Unlock()
	entries, err := r.slack.Journal(ctx, r.seq)
	if err != nil {
		return // next time
	}
	for _, e := range entries {
		r.seq = e.Seq
		r.take(e)
	}
}

func (r *record) take(e slacksim.Entry) {
	switch {
	case e.Kind == slacksim.KindMessage && e.What == "posted":
		r.posted = append(r.posted, e.Message)
	case e.Kind == slacksim.KindMessage && e.What == "changed":
		r.changed = append(r.changed, e.Message)
	case e.Kind == slacksim.KindNotification && e.Notification != nil:
		r.rang = append(r.rang, *e.Notification)
	case e.Kind == slacksim.KindMessage && e.What == "deleted":
		r.deleted[e.Message.Channel+e.Message.TS] = true
	case e.Kind == slacksim.KindEnvelope:
		r.kinds[e.Type]++
		if e.EventID != "" {
			r.events[e.EventID] = knownBy(e.Payload)
			r.open[e.EventID] = true
			r.went(e, fmt.Sprintf("sent to socket %d", e.Socket))
		}
	case e.Kind == slacksim.KindAck:
		r.went(e, strings.TrimSpace("acknowledged "+e.What))
		if e.What == "" {
			delete(r.open, e.EventID)
		}
	case e.Kind == slacksim.KindMissed:
		r.went(e, e.What)
		if e.What == "given up" {
			delete(r.open, e.EventID)
			r.lost[r.events[e.EventID]] = true
		}
	case e.Kind == slacksim.KindCall:
		r.calls++
		r.count(e)
	}
}

// went notes what became of an event.
func (r *record) went(e slacksim.Entry, what string) {
	if by := r.events[e.EventID]; by != "" {
		r.ways[by] = append(r.ways[by], e.At.Format("15:04:05.000 ")+what)
	}
}

// count notes a call that went wrong: of a message, or of a look for one in a thread.
func (r *record) count(call slacksim.Entry) {
	if call.Error == "" && call.Status == http.StatusOK {
		return
	}
	if id := idIn([]byte(call.Args["metadata"])); id != 0 {
		r.failed[id]++
	}
	if call.Method == "conversations.replies" {
		r.unread[call.Args["channel"]+call.Args["ts"]]++
	}
}

// tries is how often a message that stands in a thread may have been tried in vain.
func (r *record) tries(m *slacksim.Message) int {
	return r.failed[outboxID(m)] + r.unread[m.Channel+m.ThreadTS]
}

// isLost reports whether an event was given up: no copy has acknowledged it. It
// may have been handled all the same.
func (r *record) isLost(event string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.lost[event]
}

// waiting is how many events Slack will send again.
func (r *record) waiting() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.open)
}

// knownBy is what a reaction's or a message's event is known by to who made it.
func knownBy(payload json.RawMessage) string {
	var p struct {
		Event struct {
			Type    string `json:"type"`
			Subtype string `json:"subtype"`
			Deleted string `json:"deleted_ts"`
			Message struct {
				TS string `json:"ts"`
			} `json:"message"`
			Reaction string `json:"reaction"`
			User     any    `json:"user"`
			TS       string `json:"ts"`
			Item     struct {
				TS string `json:"ts"`
			} `json:"item"`
		} `json:"event"`
	}
	if json.Unmarshal(payload, &p) != nil {
		return ""
	}
	switch p.Event.Subtype {
	case "message_changed":
		return changeEvent(p.Event.Message.TS)
	case "message_deleted":
		return deletionEvent(p.Event.Deleted)
	}
	if p.Event.Type == "message" {
		return messageEvent(fmt.Sprint(p.Event.User), p.Event.TS)
	}
	return reactionEvent(p.Event.Type, fmt.Sprint(p.Event.User), p.Event.Item.TS, p.Event.Reaction)
}

func messageEvent(user, ts string) string { return "message " + user + " " + ts }

func changeEvent(ts string) string   { return "changed " + ts }
func deletionEvent(ts string) string { return "deleted " + ts }

func reactionEvent(kind, user, ts, emoji string) string {
	return kind + " " + user + " " + ts + " " + emoji
}

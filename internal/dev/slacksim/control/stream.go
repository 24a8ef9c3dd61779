package control

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"supporty/internal/dev/slacksim/workspace"
)

// The stream's pace: changes within gather go out as one event, or within
// busyGather while a history is prepared in the background; a silent stream
// gives a sign of life every heartbeat, and background work is looked at every
// progressEvery. farBehind is how many journal entries a listener may have
// missed and still be told each change.
const (
	gather        = 40 * time.Millisecond
	busyGather    = time.Second
	heartbeat     = 15 * time.Second
	progressEvery = 250 * time.Millisecond
	farBehind     = 2000
)

// Change is one event of GET /sim/v1/stream: what is different since the last.
type Change struct {
	Seq      int64                    `json:"seq"`
	Now      time.Time                `json:"now"`
	Messages []*workspace.Message     `json:"messages,omitempty"` // posted or changed, as they are now
	Gone     []Gone                   `json:"gone,omitempty"`
	Notified []workspace.Notification `json:"notified,omitempty"` // whom it rang for, and why
	Summary  bool                     `json:"summary,omitempty"`  // people, channels, views or unread marks may have changed
	Time     bool                     `json:"time,omitempty"`     // somebody moved the time
	Faults   bool                     `json:"faults,omitempty"`   // a fault or a toggle
	Reset    bool                     `json:"reset,omitempty"`    // too much has changed to tell: read all again
}

// Gone names a message that is no more.
type Gone struct {
	Channel string `json:"channel"`
	TS      string `json:"ts"`
}

// Progress tells how far background work has come.
type Progress struct {
	Done  int    `json:"done"`
	Total int    `json:"total"`
	What  string `json:"what,omitempty"`
}

// getStream sends changes as server-sent events until the listener leaves. The
// id of an event is its number; a browser that reconnects sends the last one.
func (s *Server) getStream(w http.ResponseWriter, r *http.Request) {
	seq, _ := s.store.Latest()
	for _, from := range []string{r.FormValue("after"), r.Header.Get("Last-Event-ID")} {
		if n, err := strconv.ParseInt(from, 10, 64); err == nil {
			seq = n
		}
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	l := listener{w: w, control: http.NewResponseController(w), seq: seq}
	l.write(": hello\n\n")
	if s.cfg.Progress != nil {
		s.tellProgress(&l)
	}
	s.stream(r, &l)
}

// listener is one open stream.
type listener struct {
	w        http.ResponseWriter
	control  *http.ResponseController
	seq      int64
	progress Progress
	broken   bool
}

// pace is how long changes are gathered.
func (l *listener) pace() time.Duration {
	if l.progress.Done < l.progress.Total {
		return busyGather
	}
	return gather
}

func (l *listener) write(text string) {
	_, err := fmt.Fprint(l.w, text)
	if err == nil {
		err = l.control.Flush()
	}
	l.broken = l.broken || err != nil
}

func (l *listener) send(event string, id int64, v any) {
	data, err := json.Marshal(v)
	if err != nil {
		return // nothing in a change has no JSON form
	}
	l.write(fmt.Sprintf("event: %s\nid: %d\ndata: %s\n\n", event, id, data))
}

func (s *Server) stream(r *http.Request, l *listener) {
	pulse := time.NewTicker(heartbeat)
	defer pulse.Stop()
	look := s.progressTicks()
	defer look.Stop()
	for !l.broken {
		seq, changed := s.store.Latest()
		if seq != l.seq {
			s.store.Pause(r.Context(), l.pace())
			s.tellChanges(l)
			continue
		}
		select {
		case <-changed:
		case <-look.C:
			s.tellProgress(l)
		case <-pulse.C:
			l.write(": alive\n\n")
		case <-r.Context().Done():
			return
		case <-s.store.Done():
			return
		}
	}
}

// progressTicks ticks if there is background work to look at.
func (s *Server) progressTicks() *time.Ticker {
	if s.cfg.Progress == nil {
		ticker := time.NewTicker(time.Hour)
		ticker.Stop()
		return ticker
	}
	return time.NewTicker(progressEvery)
}

func (s *Server) tellProgress(l *listener) {
	done, total, what := s.cfg.Progress()
	if now := (Progress{Done: done, Total: total, What: what}); now != l.progress {
		s.markPrepared()
		l.progress = now
		l.send("progress", l.seq, now)
	}
}

func (s *Server) tellChanges(l *listener) {
	var change Change
	s.store.View(func(tx *workspace.Tx) { change = changes(tx, l.seq) })
	l.seq = change.Seq
	l.send("change", change.Seq, change)
	if s.cfg.Progress != nil {
		s.tellProgress(l)
	}
}

// changes sums up what happened after a journal number.
func changes(tx *workspace.Tx, after int64) Change {
	last := tx.Journal.Last()
	change := Change{Seq: last, Now: tx.Now().UTC()}
	if after > last || after < tx.Journal.Dropped || last-after > farBehind {
		change.Reset = true
		return change
	}
	seen := map[Gone]bool{}
	for _, e := range tx.Journal.After(after) {
		switch e.Kind {
		case workspace.KindMessage, workspace.KindReaction:
			change.Summary = true
			touch(tx, &change, seen, e.Message)
		case workspace.KindNotification:
			change.Notified = append(change.Notified, *e.Notification)
		case workspace.KindPeople, workspace.KindView, workspace.KindSocket:
			change.Summary = true
		case workspace.KindTime:
			change.Time = true
		case workspace.KindFault:
			change.Faults = true
		}
	}
	return change
}

// touch adds a message as it is now, and the parent whose replies it counts in.
func touch(tx *workspace.Tx, change *Change, seen map[Gone]bool, m *workspace.Message) {
	c := tx.Channel(m.Channel)
	if c == nil || seen[Gone{m.Channel, m.TS}] {
		return
	}
	seen[Gone{m.Channel, m.TS}] = true
	switch now := latest(c, m); now {
	case nil:
		change.Gone = append(change.Gone, Gone{m.Channel, m.TS})
	default:
		change.Messages = append(change.Messages, now)
	}
	if parent := c.Message(m.ThreadTS); m.IsReply() && parent != nil {
		touch(tx, change, seen, parent)
	} else if m.IsReply() && m.OnlyFor == "" {
		change.Gone = append(change.Gone, Gone{m.Channel, m.ThreadTS})
	}
}

// latest finds what has become of a message, ephemeral or not.
func latest(c *workspace.Channel, m *workspace.Message) *workspace.Message {
	if m.OnlyFor == "" {
		return c.Message(m.TS)
	}
	if i, ok := workspace.FindMessage(c.Ephemerals, m.TS); ok {
		return c.Ephemerals[i]
	}
	return nil
}

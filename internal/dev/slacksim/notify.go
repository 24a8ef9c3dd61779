package slacksim

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Reasons for a notification.
const (
	WhyMention = "mention" // named, by a group, or as one of here and channel
	WhyDirect  = "direct"  // a message in a direct or group message
	WhyThread  = "thread"  // a reply in a thread that the person follows
)

// keepNotified is how many notifications of a person are kept at least.
const keepNotified = 10_000

// Notification is one message that Slack would have notified a person of: what
// rings, not what merely shows as unread. Later edits notify nobody, so that Text
// stays what it was.
type Notification struct {
	Seq      int64     `json:"seq"`     // journal entry of the notification
	Time     time.Time `json:"time"`    // business time
	Person   string    `json:"person"`  // user id of who was notified
	Channel  string    `json:"channel"` // id
	TS       string    `json:"ts"`
	ThreadTS string    `json:"thread_ts,omitempty"` // of a reply
	From     string    `json:"from"`                // user id of the author
	Why      string    `json:"why"`                 // mention, direct or thread
	Text     string    `json:"text"`                // the message as it was, rendered
}

// Notified returns what a person was notified of, oldest first.
func (s State) Notified(person string) []Notification { return s.Person(person).Notified }

// notify tells people of a message that was just posted: who is named, who is in
// the direct message, and who follows the thread; never its author, and nobody
// who is not in the channel. Edits and ephemerals do not come here.
// https://slack.com/help/articles/201355156 (what you're notified about),
// https://slack.com/help/articles/115000769927 (threads)
func (w *workspace) notify(c *Channel, m *Message) {
	if isNotice(m) {
		return
	}
	by := w.heardCalls(c, m)
	why := map[string]string{}
	for _, id := range w.followersOf(c, m) {
		why[id] = WhyThread
	}
	for _, id := range w.called(c, m, by) {
		why[id] = WhyMention
	}
	if c.direct() && (!m.IsReply() || m.Broadcast) {
		for _, id := range c.Members {
			why[id] = WhyDirect
		}
	}
	for _, id := range slices.Sorted(maps.Keys(why)) {
		if p := w.person(id); w.rings(c, m, p) {
			w.ring(c, m, p, why[id])
		}
	}
	w.follow(c, m, by.people)
}

// isNotice says whether a message only tells that somebody came or left.
func isNotice(m *Message) bool {
	return strings.HasSuffix(m.Subtype, "_join") || strings.HasSuffix(m.Subtype, "_leave")
}

func (c *Channel) direct() bool { return c.IM || c.MPIM }

// heardCalls are the mentions that count. Whether one in a thread of a direct
// message does is not documented.
func (w *workspace) heardCalls(c *Channel, m *Message) calls {
	if c.direct() && m.IsReply() && w.beliefs.DirectThreadMute {
		return calls{}
	}
	return callsIn(m)
}

func (w *workspace) followersOf(c *Channel, m *Message) []string {
	if root := c.find(m.ThreadTS); root != nil && m.IsReply() {
		return root.Followers
	}
	return nil
}

func (w *workspace) rings(c *Channel, m *Message, p *Person) bool {
	return p != nil && p.ID != m.User && !p.Bot && !p.Deactivated && c.has(p.ID)
}

func (w *workspace) ring(c *Channel, m *Message, p *Person, why string) {
	n := Notification{
		Seq: w.journal.last() + 1, Time: w.now().UTC(), Person: p.ID, Channel: c.ID, TS: m.TS,
		From: m.User, Why: why, Text: m.Rendered(),
	}
	if m.IsReply() {
		n.ThreadTS = m.ThreadTS
	}
	if len(p.Notified) == 2*keepNotified {
		p.Notified = slices.Clone(p.Notified[keepNotified:])
	}
	p.Notified = append(p.Notified, n)
	w.journal.add(Entry{Kind: KindNotification, What: why, Detail: m.TS, Channel: c.ID, User: p.ID, Notification: &n})
}

// follow notes who follows the thread from this message on: its author, and the
// members whom it names themselves. What the first message of a bot's thread
// makes of a mention is not documented.
func (w *workspace) follow(c *Channel, m *Message, named []string) {
	root := m
	if m.IsReply() {
		root = c.find(m.ThreadTS)
	} else if w.isBot(m) && !w.beliefs.RootMentionFollows {
		return
	}
	if root == nil {
		return
	}
	followers := slices.Clone(root.Followers)
	for _, id := range append([]string{m.User}, named...) {
		p := w.person(id)
		if p != nil && !p.Bot && c.has(id) && !slices.Contains(followers, id) {
			followers = append(followers, id)
		}
	}
	if len(followers) > len(root.Followers) {
		w.swap(c, root, func(m *Message) { m.Followers = followers })
	}
}

func (w *workspace) isBot(m *Message) bool {
	p := w.person(m.User)
	return m.BotID != "" || p == nil || p.Bot
}

// notifiedOf looks among the newest first.
func (p *Person) notifiedOf(m *Message) bool {
	for _, n := range slices.Backward(p.Notified) {
		if n.Channel == m.Channel && n.TS <= m.TS {
			return n.TS == m.TS
		}
	}
	return false
}

// allNotified sums newNotified up for everybody whom something waits for.
func (w *workspace) allNotified() map[string]int {
	sums := map[string]int{}
	for _, p := range w.people {
		for _, n := range w.newNotified(p) {
			sums[p.ID] += n
		}
	}
	return sums
}

// getNotified answers with what a person was notified of after a journal number.
func (s *Server) getNotified(w http.ResponseWriter, r *http.Request) {
	after, _ := strconv.ParseInt(r.FormValue("after"), 10, 64)
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.ws.person(r.FormValue("as"))
	if p == nil {
		reject(w, fmt.Errorf("nobody is called %q", r.FormValue("as")))
		return
	}
	i, _ := slices.BinarySearchFunc(p.Notified, after+1, func(n Notification, seq int64) int { return cmp.Compare(n.Seq, seq) })
	reply(w, append([]Notification{}, p.Notified[i:]...))
}

// newNotified counts by channel what a person was notified of and has not read,
// of what still stands.
func (w *workspace) newNotified(p *Person) map[string]int {
	count := map[string]int{}
	for _, n := range slices.Backward(p.Notified) {
		if n.Seq <= w.settled {
			break
		}
		c := w.channel(n.Channel)
		if c != nil && n.Seq > w.reads[p.ID][c.ID] && c.find(n.TS) != nil {
			count[c.ID]++
		}
	}
	return count
}

package workspace

import (
	"maps"
	"slices"
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
func (tx *Tx) notify(c *Channel, m *Message) {
	if isNotice(m) {
		return
	}
	by := tx.heardCalls(c, m)
	why := map[string]string{}
	for _, id := range tx.followersOf(c, m) {
		why[id] = WhyThread
	}
	for _, id := range tx.called(c, m, by) {
		why[id] = WhyMention
	}
	if c.Direct() && (!m.IsReply() || m.Broadcast) {
		for _, id := range c.Members {
			why[id] = WhyDirect
		}
	}
	for _, id := range slices.Sorted(maps.Keys(why)) {
		if p := tx.Person(id); tx.rings(c, m, p) {
			tx.ring(c, m, p, why[id])
		}
	}
	tx.follow(c, m, by.people)
}

// isNotice says whether a message only tells that somebody came or left.
func isNotice(m *Message) bool {
	return strings.HasSuffix(m.Subtype, "_join") || strings.HasSuffix(m.Subtype, "_leave")
}

// Direct says whether it is a direct message, of two people or more.
func (c *Channel) Direct() bool { return c.IM || c.MPIM }

// heardCalls are the mentions that count. Whether one in a thread of a direct
// message does is not documented.
func (tx *Tx) heardCalls(c *Channel, m *Message) calls {
	if c.Direct() && m.IsReply() && tx.Beliefs.DirectThreadMute {
		return calls{}
	}
	return callsIn(m)
}

func (tx *Tx) followersOf(c *Channel, m *Message) []string {
	if root := c.Message(m.ThreadTS); root != nil && m.IsReply() {
		return root.Followers
	}
	return nil
}

func (tx *Tx) rings(c *Channel, m *Message, p *Person) bool {
	return p != nil && p.ID != m.User && !p.Bot && !p.Deactivated && c.Has(p.ID)
}

func (tx *Tx) ring(c *Channel, m *Message, p *Person, why string) {
	n := Notification{
		Seq: tx.Journal.Last() + 1, Time: tx.Now().UTC(), Person: p.ID, Channel: c.ID, TS: m.TS,
		From: m.User, Why: why, Text: m.Rendered(),
	}
	if m.IsReply() {
		n.ThreadTS = m.ThreadTS
	}
	if len(p.Notified) == 2*keepNotified {
		p.Notified = slices.Clone(p.Notified[keepNotified:])
	}
	p.Notified = append(p.Notified, n)
	tx.Journal.Add(Entry{Kind: KindNotification, What: why, Detail: m.TS, Channel: c.ID, User: p.ID, Notification: &n})
}

// follow notes who follows the thread from this message on: its author, and the
// members whom it names themselves. What the first message of a bot's thread
// makes of a mention is not documented.
func (tx *Tx) follow(c *Channel, m *Message, named []string) {
	root := m
	if m.IsReply() {
		root = c.Message(m.ThreadTS)
	} else if tx.isBot(m) && !tx.Beliefs.RootMentionFollows {
		return
	}
	if root == nil {
		return
	}
	followers := slices.Clone(root.Followers)
	for _, id := range append([]string{m.User}, named...) {
		p := tx.Person(id)
		if p != nil && !p.Bot && c.Has(id) && !slices.Contains(followers, id) {
			followers = append(followers, id)
		}
	}
	if len(followers) > len(root.Followers) {
		tx.Swap(c, root, func(m *Message) { m.Followers = followers })
	}
}

func (tx *Tx) isBot(m *Message) bool {
	p := tx.Person(m.User)
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

package slacksim

import (
	"net/http"
	"slices"
	"time"
)

// Glance is the state without messages, as one person sees it: what a chat
// client needs around the conversation it shows.
type Glance struct {
	Seq        int64           `json:"seq"`
	Now        time.Time       `json:"now"`
	Sockets    int             `json:"sockets"`
	Team       Team            `json:"team"`
	BotUserID  string          `json:"bot_user_id"`
	People     []Person        `json:"people"` // Home and Modals of the person only
	Channels   []ChannelGlance `json:"channels"`
	Notified   map[string]int  `json:"notified"` // by user id: of how many unread messages Slack notified them
	Usergroups []Usergroup     `json:"usergroups"`
	Commands   []Command       `json:"commands"`
	Shortcuts  []Shortcut      `json:"shortcuts"`
	Home       bool            `json:"home"`    // the app has a Home tab
	Time       bool            `json:"time"`    // time can be moved
	Trouble    []string        `json:"trouble"` // names of further switches
}

// ChannelGlance is a channel without its messages and what of them is new to
// the person.
type ChannelGlance struct {
	Channel
	Latest   string `json:"latest,omitempty"`   // ts of the newest message
	Unread   int    `json:"unread,omitempty"`   // messages of others since the person read it
	Mentions int    `json:"mentions,omitempty"` // those of them that the person was notified of
}

// glance shows the state to a person by name or id; an unknown one sees it
// without unread marks.
func (s *Server) glance(as string) Glance {
	s.settle()
	s.mu.Lock()
	defer s.mu.Unlock()
	w := s.ws
	g := Glance{
		Seq: w.journal.last(), Now: w.now().UTC(), Sockets: len(s.sockets), Team: w.team, BotUserID: w.bot.user,
		Commands: s.cfg.Commands, Shortcuts: s.cfg.Shortcuts, Home: !s.cfg.HomeDisabled, Time: s.cfg.Time != nil, Trouble: s.troubleNames(),
	}
	viewer := w.person(as)
	g.Notified = w.allNotified()
	rung := map[string]int{}
	if viewer != nil {
		rung = w.newNotified(viewer)
	}
	for _, p := range w.people {
		person := *p
		person.Notified = nil
		if p != viewer {
			person.Home, person.Modals = nil, nil
		}
		g.People = append(g.People, person)
	}
	for _, c := range w.channels {
		g.Channels = append(g.Channels, w.channelGlance(c, viewer, rung[c.ID]))
	}
	for _, group := range w.groups {
		g.Usergroups = append(g.Usergroups, *group)
	}
	return g
}

func (w *workspace) channelGlance(c *Channel, viewer *Person, rung int) ChannelGlance {
	g := ChannelGlance{Channel: *c, Mentions: rung}
	g.Messages, g.Ephemerals = nil, nil
	if n := len(c.Messages); n > 0 {
		g.Latest = c.Messages[n-1].TS
	}
	if viewer == nil || !c.has(viewer.ID) {
		return g
	}
	read := max(w.settled, w.reads[viewer.ID][c.ID])
	for _, m := range slices.Backward(c.Messages) {
		if m.Seq <= read {
			break
		}
		w.countUnread(&g, m, viewer)
	}
	return g
}

// countUnread counts what shows as new: what stands in the channel itself, and
// the replies that the person was notified of.
func (w *workspace) countUnread(g *ChannelGlance, m *Message, viewer *Person) {
	if m.User == viewer.ID || isNotice(m) {
		return
	}
	if !m.IsReply() || m.Broadcast || viewer.notifiedOf(m) {
		g.Unread++
	}
}

// settle moves the mark up to which everything counts as read by everybody:
// what was there before anybody looked, and what was prepared in the background.
func (s *Server) settle() {
	preparing := false
	if s.cfg.Progress != nil {
		done, total, _ := s.cfg.Progress()
		preparing = done < total
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if preparing || s.ws.preparing || s.ws.settled == 0 {
		s.ws.settled = s.ws.journal.last()
	}
	s.ws.preparing = preparing
}

// markRead notes that a person has seen everything in a channel.
func (s *Server) markRead(p *Person, a Action) (Outcome, error) {
	c, err := s.place(p, a.Channel)
	if err != nil {
		return Outcome{}, err
	}
	news := s.ws.channelGlance(c, p, s.ws.newNotified(p)[c.ID])
	s.ws.see(p, c)
	if news.Unread+news.Mentions > 0 {
		s.ws.journal.add(Entry{Kind: KindPeople, What: "read", Channel: c.ID, User: p.ID}) // so that every window sees it
	}
	return Outcome{}, nil
}

// see marks a channel as read up to now. Who writes in it has read it.
func (w *workspace) see(p *Person, c *Channel) {
	if w.reads[p.ID] == nil {
		w.reads[p.ID] = map[string]int64{}
	}
	w.reads[p.ID][c.ID] = w.journal.last()
}

func (s *Server) getState(w http.ResponseWriter, r *http.Request) {
	if r.FormValue("light") != "" {
		reply(w, s.glance(r.FormValue("as")))
		return
	}
	reply(w, s.State())
}

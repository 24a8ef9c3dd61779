package slacksim

import (
	"fmt"
	"slices"
	"strings"
)

// Action is something that a person does. Which fields count depends on Do;
// API.md has the table. People and channels may be given by name or id;
// "@name" as a channel is the direct message with that person or the bot,
// "@name,@other" the group message with both.
type Action struct {
	Do string `json:"do"`
	As string `json:"as"` // who does it

	Channel   string   `json:"channel,omitempty"`
	TS        string   `json:"ts,omitempty"`     // the message it is about
	Thread    string   `json:"thread,omitempty"` // the parent to reply to
	Broadcast bool     `json:"broadcast,omitempty"`
	Text      string   `json:"text,omitempty"`
	Files     []string `json:"files,omitempty"`   // ids of uploaded files
	Command   string   `json:"command,omitempty"` // with its slash
	Callback  string   `json:"callback,omitempty"`
	ActionID  string   `json:"action_id,omitempty"`
	Value     any      `json:"value,omitempty"` // an option's value or label, or a list of them
	Values    Values   `json:"values,omitempty"`
	Emoji     string   `json:"emoji,omitempty"`
	Home      bool     `json:"home,omitempty"`  // a click on the Home tab
	Quiet     bool     `json:"quiet,omitempty"` // what is typed is kept, and the app not told yet
	View      string   `json:"view,omitempty"`  // an open modal by id; "" means the top one
	All       bool     `json:"all,omitempty"`   // close every open view

	Person      string `json:"person,omitempty"` // who is invited
	Name        string `json:"name,omitempty"`
	Guest       bool   `json:"guest,omitempty"`
	StatusText  string `json:"status_text,omitempty"`
	StatusEmoji string `json:"status_emoji,omitempty"`
	Presence    string `json:"presence,omitempty"`
}

// Values are what is filled into a form: by block id, action id, or
// "block/action". A value is a string, a list, or an option's value or label.
type Values map[string]any

// Outcome is what a person sees of what they did.
type Outcome struct {
	Seq   int64  `json:"seq"` // journal number before the action; later messages have greater ones
	TS    string `json:"ts,omitempty"`
	Acked bool   `json:"acked,omitempty"`
	Error string `json:"error,omitempty"` // shown by Slack when the app did not answer

	Ephemerals []*Message `json:"ephemerals,omitempty"` // shown to this person by the time the app acknowledged

	Closed  bool              `json:"closed,omitempty"` // the view is gone
	Errors  map[string]string `json:"errors,omitempty"` // by block id
	Banner  string            `json:"banner,omitempty"` // trouble shown above the form
	View    *View             `json:"view,omitempty"`   // the view on top afterwards
	Options []Option          `json:"options,omitempty"`
}

// unanswered: the app did not answer, as far as the person can see.
func (o Outcome) unanswered() bool { return o.Error != "" || o.Banner != "" }

// Option is a choice that the app offers while somebody types.
type Option struct {
	Text  string `json:"text"`
	Value string `json:"value"`
}

// doers are the actions by name. They take the lock by themselves, because some
// of them wait for the bot.
var doers = map[string]func(*Server, *Person, Action) (Outcome, error){
	"command": (*Server).command, "shortcut": (*Server).shortcut, "message_shortcut": (*Server).messageShortcut,
	"click": (*Server).click, "choose": (*Server).click, "suggest": (*Server).suggest,
	"type": (*Server).typeIn, "submit": (*Server).submit, "close": (*Server).closeView,
	"say": locked((*Server).say), "edit": locked((*Server).edit), "delete": locked((*Server).erase),
	"follow": locked((*Server).follow), "unfollow": locked((*Server).unfollow),
	"delete_file": locked((*Server).deleteFile),
	"react":       locked((*Server).react), "unreact": locked((*Server).unreact), "home": locked((*Server).openHome),
	"join": locked((*Server).joinChannel), "leave": locked((*Server).leaveChannel), "invite": locked((*Server).invite),
	"kick": locked((*Server).kick), "archive": locked((*Server).archive), "unarchive": locked((*Server).unarchive),
	"rename": locked((*Server).rename), "read": locked((*Server).markRead), "deactivate": locked((*Server).deactivate),
	"reactivate": locked((*Server).reactivate), "guest": locked((*Server).makeGuest), "status": locked((*Server).setStatus),
	"recreate_app": locked((*Server).recreateApp),
}

// act carries out an action. An error means that a person could not do this: no
// such button, not in that channel.
func (s *Server) act(a Action) (Outcome, error) {
	do := doers[a.Do]
	if do == nil {
		return Outcome{}, fmt.Errorf("no action is called %q", a.Do)
	}
	s.mu.Lock()
	p := s.ws.person(a.As)
	before := s.ws.journal.last()
	s.mu.Unlock()
	if p == nil {
		return Outcome{}, fmt.Errorf("nobody is called %q", a.As)
	}
	if p.Deactivated && a.Do != "reactivate" {
		return Outcome{}, fmt.Errorf("%s is deactivated", a.As)
	}
	out, err := do(s, p, a)
	if err != nil {
		return Outcome{}, fmt.Errorf("%s as %s: %w", a.Do, a.As, err)
	}
	out.Seq = before
	s.mu.Lock()
	out.Ephemerals = s.ws.heard(p, before)
	s.mu.Unlock()
	return out, nil
}

func locked(do func(*Server, *Person, Action) (Outcome, error)) func(*Server, *Person, Action) (Outcome, error) {
	return func(s *Server, p *Person, a Action) (Outcome, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		return do(s, p, a)
	}
}

// heard lists what was shown to a person alone since then.
func (w *workspace) heard(p *Person, since int64) []*Message {
	var list []*Message
	for _, c := range w.channels {
		for _, m := range c.Ephemerals {
			if m.OnlyFor == p.ID && m.Seq > since {
				list = append(list, m)
			}
		}
	}
	return list
}

// place finds the channel that a person means, and refuses one they are not in.
func (s *Server) place(p *Person, ref string) (*Channel, error) {
	c := s.ws.channel(ref)
	if c == nil && strings.HasPrefix(ref, "@") {
		members := []string{p.ID}
		for _, name := range strings.Split(ref, ",") {
			other := s.ws.person(name)
			if other == nil {
				return nil, fmt.Errorf("nobody is called %q", name)
			}
			members = append(members, other.ID)
		}
		c = s.ws.conversation(members...)
	}
	switch {
	case c == nil:
		return nil, fmt.Errorf("there is no channel %q", ref)
	case !c.has(p.ID):
		return nil, fmt.Errorf("%s is not in %q", p.Name, ref)
	}
	return c, nil
}

// about finds the message that a person means, ephemeral ones included.
func (s *Server) about(p *Person, a Action) (*Channel, *Message, error) {
	c, err := s.place(p, a.Channel)
	if err != nil {
		return nil, nil, err
	}
	return seenIn(c, p, a)
}

// inView is about, also in a public channel into which a person only looks: what is
// there can be pressed without joining.
func (s *Server) inView(p *Person, a Action) (*Channel, *Message, error) {
	c := s.ws.channel(a.Channel)
	if c == nil || c.Private || c.IM || c.MPIM || p.Restricted || p.UltraRestricted || p.TeamID != s.ws.team.ID {
		return s.about(p, a)
	}
	return seenIn(c, p, a)
}

func seenIn(c *Channel, p *Person, a Action) (*Channel, *Message, error) {
	if m := c.find(a.TS); m != nil {
		return c, m, nil
	}
	for _, m := range c.Ephemerals {
		if m.TS == a.TS && m.OnlyFor == p.ID {
			return c, m, nil
		}
	}
	return nil, nil, fmt.Errorf("there is no message %s in %q", a.TS, a.Channel)
}

func (s *Server) say(p *Person, a Action) (Outcome, error) {
	c, err := s.place(p, a.Channel)
	if err != nil {
		return Outcome{}, err
	}
	if c.Archived {
		return Outcome{}, fmt.Errorf("%q is archived", a.Channel)
	}
	if a.Thread != "" && (c.find(a.Thread) == nil || c.find(a.Thread).IsReply()) {
		return Outcome{}, fmt.Errorf("there is no thread %s in %q", a.Thread, a.Channel)
	}
	files, err := s.ws.shared(a.Files)
	if err != nil {
		return Outcome{}, err
	}
	words := s.ws.typed(a.Text)
	draft := Message{
		User: p.ID, Text: words, Blocks: spoken(words), ThreadTS: a.Thread, Broadcast: a.Broadcast && a.Thread != "",
		ClientMsgID: newUUID(), Files: files,
	}
	if len(files) > 0 {
		draft.Subtype = fileShare
	}
	m := s.ws.post(c, draft)
	s.ws.see(p, c)
	return Outcome{TS: m.TS}, nil
}

func (s *Server) edit(p *Person, a Action) (Outcome, error) {
	c, m, err := s.about(p, a)
	if err != nil {
		return Outcome{}, err
	}
	if m.User != p.ID {
		return Outcome{}, fmt.Errorf("message %s is not theirs", a.TS)
	}
	words := s.ws.typed(a.Text)
	edited := &Edit{User: p.ID, TS: s.ws.newTS()}
	s.ws.change(c, m, func(m *Message) { m.Text, m.Blocks, m.Edited = words, spoken(words), edited })
	return Outcome{TS: m.TS}, nil
}

// erase deletes one's own message; an admin may delete anybody's.
func (s *Server) erase(p *Person, a Action) (Outcome, error) {
	c, m, err := s.about(p, a)
	if err != nil {
		return Outcome{}, err
	}
	if m.User != p.ID && !p.Admin {
		return Outcome{}, fmt.Errorf("message %s is not theirs, and they are no admin", a.TS)
	}
	if m.OnlyFor != "" {
		s.withdraw(&hook{channel: c, reader: p.ID, private: true}, m)
		return Outcome{}, nil
	}
	s.ws.remove(c, m)
	return Outcome{}, nil
}

func (s *Server) follow(p *Person, a Action) (Outcome, error)   { return s.setFollowed(p, a, true) }
func (s *Server) unfollow(p *Person, a Action) (Outcome, error) { return s.setFollowed(p, a, false) }

func (s *Server) setFollowed(p *Person, a Action, follows bool) (Outcome, error) {
	c, m, err := s.about(p, a)
	if err != nil {
		return Outcome{}, err
	}
	if m.IsReply() || m.OnlyFor != "" {
		return Outcome{}, fmt.Errorf("message %s begins no thread", a.TS)
	}
	s.ws.swap(c, m, func(m *Message) {
		m.Followers = slices.DeleteFunc(slices.Clone(m.Followers), func(id string) bool { return id == p.ID })
		if follows {
			m.Followers = append(m.Followers, p.ID)
		}
	})
	s.ws.journal.add(Entry{Kind: KindPeople, What: a.Do, Detail: a.TS, Channel: c.ID, User: p.ID})
	return Outcome{TS: m.TS}, nil
}

func (s *Server) react(p *Person, a Action) (Outcome, error)   { return s.reaction(p, a, true) }
func (s *Server) unreact(p *Person, a Action) (Outcome, error) { return s.reaction(p, a, false) }

func (s *Server) reaction(p *Person, a Action, add bool) (Outcome, error) {
	c, m, err := s.about(p, a)
	if err != nil {
		return Outcome{}, err
	}
	if m.OnlyFor != "" {
		return Outcome{}, fmt.Errorf("nobody can react to an ephemeral message")
	}
	s.ws.react(c, m, p.ID, strings.Trim(a.Emoji, ":"), add)
	return Outcome{TS: m.TS}, nil
}

func (s *Server) openHome(p *Person, a Action) (Outcome, error) {
	tab := a.Name
	if tab == "" {
		tab = "home"
	}
	if !slices.Contains([]string{"home", "messages"}, tab) {
		return Outcome{}, fmt.Errorf("there is no tab %q", tab)
	}
	s.ws.tellHomeOpened(p, tab)
	return Outcome{View: p.Home}, nil
}

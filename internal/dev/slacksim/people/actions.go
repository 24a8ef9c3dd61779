package people

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"supporty/internal/dev/slacksim/layout"
	"supporty/internal/dev/slacksim/socketmode"
	"supporty/internal/dev/slacksim/webapi"
	"supporty/internal/dev/slacksim/wire"
	"supporty/internal/dev/slacksim/workspace"
)

// Action is something that a person does. Which fields count depends on Do;
// API.md has the table. People and channels may be given by name or id;
// "@name" as a channel is the direct message with that person or the bot,
// "@name,@other" the group message with both.
type Action struct {
	Do string `json:"do"`
	As string `json:"as"` // who does it

	Channel   string     `json:"channel,omitempty"`
	TS        string     `json:"ts,omitempty"`     // the message it is about
	Thread    string     `json:"thread,omitempty"` // the parent to reply to
	Broadcast bool       `json:"broadcast,omitempty"`
	Text      string     `json:"text,omitempty"`
	Files     []string   `json:"files,omitempty"`   // ids of uploaded files
	Command   string     `json:"command,omitempty"` // with its slash
	Callback  string     `json:"callback,omitempty"`
	ActionID  string     `json:"action_id,omitempty"`
	Value     any        `json:"value,omitempty"` // an option's value or label, or a list of them
	Values    FormValues `json:"values,omitempty"`
	Emoji     string     `json:"emoji,omitempty"`
	Home      bool       `json:"home,omitempty"`  // a click on the Home tab
	Quiet     bool       `json:"quiet,omitempty"` // what is typed is kept, and the app not told yet
	View      string     `json:"view,omitempty"`  // an open modal by id; "" means the top one
	All       bool       `json:"all,omitempty"`   // close every open view

	Person      string `json:"person,omitempty"` // who is invited
	Name        string `json:"name,omitempty"`
	Guest       bool   `json:"guest,omitempty"`
	StatusText  string `json:"status_text,omitempty"`
	StatusEmoji string `json:"status_emoji,omitempty"`
	Presence    string `json:"presence,omitempty"`
}

// FormValues are what is filled into a form: by block id, action id, or
// "block/action". A value is a string, a list, or an option's value or label.
type FormValues map[string]any

// Outcome is what a person sees of what they did.
type Outcome struct {
	Seq   int64  `json:"seq"` // journal number before the action; later messages have greater ones
	TS    string `json:"ts,omitempty"`
	Acked bool   `json:"acked,omitempty"`
	Error string `json:"error,omitempty"` // shown by Slack when the app did not answer

	Ephemerals []*workspace.Message `json:"ephemerals,omitempty"` // shown to this person by the time the app acknowledged

	Closed  bool              `json:"closed,omitempty"` // the view is gone
	Errors  map[string]string `json:"errors,omitempty"` // by block id
	Banner  string            `json:"banner,omitempty"` // what went wrong, above the form
	View    *workspace.View   `json:"view,omitempty"`   // the view on top afterwards
	Options []Option          `json:"options,omitempty"`

	Execution string `json:"execution,omitempty"` // of a workflow's step: its outcome comes later, in the state
}

// Unanswered says that the app did not answer, as far as the person can see.
func (o Outcome) Unanswered() bool { return o.Error != "" || o.Banner != "" }

// Option is a choice that the app offers while somebody types.
type Option struct {
	Text  string `json:"text"`
	Value string `json:"value"`
}

// Driver does what people do.
type Driver struct {
	store    *workspace.Store
	hub      *socketmode.Hub
	api      *webapi.API
	commands []Command // which of them are escaped
}

// New makes the people of a workspace able to act, with the app's commands.
func New(store *workspace.Store, hub *socketmode.Hub, api *webapi.API, commands []Command) *Driver {
	return &Driver{store: store, hub: hub, api: api, commands: commands}
}

// waiting are the actions that wait for the bot. They use the workspace before and
// after, and not meanwhile.
var waiting = map[string]func(*Driver, *workspace.Person, Action) (Outcome, error){
	"command": (*Driver).command, "shortcut": (*Driver).shortcut, "message_shortcut": (*Driver).messageShortcut,
	"click": (*Driver).click, "choose": (*Driver).click, "suggest": (*Driver).suggest,
	"type": (*Driver).typeIn, "submit": (*Driver).submit, "close": (*Driver).closeView,
}

// instant are the actions that are over at once.
var instant = map[string]func(*workspace.Tx, *workspace.Person, Action) (Outcome, error){
	"say": say, "edit": edit, "delete": erase, "delete_file": deleteFile,
	"follow": follow, "unfollow": unfollow, "react": react, "unreact": unreact, "home": openHome, "read": markRead,
	"join": joinChannel, "leave": leaveChannel, "invite": invite, "kick": kick,
	"archive": archive, "unarchive": unarchive, "rename": rename,
	"deactivate": deactivate, "reactivate": reactivate, "guest": makeGuest, "status": setStatus,
	"recreate_app": recreateApp, "step": runStep,
}

// Actions are the names of what people can do.
func Actions() []string {
	names := slices.AppendSeq(slices.Collect(maps.Keys(instant)), maps.Keys(waiting))
	slices.Sort(names)
	return names
}

// Do carries out an action. An error means that a person could not do this: no
// such button, not in that channel.
func (d *Driver) Do(a Action) (Outcome, error) {
	var p *workspace.Person
	var before int64
	var err error
	d.store.View(func(tx *workspace.Tx) {
		before = tx.Journal.Last()
		p, err = whoDoes(tx, a)
	})
	if err != nil {
		return Outcome{}, err
	}
	out, err := d.do(p, a)
	if err != nil {
		return Outcome{}, fmt.Errorf("%s as %s: %w", a.Do, a.As, err)
	}
	out.Seq = before
	d.store.View(func(tx *workspace.Tx) { out.Ephemerals = ephemeralsOf(tx, p, before) })
	return out, nil
}

func whoDoes(tx *workspace.Tx, a Action) (*workspace.Person, error) {
	p := tx.Person(a.As)
	switch {
	case waiting[a.Do] == nil && instant[a.Do] == nil:
		return nil, fmt.Errorf("no action is called %q", a.Do)
	case p == nil:
		return nil, fmt.Errorf("nobody is called %q", a.As)
	case p.Deactivated && a.Do != "reactivate":
		return nil, fmt.Errorf("%s is deactivated", a.As)
	}
	return p, nil
}

func (d *Driver) do(p *workspace.Person, a Action) (Outcome, error) {
	if do := waiting[a.Do]; do != nil {
		return do(d, p, a)
	}
	return workspace.Update(d.store, func(tx *workspace.Tx) (Outcome, error) { return instant[a.Do](tx, p, a) })
}

// ephemeralsOf lists what was shown to a person alone since then.
func ephemeralsOf(tx *workspace.Tx, p *workspace.Person, since int64) []*workspace.Message {
	var list []*workspace.Message
	for _, c := range tx.Channels {
		for _, m := range c.Ephemerals {
			if m.OnlyFor == p.ID && m.Seq > since {
				list = append(list, m)
			}
		}
	}
	return list
}

// place finds the channel that a person means, and refuses one they are not in.
func place(tx *workspace.Tx, p *workspace.Person, ref string) (*workspace.Channel, error) {
	c := tx.Channel(ref)
	if c == nil && strings.HasPrefix(ref, "@") {
		members := []string{p.ID}
		for _, name := range strings.Split(ref, ",") {
			other := tx.Person(name)
			if other == nil {
				return nil, fmt.Errorf("nobody is called %q", name)
			}
			members = append(members, other.ID)
		}
		c = tx.Conversation(members...)
	}
	switch {
	case c == nil:
		return nil, fmt.Errorf("there is no channel %q", ref)
	case !c.Has(p.ID):
		return nil, fmt.Errorf("%s is not in %q", p.Name, ref)
	}
	return c, nil
}

// about finds the message that a person means, ephemeral ones included.
func about(tx *workspace.Tx, p *workspace.Person, a Action) (*workspace.Channel, *workspace.Message, error) {
	c, err := place(tx, p, a.Channel)
	if err != nil {
		return nil, nil, err
	}
	return seenIn(c, p, a)
}

// inView is about, also in a public channel into which a person only looks: what is
// there can be pressed without joining.
func inView(tx *workspace.Tx, p *workspace.Person, a Action) (*workspace.Channel, *workspace.Message, error) {
	c := tx.Channel(a.Channel)
	if c == nil || c.Private || c.IM || c.MPIM || p.Restricted || p.UltraRestricted || p.TeamID != tx.Team.ID {
		return about(tx, p, a)
	}
	return seenIn(c, p, a)
}

func seenIn(c *workspace.Channel, p *workspace.Person, a Action) (*workspace.Channel, *workspace.Message, error) {
	if m := c.Message(a.TS); m != nil {
		return c, m, nil
	}
	for _, m := range c.Ephemerals {
		if m.TS == a.TS && m.OnlyFor == p.ID {
			return c, m, nil
		}
	}
	return nil, nil, fmt.Errorf("there is no message %s in %q", a.TS, a.Channel)
}

func say(tx *workspace.Tx, p *workspace.Person, a Action) (Outcome, error) {
	c, err := place(tx, p, a.Channel)
	if err != nil {
		return Outcome{}, err
	}
	if c.Archived {
		return Outcome{}, fmt.Errorf("%q is archived", a.Channel)
	}
	if a.Thread != "" && (c.Message(a.Thread) == nil || c.Message(a.Thread).IsReply()) {
		return Outcome{}, fmt.Errorf("there is no thread %s in %q", a.Thread, a.Channel)
	}
	files, err := tx.FilesByID(a.Files)
	if err != nil {
		return Outcome{}, err
	}
	words := tx.Markup(a.Text)
	draft := workspace.Message{
		User: p.ID, Text: words, Blocks: layout.RichText(words), ThreadTS: a.Thread, Broadcast: a.Broadcast && a.Thread != "",
		ClientMsgID: wire.NewUUID(), Files: files,
	}
	if len(files) > 0 {
		draft.Subtype = workspace.FileShare
	}
	m := tx.Post(c, draft)
	tx.MarkRead(p, c)
	return Outcome{TS: m.TS}, nil
}

func edit(tx *workspace.Tx, p *workspace.Person, a Action) (Outcome, error) {
	c, m, err := about(tx, p, a)
	if err != nil {
		return Outcome{}, err
	}
	if m.User != p.ID {
		return Outcome{}, fmt.Errorf("message %s is not theirs", a.TS)
	}
	words := tx.Markup(a.Text)
	edited := &workspace.Edit{User: p.ID, TS: tx.NewTS()}
	tx.Change(c, m, func(m *workspace.Message) { m.Text, m.Blocks, m.Edited = words, layout.RichText(words), edited })
	return Outcome{TS: m.TS}, nil
}

// erase deletes one's own message; an admin may delete anybody's.
func erase(tx *workspace.Tx, p *workspace.Person, a Action) (Outcome, error) {
	c, m, err := about(tx, p, a)
	if err != nil {
		return Outcome{}, err
	}
	if m.User != p.ID && !p.Admin {
		return Outcome{}, fmt.Errorf("message %s is not theirs, and they are no admin", a.TS)
	}
	if m.OnlyFor != "" {
		tx.RemoveEphemeral(c, m)
		return Outcome{}, nil
	}
	tx.Remove(c, m)
	return Outcome{}, nil
}

func follow(tx *workspace.Tx, p *workspace.Person, a Action) (Outcome, error) {
	return setFollowed(tx, p, a, true)
}
func unfollow(tx *workspace.Tx, p *workspace.Person, a Action) (Outcome, error) {
	return setFollowed(tx, p, a, false)
}

func setFollowed(tx *workspace.Tx, p *workspace.Person, a Action, follows bool) (Outcome, error) {
	c, m, err := about(tx, p, a)
	if err != nil {
		return Outcome{}, err
	}
	if m.IsReply() || m.OnlyFor != "" {
		return Outcome{}, fmt.Errorf("message %s begins no thread", a.TS)
	}
	tx.Swap(c, m, func(m *workspace.Message) {
		m.Followers = slices.DeleteFunc(slices.Clone(m.Followers), func(id string) bool { return id == p.ID })
		if follows {
			m.Followers = append(m.Followers, p.ID)
		}
	})
	tx.Journal.Add(workspace.Entry{Kind: workspace.KindPeople, What: a.Do, Detail: a.TS, Channel: c.ID, User: p.ID})
	return Outcome{TS: m.TS}, nil
}

func react(tx *workspace.Tx, p *workspace.Person, a Action) (Outcome, error) {
	return reaction(tx, p, a, true)
}
func unreact(tx *workspace.Tx, p *workspace.Person, a Action) (Outcome, error) {
	return reaction(tx, p, a, false)
}

func reaction(tx *workspace.Tx, p *workspace.Person, a Action, add bool) (Outcome, error) {
	c, m, err := about(tx, p, a)
	if err != nil {
		return Outcome{}, err
	}
	if m.OnlyFor != "" {
		return Outcome{}, fmt.Errorf("nobody can react to an ephemeral message")
	}
	tx.React(c, m, p.ID, strings.Trim(a.Emoji, ":"), add)
	return Outcome{TS: m.TS}, nil
}

func openHome(tx *workspace.Tx, p *workspace.Person, a Action) (Outcome, error) {
	tab := a.Name
	if tab == "" {
		tab = "home"
	}
	if !slices.Contains([]string{"home", "messages"}, tab) {
		return Outcome{}, fmt.Errorf("there is no tab %q", tab)
	}
	tx.TellHomeOpened(p, tab)
	return Outcome{View: p.Home}, nil
}

// runStep has a workflow come to the app's step, with its inputs.
func runStep(tx *workspace.Tx, _ *workspace.Person, a Action) (Outcome, error) {
	if a.Callback == "" {
		return Outcome{}, fmt.Errorf("say which step: its callback id")
	}
	return Outcome{Execution: tx.RunStep(a.Callback, a.Values).Execution}, nil
}

// markRead notes that a person has seen everything in a channel.
func markRead(tx *workspace.Tx, p *workspace.Person, a Action) (Outcome, error) {
	c, err := place(tx, p, a.Channel)
	if err != nil {
		return Outcome{}, err
	}
	isNew := tx.Unread(p, c) > 0 || tx.NewNotified(p)[c.ID] > 0
	tx.MarkRead(p, c)
	if isNew {
		tx.Journal.Add(workspace.Entry{Kind: workspace.KindPeople, What: "read", Channel: c.ID, User: p.ID}) // so that every window sees it
	}
	return Outcome{}, nil
}

// deleteFile is what a person does to a file of their own.
func deleteFile(tx *workspace.Tx, p *workspace.Person, a Action) (Outcome, error) {
	for _, id := range a.Files {
		f := tx.Files[id]
		if f == nil || f.User != p.ID && !p.Admin {
			return Outcome{}, fmt.Errorf("%q is no file of theirs", id)
		}
		tx.EraseFile(f)
	}
	return Outcome{}, nil
}

package workspace

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"supporty/internal/dev/slacksim/wire"
)

// DefaultBot is the handle of a bot that was given none.
const DefaultBot = "supporty"

// state is the workspace behind the API.
type state struct {
	store    *Store
	URL      string // of the server, without a slash at the end
	Team     Team
	Bot      Bot
	Now      func() time.Time
	People   []*Person
	Channels []*Channel
	Groups   []*Usergroup
	Journal  *journal
	Files    map[string]*File
	emit     func(tx *Tx, event wire.Object, about *Channel) // tells the bot
	timers   map[*time.Timer]struct{}
	Closed   bool
	Beliefs  Beliefs
	Steps    []*Step

	reads     map[string]map[string]int64 // by person and channel: the journal number they have read to
	readByAll int64                       // up to here everybody has read everything
	preparing bool                        // Config.Progress was not complete when last looked at

	lastTS int64 // microseconds
	lastID int64
}

// Bot holds the ids by which one bot is known.
type Bot struct {
	App  string // A…
	ID   string // B…
	User string // U…
	Name string
}

// NewStore makes a workspace as spec describes it, which is reached at url and has
// its time from now.
func NewStore(spec Spec, url string, now func() time.Time) *Store {
	s := &Store{done: make(chan struct{})}
	s.state = state{
		store: s, URL: url, Now: now, Journal: newJournal(), emit: func(*Tx, wire.Object, *Channel) {},
		Files: map[string]*File{}, reads: map[string]map[string]int64{}, timers: map[*time.Timer]struct{}{},
	}
	s.Update(func(tx *Tx) { tx.populate(spec) })
	return s
}

func (tx *Tx) populate(spec Spec) {
	tx.Team = Team{ID: tx.NewID("T"), Name: spec.Team, Domain: spec.Domain}
	if tx.Team.Domain == "" {
		tx.Team.Domain = strings.ToLower(strings.ReplaceAll(spec.Team, " ", "-"))
	}
	tx.Bot = Bot{App: tx.NewID("A"), ID: tx.NewID("B"), Name: spec.Bot}
	if tx.Bot.Name == "" {
		tx.Bot.Name = DefaultBot
	}
	tx.Bot.User = tx.AddPerson(Person{Name: tx.Bot.Name, RealName: title(tx.Bot.Name), Bot: true}).ID
	for _, p := range spec.People {
		tx.AddPerson(p)
	}
	for _, c := range spec.Channels {
		tx.AddChannel(c)
	}
	for _, g := range spec.Usergroups {
		tx.AddGroup(g)
	}
}

func title(name string) string {
	if name == "" {
		return ""
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

// NewID makes an id as Slack's look: a letter for the kind, then capitals and digits.
func (tx *Tx) NewID(kind string) string {
	tx.lastID++
	const eightDigits = 10 * 36 * 36 * 36 * 36 * 36 * 36 * 36 // A0000000 in base 36
	return kind + "0" + strings.ToUpper(strconv.FormatInt(eightDigits+tx.lastID, 36))
}

// NewTS stamps something with the business time; stamps strictly increase.
func (tx *Tx) NewTS() string {
	tx.lastTS = max(tx.lastTS+1, tx.Now().UnixMicro())
	return fmt.Sprintf("%d.%06d", tx.lastTS/1e6, tx.lastTS%1e6)
}

// AddPerson adds somebody, and fills in what is left out.
func (tx *Tx) AddPerson(p Person) *Person {
	if p.ID == "" {
		p.ID = tx.NewID("U")
	}
	if p.RealName == "" {
		p.RealName = title(p.Name)
	}
	if p.Email == "" && !p.Bot {
		p.Email = p.Name + "@" + tx.Team.Domain + ".example"
	}
	if p.TeamID == "" {
		p.TeamID = tx.Team.ID
	}
	if p.Presence == "" {
		p.Presence = "active"
	}
	tx.People = append(tx.People, &p)
	return &p
}

// AddChannel adds a channel; its members may be names.
func (tx *Tx) AddChannel(c Channel) *Channel {
	if c.ID == "" {
		c.ID = tx.NewID("C")
	}
	c.Members = tx.IDs(c.Members)
	tx.Channels = append(tx.Channels, &c)
	return &c
}

// AddGroup adds a user group; its members may be names.
func (tx *Tx) AddGroup(g Usergroup) *Usergroup {
	if g.ID == "" {
		g.ID = tx.NewID("S")
	}
	if g.Name == "" {
		g.Name = g.Handle
	}
	g.Members = tx.IDs(g.Members)
	tx.Groups = append(tx.Groups, &g)
	return &g
}

// IDs turns names into ids and leaves out whom it does not know.
func (tx *Tx) IDs(refs []string) []string {
	ids := make([]string, 0, len(refs))
	for _, ref := range refs {
		if p := tx.Person(ref); p != nil {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

// Person finds somebody by id or handle; nil if there is nobody.
func (tx *Tx) Person(ref string) *Person {
	ref = strings.TrimPrefix(ref, "@")
	for _, p := range tx.People {
		if p.ID == ref || p.Name == ref {
			return p
		}
	}
	return nil
}

// Channel finds a channel by id or name; nil if there is none.
func (tx *Tx) Channel(ref string) *Channel {
	ref = strings.TrimPrefix(ref, "#")
	for _, c := range tx.Channels {
		if c.ID == ref || (c.Name != "" && c.Name == ref) {
			return c
		}
	}
	return nil
}

// PersonByID finds a person by id alone; nil if there is none.
func (tx *Tx) PersonByID(id string) *Person {
	if p := tx.Person(id); p != nil && p.ID == id {
		return p
	}
	return nil
}

// Group finds a user group by id or handle; nil if there is none.
func (tx *Tx) Group(ref string) *Usergroup {
	ref = strings.TrimPrefix(ref, "@")
	for _, g := range tx.Groups {
		if g.ID == ref || g.Handle == ref {
			return g
		}
	}
	return nil
}

// Conversation returns the direct message of those people: of one with
// themselves, of two, or the group message of more. It is opened if need be.
func (tx *Tx) Conversation(ids ...string) *Channel {
	if c := tx.FindConversation(ids...); c != nil {
		return c
	}
	members := distinct(ids)
	if len(members) <= 2 {
		return tx.AddChannel(Channel{ID: tx.NewID("D"), IM: true, Members: members})
	}
	return tx.AddChannel(Channel{ID: tx.NewID("G"), MPIM: true, Private: true, Name: tx.groupName(members), Members: members})
}

// FindConversation returns it; nil if those people have none.
func (tx *Tx) FindConversation(ids ...string) *Channel {
	members := distinct(ids)
	for _, c := range tx.Channels {
		if c.isOf(members) {
			return c
		}
	}
	return nil
}

// isOf says whether it is the direct message of exactly these.
func (c *Channel) isOf(members []string) bool {
	return c.Direct() && len(c.Members) == len(members) &&
		!slices.ContainsFunc(members, func(id string) bool { return !c.Has(id) })
}

func distinct(ids []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(ids)))
}

// groupName is how Slack names a group message.
// https://docs.slack.dev/reference/objects/conversation-object
func (tx *Tx) groupName(members []string) string {
	var names []string
	for _, id := range members {
		names = append(names, tx.Person(id).Name)
	}
	return "mpdm-" + strings.Join(names, "--") + "-1"
}

// other returns the second person of a direct message.
func (c *Channel) other(id string) string {
	for _, m := range c.Members {
		if m != id {
			return m
		}
	}
	return id
}

// Has says whether somebody is in it.
func (c *Channel) Has(userID string) bool { return slices.Contains(c.Members, userID) }

// Kind is Slack's channel_type.
func (c *Channel) Kind() string {
	switch {
	case c.IM:
		return "im"
	case c.MPIM:
		return "mpim"
	case c.Private:
		return "group"
	}
	return "channel"
}

// ScopePrefix is how the scopes of each Kind begin.
var ScopePrefix = map[string]string{"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}

// Visible copies what can be seen. Messages and views are never changed in place,
// so copying the pointers to them is enough.
func (tx *Tx) Visible() State {
	s := State{Seq: tx.Journal.Last(), Now: tx.Now().UTC(), Team: tx.Team, BotUserID: tx.Bot.User}
	for _, step := range tx.Steps {
		s.Steps = append(s.Steps, *step)
	}
	for _, p := range tx.People {
		person := *p
		person.Modals, person.Notified = slices.Clone(p.Modals), slices.Clip(p.Notified)
		s.People = append(s.People, person)
	}
	for _, c := range tx.Channels {
		channel := *c
		channel.Members = slices.Clone(c.Members)
		channel.Messages = slices.Clone(c.Messages)
		channel.Ephemerals = slices.Clone(c.Ephemerals)
		s.Channels = append(s.Channels, channel)
	}
	for _, g := range tx.Groups {
		group := *g
		group.Members = slices.Clone(g.Members)
		s.Usergroups = append(s.Usergroups, group)
	}
	return s
}

var anyID = regexp.MustCompile(`\b[UWCS][A-Z0-9]{5,}\b`)

// names maps the ids that occur in some texts to what people read in their
// place.
func (tx *Tx) names(texts ...string) map[string]string {
	names := map[string]string{}
	for _, text := range texts {
		for _, id := range anyID.FindAllString(text, -1) {
			if name := tx.nameOf(id); name != "" {
				names[id] = name
			}
		}
	}
	return names
}

func (tx *Tx) nameOf(id string) string {
	if p := tx.Person(id); p != nil {
		return "@" + p.RealName
	}
	if c := tx.Channel(id); c != nil && c.Name != "" {
		return "#" + c.Name
	}
	if g := tx.Group(id); g != nil {
		return "@" + g.Handle
	}
	return ""
}

package slacksim

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// defaultBot is the handle of a bot that was given none.
const defaultBot = "supporty"

// object is a JSON object under construction.
type object = map[string]any

// state is the workspace behind the API.
type state struct {
	store    *Store
	url      string // of the server, without a slash at the end
	team     Team
	bot      botIdentity
	now      func() time.Time
	people   []*Person
	channels []*Channel
	groups   []*Usergroup
	journal  *journal
	files    map[string]*File
	emit     func(tx *Tx, event object, about *Channel) // tells the bot
	timers   map[*time.Timer]struct{}
	closed   bool
	beliefs  Beliefs

	reads     map[string]map[string]int64 // by person and channel: the journal number they have read to
	readByAll int64                       // up to here everybody has read everything
	preparing bool                        // Config.Progress was not complete when last looked at

	lastTS int64 // microseconds
	lastID int64
}

// botIdentity holds the ids by which one bot is known.
type botIdentity struct {
	app  string // A…
	bot  string // B…
	user string // U…
	name string
}

// NewStore makes a workspace as spec describes it, which is reached at url and has
// its time from now.
func NewStore(spec Workspace, url string, now func() time.Time) *Store {
	s := &Store{done: make(chan struct{})}
	s.state = state{
		store: s, url: url, now: now, journal: newJournal(), emit: func(*Tx, object, *Channel) {},
		files: map[string]*File{}, reads: map[string]map[string]int64{}, timers: map[*time.Timer]struct{}{},
	}
	s.Update(func(tx *Tx) { tx.populate(spec) })
	return s
}

func (tx *Tx) populate(spec Workspace) {
	tx.team = Team{ID: tx.newID("T"), Name: spec.Team, Domain: spec.Domain}
	if tx.team.Domain == "" {
		tx.team.Domain = strings.ToLower(strings.ReplaceAll(spec.Team, " ", "-"))
	}
	tx.bot = botIdentity{app: tx.newID("A"), bot: tx.newID("B"), name: spec.Bot}
	if tx.bot.name == "" {
		tx.bot.name = defaultBot
	}
	tx.bot.user = tx.addPerson(Person{Name: tx.bot.name, RealName: title(tx.bot.name), Bot: true}).ID
	for _, p := range spec.People {
		tx.addPerson(p)
	}
	for _, c := range spec.Channels {
		tx.addChannel(c)
	}
	for _, g := range spec.Usergroups {
		tx.addGroup(g)
	}
}

func title(name string) string {
	if name == "" {
		return ""
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

// newID makes an id as Slack's look: a letter for the kind, then capitals and digits.
func (tx *Tx) newID(kind string) string {
	tx.lastID++
	const eightDigits = 10 * 36 * 36 * 36 * 36 * 36 * 36 * 36 // A0000000 in base 36
	return kind + "0" + strings.ToUpper(strconv.FormatInt(eightDigits+tx.lastID, 36))
}

// newTS stamps something with the business time; stamps strictly increase.
func (tx *Tx) newTS() string {
	tx.lastTS = max(tx.lastTS+1, tx.now().UnixMicro())
	return fmt.Sprintf("%d.%06d", tx.lastTS/1e6, tx.lastTS%1e6)
}

func (tx *Tx) addPerson(p Person) *Person {
	if p.ID == "" {
		p.ID = tx.newID("U")
	}
	if p.RealName == "" {
		p.RealName = title(p.Name)
	}
	if p.Email == "" && !p.Bot {
		p.Email = p.Name + "@" + tx.team.Domain + ".example"
	}
	if p.TeamID == "" {
		p.TeamID = tx.team.ID
	}
	if p.Presence == "" {
		p.Presence = "active"
	}
	tx.people = append(tx.people, &p)
	return &p
}

func (tx *Tx) addChannel(c Channel) *Channel {
	if c.ID == "" {
		c.ID = tx.newID("C")
	}
	c.Members = tx.ids(c.Members)
	tx.channels = append(tx.channels, &c)
	return &c
}

func (tx *Tx) addGroup(g Usergroup) *Usergroup {
	if g.ID == "" {
		g.ID = tx.newID("S")
	}
	if g.Name == "" {
		g.Name = g.Handle
	}
	g.Members = tx.ids(g.Members)
	tx.groups = append(tx.groups, &g)
	return &g
}

// ids turns names into ids and leaves out whom it does not know.
func (tx *Tx) ids(refs []string) []string {
	ids := make([]string, 0, len(refs))
	for _, ref := range refs {
		if p := tx.person(ref); p != nil {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

// person finds somebody by id or handle; nil if there is nobody.
func (tx *Tx) person(ref string) *Person {
	ref = strings.TrimPrefix(ref, "@")
	for _, p := range tx.people {
		if p.ID == ref || p.Name == ref {
			return p
		}
	}
	return nil
}

// channel finds a channel by id or name; nil if there is none.
func (tx *Tx) channel(ref string) *Channel {
	ref = strings.TrimPrefix(ref, "#")
	for _, c := range tx.channels {
		if c.ID == ref || (c.Name != "" && c.Name == ref) {
			return c
		}
	}
	return nil
}

// personByID finds a person by id alone; nil if there is none.
func (tx *Tx) personByID(id string) *Person {
	if p := tx.person(id); p != nil && p.ID == id {
		return p
	}
	return nil
}

// group finds a user group by id or handle; nil if there is none.
func (tx *Tx) group(ref string) *Usergroup {
	ref = strings.TrimPrefix(ref, "@")
	for _, g := range tx.groups {
		if g.ID == ref || g.Handle == ref {
			return g
		}
	}
	return nil
}

// conversation returns the direct message of those people: of one with
// themselves, of two, or the group message of more. It is opened if need be.
func (tx *Tx) conversation(ids ...string) *Channel {
	if c := tx.findConversation(ids...); c != nil {
		return c
	}
	members := distinct(ids)
	if len(members) <= 2 {
		return tx.addChannel(Channel{ID: tx.newID("D"), IM: true, Members: members})
	}
	return tx.addChannel(Channel{ID: tx.newID("G"), MPIM: true, Private: true, Name: tx.groupName(members), Members: members})
}

// findConversation returns it; nil if those people have none.
func (tx *Tx) findConversation(ids ...string) *Channel {
	members := distinct(ids)
	for _, c := range tx.channels {
		if c.isOf(members) {
			return c
		}
	}
	return nil
}

// isOf says whether it is the direct message of exactly these.
func (c *Channel) isOf(members []string) bool {
	return c.direct() && len(c.Members) == len(members) &&
		!slices.ContainsFunc(members, func(id string) bool { return !c.has(id) })
}

func distinct(ids []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(ids)))
}

// groupName is how Slack names a group message.
// https://docs.slack.dev/reference/objects/conversation-object
func (tx *Tx) groupName(members []string) string {
	var names []string
	for _, id := range members {
		names = append(names, tx.person(id).Name)
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

func (c *Channel) has(userID string) bool { return slices.Contains(c.Members, userID) }

func (c *Channel) find(ts string) *Message {
	if i, ok := findMessage(c.Messages, ts); ok {
		return c.Messages[i]
	}
	return nil
}

// kind is Slack's channel_type.
func (c *Channel) kind() string {
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

// visible copies what can be seen. Messages and views are never changed in place,
// so copying the pointers to them is enough.
func (tx *Tx) visible() State {
	s := State{Seq: tx.journal.last(), Now: tx.now().UTC(), Team: tx.team, BotUserID: tx.bot.user}
	for _, p := range tx.people {
		person := *p
		person.Modals, person.Notified = slices.Clone(p.Modals), slices.Clip(p.Notified)
		s.People = append(s.People, person)
	}
	for _, c := range tx.channels {
		channel := *c
		channel.Members = slices.Clone(c.Members)
		channel.Messages = slices.Clone(c.Messages)
		channel.Ephemerals = slices.Clone(c.Ephemerals)
		s.Channels = append(s.Channels, channel)
	}
	for _, g := range tx.groups {
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
	if p := tx.person(id); p != nil {
		return "@" + p.RealName
	}
	if c := tx.channel(id); c != nil && c.Name != "" {
		return "#" + c.Name
	}
	if g := tx.group(id); g != nil {
		return "@" + g.Handle
	}
	return ""
}

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

// workspace is the state behind the API. The server's lock guards all of it.
type workspace struct {
	team     Team
	bot      botIdentity
	now      func() time.Time
	people   []*Person
	channels []*Channel
	groups   []*Usergroup
	journal  *journal
	files    map[string]*File
	emit     func(event object, about *Channel) // tells the bot
	beliefs  Beliefs

	reads     map[string]map[string]int64 // by person and channel: the journal number they have read to
	settled   int64                       // up to here everybody has read everything
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

func newWorkspace(spec Workspace, now func() time.Time) *workspace {
	w := &workspace{
		now: now, journal: newJournal(), emit: func(object, *Channel) {},
		files: map[string]*File{}, reads: map[string]map[string]int64{},
	}
	w.team = Team{ID: w.newID("T"), Name: spec.Team, Domain: spec.Domain}
	if w.team.Domain == "" {
		w.team.Domain = strings.ToLower(strings.ReplaceAll(spec.Team, " ", "-"))
	}
	w.bot = botIdentity{app: w.newID("A"), bot: w.newID("B"), name: spec.Bot}
	if w.bot.name == "" {
		w.bot.name = defaultBot
	}
	w.bot.user = w.addPerson(Person{Name: w.bot.name, RealName: title(w.bot.name), Bot: true}).ID
	for _, p := range spec.People {
		w.addPerson(p)
	}
	for _, c := range spec.Channels {
		w.addChannel(c)
	}
	for _, g := range spec.Usergroups {
		w.addGroup(g)
	}
	return w
}

func title(name string) string {
	if name == "" {
		return ""
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

// newID makes an id as Slack's look: a letter for the kind, then capitals and digits.
func (w *workspace) newID(kind string) string {
	w.lastID++
	const eightDigits = 10 * 36 * 36 * 36 * 36 * 36 * 36 * 36 // A0000000 in base 36
	return kind + "0" + strings.ToUpper(strconv.FormatInt(eightDigits+w.lastID, 36))
}

// newTS stamps something with the business time; stamps strictly increase.
func (w *workspace) newTS() string {
	w.lastTS = max(w.lastTS+1, w.now().UnixMicro())
	return fmt.Sprintf("%d.%06d", w.lastTS/1e6, w.lastTS%1e6)
}

func (w *workspace) addPerson(p Person) *Person {
	if p.ID == "" {
		p.ID = w.newID("U")
	}
	if p.RealName == "" {
		p.RealName = title(p.Name)
	}
	if p.Email == "" && !p.Bot {
		p.Email = p.Name + "@" + w.team.Domain + ".example"
	}
	if p.TeamID == "" {
		p.TeamID = w.team.ID
	}
	if p.Presence == "" {
		p.Presence = "active"
	}
	w.people = append(w.people, &p)
	return &p
}

func (w *workspace) addChannel(c Channel) *Channel {
	if c.ID == "" {
		c.ID = w.newID("C")
	}
	c.Members = w.ids(c.Members)
	w.channels = append(w.channels, &c)
	return &c
}

func (w *workspace) addGroup(g Usergroup) *Usergroup {
	if g.ID == "" {
		g.ID = w.newID("S")
	}
	if g.Name == "" {
		g.Name = g.Handle
	}
	g.Members = w.ids(g.Members)
	w.groups = append(w.groups, &g)
	return &g
}

// ids turns names into ids and leaves out whom it does not know.
func (w *workspace) ids(refs []string) []string {
	ids := make([]string, 0, len(refs))
	for _, ref := range refs {
		if p := w.person(ref); p != nil {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

// person finds somebody by id or handle; nil if there is nobody.
func (w *workspace) person(ref string) *Person {
	ref = strings.TrimPrefix(ref, "@")
	for _, p := range w.people {
		if p.ID == ref || p.Name == ref {
			return p
		}
	}
	return nil
}

// channel finds a channel by id or name; nil if there is none.
func (w *workspace) channel(ref string) *Channel {
	ref = strings.TrimPrefix(ref, "#")
	for _, c := range w.channels {
		if c.ID == ref || (c.Name != "" && c.Name == ref) {
			return c
		}
	}
	return nil
}

func (w *workspace) group(ref string) *Usergroup {
	ref = strings.TrimPrefix(ref, "@")
	for _, g := range w.groups {
		if g.ID == ref || g.Handle == ref {
			return g
		}
	}
	return nil
}

// conversation returns the direct message of those people: of one with
// themselves, of two, or the group message of more. It is opened if need be.
func (w *workspace) conversation(ids ...string) *Channel {
	if c := w.findConversation(ids...); c != nil {
		return c
	}
	members := distinct(ids)
	if len(members) <= 2 {
		return w.addChannel(Channel{ID: w.newID("D"), IM: true, Members: members})
	}
	return w.addChannel(Channel{ID: w.newID("G"), MPIM: true, Private: true, Name: w.groupName(members), Members: members})
}

// findConversation returns it; nil if those people have none.
func (w *workspace) findConversation(ids ...string) *Channel {
	members := distinct(ids)
	for _, c := range w.channels {
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
func (w *workspace) groupName(members []string) string {
	var names []string
	for _, id := range members {
		names = append(names, w.person(id).Name)
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

// state copies what is visible. Messages and views are never changed in place,
// so copying the pointers to them is enough.
func (w *workspace) state() State {
	s := State{Seq: w.journal.last(), Now: w.now().UTC(), Team: w.team, BotUserID: w.bot.user}
	for _, p := range w.people {
		person := *p
		person.Modals, person.Notified = slices.Clone(p.Modals), slices.Clip(p.Notified)
		s.People = append(s.People, person)
	}
	for _, c := range w.channels {
		channel := *c
		channel.Members = slices.Clone(c.Members)
		channel.Messages = slices.Clone(c.Messages)
		channel.Ephemerals = slices.Clone(c.Ephemerals)
		s.Channels = append(s.Channels, channel)
	}
	for _, g := range w.groups {
		group := *g
		group.Members = slices.Clone(g.Members)
		s.Usergroups = append(s.Usergroups, group)
	}
	return s
}

var anyID = regexp.MustCompile(`\b[UWCS][A-Z0-9]{5,}\b`)

// names maps the ids that occur in some texts to what people read in their
// place.
func (w *workspace) names(texts ...string) map[string]string {
	names := map[string]string{}
	for _, text := range texts {
		for _, id := range anyID.FindAllString(text, -1) {
			if name := w.nameOf(id); name != "" {
				names[id] = name
			}
		}
	}
	return names
}

func (w *workspace) nameOf(id string) string {
	if p := w.person(id); p != nil {
		return "@" + p.RealName
	}
	if c := w.channel(id); c != nil && c.Name != "" {
		return "#" + c.Name
	}
	if g := w.group(id); g != nil {
		return "@" + g.Handle
	}
	return ""
}

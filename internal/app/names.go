package app

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"

	"supporty/internal/directory"
	"supporty/internal/postgres"
	"supporty/internal/slackapi"
)

// place is a channel that the bot is in, or a user group.
type place struct {
	id, name string // the name with # or @
	archived bool
}

func (p place) called(k kind, name string) bool { return p.id == name || p.name == k.sign+name }

// open is the id, or "" if the bot cannot post there.
func (p place) open() string {
	if p.archived {
		return ""
	}
	return p.id
}

// kind is a kind of thing that the settings name and whose name can change in Slack.
type kind struct{ name, sign, nowhere string }

var (
	channels = kind{"channel", "#", "the bot is in no channel %q; invite it there with /invite, or write the name as it is now"}
	groups   = kind{"group", "@", "no user group %q is in use; switch it on, or write its handle as it is now"}
)

func (k kind) named(name string) postgres.Name { return postgres.Name{Kind: k.name, Name: name} }

// look is one lookup of everything that the settings name.
type look struct {
	ctx        context.Context //nolint:containedctx // lives as long as the look
	slack      *slackapi.Client
	log        *slog.Logger
	all        map[kind]func() ([]place, error) // each list is read once
	known      map[postgres.Name]string         // the ids of names at the last lookup
	names      map[postgres.Name]string         // the ids of names now
	running    string                           // the id of the support channel of a running desk, even if its name has changed
	references []reference
}

func newLook(ctx context.Context, c *slackapi.Client, known map[postgres.Name]string, log *slog.Logger) *look {
	l := &look{ctx: ctx, slack: c, log: log, known: known, names: map[postgres.Name]string{}}
	l.all = map[kind]func() ([]place, error){channels: sync.OnceValues(l.ownChannels), groups: sync.OnceValues(l.userGroups)}
	return l
}

func (l *look) ownChannels() ([]place, error) {
	own, err := untilAnswered(l, l.slack.OwnChannels)
	var all []place
	for _, c := range own {
		all = append(all, place{c.ID, channels.sign + c.Name, c.Archived})
	}
	return all, err
}

func (l *look) userGroups() ([]place, error) {
	inUse, err := untilAnswered(l, l.slack.Groups)
	var all []place
	for _, g := range inUse {
		all = append(all, place{id: g.ID, name: groups.sign + g.Handle})
	}
	return all, err
}

// lookUp looks up the channel or group of a setting. It returns the zero place if there
// is none. meanwhile is the effect until the operator repairs it.
func (l *look) lookUp(setting string, k kind, name, meanwhile string) place {
	all, err := l.all[k]()
	if err != nil {
		l.misses(setting, fmt.Sprintf("%q cannot be looked for: %v", name, err), meanwhile)
		return place{}
	}
	known := l.known[k.named(name)]
	p := find(k, name, known, all)
	if setting == supportSetting && l.running != "" {
		known = l.running
		p = withID(known, all)
	}
	switch {
	case p.id == "":
		l.misses(setting, fmt.Sprintf(k.nowhere, name), meanwhile)
		return p
	case p.archived:
		l.misses(setting, p.name+" is archived; unarchive it, or name another", meanwhile)
	case !p.called(k, name):
		l.sees(setting, renamed, fmt.Sprintf("%s is called %s now; change %s in the settings", k.sign+name, p.name, setting))
	case known != "" && p.id != known:
		l.sees(setting, moved, fmt.Sprintf("%s is another %s than before: that one %s", p.name, k.name, whereabouts(known, all)))
	default:
		l.sees(setting, found, p.name)
	}
	l.names[k.named(name)] = p.id
	return p
}

// find returns the place with a name, or with that id. If there is none, it returns the
// place that had the name at the last lookup. If another place has the name now, that
// place counts, because it is what people see in the settings and in Slack.
func find(k kind, name, known string, all []place) place {
	i := slices.IndexFunc(all, func(p place) bool { return p.called(k, name) })
	if i < 0 {
		return withID(known, all)
	}
	return all[i]
}

// withID is the place with an id, or the zero place.
func withID(id string, all []place) place {
	i := slices.IndexFunc(all, func(p place) bool { return p.id == id })
	if i < 0 {
		return place{}
	}
	return all[i]
}

func whereabouts(id string, all []place) string {
	if p := withID(id, all); p.id != "" {
		return "is called " + p.name + " now"
	}
	return "is not to be seen any more"
}

// person is a person's name, or "" if they cannot be told anything.
func (l *look) person(setting, id, meanwhile string) string {
	const write = "write the id of somebody who is (in their profile, Copy member ID)"
	p, err := untilAnswered(l, func(ctx context.Context) (directory.Profile, error) { return l.slack.Profile(ctx, id) })
	switch {
	case err != nil:
		l.misses(setting, fmt.Sprintf("%q cannot be looked up: %v", id, err), meanwhile)
	case p.External || p.Bot:
		l.misses(setting, fmt.Sprintf("%q is nobody of this workspace; %s", id, write), meanwhile)
	case p.Deactivated:
		l.misses(setting, fmt.Sprintf("%q (%s) is not here any more; %s", id, p.Name, write), meanwhile)
	default:
		l.sees(setting, found, p.Name)
		return p.Name
	}
	return ""
}

package desk

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// People knows who is who. Implementations are safe for concurrent use and
// answer from a cache where they can.
type People interface {
	Person(ctx context.Context, id string) (Person, error)
	// IsMember reports whether somebody is in a channel in which tickets live, empty for the
	// support channel. It asks nobody but the cache.
	IsMember(ctx context.Context, channel, id string) (bool, error)
}

// Person is somebody of the workspace, or a bot in it.
type Person struct {
	ID          string
	Name        string // how they are called; never empty
	Zone        string // IANA; empty if unknown
	Member      bool   // of the support channel: a mention there reaches them
	Responder   bool   // may claim and resolve its tickets; never true for bots, guests and externals
	Bot         bool
	Away        bool // their status says that they are not there
	Deactivated bool // their account is deactivated
	Guest       bool // they see single channels only
	External    bool // they belong to another company
	AnswersOnly bool // they may not ask for tickets: externals, if so configured
	OwnOnly     bool // they read their own tickets alone, also in channels that they are in: guests and externals, unless configured

	Operator bool // runs the desk

	Squads []string // the names of the squads that they are in
	Leads  []string // the names of those that they lead

	Elsewhere []Standing // what they are in other channels in which tickets live
	Places    []string   // the channels and user groups, of those that the desk follows, that they are in
	Entrusted []string   // the categories whose private tickets they answer
}

// Location is the zone of a person; UTC if Slack does not say.
func (p Person) Location() *time.Location {
	zone, err := time.LoadLocation(p.Zone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// Standing is what somebody is in a channel in which tickets live.
type Standing struct {
	Channel   string // empty for the support channel
	Member    bool   // a mention there reaches them
	Responder bool   // may claim and resolve its tickets
}

// In returns what a person is in a channel, empty for the support channel.
func (p Person) In(channel string) Standing {
	if channel == "" {
		return Standing{Member: p.Member, Responder: p.Responder}
	}
	for _, s := range p.Elsewhere {
		if s.Channel == channel {
			return s
		}
	}
	return Standing{Channel: channel}
}

// ReadableChannels are the channels whose tickets a person may read, whoever asked for them.
func (p Person) ReadableChannels() (channels []string) {
	for _, s := range append([]Standing{p.In("")}, p.Elsewhere...) {
		if p.reads(s) {
			channels = append(channels, s.Channel)
		}
	}
	return channels
}

// Answers reports whether a person is a responder in any channel.
func (p Person) Answers() bool {
	return p.Responder || slices.ContainsFunc(p.Elsewhere, func(s Standing) bool { return s.Responder })
}

func (p Person) reads(s Standing) bool { return s.Responder || s.Member && !p.OwnOnly }

// CanRequest reports whether a ticket can be for this person.
func (p Person) CanRequest() bool { return !p.Bot && !p.Deactivated && !p.AnswersOnly }

// Outsider reports whether a person is a guest, or of another company.
func (p Person) Outsider() bool { return p.Guest || p.External }

// actor looks up the person who acts. The empty id is nobody: some events, such as a
// deletion, do not say who caused them.
func (d *Desk) actor(ctx context.Context, id string) (Person, error) {
	if id == "" {
		return Person{}, nil
	}
	p, err := d.people.Person(ctx, id)
	if err != nil {
		return Person{}, unavailable(fmt.Errorf("looking up the actor: %w", err))
	}
	return p, nil
}

// Package directory knows people: their Slack profile and whether they are in the support
// channel. From this follows whether a mention there reaches them, and whether they are
// responders. It asks Slack seldom and keeps the answers in a cache that all copies
// share.
//
// What people may do to a ticket is decided in the desk.
package directory

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"supporty/internal/desk"
)

// Errors, which are compared with errors.Is.
var (
	// ErrUnknown: the cache does not know this person.
	ErrUnknown = errors.New("unknown person")
	// ErrGroup: Slack did not return the members of the responders' group.
	ErrGroup = errors.New("reading the responders' group")
)

// Profile is a person's profile in Slack.
type Profile struct {
	ID          string
	Name        string
	Zone        string // IANA
	Bot         bool
	Guest       bool      // may see single channels only
	External    bool      // belongs to another workspace
	Deactivated bool      // has no account in the workspace any more
	Status      string    // emoji name of their status, without colons; "" for none
	StatusEnd   time.Time // when the status ends by itself (real time); zero for never
	FetchedAt   time.Time
	Places      []string // the channels and groups, of those we follow, that they are in
}

// Cache keeps profiles and memberships. Implementations are safe for concurrent
// use.
type Cache interface {
	Profile(ctx context.Context, id string) (Profile, error) // ErrUnknown if there is none
	SaveProfile(ctx context.Context, p Profile) error
	Members(ctx context.Context, place string) ([]string, error)
	IsMember(ctx context.Context, place, person string) (bool, error)
	ChangeMembers(ctx context.Context, place string, come, gone []string) error
}

// Slack is the source of what the cache keeps.
type Slack interface {
	Profile(ctx context.Context, id string) (Profile, error)
	ChannelMembers(ctx context.Context, channel string) ([]string, error)
	GroupMembers(ctx context.Context, group string) ([]string, error)
}

// Directory implements desk.People. It is safe for concurrent use.
type Directory struct {
	cache   Cache
	slack   Slack
	support string // channel id
	group   string // user group of the responders; empty: members of the channel
	log     *slog.Logger
	real    func() time.Time
	names   names
}

// New returns the directory of the people around a support channel. If group is set, its
// members are the responders. real is the real time, for the age of cache entries.
func New(cache Cache, slack Slack, support, group string, log *slog.Logger, real func() time.Time) *Directory {
	return &Directory{cache: cache, slack: slack, support: support, group: group, log: log, real: real}
}

// maxAge is the age at which a profile is fetched again. Changes arrive as events, so
// this only limits the damage of a lost event.
const maxAge = 24 * time.Hour

// askTimeout bounds a call to Slack: the caller has three seconds in all.
const askTimeout = 1500 * time.Millisecond

// Person implements desk.People. If Slack does not answer, it returns an old profile if
// there is one.
func (d *Directory) Person(ctx context.Context, id string) (desk.Person, error) {
	p, err := d.profile(ctx, id)
	if err != nil {
		return desk.Person{}, err
	}
	member := slices.Contains(p.Places, d.support)
	responder := slices.Contains(p.Places, cmp.Or(d.group, d.support))
	responder = responder && !p.Bot && !p.Guest && !p.External && !p.Deactivated
	ended := !p.StatusEnd.IsZero() && !d.real().Before(p.StatusEnd)
	return desk.Person{
		Away: slices.Contains(awayStatus, p.Status) && !ended, Deactivated: p.Deactivated,
		ID: id, Name: cmp.Or(p.Name, "a colleague"), Zone: p.Zone,
		Member: member, Responder: responder, Bot: p.Bot, External: p.External,
	}, nil
}

// IsMember implements desk.People.
func (d *Directory) IsMember(ctx context.Context, id string) (bool, error) {
	return d.cache.IsMember(ctx, d.support, id)
}

// awayStatus are the emoji that Slack offers for being away (vacationing, out
// sick), and those that people use for it most.
// https://slack.com/help/articles/201864558-Set-your-Slack-status-and-availability
var awayStatus = []string{"palm_tree", "face_with_thermometer", "no_entry", "desert_island", "beach_with_umbrella"}

// Name returns a person's name, up to a minute old. If the name is not available it
// returns "a colleague".
func (d *Directory) Name(ctx context.Context, id string) string {
	if name := d.names.of(id, d.real()); name != "" {
		return name
	}
	p, err := d.profile(ctx, id)
	if err != nil || p.Name == "" {
		return "a colleague"
	}
	d.names.keep(id, p.Name, d.real())
	return p.Name
}

func (d *Directory) profile(ctx context.Context, id string) (Profile, error) {
	cached, err := d.cache.Profile(ctx, id)
	known := err == nil
	if err != nil && !errors.Is(err, ErrUnknown) {
		return Profile{}, err
	}
	if known && d.real().Sub(cached.FetchedAt) < maxAge {
		return cached, nil
	}
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	asked := d.real() // an event that comes during the call is newer than its answer
	fresh, err := d.slack.Profile(ctx, id)
	fresh.FetchedAt = asked
	switch {
	case err == nil:
		return d.learn(ctx, fresh)
	case known:
		d.log.Warn("using an old profile", "person", id, "error", err)
		return cached, nil
	}
	return Profile{}, fmt.Errorf("asking Slack about a person: %w", err)
}

// Learn stores a profile that Slack sent.
func (d *Directory) Learn(ctx context.Context, p Profile) error {
	p.FetchedAt = d.real()
	return d.save(ctx, p)
}

func (d *Directory) save(ctx context.Context, p Profile) error {
	d.names.forget(p.ID)
	return d.cache.SaveProfile(ctx, p)
}

// learn stores the profile with the places that the cache has for the person: memberships
// may be known before the profile is.
func (d *Directory) learn(ctx context.Context, fresh Profile) (Profile, error) {
	if err := d.save(ctx, fresh); err != nil {
		return Profile{}, err
	}
	return d.cache.Profile(ctx, fresh.ID)
}

// Joined stores that a person has joined or left a channel.
func (d *Directory) Joined(ctx context.Context, channel, person string, member bool) error {
	if member {
		return d.cache.ChangeMembers(ctx, channel, []string{person}, nil)
	}
	return d.cache.ChangeMembers(ctx, channel, nil, []string{person})
}

// Refresh reads the members of the support channel and of the responders' group from
// Slack. If it returns ErrGroup, the members of the channel are up to date.
func (d *Directory) Refresh(ctx context.Context) error {
	if err := d.refresh(ctx, d.support, d.slack.ChannelMembers); err != nil {
		return fmt.Errorf("reading the support channel's members: %w", err)
	}
	if d.group == "" {
		return nil
	}
	if err := d.refresh(ctx, d.group, d.slack.GroupMembers); err != nil {
		return fmt.Errorf("%w: %w", ErrGroup, err)
	}
	return nil
}

// refresh corrects the members that were stored before Slack was asked, and no others: an
// event that any copy received meanwhile is newer than Slack's answer. A person who joins
// and leaves during one reading is corrected by the next.
func (d *Directory) refresh(ctx context.Context, place string, read func(context.Context, string) ([]string, error)) error {
	known, err := d.cache.Members(ctx, place)
	if err != nil {
		return err
	}
	people, err := read(ctx, place)
	if err != nil {
		return err
	}
	return d.cache.ChangeMembers(ctx, place, without(people, known), without(known, people))
}

// without returns the people who are not among others.
func without(people, others []string) []string {
	among := make(map[string]bool, len(others))
	for _, p := range others {
		among[p] = true
	}
	return slices.DeleteFunc(slices.Clone(people), func(p string) bool { return among[p] })
}

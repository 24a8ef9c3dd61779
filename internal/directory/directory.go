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

	"golang.org/x/sync/singleflight"

	"supporty/internal/desk"
)

// Errors, which are compared with errors.Is.
var (
	// ErrUnknown: the cache does not know this person.
	ErrUnknown = errors.New("unknown person")
	// ErrPlace: Slack did not return the members of a squad's channel or of a user group.
	ErrPlace = errors.New("reading a channel or a user group")
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
	// SaveProfile stores a profile, unless a newer one is stored, and returns what is stored
	// of the person then, with their places.
	SaveProfile(ctx context.Context, p Profile) (Profile, error)
	Members(ctx context.Context, place string) ([]string, error)
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
	places  Places
	log     *slog.Logger
	real    func() time.Time
	people  memory[Profile]
	reading singleflight.Group      // of people: whoever needs somebody who is being read waits for that
	members memory[map[string]bool] // by place
}

// New returns the directory of the people in some places. real is the real time, for the age
// of cache entries.
func New(cache Cache, slack Slack, places Places, log *slog.Logger, real func() time.Time) *Directory {
	return &Directory{cache: cache, slack: slack, places: places, log: log, real: real}
}

// maxAge is the age at which a profile is fetched again. Changes arrive as events, so
// this only limits the damage of a lost event.
const maxAge = 24 * time.Hour

// askTimeout bounds a call to Slack: the caller has three seconds in all.
const askTimeout = 1500 * time.Millisecond

// readWithin bounds reading a person, Slack included: it goes on although the caller that
// began it gives up, because others may wait for it.
const readWithin = 5 * time.Second

// What was read of people is kept for a minute. An event that this copy receives counts at
// once. One that another copy received counts after that time, but nobody who has just
// joined is refused for long.
const (
	keptFor          = time.Minute
	outsidersKeptFor = 5 * time.Second
)

// Person implements desk.People. If Slack does not answer, it returns an old profile if
// there is one.
func (d *Directory) Person(ctx context.Context, id string) (desk.Person, error) {
	p, known := d.people.of(id, d.real().Add(-keptFor))
	if !known || !d.person(p).Answers() {
		var err error
		if p, err = d.profile(ctx, id, outsidersKeptFor); err != nil {
			return desk.Person{}, err
		}
	}
	return d.person(p), nil
}

func (d *Directory) person(p Profile) desk.Person {
	member := slices.Contains(p.Places, d.places.Support)
	ended := !p.StatusEnd.IsZero() && !d.real().Before(p.StatusEnd)
	return desk.Person{
		Away: slices.Contains(awayStatus, p.Status) && !ended, Deactivated: p.Deactivated,
		ID: p.ID, Name: cmp.Or(p.Name, "a colleague"), Zone: p.Zone,
		Member: member, Responder: d.responds(p), Bot: p.Bot, Guest: p.Guest, External: p.External,
		AnswersOnly: p.External && d.places.Answering,
		Operator:    slices.Contains(d.places.Operators, p.ID), Squads: d.places.squadsOf(p), Leads: d.places.ledBy(p),
		OwnOnly: (p.Guest || p.External) && !d.places.Guests, Elsewhere: d.places.standings(p), Entrusted: d.entrusts(p), Places: p.Places,
	}
}

// EntrustedWith returns the people who answer the private tickets of a category, in order.
func (d *Directory) EntrustedWith(ctx context.Context, category string) ([]string, error) {
	people, group := d.places.entrustedWith(category)
	if group != "" {
		members, err := d.cache.Members(ctx, group)
		if err != nil {
			return nil, err
		}
		people = append(people, members...)
	}
	slices.Sort(people)
	var entrusted []string
	for _, id := range slices.Compact(people) {
		if id == "" {
			continue
		}
		p, err := d.Person(ctx, id)
		if err != nil {
			return nil, err
		}
		if slices.Contains(p.Entrusted, category) {
			entrusted = append(entrusted, id)
		}
	}
	return entrusted, nil
}

// SquadMembers returns the people of a squad: those who are named, in their order, and then those of
// its user group. Who leads it is among them only if they are one of these.
func (d *Directory) SquadMembers(ctx context.Context, name string) (people []string, err error) {
	for _, s := range d.places.Squads {
		if s.Name != name {
			continue
		}
		people = slices.Clone(s.Members)
		if s.Group == "" {
			return people, nil
		}
		grouped, err := d.cache.Members(ctx, s.Group)
		slices.Sort(grouped)
		return append(people, without(grouped, people)...), err
	}
	return nil, nil
}

func (d *Directory) responds(p Profile) bool {
	answers := slices.Contains(p.Places, cmp.Or(d.places.Responders, d.places.Support)) || len(d.places.squadsOf(p)) > 0
	return (answers || len(d.entrusts(p)) > 0) && p.mayAnswer()
}

// entrusts returns the categories whose private tickets a person answers.
func (d *Directory) entrusts(p Profile) []string {
	if !p.mayAnswer() {
		return nil
	}
	return d.places.entrustedTo(p)
}

// IsMember implements desk.People.
func (d *Directory) IsMember(ctx context.Context, channel, id string) (bool, error) {
	channel, now := cmp.Or(channel, d.places.Support), d.real()
	if in, ok := d.members.of(channel, now.Add(-keptFor)); ok {
		return in[id], nil
	}
	keep := d.members.reading(channel, now)
	people, err := d.cache.Members(ctx, channel)
	if err != nil {
		return false, err
	}
	in := make(map[string]bool, len(people))
	for _, p := range people {
		in[p] = true
	}
	keep(in)
	return in[id], nil
}

// awayStatus are the emoji that Slack offers for being away (vacationing, out
// sick), and those that people use for it most.
// https://slack.com/help/articles/201864558-Set-your-Slack-status-and-availability
var awayStatus = []string{"palm_tree", "face_with_thermometer", "no_entry", "desert_island", "beach_with_umbrella"}

// Name returns a person's name, up to a minute old. If the name is not available it
// returns "a colleague".
func (d *Directory) Name(ctx context.Context, id string) string {
	p, err := d.profile(ctx, id, keptFor)
	if err != nil || p.Name == "" {
		return "a colleague"
	}
	return p.Name
}

// profile returns what was read of a person within a time, or reads it.
func (d *Directory) profile(ctx context.Context, id string, within time.Duration) (Profile, error) {
	if p, ok := d.people.of(id, d.real().Add(-within)); ok {
		return p, nil
	}
	since := fmt.Sprint(id, " ", d.people.news(id)) // nobody waits for what was begun before there was news
	found := d.reading.DoChan(since, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readWithin)
		defer cancel()
		return d.find(ctx, id)
	})
	select {
	case r := <-found:
		p, _ := r.Val.(Profile)
		return p, r.Err
	case <-ctx.Done():
		return Profile{}, ctx.Err()
	}
}

// find reads a person's profile, and asks Slack if it is not stored or is old.
func (d *Directory) find(ctx context.Context, id string) (Profile, error) {
	cached, err := d.read(ctx, id)
	known := err == nil
	if err != nil && !errors.Is(err, ErrUnknown) {
		return Profile{}, err
	}
	if known && !d.isOld(cached) {
		return cached, nil
	}
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	asked := d.real() // an event that comes during the call is newer than its answer
	keep := d.people.reading(id, asked)
	fresh, err := d.slack.Profile(ctx, id)
	fresh.FetchedAt = asked
	switch {
	case err == nil:
		stored, err := d.cache.SaveProfile(ctx, fresh)
		if err == nil {
			keep(stored)
		}
		return stored, err
	case known:
		d.log.Warn("using an old profile", "person", id, "error", err)
		return cached, nil
	}
	return Profile{}, fmt.Errorf("asking Slack about a person: %w", err)
}

// read reads the cache. An old profile is not kept, so that Slack is asked again.
func (d *Directory) read(ctx context.Context, id string) (Profile, error) {
	keep := d.people.reading(id, d.real())
	p, err := d.cache.Profile(ctx, id)
	if err == nil && !d.isOld(p) {
		keep(p)
	}
	return p, err
}

func (d *Directory) isOld(p Profile) bool { return d.real().Sub(p.FetchedAt) >= maxAge }

// Learn stores a profile that Slack sent.
func (d *Directory) Learn(ctx context.Context, p Profile) error {
	p.FetchedAt = d.real()
	defer d.people.forget(p.ID)
	_, err := d.cache.SaveProfile(ctx, p)
	return err
}

// Joined stores that a person has joined or left a channel.
func (d *Directory) Joined(ctx context.Context, channel, person string, member bool) error {
	defer d.people.forget(person)
	defer d.members.forget(channel)
	if member {
		return d.cache.ChangeMembers(ctx, channel, []string{person}, nil)
	}
	return d.cache.ChangeMembers(ctx, channel, nil, []string{person})
}

// Refresh reads the members of the channels in which tickets live, of the responders' group and
// of the squads' groups from Slack. If it returns ErrPlace, all others are up to date.
func (d *Directory) Refresh(ctx context.Context) error {
	if err := d.refresh(ctx, d.places.Support, d.slack.ChannelMembers); err != nil {
		return fmt.Errorf("reading the support channel's members: %w", err)
	}
	return errors.Join(
		d.refreshEach(ctx, d.places.Homes, d.slack.ChannelMembers),
		d.refreshEach(ctx, d.places.Groups(), d.slack.GroupMembers))
}

func (d *Directory) refreshEach(ctx context.Context, places []string, read func(context.Context, string) ([]string, error)) error {
	var failed []error
	for _, place := range places {
		if err := d.refresh(ctx, place, read); err != nil {
			failed = append(failed, fmt.Errorf("%w: %s: %w", ErrPlace, place, err))
		}
	}
	return errors.Join(failed...)
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
	come, gone := without(people, known), without(known, people)
	if len(come)+len(gone) == 0 {
		return nil
	}
	defer d.people.forgetAll()
	defer d.members.forgetAll()
	return d.cache.ChangeMembers(ctx, place, come, gone)
}

// without returns the people who are not among others.
func without(people, others []string) []string {
	among := make(map[string]bool, len(others))
	for _, p := range others {
		among[p] = true
	}
	return slices.DeleteFunc(slices.Clone(people), func(p string) bool { return among[p] })
}

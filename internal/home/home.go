// Package home publishes the Home tab: a page for each person, in the app's own place in Slack.
// It is published when somebody opens it, and again when something changes that it shows, for
// those who opened it in the last hour: Slack does not say when it is closed.
//
// All copies publish. What each Home should show and shows is in the database, so that no two
// copies publish the same one at a time, and all together stay below the limit. What a person
// may read there is decided in the desk, and how it looks in slackview.
package home

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"supporty/internal/desk"
	"supporty/internal/slackapi"
	"supporty/internal/slackview"
)

// Desk knows what a person reads on Home.
type Desk interface {
	Home(ctx context.Context, reader string, now time.Time) (desk.Home, error)
	// FirstSteps tells people how to begin, if nobody was told, and returns whether nobody is
	// to be told any more.
	FirstSteps(ctx context.Context, people []string, now time.Time) (done bool, err error)
}

// Slack shows the Home tab of a person.
type Slack interface {
	PublishHome(ctx context.Context, person string, v slackview.HomeView) error
}

// Taken is the Home of a person that a copy has in hand.
type Taken struct {
	Person  string // empty for none
	Version int64  // what is published now is at least as new
	Shown   string // a digest of what it shows; empty if that is not known
}

// Store keeps what Home tabs should show and show. Its times are real.
type Store interface {
	// OpenHome notes that a person looks at Home and is to see it as it is now. With empty
	// they see nothing there yet.
	OpenHome(ctx context.Context, person string, empty bool) error
	// NoteHomeNews looks for what has changed since it was last asked, and notes whose Home
	// may have to show it. It returns whether anybody has Home open.
	NoteHomeNews(ctx context.Context) (open bool, err error)
	// TakeHome takes the Home of a person, or with an empty person of whoever is first:
	// responders, and who waits for the longest time. A Home that another copy has in hand,
	// or that is as it should be, is not taken.
	TakeHome(ctx context.Context, person string) (Taken, error)
	// PutBackHome gives a Home back that was not published.
	PutBackHome(ctx context.Context, t Taken) error
	// FinishHome notes what a Home shows.
	FinishHome(ctx context.Context, t Taken, shown string, responder bool) error
	// RoomForHome reports whether another Home may be published now, and counts it if so.
	// All copies together publish 60 a minute at most, and atOnce of them after a pause.
	RoomForHome(ctx context.Context, atOnce int) (bool, error)
}

// Settings are what may change while the program runs.
type Settings struct {
	Desk   Desk
	Scene  func(ctx context.Context) slackview.Scene
	Offers slackview.HomeOffers
}

// Publisher publishes Home tabs. It is safe for concurrent use.
type Publisher struct {
	store    Store
	slack    Slack
	log      *slog.Logger
	settings atomic.Pointer[Settings]
	wake     chan struct{}
	reading  chan struct{} // one slot for each Home that is made
	open     atomic.Bool   // somebody had Home open when it was last looked
	told     atomic.Bool   // nobody is to be told the first steps any more
}

// New returns a publisher.
func New(store Store, slack Slack, log *slog.Logger, s Settings) *Publisher {
	p := &Publisher{store: store, slack: slack, log: log, wake: make(chan struct{}, 1), reading: make(chan struct{}, readAtOnce)}
	p.Reload(s)
	return p
}

// readAtOnce is how many Home tabs a copy makes at the same time: the database has other work.
const readAtOnce = 2

// Reload sets what the tabs that are published from now on are made from.
func (p *Publisher) Reload(s Settings) { p.settings.Store(&s) }

// Note stores that a person looks at Home and is to see it as it is now. With empty they see
// nothing there yet.
func (p *Publisher) Note(ctx context.Context, person string, empty bool) error {
	p.open.Store(true)
	if err := p.store.OpenHome(ctx, person, empty); err != nil {
		return fmt.Errorf("noting that Home is open: %w", err)
	}
	return p.FirstSteps(ctx, []string{person})
}

// FirstSteps tells people how to begin, if nobody was told: the operators at the start, or else
// who opens Home first.
func (p *Publisher) FirstSteps(ctx context.Context, people []string) error {
	if p.told.Load() {
		return nil
	}
	s := p.settings.Load()
	done, err := s.Desk.FirstSteps(ctx, people, s.Scene(ctx).Now)
	if err != nil {
		return fmt.Errorf("telling the first steps: %w", err)
	}
	p.told.Store(done)
	return nil
}

// Show publishes the Home of a person who waits for it. If that is not possible at once, Run does
// it later.
func (p *Publisher) Show(ctx context.Context, person string) error {
	t, err := p.store.TakeHome(ctx, person)
	if err != nil || t.Person == "" {
		p.Wake()
		return err
	}
	_, err = p.publish(ctx, t, atOnce)
	return err
}

// How many Home tabs are published at once after a pause: for people who wait, and because of
// news. What the news leave is for those who open Home.
const (
	atOnce     = 15
	newsAtOnce = 5
)

// publish publishes a Home if it shows something else than it should. It returns false if there
// is no room for it now. After an error of Slack's that may pass, the Home stays taken for a
// while, and is published then.
func (p *Publisher) publish(ctx context.Context, t Taken, atOnce int) (bool, error) {
	view, responder, err := p.render(ctx, t.Person)
	if err != nil {
		return true, err
	}
	shown, err := digest(view)
	if err != nil {
		return true, err
	}
	if shown == t.Shown {
		return true, p.store.FinishHome(ctx, t, shown, responder)
	}
	room, err := p.store.RoomForHome(ctx, atOnce)
	if err != nil || !room {
		return false, orElse(err, func() error { return p.store.PutBackHome(ctx, t) })
	}
	err = p.slack.PublishHome(ctx, t.Person, view)
	if err != nil && passes(err) {
		return true, err
	}
	if err != nil {
		shown = "" // it shows something else
	}
	if failed := p.store.FinishHome(ctx, t, shown, responder); failed != nil && err == nil {
		err = failed
	}
	return true, err
}

// render makes the Home of a person as things are now.
func (p *Publisher) render(ctx context.Context, person string) (v slackview.HomeView, responder bool, err error) {
	select {
	case p.reading <- struct{}{}:
		defer func() { <-p.reading }()
	case <-ctx.Done():
		return v, false, ctx.Err()
	}
	s := p.settings.Load()
	scene := s.Scene(ctx)
	h, err := s.Desk.Home(ctx, person, scene.Now)
	if err != nil {
		return v, false, fmt.Errorf("reading what Home shows: %w", err)
	}
	return slackview.Home(h, s.Offers, scene), h.Reader.Answers(), nil
}

// digest tells apart what Home shows.
func digest(v slackview.HomeView) (string, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("encoding a Home: %w", err)
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:]), nil
}

// passes reports whether it is worth it to try again.
func passes(err error) bool {
	switch slackapi.ScopeOf(err) {
	case slackapi.Temporary, slackapi.Unsure, slackapi.Limited:
		return true
	default:
		return false
	}
}

func orElse(err error, otherwise func() error) error {
	if err != nil {
		return err
	}
	return otherwise()
}

// Package home publishes the Home tab: a page for each person, in the app's own place in Slack.
//
// What a person may read there is decided in the desk, and how it looks in slackview.
package home

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"supporty/internal/desk"
	"supporty/internal/slackview"
)

// Desk knows what a person reads on Home.
type Desk interface {
	Home(ctx context.Context, reader string, now time.Time) (desk.Home, error)
}

// Slack shows the Home tab of a person.
type Slack interface {
	PublishHome(ctx context.Context, person string, v slackview.HomeView) error
}

// Settings are what may change while the program runs.
type Settings struct {
	Desk  Desk
	Scene func(ctx context.Context) slackview.Scene
}

// Publisher publishes Home tabs. It is safe for concurrent use.
type Publisher struct {
	slack    Slack
	settings atomic.Pointer[Settings]
}

// New returns a publisher.
func New(slack Slack, s Settings) *Publisher {
	p := &Publisher{slack: slack}
	p.Reload(s)
	return p
}

// Reload sets what the tabs that are published from now on are made from.
func (p *Publisher) Reload(s Settings) { p.settings.Store(&s) }

// Show publishes the Home tab of a person as things are now.
func (p *Publisher) Show(ctx context.Context, person string) error {
	s := p.settings.Load()
	scene := s.Scene(ctx)
	h, err := s.Desk.Home(ctx, person, scene.Now)
	if err != nil {
		return fmt.Errorf("reading what Home shows: %w", err)
	}
	return p.slack.PublishHome(ctx, person, slackview.Home(h, scene))
}

package app

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"supporty/internal/config"
	"supporty/internal/httpd"
	"supporty/internal/web"
)

// startHTTP serves health and metrics, and the pages for leads if they are switched on.
func (a *App) startHTTP() error {
	if a.cfg.HTTP.Addr == "" {
		return nil
	}
	o := httpd.Options{Addr: a.cfg.HTTP.Addr, Ready: a.ready, Metrics: a.metrics.registry, Log: a.log, Deployments: a.deployments(), Calendar: a.dutyCalendar}
	if public := a.cfg.HTTP.PublicURL; public != "" {
		pages, err := a.pages()
		if err != nil {
			return fmt.Errorf("http.public_url: %w", err)
		}
		o.Pages = pages
		if host, ok := strings.CutPrefix(public, "https://"); ok {
			o.PublicHost = host
		}
	}
	a.life.background("http", func(ctx context.Context) error { return httpd.Run(ctx, o) })
	return nil
}

// pages are the pages for leads. They ask for what the settings give at every request.
func (a *App) pages() (http.Handler, error) {
	issuer, err := issuerOf(a.cfg.Slack.APIURL)
	if err != nil {
		return nil, err
	}
	return web.New(web.Options{
		PublicURL: a.cfg.HTTP.PublicURL, Issuer: issuer,
		ClientID: a.cfg.Slack.ClientID, ClientSecret: a.cfg.Slack.ClientSecret.Reveal(),
		Sessions: sessions{a}, Site: a.site, Now: a.clock.Now, Real: time.Now, Log: a.log,
	})
}

// issuerOf is who signs people in: Slack at the host of its Web API.
func issuerOf(apiURL string) (string, error) {
	u, err := url.Parse(apiURL)
	if err != nil {
		return "", fmt.Errorf("reading slack.api_url: %w", err)
	}
	return u.Scheme + "://" + u.Host, nil
}

// site is what the current settings give to the pages; false while the program starts.
func (a *App) site() (web.Site, bool) {
	p := a.components.Load()
	if p == nil {
		return web.Site{}, false
	}
	return web.Site{
		Desk: p.desk, Digests: a.digests(p), Team: p.workspace.bot.Team, Workspace: p.workspace.bot.URL, Name: p.people.Name,
		Categories: categoryNames(p.cfg), Squads: owned(p.cfg), Zone: p.cfg.Digest.Zone, Command: p.cfg.Command,
	}, true
}

// sessions is the database once there is one: the pages are served from the beginning.
type sessions struct{ app *App }

func (s sessions) BeginSession(ctx context.Context, hash []byte, person string, at, began, seen time.Time) error {
	return s.app.db.BeginSession(ctx, hash, person, at, began, seen)
}

func (s sessions) Session(ctx context.Context, hash []byte) (person string, began, seen time.Time, err error) {
	return s.app.db.Session(ctx, hash)
}

func (s sessions) TouchSession(ctx context.Context, hash []byte, at time.Time) error {
	return s.app.db.TouchSession(ctx, hash, at)
}

func (s sessions) EndSession(ctx context.Context, hash []byte) error {
	return s.app.db.EndSession(ctx, hash)
}

// RedirectURL is where Slack leads people back to who sign in to the web page; empty if there is
// none. The app's manifest has it.
func RedirectURL(cfg config.Config) string {
	if cfg.HTTP.PublicURL == "" {
		return ""
	}
	return cfg.HTTP.PublicURL + web.CallbackPath
}

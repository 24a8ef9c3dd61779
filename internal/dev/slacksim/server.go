package slacksim

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"supporty/internal/dev/slacksim/control"
	"supporty/internal/dev/slacksim/faults"
	"supporty/internal/dev/slacksim/openid"
	"supporty/internal/dev/slacksim/people"
	"supporty/internal/dev/slacksim/socketmode"
	"supporty/internal/dev/slacksim/web"
	"supporty/internal/dev/slacksim/webapi"
	"supporty/internal/dev/slacksim/workspace"
)

// Server is one simulated workspace behind a listener. All methods may be used
// from several goroutines.
type Server struct {
	cfg     Config
	url     string
	http    *http.Server
	running sync.WaitGroup

	store   *workspace.Store
	hub     *socketmode.Hub
	api     *webapi.API
	driver  *people.Driver
	control *control.Server
	signIn  *openid.Provider
}

// Start listens and serves until Close. It fails if the address is taken, or if other
// machines can reach it and Config.Open does not say that they may.
func Start(cfg Config) (*Server, error) {
	if err := CheckLocal(cfg.Addr); err != nil && !cfg.Open {
		return nil, err
	}
	saved, err := workspace.LoadSnapshot(cfg.File)
	if err != nil {
		return nil, err
	}
	cfg = cfg.tokensOf(saved).withDefaults()
	listener, err := net.Listen("tcp", cfg.Addr) //nolint:noctx // listens at once or not at all
	if err != nil {
		return nil, fmt.Errorf("listening for the simulated Slack: %w", err)
	}
	s := newServer(cfg, "http://"+listener.Addr().String())
	s.store.Update(func(tx *workspace.Tx) { tx.Restore(saved) })
	if cfg.File != "" {
		s.running.Go(s.keepSaved)
	}
	s.running.Go(func() {
		if err := s.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			panic("slacksim: serving: " + err.Error())
		}
	})
	return s, nil
}

func newServer(cfg Config, url string) *Server {
	store, struck := workspace.NewStore(cfg.Workspace, url, cfg.Now), &faults.List{}
	store.Update(func(tx *workspace.Tx) { tx.Beliefs = cfg.Beliefs })
	hub := socketmode.New(store, struck, socketmode.Config{
		Scopes: cfg.Scopes, RetryDelays: cfg.RetryDelays, AckTimeout: cfg.AckTimeout, PingEvery: cfg.PingEvery,
	})
	api := webapi.New(store, hub, struck, webapi.Config{
		AppToken: cfg.AppToken, BotToken: cfg.BotToken, Scopes: cfg.Scopes, Limits: cfg.Limits,
		HomeDisabled: cfg.HomeDisabled, TriggerLife: cfg.TriggerLife,
	})
	driver := people.New(store, hub, api, cfg.Commands)
	control := control.New(store, hub, api, driver, struck, control.Config{
		Commands: cfg.Commands, Shortcuts: cfg.Shortcuts, Steps: cfg.Steps, Home: !cfg.HomeDisabled,
		Time: cfg.Time, Toggles: cfg.Toggles, Progress: cfg.Progress, Samples: cfg.Samples, Links: cfg.Links,
	})
	s := &Server{cfg: cfg, url: url, store: store, hub: hub, api: api, driver: driver, control: control}
	s.signIn = openid.New(store, url, openid.Config{ClientID: cfg.SignIn.ClientID, ClientSecret: cfg.SignIn.ClientSecret, Redirects: cfg.SignIn.Redirects})
	s.http = &http.Server{Handler: s.handler(), ReadHeaderTimeout: 10 * time.Second}
	return s
}

func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	s.api.Routes(mux)
	s.hub.Routes(mux)
	s.control.Routes(mux)
	s.signIn.Routes(mux)
	page := web.Handler()
	for _, path := range []string{"/{$}", "/kit", "/assets/"} {
		mux.Handle("GET "+path, page)
	}
	// Other sites in the same browser may not act here; clients that are no
	// browser are not held up.
	handler := http.NewCrossOriginProtection().Handler(mux)
	if s.cfg.Open {
		return handler
	}
	return onlyLocal(handler)
}

// URL is where the server listens, without a slash at the end.
func (s *Server) URL() string { return s.url }

// APIURL is what slack.OptionAPIURL takes.
func (s *Server) APIURL() string { return s.url + "/api/" }

// AppToken is the app-level token that opens sockets.
func (s *Server) AppToken() string { return s.cfg.AppToken }

// BotToken is the bot token of the Web API.
func (s *Server) BotToken() string { return s.cfg.BotToken }

// SignIn is the app's registration for "Sign in with Slack".
func (s *Server) SignIn() SignIn { return s.cfg.SignIn }

// BotUserID is the user id of the bot, U….
func (s *Server) BotUserID() (id string) {
	s.store.View(func(tx *workspace.Tx) { id = tx.Bot.User })
	return id
}

// Client drives this server through its control API.
func (s *Server) Client() *Client { return NewClient(s.url) }

// State is what GET /sim/v1/state answers, without HTTP between.
func (s *Server) State() State { return s.control.State() }

// Journal returns what happened after that entry (0 gives all), and what is closed
// as soon as there is more.
func (s *Server) Journal(after int64) (entries []Entry, more <-chan struct{}) {
	_, more = s.store.Latest()
	s.store.View(func(tx *workspace.Tx) { entries = tx.Journal.After(after) })
	return entries, more
}

// Do carries out an action, as POST /sim/v1/actions does. An error means that a
// person could not do it.
func (s *Server) Do(a Action) (Outcome, error) { return s.driver.Do(a) }

// Await waits until the state is as wanted and returns it: what Client.Await
// does, without HTTP between. wanted is called after every change, so it had
// better be quick.
func (s *Server) Await(ctx context.Context, wanted func(State) bool) (State, error) {
	for {
		_, changed := s.store.Latest()
		state := s.State()
		if wanted(state) {
			return state, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return state, fmt.Errorf("waiting for the workspace: %w", ctx.Err())
		}
	}
}

// Close cuts every connection, ends what is under way and waits for it. It may
// be called twice.
func (s *Server) Close() error {
	if !s.store.Close(s.hub.Close) {
		return nil
	}
	err := s.http.Close()
	s.hub.Wait()
	s.running.Wait()
	if s.cfg.File != "" {
		err = errors.Join(err, s.snapshot().Write(s.cfg.File))
	}
	if err != nil {
		return fmt.Errorf("closing the simulated Slack: %w", err)
	}
	return nil
}

package slacksim

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"supporty/internal/dev/slacksim/web"
)

// Server is one simulated workspace behind a listener. All methods may be used
// from several goroutines.
type Server struct {
	cfg      Config
	url      string
	http     *http.Server
	limits   *limits
	faults   *faults
	stopping chan struct{} // closed by Close
	running  sync.WaitGroup

	mu       sync.Mutex
	ws       *workspace
	closed   bool
	timers   map[*time.Timer]struct{}
	tickets  map[string]bool // issued socket tickets that nobody used yet
	sockets  []*socket
	lastSock int
	live     map[string]*envelope // sent and neither acknowledged nor given up
	held     *envelope            // an event that a fault lets another overtake
	triggers map[string]*trigger
	hooks    map[string]*hook          // response_urls by id
	uploads  map[string]*pendingUpload // by the last part of their upload_url
	switched map[string]bool           // which of Config.Trouble are on
}

// Start listens and serves until Close. It fails if the address is taken, or if other
// machines can reach it and Config.Open does not say that they may.
func Start(cfg Config) (*Server, error) {
	if err := CheckLocal(cfg.Addr); err != nil && !cfg.Open {
		return nil, err
	}
	saved, err := loadSnapshot(cfg.File)
	if err != nil {
		return nil, err
	}
	cfg = cfg.tokensOf(saved).withDefaults()
	listener, err := net.Listen("tcp", cfg.Addr) //nolint:noctx // listens at once or not at all
	if err != nil {
		return nil, fmt.Errorf("listening for the simulated Slack: %w", err)
	}
	s := newServer(cfg, "http://"+listener.Addr().String())
	s.ws.restore(saved)
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
	s := &Server{
		cfg: cfg, url: url, limits: newLimits(cfg.Limits), faults: &faults{},
		stopping: make(chan struct{}), ws: newWorkspace(cfg.Workspace, cfg.Now),
		timers: map[*time.Timer]struct{}{}, tickets: map[string]bool{}, live: map[string]*envelope{},
		triggers: map[string]*trigger{}, hooks: map[string]*hook{}, uploads: map[string]*pendingUpload{}, switched: map[string]bool{},
	}
	s.ws.emit, s.ws.beliefs = s.publish, cfg.Beliefs
	// Other sites in the same browser may not act here; clients that are no
	// browser are not held up.
	handler := http.NewCrossOriginProtection().Handler(s.routes())
	if !cfg.Open {
		handler = onlyLocal(handler)
	}
	s.http = &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	return s
}

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", s.serveAPI)
	mux.HandleFunc("POST /hooks/{id}", s.serveHook)
	mux.HandleFunc("GET /link/", s.serveSocket)
	mux.HandleFunc("GET /files-pri/{file}/", s.serveDownload)
	mux.HandleFunc("GET /signin", s.serveSignIn)
	mux.HandleFunc("POST /upload/v1/{ticket}", s.serveUpload)
	page := web.Handler()
	for _, path := range []string{"/{$}", "/kit", "/assets/"} {
		mux.Handle("GET "+path, page)
	}
	s.controlRoutes(mux)
	return mux
}

// URL is where the server listens, without a slash at the end.
func (s *Server) URL() string { return s.url }

// APIURL is what slack.OptionAPIURL takes.
func (s *Server) APIURL() string { return s.url + "/api/" }

// AppToken is the app-level token that opens sockets.
func (s *Server) AppToken() string { return s.cfg.AppToken }

// BotToken is the bot token of the Web API.
func (s *Server) BotToken() string { return s.cfg.BotToken }

// BotUserID is the user id of the bot, U….
func (s *Server) BotUserID() string { return s.ws.bot.user }

// Client drives this server through its control API.
func (s *Server) Client() *Client { return NewClient(s.url) }

// Close cuts every connection, ends what is under way and waits for it. It may
// be called twice.
func (s *Server) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	close(s.stopping)
	for t := range s.timers {
		t.Stop()
	}
	for _, e := range s.live {
		e.settle(ack{trouble: "closed"})
	}
	for _, sock := range s.sockets {
		_ = sock.conn.Close()
	}
	s.mu.Unlock()
	err := s.http.Close()
	s.running.Wait()
	if s.cfg.File != "" {
		err = errors.Join(err, s.snapshot().write(s.cfg.File))
	}
	if err != nil {
		return fmt.Errorf("closing the simulated Slack: %w", err)
	}
	return nil
}

// after runs f under the lock once d has passed in real time, unless the server
// is closed before. The lock must be held.
func (s *Server) after(d time.Duration, f func()) *time.Timer {
	var t *time.Timer
	t = time.AfterFunc(d, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.timers, t)
		if !s.closed {
			f()
		}
	})
	s.timers[t] = struct{}{}
	return t
}

// stop ends a timer of after; nil is fine. The lock must be held.
func (s *Server) stop(t *time.Timer) {
	if t != nil {
		t.Stop()
		delete(s.timers, t)
	}
}

// pause waits in real time, less if the caller goes away or the server closes.
func (s *Server) pause(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	case <-s.stopping:
	}
}

// Package web is the page for leads: the numbers with the tables behind them, tickets with their
// timelines, and who may see it. Nothing can be changed here: work is done in Slack.
//
// People sign in with Slack. What they may see is asked of the desk at every request. The package
// knows no SQL and no settings; its pages need no JavaScript.
package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"supporty/internal/desk"
	"supporty/internal/insight"
	"supporty/internal/ticket"
)

// Desk is what pages ask of the desk: each method decides what the reader may see.
type Desk interface {
	LooksAfter(ctx context.Context, reader string) error
	// Reads returns the channels whose tickets the reader may read.
	Reads(ctx context.Context, reader string) (channels []string, err error)
	Browse(ctx context.Context, reader string, f desk.Filter, below ticket.Number) (desk.Browsed, error)
	Search(ctx context.Context, reader string, q desk.Query, now time.Time) (desk.Found, error)
	Why(ctx context.Context, n ticket.Number, reader string, now time.Time) (desk.Explanation, error)
}

// Sessions keeps who is signed in, by the hash of the id that the browser has. All times are real.
// Implementations are safe for concurrent use.
type Sessions interface {
	// BeginSession stores a session, and drops those that began, or were last seen, before the
	// given times.
	BeginSession(ctx context.Context, hash []byte, person string, at, began, seen time.Time) error
	// Session returns an empty person if there is none.
	Session(ctx context.Context, hash []byte) (person string, began, seen time.Time, err error)
	TouchSession(ctx context.Context, hash []byte, at time.Time) error
	EndSession(ctx context.Context, hash []byte) error
}

// Site is what the settings and the workspace give to the pages. It is asked for anew at every
// request, so that new settings apply at once.
type Site struct {
	Desk       Desk
	Digests    insight.Digests
	Team       string // id of the workspace whose people may sign in
	Workspace  string // "https://acme.slack.com/", for links to threads
	Name       func(ctx context.Context, id string) string
	Categories []string
	Squads     map[string][]string // the categories that each of them owns
	Zone       *time.Location      // in which times are shown and days begin; nil is UTC
	Command    string              // "/support"
}

// Options of the pages.
type Options struct {
	PublicURL    string // the address by which people reach them, without a slash at its end
	Issuer       string // of Slack's OpenID Connect, "https://slack.com"
	ClientID     string
	ClientSecret string
	Sessions     Sessions
	Site         func() (Site, bool) // false while the program starts
	Now          func() time.Time    // business time
	Real         func() time.Time    // real time, for sessions and sign-in
	Log          *slog.Logger
}

// Server serves the pages. It is safe for concurrent use.
type Server struct {
	o      Options
	host   string
	secure bool // the public address is https
	signIn *signIn
	looks  turns // of who is signed in
	visits turns // of who signs in
	routes http.Handler
}

// Limits of requests. Pages share the database with people in Slack, who come first.
const (
	mostLooks    = 6 // at once
	mostVisits   = 4
	waitForTurn  = 2 * time.Second
	answerWithin = 8 * time.Second
	longestQuery = 4096 // bytes
	longestBody  = 4096 // bytes
)

// New makes the pages. It connects to nothing.
func New(o Options) (*Server, error) {
	address, err := url.Parse(o.PublicURL)
	if err != nil {
		return nil, err
	}
	s := &Server{o: o, host: address.Host, secure: address.Scheme == "https", looks: make(turns, mostLooks), visits: make(turns, mostVisits)}
	s.signIn = newSignIn(o)
	s.routes = s.paths()
	return s, nil
}

func (s *Server) paths() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.forLeads(s.statistics))
	mux.HandleFunc("GET /statistics.csv", s.forLeads(s.statisticsCSV))
	mux.HandleFunc("GET /tickets", s.forLeads(s.tickets))
	mux.HandleFunc("GET /tickets.csv", s.forLeads(s.ticketsCSV))
	mux.HandleFunc("GET /tickets/{number}", s.forLeads(s.ticket))
	mux.HandleFunc("GET /sign-in", s.offerSignIn)
	mux.HandleFunc("GET /sign-in/slack", s.inTurn(s.visits, s.toSlack))
	mux.HandleFunc("GET "+CallbackPath, s.inTurn(s.visits, s.fromSlack))
	mux.HandleFunc("POST /sign-out", s.signOut)
	mux.HandleFunc("GET "+stylePath, serveStyle)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		s.explain(w, http.StatusNotFound, "There is no such page.")
	})
	return http.NewCrossOriginProtection().Handler(mux)
}

// ServeHTTP answers requests for the public host alone.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.protect(w.Header())
	switch {
	case !strings.EqualFold(r.Host, s.host):
		s.explain(w, http.StatusMisdirectedRequest, "This page has another address.")
		return
	case len(r.URL.RawQuery) > longestQuery:
		s.explain(w, http.StatusRequestURITooLong, "This address is too long.")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), answerWithin)
	defer cancel()
	r.Body = http.MaxBytesReader(w, r.Body, longestBody)
	s.routes.ServeHTTP(w, r.WithContext(ctx))
}

// turns has one for each request that is being answered.
type turns chan struct{}

// inTurn answers only a few requests of a kind at once. Others wait a little.
func (s *Server) inTurn(t turns, answer http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		select {
		case t <- struct{}{}:
			defer func() { <-t }()
			answer(w, r)
		case <-time.After(waitForTurn):
			w.Header().Set("Retry-After", "5")
			s.explain(w, http.StatusServiceUnavailable, "Too many people are looking at once. Please try again in a moment.")
		case <-r.Context().Done():
		}
	}
}

// protect sets what browsers are told about every answer.
func (s *Server) protect(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Cache-Control", "no-store")
	if s.secure {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// local reports whether a path is one of this site, to which people can be led back.
func local(path string) bool {
	u, err := url.Parse(path)
	return err == nil && u.Scheme == "" && u.Host == "" && strings.HasPrefix(path, "/") &&
		!strings.HasPrefix(path, "//") && !strings.ContainsAny(path, "\\\r\n\t") && len(path) <= longestQuery
}

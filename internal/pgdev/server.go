//go:build unix

package pgdev

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"sync"
	"time"
)

// patience bounds how long Start waits for a server to answer. This includes crash
// recovery and the shutdown of an earlier server.
const patience = 2 * time.Minute

// pollEvery is the pause between two looks at a server that starts or stops.
const pollEvery = 10 * time.Millisecond

// Server is a running Postgres server. Its methods may be called concurrently.
type Server struct {
	home      home
	endpoint  endpoint
	version   string
	mu        sync.Mutex
	owned     *postmaster // nil: adopted, or stopped
	ownership io.Closer   // the lock that shows others that owned has an owner
}

// owners keeps every server that was started here reachable until Stop. If a Server were
// garbage-collected, its leash would close and the server would end.
var owners sync.Map

// Start returns a server on cfg.Dir as soon as it accepts connections. If another owner
// runs one there already, Start adopts it; otherwise it starts one. An owned server ends
// with Stop, and within moments of the end of this process, for whatever reason. Its data
// stay for the next Start.
//
// The programs are those in the directory that SUPPORTY_POSTGRES_BIN names, or else those
// installed on the machine: of the version that made the data, or else the newest. If
// none are installed, they are downloaded once into the user's cache: the archive that
// SUPPORTY_POSTGRES_ARCHIVE names (a path or an address), or else by npm, or else by apt.
// Start refuses data of another major version of Postgres with [ErrVersion] and leaves
// them as they are.
func Start(ctx context.Context, cfg Config) (*Server, error) {
	began := time.Now()
	log := cfg.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	dir, err := makeDir(cfg.Dir)
	if err != nil {
		return nil, err
	}
	turn, err := waitLock(ctx, dir)
	if err != nil {
		return nil, fmt.Errorf("waiting for another start on %s: %w", dir, err)
	}
	defer turn.Close()
	h, err := openHome(ctx, dir)
	if err != nil {
		return nil, err
	}
	if s := adopt(ctx, h); s != nil {
		log.InfoContext(ctx, "using the Postgres that runs already", "version", s.version, "dir", h.dir)
		return s, nil
	}
	bin, err := prepare(ctx, h, cfg.Fast, log)
	if err != nil {
		return nil, err
	}
	s, err := launch(ctx, h, bin, cfg)
	if err != nil {
		return nil, err
	}
	log.InfoContext(ctx, "Postgres is ready", "version", s.version, "dir", h.dir,
		"took", time.Since(began).Round(time.Millisecond))
	return s, nil
}

// URL returns the connection string of a database on this server, over its unix socket
// and without a password. Only two users can reach that socket: the user of this process
// and the user of the server.
func (s *Server) URL(database string) string { return s.endpoint.url(database) }

// Version returns the server's version, such as "15.13".
func (s *Server) Version() string { return s.version }

// Adopted reports whether another owner runs the server. The server ends when that owner
// stops or dies, even if others use it; a further Start then starts a new one.
func (s *Server) Adopted() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ownership == nil
}

// Stop ends an owned server in good order: it rolls back open transactions, cuts
// connections and writes everything to disk. It leaves an adopted server running. If ctx
// ends first, Stop returns its error and the server goes on stopping by itself. A second
// call waits again, and returns nil once the server is gone.
func (s *Server) Stop(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.owned == nil {
		return nil
	}
	// The order matters: a concurrent Start must wait for the end of this server, not
	// adopt it.
	if err := s.ownership.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
		return fmt.Errorf("giving up the Postgres in %s: %w", s.home.dir, err)
	}
	if err := s.owned.stop(ctx); err != nil {
		return fmt.Errorf("stopping the Postgres in %s: %w", s.home.dir, err)
	}
	s.owned = nil
	owners.Delete(s)
	s.home.tidy()
	return nil
}

// adopt returns the server that a living owner runs on h, or nil.
func adopt(ctx context.Context, h home) *Server {
	if !isLocked(h.data()) {
		return nil
	}
	pid, err := readPIDFile(h.data())
	if err != nil || !pid.ready {
		return nil
	}
	version, err := pid.endpoint.ask(ctx, h.data())
	if err != nil {
		return nil
	}
	return &Server{home: h, endpoint: pid.endpoint, version: version}
}

// prepare finds binaries that suit the data, and creates the data if there are none.
func prepare(ctx context.Context, h home, fast bool, log *slog.Logger) (binaries, error) {
	major, err := h.major()
	if err != nil {
		return binaries{}, err
	}
	bin, err := newSearch(h.account).find(ctx, major, log)
	if err != nil {
		return binaries{}, err
	}
	if major != 0 && major != bin.major {
		return binaries{}, versionError(h.dir, major, bin)
	}
	if major == 0 {
		return bin, h.initialise(ctx, bin, fast)
	}
	return bin, nil
}

// launch starts a server as soon as an earlier one has ended, or adopts one that answers
// after all.
func launch(ctx context.Context, h home, bin binaries, cfg Config) (*Server, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		s, err := launchOnce(ctx, h, bin, cfg)
		if !errors.Is(err, errBusy) {
			return s, err
		}
		if s := adopt(ctx, h); s != nil {
			return s, nil
		}
		if !pause(ctx) {
			return nil, fmt.Errorf("another Postgres on %s neither answers nor ends; its process id is the first line of %s: %w",
				h.dir, h.pidFile(), ctx.Err())
		}
	}
}

func launchOnce(ctx context.Context, h home, bin binaries, cfg Config) (*Server, error) {
	ownership, err := tryLock(h.data())
	if errors.Is(err, errLocked) {
		return nil, errBusy
	}
	if err != nil {
		return nil, err
	}
	e, err := h.socket()
	if err != nil {
		return nil, errors.Join(err, ownership.Close())
	}
	pm, version, err := startPostmaster(ctx, h, bin, e, cfg)
	if err != nil {
		return nil, errors.Join(err, ownership.Close())
	}
	s := &Server{home: h, endpoint: e, version: version, owned: pm, ownership: ownership}
	owners.Store(s, struct{}{})
	return s, nil
}

// pause waits a moment and reports whether ctx is still alive.
func pause(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(pollEvery):
		return true
	}
}

// endpoint is the address of a server: a socket in a directory, with a port in the
// socket's name.
type endpoint struct {
	dir  string
	port string
}

func (e endpoint) url(database string) string {
	u := url.URL{
		Scheme: "postgres",
		User:   url.User(superuser),
		Path:   "/" + database,
		RawQuery: url.Values{
			"host": {e.dir}, "port": {e.port},
		}.Encode(),
	}
	return u.String()
}

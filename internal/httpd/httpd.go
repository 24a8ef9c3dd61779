// Package httpd answers the operator's machines: is the program alive, is it ready, what
// are its metrics. It takes the deployments that pipelines report. On the same address it serves
// the pages for leads, if there are some; it knows nothing of what they show.
package httpd

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Options of a server.
type Options struct {
	Addr    string
	Ready   func(ctx context.Context) error // nil when every dependency answers
	Metrics prometheus.Gatherer
	Log     *slog.Logger
	// Pages answers every other path; nil if there are none.
	Pages http.Handler
	// PublicHost is the host under which people reach the pages from outside. Health and
	// metrics are not answered there; deployments are taken, and calendars served. Empty if there is none.
	PublicHost string

	Deployments Deployments // the zero value takes none
	// Calendar returns the calendar of a squad's rota to who knows its key; nil if there are none.
	Calendar func(ctx context.Context, squad, key string) (text string, ok bool, err error)
}

const readyWithin = 2 * time.Second

// Run listens on the address until ctx is done.
func Run(ctx context.Context, o Options) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", o.Addr)
	if err != nil {
		return fmt.Errorf("listening for health checks (http.addr): %w", err)
	}
	server := &http.Server{
		Handler: Handler(o), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second,
		WriteTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10,
		ErrorLog: slog.NewLogLogger(o.Log.Handler(), slog.LevelDebug),
	}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	o.Log.Info("health checks and metrics", "addr", listener.Addr().String())
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("answering health checks: %w", err)
	}
	return nil
}

// Handler serves /healthz, /readyz, /metrics, /v1/deployments and /v1/duty, and the pages.
func Handler(o Options) http.Handler {
	machines := forMachines(o)
	if o.Pages == nil {
		return machines
	}
	machines.Handle("/", o.Pages)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if o.PublicHost != "" && strings.EqualFold(r.Host, o.PublicHost) && r.URL.Path != deploymentsPath && !strings.HasPrefix(r.URL.Path, dutyPath) {
			o.Pages.ServeHTTP(w, r)
			return
		}
		machines.ServeHTTP(w, r)
	})
}

func forMachines(o Options) *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, "alive") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), readyWithin)
		defer cancel()
		if err := o.Ready(ctx); err != nil {
			say(w, http.StatusServiceUnavailable, "not ready: "+err.Error())
			return
		}
		say(w, http.StatusOK, "ready")
	})
	mux.Handle("GET /metrics", promhttp.HandlerFor(o.Metrics, promhttp.HandlerOpts{}))
	if o.Deployments.Token != nil {
		mux.Handle("POST "+deploymentsPath, newDeployments(o.Deployments))
	}
	if o.Calendar != nil {
		mux.Handle("GET "+dutyPath+"{file}", newFeed(o))
	}
	return mux
}

func say(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = fmt.Fprintln(w, text) // the client may be gone
}

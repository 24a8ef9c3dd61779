package httpd_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"supporty/internal/httpd"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func options(ready func(context.Context) error) httpd.Options {
	registry := prometheus.NewRegistry()
	tickets := prometheus.NewCounter(prometheus.CounterOpts{Name: "tests_total", Help: "Tests."})
	registry.MustRegister(tickets)
	tickets.Inc()
	return httpd.Options{
		Addr: "127.0.0.1:0", Ready: ready, Metrics: registry, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
}

func ready(context.Context) error       { return nil }
func unavailable(context.Context) error { return errors.New("not connected to Slack") }

// Pages have every other path. Under their public host, health and metrics are theirs too.
func TestPages(t *testing.T) {
	t.Parallel()
	o := options(ready)
	o.PublicHost = "support.example.com"
	o.Pages = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "a page") })
	for address, page := range map[string]bool{
		"http://127.0.0.1/": true, "http://127.0.0.1/tickets": true, "http://127.0.0.1/metrics": false, "http://127.0.0.1/healthz": false,
		"http://support.example.com/": true, "http://support.example.com/metrics": true, "http://SUPPORT.example.com/readyz": true,
	} {
		w := httptest.NewRecorder()
		httpd.Handler(o).ServeHTTP(w, httptest.NewRequest(http.MethodGet, address, nil))
		if got := w.Body.String() == "a page"; got != page {
			t.Errorf("%s: %q", address, w.Body)
		}
	}
}

func TestHandler(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, method, path string
		ready              func(context.Context) error
		status             int
		says               string
	}{
		{"alive", http.MethodGet, "/healthz", unavailable, http.StatusOK, "alive\n"},
		{"ready", http.MethodGet, "/readyz", ready, http.StatusOK, "ready\n"},
		{"not ready", http.MethodGet, "/readyz", unavailable, http.StatusServiceUnavailable, "not ready: not connected to Slack\n"},
		{"metrics", http.MethodGet, "/metrics", ready, http.StatusOK, "tests_total 1\n"},
		{"elsewhere", http.MethodGet, "/", ready, http.StatusNotFound, ""},
		{"writing", http.MethodPost, "/healthz", ready, http.StatusMethodNotAllowed, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := httptest.NewRecorder()
			httpd.Handler(options(test.ready)).ServeHTTP(w, httptest.NewRequest(test.method, test.path, nil))
			if w.Code != test.status || !strings.HasSuffix(w.Body.String(), test.says) {
				t.Errorf("%d %q", w.Code, w.Body)
			}
		})
	}
}

func TestReadinessHasTwoSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hangs := func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
		begun := time.Now()
		w := httptest.NewRecorder()
		httpd.Handler(options(hangs)).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/readyz", nil))
		if took := time.Since(begun); w.Code != http.StatusServiceUnavailable || took != 2*time.Second {
			t.Errorf("%d after %v", w.Code, took)
		}
	})
}

// addrOf is a log handler that finds the server's address in the log.
type addrOf struct {
	slog.Handler
	found chan string
}

func (a addrOf) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(attr slog.Attr) bool {
		if attr.Key == "addr" {
			a.found <- attr.Value.String()
		}
		return true
	})
	return nil
}

func TestRunListensUntilItIsOver(t *testing.T) {
	t.Parallel()
	found := make(chan string, 1)
	o := options(ready)
	o.Log = slog.New(addrOf{slog.NewTextHandler(io.Discard, nil), found})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- httpd.Run(ctx, o) }()
	addr := <-found
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Get("http://" + addr + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("alive: %s", response.Status)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("ended with %v", err)
	}
	if conn, err := net.Dial("tcp", addr); err == nil {
		_ = conn.Close()
		t.Error("it listens still")
	}
}

func TestTakenAddressIsAnError(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	o := options(ready)
	o.Addr = listener.Addr().String()
	if err := httpd.Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), "http.addr") {
		t.Errorf("ended with %v", err)
	}
}

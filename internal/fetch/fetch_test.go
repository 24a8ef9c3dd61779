package fetch

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"
)

const secret = "s3kr1t"

func serve(t *testing.T, answer http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(answer)
	t.Cleanup(s.Close)
	return s.URL + "/private/" + secret
}

// What has not changed is not read again, by either of the marks that servers give.
func TestGetReadsAgainOnlyWhatHasChanged(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]Mark{"ETag": {ETag: `"1"`}, "Last-Modified": {Modified: "Mon, 16 Nov 2026 09:00:00 GMT"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := New()
			t.Cleanup(c.Close)
			address := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if m.ETag != "" && r.Header.Get("If-None-Match") == m.ETag || m.Modified != "" && r.Header.Get("If-Modified-Since") == m.Modified {
					w.WriteHeader(http.StatusNotModified)
					return
				}
				if m.ETag != "" {
					w.Header().Set("ETag", m.ETag)
				}
				if m.Modified != "" {
					w.Header().Set("Last-Modified", m.Modified)
				}
				_, _ = w.Write([]byte("the rota"))
			})
			first, err := c.Get(t.Context(), address, Mark{})
			if err != nil || first.Same || first.Text != "the rota" || first.Mark != m {
				t.Fatalf("first: %+v, %v", first, err)
			}
			again, err := c.Get(t.Context(), address, first.Mark)
			if err != nil || !again.Same || again.Text != "" || again.Mark != m {
				t.Errorf("again: %+v, %v", again, err)
			}
		})
	}
}

// A mark that is no text cannot be kept: without it everything is read again.
func TestGetTakesNoMarkThatIsNoText(t *testing.T) {
	t.Parallel()
	c := New()
	t.Cleanup(c.Close)
	got, err := c.Get(t.Context(), serve(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("ETag", "\"\xeb\"") }), Mark{})
	if err != nil || got.Mark != (Mark{}) {
		t.Errorf("%+v, %v", got.Mark, err)
	}
}

// Whatever a server does, reading ends with a sentence that has no address in it.
func TestGetFails(t *testing.T) {
	t.Parallel()
	elsewhere := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("what is inside")) })
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		want   string
	}{
		"gone":                       {http.NotFound, "answered 404"},
		"huge":                       {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, MostSize+1)) }, "answered with more than 2 MB"},
		"leads to a private address": {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere, http.StatusFound) }, "leads to an address of a private network"},
		"leads to a name of this host": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://localhost:1/"+secret, http.StatusFound)
		}, "leads to an address of a private network"},
		"leads to a file": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
		}, "leads to an address that is not https"},
		"hangs up": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "10")
			_, _ = w.Write([]byte("half"))
		}, "could not be reached"},
		"not modified, though it was never read": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) }, "answered 304"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := New()
			t.Cleanup(c.Close)
			got, err := c.Get(t.Context(), serve(t, test.answer), Mark{})
			if failed, ok := errors.AsType[*Error](err); !ok || failed.Reason != test.want || strings.Contains(err.Error(), secret) {
				t.Errorf("%+v, %v; want %s", got, err, test.want)
			}
		})
	}
}

// A server that begins to answer and does not go on is left after a while.
func TestGetLeavesWhatIsSlow(t *testing.T) {
	t.Parallel()
	c := New()
	t.Cleanup(c.Close)
	c.within = 50 * time.Millisecond
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte("the beginning"))
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	_, err := c.Get(t.Context(), address, Mark{})
	if failed, ok := errors.AsType[*Error](err); !ok || failed.Reason != "did not answer within 15 s" {
		t.Errorf("%v", err)
	}
}

// Reading ends with its context.
func TestGetEnds(t *testing.T) {
	t.Parallel()
	c := New()
	t.Cleanup(c.Close)
	ctx, end := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer end()
	address := serve(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	if _, err := c.Get(ctx, address, Mark{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("ended with %v", err)
	}
}

func TestIsPublic(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"93.184.216.34": true, "2606:2800:220:1::1": true,
		"127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false, "169.254.169.254": false, "100.64.0.1": false,
		"0.0.0.0": false, "224.0.0.1": false, "255.255.255.255": false, "198.18.0.1": false,
		"::1": false, "fe80::1": false, "fd00::1": false, "::": false, "64:ff9b::7f00:1": false, "2002:7f00:1::": false,
	} {
		if got := isPublic(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: %t", address, got)
		}
	}
	if publicOnly("tcp", "[::ffff:127.0.0.1]:80", nil) == nil || publicOnly("tcp", "[fe80::1%eth0]:80", nil) == nil {
		t.Error("an address in other clothes is public")
	}
}

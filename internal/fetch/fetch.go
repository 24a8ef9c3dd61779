// Package fetch reads addresses of the settings that other programs serve: bounded in time and size, and
// again only if they have changed.
//
// An address is a secret: with it anybody can read what is there. So neither addresses nor answers are in
// errors, except for the host. Whoever serves an address may not lead the program into its own network: a
// redirect goes to public addresses alone.
package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"
	"unicode/utf8"
)

// Bounds of what is read.
const (
	Timeout  = 15 * time.Second
	MostSize = 2 << 20

	mostRedirects = 3
)

// Mark tells what was read: with it only what has changed is read again.
type Mark struct {
	ETag     string
	Modified string // Last-Modified
}

// Answer is what is at an address.
type Answer struct {
	Same bool // it is what was read before; there is no text
	Text string
	Mark Mark
}

// Error is a failed reading.
type Error struct {
	Host   string
	Reason string // a sentence without its subject, such as "answered 404"
}

// Error names the host, never the address.
func (e *Error) Error() string { return fmt.Sprintf("%s %s", e.Host, e.Reason) }

// Client reads addresses. It is safe for concurrent use.
type Client struct {
	direct *http.Client // of an address of the settings, which may be in the own network
	public *http.Client // of where somebody else leads to
	within time.Duration
}

// New returns a client.
func New() *Client {
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	guarded := http.DefaultTransport.(*http.Transport).Clone() //nolint:errcheck,forcetypeassert // the package documents its type
	guarded.Proxy = nil                                        // its address would be the one that is looked at
	guarded.DialContext = (&net.Dialer{Timeout: Timeout, Control: publicOnly}).DialContext
	return &Client{direct: &http.Client{CheckRedirect: stay}, public: &http.Client{CheckRedirect: stay, Transport: guarded}, within: Timeout}
}

// Close ends connections that wait for another reading.
func (c *Client) Close() {
	c.direct.CloseIdleConnections()
	c.public.CloseIdleConnections()
}

var errPrivate = errors.New("not a public address")

// publicOnly refuses to connect to an address of a private network. It sees what a name stands for at the
// moment of connecting.
func publicOnly(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !isPublic(at.Addr().Unmap()) {
		return errPrivate
	}
	return nil
}

// reserved are networks that netip does not know to be private: shared ones of carriers, "this network",
// benchmarks, reserved ones, and IPv6 that stands for IPv4.
var reserved = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("2002::/16"),
}

func isPublic(a netip.Addr) bool {
	for _, p := range reserved {
		if p.Contains(a) {
			return false
		}
	}
	return a.IsGlobalUnicast() && !a.IsPrivate()
}

// Get reads an address, if it has changed since known. Its errors are of the type Error, but for that of an
// ended ctx.
func (c *Client) Get(ctx context.Context, address string, known Mark) (Answer, error) {
	within, cancel := context.WithTimeout(ctx, c.within)
	defer cancel()
	first, err := url.Parse(address)
	if err != nil {
		return Answer{}, &Error{Reason: "is not an address"}
	}
	response, err := c.follow(within, first, known)
	if err != nil {
		return Answer{}, ended(ctx, &Error{Host: first.Host, Reason: unanswered(err)})
	}
	defer func() { _ = response.Body.Close() }()
	switch {
	case response.StatusCode == http.StatusNotModified && known != (Mark{}):
		return Answer{Same: true, Mark: known}, nil
	case response.StatusCode != http.StatusOK:
		return Answer{}, &Error{Host: first.Host, Reason: fmt.Sprintf("answered %d", response.StatusCode)}
	}
	text, err := io.ReadAll(io.LimitReader(response.Body, MostSize+1))
	switch {
	case err != nil:
		return Answer{}, ended(ctx, &Error{Host: first.Host, Reason: unanswered(err)})
	case len(text) > MostSize:
		return Answer{}, &Error{Host: first.Host, Reason: fmt.Sprintf("answered with more than %d MB", MostSize>>20)}
	}
	return Answer{Text: string(text), Mark: Mark{ETag: mark(response, "ETag"), Modified: mark(response, "Last-Modified")}}, nil
}

// mark is a header that can be kept as a text. A server may send any bytes.
func mark(response *http.Response, header string) string {
	if value := response.Header.Get(header); utf8.ValidString(value) {
		return value
	}
	return ""
}

// ended is the error of ctx, if that has ended, else the other one.
func ended(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

var (
	errRedirects = errors.New("too many redirects")
	errDowngrade = errors.New("redirect to another scheme")
)

// follow asks an address, and where it leads to. Only the first may be private.
func (c *Client) follow(ctx context.Context, at *url.URL, known Mark) (*http.Response, error) {
	client := c.direct
	for range mostRedirects + 1 {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), http.NoBody)
		if err != nil {
			return nil, err
		}
		request.Header.Set("User-Agent", "supporty")
		request.Header.Set("Accept", "text/calendar, text/plain;q=0.5, */*;q=0.1")
		if known.ETag != "" {
			request.Header.Set("If-None-Match", known.ETag)
		}
		if known.Modified != "" {
			request.Header.Set("If-Modified-Since", known.Modified)
		}
		response, err := client.Do(request)
		if err != nil {
			return nil, err
		}
		next, err := response.Location()
		if err != nil || response.StatusCode < 300 || response.StatusCode > 399 || response.StatusCode == http.StatusNotModified {
			return response, nil
		}
		_ = response.Body.Close()
		if next.Scheme != "https" && next.Scheme != at.Scheme {
			return nil, errDowngrade
		}
		at, client = next, c.public
	}
	return nil, errRedirects
}

// unanswered is the reason of a reading without an answer. The error itself may quote the address.
func unanswered(err error) string {
	var timeout net.Error
	switch {
	case errors.Is(err, errPrivate):
		return "leads to an address of a private network"
	case errors.Is(err, errRedirects):
		return "leads from one address to the next"
	case errors.Is(err, errDowngrade):
		return "leads to an address that is not https"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return fmt.Sprintf("did not answer within %d s", int(Timeout.Seconds()))
	}
	return "could not be reached"
}

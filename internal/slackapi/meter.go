package slackapi

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"path"
	"regexp"
	"strings"
	"sync/atomic"
	"time"
)

// Meter is told of calls, for the metrics. Implementations are safe for concurrent use.
type Meter interface {
	// Called is told of a call that has ended. The outcome is "ok", Slack's error code, an
	// HTTP status ("http_500"), or "no_answer".
	Called(method, outcome string, took time.Duration)
	// Waited is told how long a call was held back, to keep Slack's limits.
	Waited(method string, d time.Duration)
}

type unmetered struct{}

func (unmetered) Called(string, string, time.Duration) {}
func (unmetered) Waited(string, time.Duration)         {}

// wait is limits.wait, measured.
func (c *Client) wait(ctx context.Context, method, channel string) error {
	began := time.Now()
	err := c.limits.wait(ctx, method, channel)
	c.meter.Waited(method, time.Since(began))
	return err
}

// metered measures every call, also those of the Socket Mode client.
type metered struct {
	meter  Meter
	to     *http.Transport
	method string // empty: the end of the path. A response_url's is a secret.
}

// connectionsKept is how many connections to a host stay open between calls: as many as a
// sender has calls on their way. A new one costs Slack and this program a handshake.
const connectionsKept = 64

func newTransport() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = connectionsKept
	return t
}

// RoundTrip implements http.RoundTripper.
func (m metered) RoundTrip(r *http.Request) (*http.Response, error) {
	method := m.method
	if method == "" {
		method = path.Base(r.URL.Path)
	}
	began := time.Now()
	response, err := sent(m.to, r)
	outcome := "no_answer"
	if err == nil {
		outcome, err = outcomeOf(response)
	}
	m.meter.Called(method, outcome, time.Since(began))
	if err != nil {
		return nil, err
	}
	return response, nil
}

// unsentError is the error of a call that Slack cannot have taken, because no part of its
// body was written.
type unsentError struct{ error }

func (e unsentError) Unwrap() error { return e.error }

// sent sends a request. It notices the end of the headers, which comes before the body. A
// trace of the end of the body would be no help: the answer may come before it.
func sent(to *http.Transport, r *http.Request) (*http.Response, error) {
	var begun atomic.Bool
	trace := &httptrace.ClientTrace{WroteHeaders: func() { begun.Store(true) }}
	response, err := to.RoundTrip(r.WithContext(httptrace.WithClientTrace(r.Context(), trace)))
	if err != nil && !begun.Load() {
		err = unsentError{err}
	}
	return response, err
}

// errorCode matches Slack's error codes.
var errorCode = regexp.MustCompile(`^[a-z_]{1,60}$`)

// outcomeOf reads the answer, and makes it readable again, but for a message that Slack shows
// as it was posted.
func outcomeOf(response *http.Response) (string, error) {
	switch {
	case response.StatusCode == http.StatusTooManyRequests:
		return "ratelimited", nil
	case response.StatusCode != http.StatusOK:
		return fmt.Sprintf("http_%d", response.StatusCode), nil
	}
	body, err := io.ReadAll(response.Body)
	if closed := response.Body.Close(); err == nil {
		err = closed
	}
	var answer struct {
		OK      bool            `json:"ok"`
		Error   string          `json:"error"`
		Message json.RawMessage `json:"message"`
	}
	if err != nil {
		response.Body = io.NopCloser(bytes.NewReader(body))
		return "no_answer", err
	}
	undecoded := json.Unmarshal(body, &answer)
	response.Body = io.NopCloser(bytes.NewReader(without(body, answer.Message)))
	switch {
	case strings.TrimSpace(string(body)) == "ok": // of a response_url
		return "ok", nil
	case undecoded != nil || !answer.OK && !errorCode.MatchString(answer.Error):
		return "unreadable", nil
	case !answer.OK:
		return answer.Error, nil
	}
	return "ok", nil
}

// without returns an answer without the message in it. Nobody looks at that, and slack-go
// would decode each of its blocks, and fail if it could not.
func without(answer []byte, message json.RawMessage) []byte {
	if len(message) == 0 {
		return answer
	}
	return bytes.Replace(answer, message, []byte("null"), 1)
}

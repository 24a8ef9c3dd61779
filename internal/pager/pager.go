// Package pager calls the addresses of pages: any HTTP endpoint that reaches a person.
// docs/paging.md describes the call.
//
// An address is a secret: with it anybody can page. So neither addresses nor their
// answers leave this package, except for the host. When and why to page is decided
// elsewhere.
package pager

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// Timeout bounds every call.
const Timeout = 10 * time.Second

// Version is the version of Page. New fields may be added to a version. A field that
// changes its meaning needs a new version.
const Version = 1

// Page is the body of a call, as JSON.
type Page struct {
	Version  int       `json:"version"`
	DedupKey string    `json:"dedup_key"` // the same for every try of the same page, and for no other
	Ticket   int64     `json:"ticket"`
	Priority string    `json:"priority"` // P1, P2 or P3
	State    string    `json:"state"`
	Category string    `json:"category"`
	Title    string    `json:"title,omitempty"` // not there while it is withheld
	OpenedAt time.Time `json:"opened_at"`
	DueAt    time.Time `json:"due_at,omitzero"`   // when the end is awaited
	Link     string    `json:"link,omitempty"`    // to the card, if it is posted already
	Runbook  string    `json:"runbook,omitempty"` // of its category
	Reason   string    `json:"reason"`            // the reason for the page, in a sentence
}

// Error is a failed call.
type Error struct {
	Host   string // empty if no page has that name
	Reason string // completes "The page did not get through: …"; never text of the other side
	Final  bool   // another try will not get through either
}

// Error names the host, never the address.
func (e *Error) Error() string { return fmt.Sprintf("calling %s: %s", e.Host, e.Reason) }

// Client calls pages by their names. It is safe for concurrent use.
type Client struct {
	addresses map[string]Address
	http      *http.Client
}

// New returns a client for pages by name.
func New(addresses map[string]Address) *Client {
	return &Client{addresses: addresses, http: &http.Client{
		Timeout:       Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // no redirects: a page goes only where the settings say
	}}
}

// Call sends a page once. It returns errors of the type Error.
func (c *Client) Call(ctx context.Context, name string, p Page) error {
	address, ok := c.addresses[name]
	target, err := url.Parse(address.URL)
	if !ok || err != nil {
		return &Error{Reason: "it is not in the settings any more", Final: true}
	}
	request, err := address.request(ctx, p)
	if err != nil {
		return &Error{Host: target.Host, Reason: "its address cannot be called", Final: true}
	}
	request.Header.Set("User-Agent", "supporty")
	response, err := c.http.Do(request)
	if err != nil {
		return &Error{Host: target.Host, Reason: unanswered(err)}
	}
	_, _ = io.CopyN(io.Discard, response.Body, 4096) // so that the connection can be reused
	_ = response.Body.Close()
	return judge(target.Host, response.StatusCode)
}

// unanswered is the reason of a call without an answer. The error itself may quote the
// address.
func unanswered(err error) string {
	if e, ok := errors.AsType[*url.Error](err); ok && e.Timeout() {
		return fmt.Sprintf("there was no answer within %d s", int(Timeout.Seconds()))
	}
	return "it could not be reached"
}

func judge(host string, status int) error {
	if status >= 200 && status < 300 {
		return nil
	}
	passing := status >= 500 || status == http.StatusRequestTimeout || status == http.StatusTooManyRequests
	return &Error{Host: host, Reason: fmt.Sprintf("it answered %d", status), Final: !passing}
}

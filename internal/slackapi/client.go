// Package slackapi calls Slack's Web API. It paces calls so that Slack's limits are not hit,
// obeys limits that are hit, and gives every failure a scope. It reads messages from Slack,
// and is the only package that writes to it.
//
// The outbox decides which messages are written, when and in which order. Of tickets, only
// ticket.Message may enter, the place where a message stands.
package slackapi

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/slack-go/slack"
)

// Timeout bounds every call; slack-go itself sets none.
const Timeout = 10 * time.Second

// Client calls the Web API as the bot. It is safe for concurrent use.
type Client struct {
	api    *slack.Client
	token  string
	url    string
	meter  Meter
	to     *http.Transport
	limits *limits
	self   atomic.Pointer[Identity] // who the bot is, once Slack was asked
}

// Options of a Client.
type Options struct {
	BotToken string
	AppToken string // for connections; needed by the Socket Mode client made from API
	APIURL   string // must end in "/"
	// Unlimited switches our own pacing off, for measurements with a simulated Slack that
	// has no limits. A limit that Slack answers with is still obeyed.
	Unlimited bool
	// Pace multiplies Slack's published limits; 0 means 1.
	Pace float64
	// Memory keeps until when Slack asked us to wait. If it is nil, only this process knows.
	Memory Memory
	// Meter is told of every call; it may be nil.
	Meter Meter
}

// New returns a client. It does not call Slack yet.
func New(o Options) *Client {
	if o.Meter == nil {
		o.Meter = unmetered{}
	}
	m := metered{meter: o.Meter, to: newTransport()}
	api := slack.New(o.BotToken,
		slack.OptionAppLevelToken(o.AppToken),
		slack.OptionAPIURL(o.APIURL),
		slack.OptionHTTPClient(&http.Client{Timeout: Timeout, Transport: m}),
	)
	return &Client{api: api, token: o.BotToken, url: o.APIURL, meter: o.Meter, to: m.to, limits: newLimits(o.Unlimited, cmp.Or(o.Pace, 1), o.Memory)}
}

// Close closes the connections to Slack that are not in use.
func (c *Client) Close() { c.to.CloseIdleConnections() }

// API returns the underlying client, on which the Socket Mode connection is built. Its calls
// are not paced.
func (c *Client) API() *slack.Client { return c.api }

// Identity is who the bot is.
type Identity struct {
	Team   string
	Org    string // the Enterprise organisation that the workspace belongs to; empty if none
	URL    string // of the workspace, "https://acme.slack.com/"
	UserID string
	BotID  string
}

// Identify asks Slack to whom the bot token belongs.
func (c *Client) Identify(ctx context.Context) (Identity, error) {
	const method = "auth.test"
	if err := c.wait(ctx, method, ""); err != nil {
		return Identity{}, err
	}
	r, err := c.api.AuthTestContext(ctx)
	if err != nil {
		return Identity{}, c.failed(ctx, method, err)
	}
	self := Identity{Team: r.TeamID, Org: r.EnterpriseID, URL: r.URL, UserID: r.UserID, BotID: r.BotID}
	c.self.Store(&self)
	return self, nil
}

// Foreign reports whether a person with this workspace and organisation belongs to another
// company. Such people appear in shared channels like everybody else. People of other
// workspaces of the same organisation are not foreign.
// See https://docs.slack.dev/apis/slack-connect.
func (i Identity) Foreign(team, org string) bool {
	return team != "" && team != i.Team && (org == "" || org != i.Org)
}

// CanConnect asks Slack for a connection, as Socket Mode does, without using it.
func (c *Client) CanConnect(ctx context.Context) error {
	const method = "apps.connections.open"
	if _, _, err := c.api.StartSocketModeContext(ctx); err != nil {
		return c.failed(ctx, method, err)
	}
	return nil
}

// Scopes returns the scopes of the bot token; nil if Slack does not say.
func (c *Client) Scopes(ctx context.Context) (map[string]bool, error) {
	const method = "auth.test"
	r, err := c.api.AuthTestContext(ctx)
	if err != nil {
		return nil, c.failed(ctx, method, err)
	}
	if len(r.Header.Values("X-OAuth-Scopes")) == 0 {
		return nil, nil //nolint:nilnil // not an error, as it says above
	}
	granted := map[string]bool{}
	for _, s := range strings.Split(r.Header.Get("X-OAuth-Scopes"), ",") {
		granted[strings.TrimSpace(s)] = true
	}
	return granted, nil
}

// OrgWide asks whether the app is installed for a whole organisation. slack-go does not read
// that. See docs.slack.dev/reference/methods/auth.test.
func (c *Client) OrgWide(ctx context.Context) (bool, error) {
	const method = "auth.test"
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url+method, nil)
	if err != nil {
		return false, c.failed(ctx, method, err)
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	answer, err := (&http.Client{Timeout: Timeout, Transport: c.to}).Do(r)
	if err != nil {
		return false, c.failed(ctx, method, err)
	}
	defer answer.Body.Close()
	var said struct {
		OrgWide bool `json:"is_enterprise_install"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&said); err != nil {
		return false, c.failed(ctx, method, err)
	}
	return said.OrgWide, nil
}

// failed classifies an error, and remembers the pause that Slack asks for in it.
func (c *Client) failed(ctx context.Context, method string, err error) error {
	e := classify(method, err)
	if e.Scope == Limited {
		c.limits.obey(ctx, method, e.RetryAfter)
	}
	return e
}

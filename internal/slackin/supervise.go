package slackin

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/slack-go/slack"
)

// Reasons for which a run ended.
var (
	errClosed     = errors.New("the connection ended")
	errSilent     = errors.New("no greeting or ping from Slack in time")
	errTurnedAway = errors.New("Slack ended it before the greeting, as it does with more than 10 connections of one app")
)

// supervise keeps one socket connected. Slack allows an app ten sockets. With more copies
// than that, a refused socket waits here and connects when another one ends.
// https://docs.slack.dev/apis/events-api/using-socket-mode
func (c *connection) supervise(ctx context.Context) error {
	for ctx.Err() == nil {
		began := time.Now()
		err := c.run(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case isFatal(err):
			return fmt.Errorf("Slack refuses the app token (%w): check slack.app_token", err)
		}
		c.pace.ended(c.stood())
		c.logOnce(err)
		pause(ctx, max(retryAfter(err), c.pace.pause()-time.Since(began)))
	}
	return nil
}

// stood is how long the last run stayed connected after its greeting; 0 if it was never
// greeted.
func (c *connection) stood() time.Duration {
	if c.greeted.IsZero() {
		return 0
	}
	return time.Since(c.greeted)
}

// logOnce logs why a connection failed, once for as long as the reason stays the same.
func (c *connection) logOnce(err error) {
	if c.pace.failures == 0 {
		c.said = ""
		c.log.Debug("a connection to Slack ended; opening the next")
		return
	}
	if errors.Is(err, errClosed) && c.greeted.IsZero() {
		err = errTurnedAway
	}
	if c.said != err.Error() {
		c.said = err.Error()
		c.log.Warn("no lasting connection to Slack; trying again", "error", err)
	}
}

const (
	firstPause   = 100 * time.Millisecond
	longestPause = 30 * time.Second
	lasting      = 10 * time.Second // a socket that was connected for so long counts as a success
)

// pace decides how soon a socket is opened again: at once after a connection that lasted,
// and later with each failure in a row.
type pace struct{ failures int }

// ended records the end of a connection that was up for a while.
func (p *pace) ended(stood time.Duration) {
	if p.failures++; stood >= lasting {
		p.failures = 0
	}
}

// pause is the time from the beginning of one try to the next. It is random within
// bounds, so that many copies do not try at the same moment.
func (p *pace) pause() time.Duration {
	if p.failures == 0 {
		return 0
	}
	longest := min(firstPause<<min(p.failures-1, 20), longestPause)
	return longest/2 + rand.N(longest/2) //nolint:gosec // nobody gains by guessing it
}

// retryAfter is the wait that Slack asks for, or 0.
func retryAfter(err error) time.Duration {
	if limited, ok := errors.AsType[*slack.RateLimitedError](err); ok {
		return limited.RetryAfter
	}
	return 0
}

// isFatal reports errors of apps.connections.open that do not pass by themselves.
func isFatal(err error) bool {
	answer, ok := errors.AsType[slack.SlackErrorResponse](err)
	if !ok {
		return false
	}
	switch answer.Err {
	case "invalid_auth", "not_authed", "account_inactive", "token_revoked", "not_allowed_token_type", "missing_scope":
		return true
	}
	return false
}

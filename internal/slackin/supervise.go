package slackin

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/slack-go/slack"
)

// Why a run ended, where the library does not say.
var (
	errClosed     = errors.New("the connection ended")
	errNoHello    = errors.New("no greeting from Slack in time")
	errTurnedAway = errors.New("Slack ended it before the greeting, as it does with more than 10 connections of one app")
)

// supervise keeps one socket connected. An app may have ten; with more copies than
// that, those that are turned away wait here, and take a place that becomes free.
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
		c.tell(err)
		pause(ctx, max(retryAfter(err), c.pace.pause()-time.Since(began)))
	}
	return nil
}

// stood is for how long the last run had been greeted; 0 if it never was.
func (c *connection) stood() time.Duration {
	if c.greeted.IsZero() {
		return 0
	}
	return time.Since(c.greeted)
}

// tell notes in the log why a connection failed, once for as long as that stays so.
func (c *connection) tell(err error) {
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
	lasting      = 10 * time.Second // a socket that stood for so long was a good one
)

// pace is how soon a socket is opened again: at once after one that lasted, and the
// later the more often none did.
type pace struct{ failures int }

// ended counts a socket that stood for a while.
func (p *pace) ended(stood time.Duration) {
	if p.failures++; stood >= lasting {
		p.failures = 0
	}
}

// pause is how long after its beginning one try is followed by the next. It varies,
// so that many copies do not try at the same moments.
func (p *pace) pause() time.Duration {
	if p.failures == 0 {
		return 0
	}
	longest := min(firstPause<<min(p.failures-1, 20), longestPause)
	return longest/2 + rand.N(longest/2) //nolint:gosec // nobody gains by guessing it
}

// retryAfter is how long Slack wants to be left alone, if it says so.
func retryAfter(err error) time.Duration {
	if limited, ok := errors.AsType[*slack.RateLimitedError](err); ok {
		return limited.RetryAfter
	}
	return 0
}

// isFatal: these errors of apps.connections.open do not pass by themselves.
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

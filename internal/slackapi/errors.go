package slackapi

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/slack-go/slack"
)

// Scope says how far a failure reaches: which messages or calls it concerns.
type Scope string

// The scopes of failures.
const (
	Gone      Scope = "gone"      // the message, or the thread it belongs to, is no longer there
	Refused   Scope = "refused"   // Slack will never take this message as it is
	Channel   Scope = "channel"   // nothing can be written to this channel at present
	Fixed     Scope = "fixed"     // the message stands, and cannot be changed
	Call      Scope = "call"      // the installed app may not call this method; others work
	Workspace Scope = "workspace" // the token is refused: nothing can be written at all
	Limited   Scope = "limited"   // too fast: the same call works after RetryAfter
	Temporary Scope = "temporary" // Slack refused the call, and may accept the same call later
	Unsure    Scope = "unsure"    // no answer: the call may have taken effect
)

// Error is a failed call.
type Error struct {
	Method     string
	Code       string // Slack's error code, or an HTTP status; never text that people wrote
	Details    []string
	Scope      Scope
	RetryAfter time.Duration // for Limited
	Cause      error
}

// Error returns the method, the code, and Slack's reasons if it gave any.
func (e *Error) Error() string {
	s := fmt.Sprintf("slack %s: %s", e.Method, e.Code)
	if len(e.Details) > 0 {
		s += " (" + strings.Join(e.Details, "; ") + ")"
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// ScopeOf returns the scope of the first Error in err's chain; Temporary if there is none.
func ScopeOf(err error) Scope {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Scope
	}
	return Temporary
}

// RetryAfter returns how long Slack asks to wait before a Limited call is made again; 0 for
// every other error.
func RetryAfter(err error) time.Duration {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.RetryAfter
	}
	return 0
}

// CodeOf returns Slack's error code, or "".
func CodeOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return ""
}

// defaultRetryAfter is used if Slack answers with a limit and no number.
const defaultRetryAfter = 5 * time.Second

func classify(method string, err error) *Error {
	e := &Error{Method: method, Cause: err}
	if limited, ok := errors.AsType[*slack.RateLimitedError](err); ok {
		e.Code, e.Scope, e.RetryAfter = "ratelimited", Limited, limited.RetryAfter
		return e
	}
	if status, ok := errors.AsType[slack.StatusCodeError](err); ok {
		return e.status(status.Code)
	}
	if answer, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
		return e.answer(answer.Err, answer.ResponseMetadata.Messages)
	}
	return e.noAnswer(err)
}

func (e *Error) status(code int) *Error {
	e.Code, e.Scope = fmt.Sprintf("http_%d", code), Unsure
	if code == http.StatusTooManyRequests {
		e.Scope, e.RetryAfter = Limited, defaultRetryAfter
	}
	return e
}

func (e *Error) answer(code string, details []string) *Error {
	e.Code, e.Details, e.Scope = code, details, scopeOf(e.Method, code)
	if e.Scope == Limited {
		e.RetryAfter = defaultRetryAfter
	}
	return e
}

// noAnswer distinguishes a call that was not sent from one whose outcome is unknown.
func (e *Error) noAnswer(err error) *Error {
	e.Code, e.Scope = "no_answer", Unsure
	op, isOp := errors.AsType[*net.OpError](err)
	_, unsent := errors.AsType[unsentError](err)
	switch {
	case unsent, isOp && op.Op == "dial":
		e.Code, e.Scope = "not_reached", Temporary
	case errors.Is(err, context.Canceled):
		e.Code = "interrupted"
	}
	return e
}

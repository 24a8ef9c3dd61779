package catchup

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"supporty/internal/slackapi"
	"supporty/internal/ticket"
)

const (
	firstPause   = time.Second // after an error that may pass; doubled with each further one
	longestPause = time.Minute

	// jobWithin bounds the reading of one thread, or of one person's direct messages. It is
	// longer than any wait for Slack's rate limits.
	jobWithin = 5 * time.Minute
)

// errLeaseLost: another copy sends now. That copy goes on with the gap.
var errLeaseLost = errors.New("another copy sends now")

// job reads one thing: a page of cards, a card, a thread, or a person's direct messages.
type job struct {
	ticket  ticket.Number // for the log
	channel string
	do      func(ctx context.Context) (news bool, err error)
}

// insist does a job again and again, until it is done or no further try can help. A job
// that is given up is no error.
func (g gap) insist(ctx context.Context, j job) error {
	for failures := 1; ; failures++ {
		if !g.HoldsLease() {
			return errLeaseLost
		}
		err := g.carryOut(ctx, j)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case !g.mayPass(j, err):
			g.giveUp(j, err)
			return nil
		}
		g.pause(ctx, j, err, failures)
	}
}

func (g gap) giveUp(j job, err error) {
	g.Log.Error("a ticket's messages cannot be read", "ticket", int64(j.ticket), "error", err)
	g.OnRead("failed")
}

// pause waits before a job is tried again.
func (g gap) pause(ctx context.Context, j job, err error, failures int) {
	g.Log.Warn("reading a ticket's messages; trying again", "ticket", int64(j.ticket), "error", err)
	wait(ctx, pauseAfter(err, failures))
}

// carryOut does one job. A panic fails that job and does not end the process.
func (g gap) carryOut(ctx context.Context, j job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, jobWithin)
	defer cancel()
	news, err := j.do(ctx)
	switch {
	case err != nil:
		return err
	case news:
		g.OnEnqueued()
		g.OnRead("news")
	default:
		g.OnRead("nothing")
	}
	return nil
}

// mayPass reports whether another try can help. Errors of the support channel are worth
// waiting for; another channel may be gone for ever.
func (g gap) mayPass(j job, err error) bool {
	if ticket.CodeOf(err) == ticket.Unavailable || errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	e, ok := errors.AsType[*slackapi.Error](err)
	if !ok {
		return false
	}
	switch e.Scope {
	case slackapi.Gone, slackapi.Refused, slackapi.Call:
		return false
	case slackapi.Channel:
		return j.channel == g.Channel
	default:
		return true
	}
}

// isClosed reports whether a squad's channel cannot be read at present. What is unread there
// stays so, and the other channels do not wait for it.
func (g gap) isClosed(j job, err error) bool {
	return slackapi.ScopeOf(err) == slackapi.Channel && slices.Contains(g.Homes, j.channel)
}

func pauseAfter(err error, failures int) time.Duration {
	return max(slackapi.RetryAfter(err), min(firstPause<<min(failures-1, 6), longestPause))
}

func wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

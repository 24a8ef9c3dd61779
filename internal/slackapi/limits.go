package slackapi

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Memory keeps, across restarts and for all copies, until when Slack has asked
// us not to call a method. Times are real. Implementations are safe for
// concurrent use.
type Memory interface {
	SaveLimit(ctx context.Context, method string, until time.Time) error
	Limits(ctx context.Context) (map[string]time.Time, error)
}

// limits paces calls per method, and posts per channel as well.
// See https://docs.slack.dev/apis/web-api/rate-limits.
type limits struct {
	unlimited bool
	pace      float64 // multiplies every rate
	memory    Memory

	mu       sync.Mutex
	methods  map[string]*rate.Limiter
	channels map[string]*rate.Limiter
	until    map[string]time.Time
}

func newLimits(unlimited bool, pace float64, m Memory) *limits {
	return &limits{
		unlimited: unlimited, pace: pace, memory: m,
		methods: map[string]*rate.Limiter{}, channels: map[string]*rate.Limiter{}, until: map[string]time.Time{},
	}
}

// perMinute is Slack's tier of each method that we call; 0 means that Slack
// names none. Methods that are not named here are held to tier 2.
var perMinute = map[string]int{
	"auth.test":        0,
	"chat.postMessage": 200, // "several hundred per minute" for a workspace; 1 a second for a channel
	"chat.update":      50, "chat.delete": 50, "conversations.info": 50,
	"conversations.history": 50, "conversations.replies": 50, "conversations.open": 50,
	"chat.postEphemeral": 100, "conversations.members": 100, "users.info": 100,
	"files.getUploadURLExternal": 100, "files.completeUploadExternal": 100, "files.info": 100, "files.delete": 50,
	"views.open": 100 - burstOfForms, "views.update": 100 - burstOfForms,
	"users.conversations": 50, "users.list": 20, "usergroups.list": 20, "usergroups.users.list": 20,
}

const tier2 = 20

// burst is how many calls may be made at once after a pause. Slack allows short
// bursts without giving a number.
const burst = 5

// burstOfForms is that of forms: when something breaks, many people open one at
// once, and who waits longer than three seconds for it gets none.
const burstOfForms = 15

func burstOf(method string) int {
	switch method {
	case "views.open", "views.update":
		return burstOfForms
	}
	return burst
}

// wait blocks until the method may be called, for a post also until the channel
// may be written to. Its error is the context's.
func (l *limits) wait(ctx context.Context, method, channel string) error {
	if ctx.Err() != nil {
		return fmt.Errorf("before calling %s: %w", method, ctx.Err())
	}
	if err := l.waitAsked(ctx, method); err != nil {
		return err
	}
	if l.unlimited {
		return nil
	}
	for _, limiter := range l.of(method, channel) {
		if err := limiter.Wait(ctx); err != nil {
			return fmt.Errorf("waiting to call %s: %w", method, err)
		}
	}
	return nil
}

// room is how many calls a reader who is in no hurry leaves to who writes.
const room = 2

// leaveRoom blocks until a call of the method would leave room for others.
func (l *limits) leaveRoom(ctx context.Context, method string) error {
	if l.unlimited {
		return nil
	}
	for _, limiter := range l.of(method, "") {
		missing := room - limiter.Tokens()
		if missing <= 0 {
			continue
		}
		timer := time.NewTimer(time.Duration(missing / float64(limiter.Limit()) * float64(time.Second)))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return fmt.Errorf("waiting to call %s: %w", method, ctx.Err())
		}
	}
	return nil
}

func (l *limits) of(method, channel string) []*rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []*rate.Limiter
	tier, known := perMinute[method]
	if !known {
		tier = tier2
	}
	if tier > 0 {
		all = append(all, l.take(l.methods, method, float64(tier)/60, burstOf(method)))
	}
	if method == "chat.postMessage" {
		all = append(all, l.take(l.channels, channel, 1, 1))
	}
	return all
}

// take returns the limiter of a key: so many calls a second, and at once after a
// pause.
func (l *limits) take(from map[string]*rate.Limiter, key string, second float64, atOnce int) *rate.Limiter {
	limiter, ok := from[key]
	if !ok {
		limiter = rate.NewLimiter(rate.Limit(second*l.pace), atOnce)
		from[key] = limiter
	}
	return limiter
}

// longestPause is how long a caller is kept waiting for a method that Slack
// wants left alone; beyond that it is told, and can do something else meanwhile.
const longestPause = time.Second

// waitAsked blocks until the time that Slack has asked for is over, or returns a
// Limited Error.
func (l *limits) waitAsked(ctx context.Context, method string) error {
	l.mu.Lock()
	pause := time.Until(l.until[method])
	l.mu.Unlock()
	if pause <= 0 {
		return nil
	}
	if pause > longestPause {
		return &Error{Method: method, Code: "ratelimited", Scope: Limited, RetryAfter: pause}
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("waiting to call %s again: %w", method, ctx.Err())
	}
}

// obey takes note that Slack wants a method left alone for a while.
func (l *limits) obey(ctx context.Context, method string, pause time.Duration) {
	until := time.Now().Add(pause)
	l.mu.Lock()
	if until.After(l.until[method]) {
		l.until[method] = until
	}
	l.mu.Unlock()
	if l.memory != nil {
		_ = l.memory.SaveLimit(ctx, method, until) // a copy that does not learn of it is told by Slack
	}
}

// Recall reads what Slack has asked other copies, or an earlier run, to leave
// alone.
func (c *Client) Recall(ctx context.Context) error {
	if c.limits.memory == nil {
		return nil
	}
	known, err := c.limits.memory.Limits(ctx)
	if err != nil {
		return fmt.Errorf("recalling Slack's limits: %w", err)
	}
	c.limits.mu.Lock()
	defer c.limits.mu.Unlock()
	for method, until := range known {
		c.limits.until[method] = until
	}
	return nil
}

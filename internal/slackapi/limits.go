package slackapi

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Memory keeps until when Slack has asked us not to call a method. It is shared by all copies
// and survives restarts. Times are real. Implementations are safe for concurrent use.
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
	part     *rate.Limiter // what this copy takes of the limit of forms for what nobody waits for
}

func newLimits(unlimited bool, pace float64, m Memory) *limits {
	l := &limits{
		unlimited: unlimited, pace: pace, memory: m,
		methods: map[string]*rate.Limiter{}, channels: map[string]*rate.Limiter{}, until: map[string]time.Time{},
	}
	l.part = l.newLimiter(float64(perMinute[updateView])/60, burstOf(updateView))
	return l
}

// perMinute is Slack's tier of each method that we call, in calls per minute. 0 means that
// Slack names none. Methods that are not in the map have tier 2.
var perMinute = map[string]int{
	"auth.test":        0,
	"chat.postMessage": 200, // "several hundred per minute" for a workspace; 1 a second for a channel
	"chat.update":      50, "chat.delete": 50, "conversations.info": 50,
	"conversations.history": 50, "conversations.replies": 50, "conversations.open": 50,
	"chat.postEphemeral": 100, "conversations.members": 100, "users.info": 100,
	"files.getUploadURLExternal": 100, "files.completeUploadExternal": 100, "files.info": 100, "files.delete": 50,
	"views.open": 100 - burstOfForms, "views.update": 100 - burstOfForms, "views.publish": 100,
	"conversations.create": 20, "conversations.archive": 20, "conversations.setTopic": 20, "conversations.setPurpose": 20,
	"bookmarks.add": 20, "bookmarks.edit": 20, "bookmarks.list": 50, "bookmarks.remove": 20,
	"functions.completeSuccess": 50, "functions.completeError": 50,
	"conversations.invite": 50, "conversations.kick": 50,
	"users.conversations": 50, "users.list": 20, "usergroups.list": 20, "usergroups.users.list": 20, "usergroups.users.update": 20,
}

const tier2 = 20

// burst is how many calls may be made at the same time after a pause. Slack allows short
// bursts but gives no number.
const burst = 5

// burstOfForms is the burst of forms. When something breaks, many people open a form at the
// same time, and after a wait of three seconds it cannot be opened any more.
const burstOfForms = 15

func burstOf(method string) int {
	switch method {
	case "views.open", "views.update":
		return burstOfForms
	}
	return burst
}

// ErrNoRoom says that a call could not begin within the time that it was given, because of
// Slack's limits. It was not made, and does not count.
var ErrNoRoom = errors.New("Slack's limits leave no room yet")

// wait blocks until the method may be called, and for a post until the channel may be written
// to. Its error is the context's, ErrNoRoom if that takes longer than the context lasts, or a
// Limited Error.
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
	if err := pass(ctx, l.of(method, channel)); err != nil {
		return fmt.Errorf("waiting to call %s: %w", method, err)
	}
	return nil
}

// pass waits until all limiters let a call pass. After an error none of them counts it.
func pass(ctx context.Context, limiters []*rate.Limiter) error {
	now := time.Now()
	var pause time.Duration
	reserved := make([]*rate.Reservation, len(limiters))
	for i, limiter := range limiters {
		reserved[i] = limiter.ReserveN(now, 1)
		pause = max(pause, reserved[i].DelayFrom(now))
	}
	err := sleep(ctx, pause)
	if err != nil {
		for _, r := range reserved {
			r.Cancel()
		}
	}
	return err
}

// sleep waits, if the context lasts that long; else it returns at once.
func sleep(ctx context.Context, pause time.Duration) error {
	if pause <= 0 {
		return nil
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < pause {
		return ErrNoRoom
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// room is how many calls a reader without hurry leaves to writers.
const room = 2

// leaveRoom blocks until a call of the method leaves room for others.
func (l *limits) leaveRoom(ctx context.Context, method string) error {
	if l.unlimited {
		return nil
	}
	for _, limiter := range l.of(method, "") {
		missing := room - limiter.Tokens()
		if missing <= 0 {
			continue
		}
		if err := sleep(ctx, time.Duration(missing/float64(limiter.Limit())*float64(time.Second))); err != nil {
			return fmt.Errorf("waiting to call %s: %w", method, err)
		}
	}
	return nil
}

// Slack's limit of posts in a channel.
// See https://docs.slack.dev/apis/web-api/rate-limits, "Posting messages".
const (
	postsASecond = 1
	postsAtOnce  = 1
)

func (l *limits) of(method, channel string) []*rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []*rate.Limiter
	if limiter := l.ofMethod(method); limiter != nil {
		all = append(all, limiter)
	}
	if method != "chat.postMessage" {
		return all
	}
	if l.channels[channel] == nil {
		l.channels[channel] = l.newLimiter(postsASecond, postsAtOnce)
	}
	return append(all, l.channels[channel])
}

// ofMethod returns the limiter of a method; nil if Slack names no limit.
func (l *limits) ofMethod(method string) *rate.Limiter {
	if limiter := l.methods[method]; limiter != nil {
		return limiter
	}
	tier, known := perMinute[method]
	if !known {
		tier = tier2
	}
	if tier == 0 {
		return nil
	}
	l.methods[method] = l.newLimiter(float64(tier)/60, burstOf(method))
	return l.methods[method]
}

// newLimiter returns a limiter for a number of calls in each second, and atOnce calls after a
// pause.
func (l *limits) newLimiter(second float64, atOnce int) *rate.Limiter {
	return rate.NewLimiter(rate.Limit(second*l.pace), atOnce)
}

// longestPause is the longest pause asked for by Slack that a caller waits for. If a pause is
// longer, the caller gets an error and can do something else meanwhile.
const longestPause = time.Second

// waitAsked blocks until the pause that Slack has asked for is over, or returns a Limited
// Error.
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
	if err := sleep(ctx, pause); err != nil {
		return fmt.Errorf("waiting to call %s again: %w", method, err)
	}
	return nil
}

// saveWithin bounds how long a limit is saved.
const saveWithin = 2 * time.Second

// obey notes that Slack asks not to call a method for a while.
func (l *limits) obey(ctx context.Context, method string, pause time.Duration) {
	until := time.Now().Add(pause)
	l.mu.Lock()
	if until.After(l.until[method]) {
		l.until[method] = until
	}
	l.mu.Unlock()
	if l.memory == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveWithin)
	defer cancel()
	_ = l.memory.SaveLimit(ctx, method, until) // if it is not saved, Slack tells the other copies itself
}

// Recall reads which methods Slack has asked other copies, or an earlier run, not to call.
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

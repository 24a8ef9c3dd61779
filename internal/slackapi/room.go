package slackapi

import (
	"math"
	"time"

	"golang.org/x/time/rate"
)

// Room is how many calls may begin within a time without breaking Slack's limits. A sender
// asks for it before it takes messages, so that it takes none that would have to wait.
type Room struct {
	Posts, Edits   int
	Ephemerals     int
	Looks          int            // for messages that may have been posted
	PostsIn        map[string]int // in channels, or to persons, that leave less room than others
	PostsElsewhere int            // in any other channel
}

// endless stands for no limit. It is small enough to be added to.
const endless = math.MaxInt16

// Room returns how many calls may begin within a time.
func (c *Client) Room(within time.Duration) Room { return c.limits.spare(within) }

func (l *limits) spare(within time.Duration) Room {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := Room{
		Posts: l.spareOf("chat.postMessage", within), Edits: l.spareOf("chat.update", within),
		Ephemerals: l.spareOf("chat.postEphemeral", within),
		Looks:      min(l.spareOf("conversations.history", within), l.spareOf("conversations.replies", within)),
		PostsIn:    map[string]int{}, PostsElsewhere: endless,
	}
	if l.unlimited {
		return r
	}
	r.PostsElsewhere = begins(l.newLimiter(postsASecond, postsAtOnce), within)
	for channel, limiter := range l.channels {
		if n := begins(limiter, within); n < r.PostsElsewhere {
			r.PostsIn[channel] = n
		}
	}
	return r
}

// keptForms is how many calls are left for forms that somebody waits for.
const keptForms = 5

// hasRoom reports whether a form may be drawn that nobody waits for. If it may, that counts as this
// copy's part of the limit, which is for the whole workspace.
func (l *limits) hasRoom() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.spareOf(updateView, 0) > keptForms && (l.unlimited || l.part.Allow())
}

// SharedBy tells how many copies of the program call Slack. Each leaves the others their part of what
// nobody waits for.
func (c *Client) SharedBy(copies int) { c.limits.share(copies) }

func (l *limits) share(copies int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	copies = max(1, copies)
	l.part.SetLimit(rate.Limit(float64(perMinute[updateView]) / 60 * l.pace / float64(copies)))
	l.part.SetBurst(max(1, burstOf(updateView)/copies))
}

// spareOf is how many calls of a method may begin within a time.
func (l *limits) spareOf(method string, within time.Duration) int {
	switch {
	case time.Until(l.until[method]) > within:
		return 0
	case l.unlimited || l.ofMethod(method) == nil:
		return endless
	}
	return begins(l.ofMethod(method), within)
}

// begins is how many calls a limiter lets begin within a time.
func begins(limiter *rate.Limiter, within time.Duration) int {
	return max(0, int(limiter.Tokens()+float64(limiter.Limit())*within.Seconds()))
}

package webapi

import (
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// limits keeps Slack's rates, in real time. It has its own lock.
type limits struct {
	mu      sync.Mutex
	set     Limits
	buckets map[string]*rate.Limiter
}

func newLimits(set Limits) *limits {
	return &limits{set: set, buckets: map[string]*rate.Limiter{}}
}

// change switches limits on or off; the buckets start full.
func (l *limits) change(set Limits) {
	if set.Scale == 0 {
		set.Scale = 1
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.set, l.buckets = set, map[string]*rate.Limiter{}
}

// perMinute are the rates of the tiers; tier 0 has none.
var perMinute = map[int]float64{1: 1, 2: 20, 3: 50, 4: 100}

// wait says how long a call has to wait, in whole seconds; 0 lets it through.
func (l *limits) wait(method string, tier int, channel string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.set.On {
		return 0
	}
	if method == "chat.postMessage" {
		return max(l.draw("post "+channel, 60, 3), l.draw("post", 300, 60))
	}
	if tier == 0 {
		return 0
	}
	return l.draw(method, perMinute[tier], max(1, int(perMinute[tier]/5)))
}

func (l *limits) draw(key string, minute float64, burst int) int {
	bucket := l.buckets[key]
	if bucket == nil {
		bucket = rate.NewLimiter(rate.Limit(minute/60*l.set.Scale), burst)
		l.buckets[key] = bucket
	}
	now := time.Now()
	reserved := bucket.ReserveN(now, 1)
	delay := reserved.DelayFrom(now)
	if delay <= 0 {
		return 0
	}
	reserved.CancelAt(now) // a refused call costs nothing
	return int(math.Ceil(delay.Seconds()))
}

// Limits switches Slack's rate limits on. Per method the bucket holds a fifth
// of the tier's calls per minute; chat.postMessage has one a second per channel
// with a burst of three, and 300 a minute for the workspace.
// https://docs.slack.dev/apis/web-api/rate-limits
type Limits struct {
	On    bool    `json:"on"`
	Scale float64 `json:"scale,omitempty"` // multiplies every rate; 0 means 1
}

package outbox

import (
	"context"
	"sync"
	"time"

	"supporty/internal/desk"
)

// line is what can be said in a place, the most urgent first, as it looked a moment
// ago. To find that out costs a look at all that is owed; with a thousand messages
// owed, that would be done a thousand times.
type line struct {
	mu     sync.Mutex // two hands that ask at once would be given the same message
	behind []string   // ids
	seen   time.Time
}

// freshFor is how long a line counts, in real time: what is more urgent than all
// that stands in it waits no longer than that.
const freshFor = 100 * time.Millisecond

// next takes the first message of the line that may still be said, and looks
// again when there is none.
func (l *line) next(ctx context.Context, q Store, p desk.Queue, epoch int64, now time.Time) (Item, bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.behind) > 0 && time.Since(l.seen) < freshFor {
		id := l.behind[0]
		l.behind = l.behind[1:]
		if i, ok, err := q.Take(ctx, id, epoch, now); ok || err != nil {
			return i, ok, err
		}
	}
	i, ok, err := q.Next(ctx, p, epoch, now)
	l.behind, l.seen = i.Prefetched, time.Now()
	return i, ok, err
}

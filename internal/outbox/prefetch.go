package outbox

import (
	"context"
	"sync"
	"time"

	"supporty/internal/desk"
)

// prefetch is what can be posted from a queue, the most urgent first, as it looked a moment
// ago. To find that out costs a look at everything that is pending: with a thousand messages
// pending, that would be done a thousand times.
type prefetch struct {
	mu   sync.Mutex // two workers that ask at once would be given the same message
	ids  []string
	seen time.Time
}

// freshFor is how long a prefetch counts, in real time. What is more urgent than everything
// in it waits no longer than that.
const freshFor = 100 * time.Millisecond

// next takes the first message that may still be posted. It looks again when there is none.
func (p *prefetch) next(ctx context.Context, s Store, queue desk.Queue, epoch int64, now time.Time) (Item, bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.ids) > 0 && time.Since(p.seen) < freshFor {
		id := p.ids[0]
		p.ids = p.ids[1:]
		if i, ok, err := s.Take(ctx, id, epoch, now); ok || err != nil {
			return i, ok, err
		}
	}
	i, ok, err := s.Next(ctx, queue, epoch, now)
	p.ids, p.seen = i.Prefetched, time.Now()
	return i, ok, err
}

package outbox

import (
	"context"
	"sync"
	"time"

	"supporty/internal/desk"
)

// prefetch lists the messages of a queue that could be posted a moment ago, the most urgent
// first. The query for them reads everything that is pending. Without prefetch, a thousand
// pending messages would cost a thousand such queries.
type prefetch struct {
	mu   sync.Mutex // without it, two workers at the same time could get the same message
	ids  []string
	seen time.Time
}

// freshFor is how long a prefetch is used, in real time. A more urgent message that is not
// in it waits no longer than that.
const freshFor = 100 * time.Millisecond

// next takes the first message of the list that may still be posted. If there is none, it
// asks the store anew.
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

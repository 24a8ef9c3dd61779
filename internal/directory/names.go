package directory

import (
	"sync"
	"time"
)

// names is a cache in memory for a short while: a ticket's messages name the same few
// people again and again. The zero value is empty; it is safe for concurrent use.
type names struct {
	mu   sync.Mutex
	kept map[string]called
}

type called struct {
	name  string
	until time.Time // real time
}

const (
	keepNamesFor = time.Minute
	mostNames    = 5000 // entries; when full, the cache is emptied
)

// of returns a person's name, or "" if it is not in the cache.
func (n *names) of(id string, now time.Time) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	if c := n.kept[id]; now.Before(c.until) {
		return c.name
	}
	return ""
}

func (n *names) keep(id, name string, now time.Time) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.kept == nil || len(n.kept) >= mostNames {
		n.kept = map[string]called{}
	}
	n.kept[id] = called{name, now.Add(keepNamesFor)}
}

func (n *names) forget(id string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.kept, id)
}

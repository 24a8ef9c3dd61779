package directory

import (
	"sync"
	"time"
)

// memory keeps what was read of people for a short time. Each copy has its own, so it can
// be as old as its reader allows, but never older than what this copy has stored since.
type memory[T any] struct {
	mu      sync.Mutex
	kept    map[string]reading[T]
	forgets int // how often something was forgotten
}

type reading[T any] struct {
	value T
	at    time.Time // real time
}

// mostKept bounds a memory; when it is full, it is emptied.
const mostKept = 5000

// of returns what was read since a time.
func (m *memory[T]) of(id string, since time.Time) (T, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.kept[id]
	return r.value, ok && r.at.After(since)
}

// reading returns a function that keeps what is read from now on. If something is
// forgotten meanwhile, it keeps nothing, because the value may be the one before.
func (m *memory[T]) reading(id string, at time.Time) (keep func(T)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	forgets := m.forgets
	return func(value T) {
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.forgets != forgets {
			return
		}
		if m.kept == nil || len(m.kept) >= mostKept {
			m.kept = map[string]reading[T]{}
		}
		m.kept[id] = reading[T]{value, at}
	}
}

func (m *memory[T]) forget(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.forgets++
	delete(m.kept, id)
}

func (m *memory[T]) forgetAll() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.forgets++
	m.kept = nil
}

package directory

import (
	"sync"
	"time"
)

// memory keeps what was read of people for a short time. Each copy has its own, so it can
// be as old as its reader allows, but never older than what this copy has stored since.
type memory[T any] struct {
	mu        sync.Mutex
	kept      map[string]reading[T]
	forgets   int            // how often something was forgotten
	forgotten map[string]int // the number of the last time, by id
	all       int            // the number of the last time that all were
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

// reading returns a function that keeps what is read from now on. If the id is forgotten
// meanwhile, it keeps nothing, because the value may be the one before.
func (m *memory[T]) reading(id string, at time.Time) (keep func(T)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	began := m.forgets
	return func(value T) {
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.forgotten[id] > began || m.all > began {
			return
		}
		if m.kept == nil || len(m.kept) >= mostKept {
			m.kept = map[string]reading[T]{}
		}
		m.kept[id] = reading[T]{value, at}
	}
}

// news is the number of the last time that the id was forgotten.
func (m *memory[T]) news(id string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return max(m.forgotten[id], m.all)
}

func (m *memory[T]) forget(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.forgotten) >= mostKept {
		m.dropAll()
	}
	if m.forgotten == nil {
		m.forgotten = map[string]int{}
	}
	m.forgets++
	m.forgotten[id] = m.forgets
	delete(m.kept, id)
}

func (m *memory[T]) forgetAll() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.dropAll()
}

func (m *memory[T]) dropAll() {
	m.forgets++
	m.all, m.kept, m.forgotten = m.forgets, nil, nil
}

package workspace

import (
	"context"
	"sync"
	"time"

	"supporty/internal/dev/slacksim/wire"
)

// Store keeps the workspace and its one lock. Update and View alone take it.
type Store struct {
	mu    sync.RWMutex
	state state
	done  chan struct{} // closed by Close
}

// Tx is the workspace for as long as its lock is held. A function with a *Tx
// among its parameters runs under the lock; a Tx that is kept longer is empty.
type Tx struct{ *state }

// Update runs do while nobody else reads or changes the workspace.
func (s *Store) Update(do func(*Tx)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.run(do)
}

// View runs do while nobody changes the workspace. It must not change it either.
func (s *Store) View(do func(*Tx)) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	s.run(do)
}

// Update is Store.Update for what has a result.
func Update[T any](s *Store, do func(*Tx) (T, error)) (result T, err error) {
	s.Update(func(tx *Tx) { result, err = do(tx) })
	return result, err
}

func (s *Store) run(do func(*Tx)) {
	tx := &Tx{&s.state}
	defer func() { tx.state = nil }()
	do(tx)
}

// Subscribe hands what the workspace tells a subscribed bot to hear, with the channel
// that it is about, if any. There is one such listener.
func (s *Store) Subscribe(hear func(tx *Tx, event wire.Object, about *Channel)) {
	s.Update(func(tx *Tx) { tx.emit = hear })
}

// Latest is the number of the journal's last entry, and what is closed by the next.
func (s *Store) Latest() (seq int64, changed <-chan struct{}) {
	s.View(func(tx *Tx) { seq, changed = tx.Journal.Last(), tx.Journal.changed })
	return seq, changed
}

// Done is closed when the store closes.
func (s *Store) Done() <-chan struct{} { return s.done }

// Close ends all timers and runs last under the lock. It does nothing, and says so,
// when the store is closed already.
func (s *Store) Close(last func(*Tx)) bool {
	closing := false
	s.Update(func(tx *Tx) {
		if closing = !tx.Closed; !closing {
			return
		}
		tx.Closed = true
		close(s.done)
		for t := range tx.timers {
			t.Stop()
		}
		last(tx)
	})
	return closing
}

// Pause waits in real time, less if the caller goes away or the store closes.
func (s *Store) Pause(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	case <-s.done:
	}
}

// Guarded is kept under the workspace's lock, beside the workspace: nobody gets at it
// without a Tx.
type Guarded[T any] struct{ value T }

// Guard puts something under the lock.
func Guard[T any](value T) *Guarded[T] { return &Guarded[T]{value} }

// Of is what is guarded, for as long as the lock is held.
func (g *Guarded[T]) Of(*Tx) *T { return &g.value }

// After runs do under the lock once d has passed in real time, unless the store
// is closed before.
func (tx *Tx) After(d time.Duration, do func(*Tx)) *time.Timer {
	store := tx.store
	var t *time.Timer
	t = time.AfterFunc(d, func() {
		store.Update(func(tx *Tx) {
			delete(tx.timers, t)
			if !tx.Closed {
				do(tx)
			}
		})
	})
	tx.timers[t] = struct{}{}
	return t
}

// Stop ends a timer of after; nil is fine.
func (tx *Tx) Stop(t *time.Timer) {
	if t != nil {
		t.Stop()
		delete(tx.timers, t)
	}
}

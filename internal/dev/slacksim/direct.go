package slacksim

import (
	"context"
	"fmt"
)

// Do carries out an action, as POST /sim/v1/actions does. An error means that a
// person could not do it.
func (s *Server) Do(a Action) (Outcome, error) { return s.act(a) }

// Await waits until the state is as wanted and returns it: what Client.Await
// does, without HTTP between. wanted is called after every change, so it had
// better be quick.
func (s *Server) Await(ctx context.Context, wanted func(State) bool) (State, error) {
	for {
		s.mu.Lock()
		changed := s.ws.journal.changed
		s.mu.Unlock()
		state := s.State()
		if wanted(state) {
			return state, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return state, fmt.Errorf("waiting for the workspace: %w", ctx.Err())
		}
	}
}

package slacksim

import (
	"context"
	"fmt"
	"maps"
	"slices"
)

// Switch is something beside Slack that can go wrong, on or off.
type Switch struct {
	Name string `json:"name"`
	On   bool   `json:"on"`
}

func (s *Server) troubleNames() []string {
	return append([]string{}, slices.Sorted(maps.Keys(s.cfg.Trouble))...)
}

// switches lists them by name.
func (s *Server) switches() []Switch {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []Switch{}
	for _, name := range slices.Sorted(maps.Keys(s.cfg.Trouble)) {
		list = append(list, Switch{Name: name, On: s.switched[name]})
	}
	return list
}

// flip turns one on or off, and remembers it if that worked.
func (s *Server) flip(ctx context.Context, wanted Switch) ([]Switch, error) {
	set := s.cfg.Trouble[wanted.Name]
	if set == nil {
		return nil, fmt.Errorf("no trouble is called %q", wanted.Name)
	}
	if err := set(ctx, wanted.On); err != nil {
		return nil, fmt.Errorf("switching %q: %w", wanted.Name, err)
	}
	what := "off"
	if wanted.On {
		what = "on"
	}
	s.mu.Lock()
	s.switched[wanted.Name] = wanted.On
	s.ws.journal.add(Entry{Kind: KindFault, What: what, Detail: wanted.Name})
	s.mu.Unlock()
	return s.switches(), nil
}

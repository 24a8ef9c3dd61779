package control

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"supporty/internal/dev/slacksim/workspace"
)

// Toggle is something beside Slack that can go wrong, on or off.
type Toggle struct {
	Name string `json:"name"`
	On   bool   `json:"on"`
}

func (s *Server) toggleNames() []string {
	return append([]string{}, slices.Sorted(maps.Keys(s.cfg.Toggles))...)
}

// toggles lists them by name.
func (s *Server) toggles() []Toggle {
	list := []Toggle{}
	s.store.View(func(tx *workspace.Tx) {
		switched := *s.switched.Of(tx)
		for _, name := range s.toggleNames() {
			list = append(list, Toggle{Name: name, On: switched[name]})
		}
	})
	return list
}

// flip turns one on or off, and remembers it if that worked.
func (s *Server) flip(ctx context.Context, wanted Toggle) ([]Toggle, error) {
	set := s.cfg.Toggles[wanted.Name]
	if set == nil {
		return nil, fmt.Errorf("no toggle is called %q", wanted.Name)
	}
	if err := set(ctx, wanted.On); err != nil {
		return nil, fmt.Errorf("switching %q: %w", wanted.Name, err)
	}
	what := "off"
	if wanted.On {
		what = "on"
	}
	s.store.Update(func(tx *workspace.Tx) {
		(*s.switched.Of(tx))[wanted.Name] = wanted.On
		tx.Journal.Add(workspace.Entry{Kind: workspace.KindFault, What: what, Detail: wanted.Name})
	})
	return s.toggles(), nil
}

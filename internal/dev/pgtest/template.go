//go:build unix

package pgtest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"

	"supporty/internal/pgdev"
)

// template is a database of which tests get copies. Making and dropping a copy touches
// hundreds of files; emptying one touches none. So a copy is emptied after its test, and
// the next test gets it.
type template struct {
	name  string
	fresh *contents // nil: copies are dropped after use

	mu   sync.Mutex
	free []string // copies that are as good as new
}

var empty = &template{name: "template0"}

var templates struct {
	sync.Mutex
	byCode map[uintptr]*template
}

func templateOf(ctx context.Context, s *pgdev.Server, migrate func(context.Context, string) error) (*template, error) {
	if migrate == nil {
		return empty, nil
	}
	templates.Lock()
	defer templates.Unlock()
	code := reflect.ValueOf(migrate).Pointer()
	if made, ok := templates.byCode[code]; ok {
		return made, nil
	}
	made, err := newTemplate(ctx, s, fmt.Sprintf("template_%d", len(templates.byCode)+1), migrate)
	if err != nil {
		return nil, err
	}
	if templates.byCode == nil {
		templates.byCode = map[uintptr]*template{}
	}
	templates.byCode[code] = made
	return made, nil
}

func newTemplate(ctx context.Context, s *pgdev.Server, name string, migrate func(context.Context, string) error) (*template, error) {
	if err := errors.Join(s.DropDatabase(ctx, name), s.CreateDatabase(ctx, name)); err != nil {
		return nil, err
	}
	if err := migrate(ctx, s.URL(name)); err != nil {
		return nil, fmt.Errorf("migrating: %w", err)
	}
	fresh, err := contentsOf(ctx, s.URL(name))
	if err != nil {
		return nil, fmt.Errorf("reading what a fresh database holds: %w", err)
	}
	return &template{name: name, fresh: fresh}, nil
}

var copies atomic.Int64

// take returns a copy that no other test uses.
func (t *template) take(ctx context.Context, s *pgdev.Server) (string, error) {
	t.mu.Lock()
	if last := len(t.free) - 1; last >= 0 {
		name := t.free[last]
		t.free = t.free[:last]
		t.mu.Unlock()
		return name, nil
	}
	t.mu.Unlock()
	name := fmt.Sprintf("test_%d", copies.Add(1))
	return name, s.CloneDatabase(ctx, name, t.name)
}

// giveBack makes a copy as good as new, or drops it if that fails.
func (t *template) giveBack(ctx context.Context, s *pgdev.Server, name string) error {
	if t.fresh == nil || t.fresh.restore(ctx, s.URL(name)) != nil {
		return s.DropDatabase(ctx, name)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.free = append(t.free, name)
	return nil
}

package duty

import (
	"slices"
	"strings"

	"supporty/internal/sla"
)

// Roster is the rotas of all squads that have one. Like a Rota it is not changed once it is
// in use. The zero value has none.
type Roster []Squad

// Squad is a squad with a rota.
type Squad struct {
	Name       string
	Categories []string      // of tickets that it owns
	Lead       string        // who leads it; empty for nobody
	Hours      *sla.Calendar // of its desk; nil is always open
	Rota       Rota
}

// WithRota returns the squads that have a rota.
func (r Roster) WithRota() Roster {
	return slices.DeleteFunc(slices.Clone(r), func(s Squad) bool { return !s.Rota.Any() })
}

// Of returns the squad that owns a category of tickets, if it has a rota.
func (r Roster) Of(category string) (Squad, bool) {
	return r.with(func(s Squad) bool { return slices.Contains(s.Categories, category) })
}

// Named returns the squad with a name, in any case, if it has a rota.
func (r Roster) Named(name string) (Squad, bool) {
	return r.with(func(s Squad) bool { return strings.EqualFold(s.Name, name) })
}

func (r Roster) with(wanted func(Squad) bool) (Squad, bool) {
	i := slices.IndexFunc(r, wanted)
	if i < 0 {
		return Squad{}, false
	}
	return r[i], true
}

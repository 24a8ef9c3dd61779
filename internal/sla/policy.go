package sla

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Target is the promise for one priority at one time. If a number of days is set, it replaces the
// duration above it: working days instead of open time. The zero Target promises nothing.
type Target struct {
	Resolve      time.Duration // from opening to solved
	ResolveDays  int           `json:",omitempty"`
	Respond      time.Duration // from opening to the first claim or answer
	RespondDays  int           `json:",omitempty"`
	NextReply    time.Duration `json:",omitempty"` // from each later reply of the requester to the next answer; 0 for no target
	AlertRespond bool          // whether the respond clock has alerts; it is always measured
	WarnAt       float64       // fraction of the target at which to warn, 0 < WarnAt < 1
	Calendar     *Calendar     `json:"-"` // its opening hours; nil is 24×7
}

// Equal reports whether two targets promise the same.
func (t Target) Equal(other Target) bool {
	same := t.Calendar.Equal(other.Calendar)
	t.Calendar, other.Calendar = nil, nil
	return same && t == other
}

// Targets are the targets of every priority, 1 being the most urgent.
type Targets map[int]Target

// Policy has all targets, opening hours and escalations of one version of the settings. It is
// stored as JSON, so the names here and in Target are part of the database's format.
type Policy struct {
	Targets    Targets            // of every category that is not named below
	Categories map[string]Targets // whole targets; empty ones promise nothing

	Escalations []Escalation // steps if nobody answers
	Ladder      []string     // the categories whose most urgent tickets call people while the desk is closed
}

// Target returns the target of a category and a priority.
func (p Policy) Target(category string, priority int) Target {
	if own, ok := p.Categories[category]; ok {
		return own[priority]
	}
	return p.Targets[priority]
}

// Hours returns a category's opening hours for working days outside of targets. They are those of
// the least urgent priority. If the category has no targets, the general ones apply.
func (p Policy) Hours(category string) *Calendar {
	targets := p.Targets
	if own := p.Categories[category]; len(own) > 0 {
		targets = own
	}
	least := 0
	for priority := range targets {
		least = max(least, priority)
	}
	return targets[least].Calendar
}

// storedPolicy is a policy as JSON. It has the same opening hours only once, even if several
// targets use them, because the public holidays of thirty years are long.
type storedPolicy struct {
	Targets    storedTargets            `json:"targets"`
	Categories map[string]storedTargets `json:"categories,omitempty"`
	Hours      []*Calendar              `json:"hours,omitempty"`

	Escalations []Escalation `json:"escalations,omitempty"`
	Ladder      []string     `json:"ladder,omitempty"`
}

type storedTargets map[int]storedTarget

type storedTarget struct {
	Target
	Hours int `json:",omitempty"` // the position in storedPolicy.Hours, from 1; 0 for none
}

// MarshalJSON writes the same text for the same policy.
func (p Policy) MarshalJSON() ([]byte, error) {
	s := storedPolicy{Escalations: p.Escalations, Ladder: p.Ladder}
	s.Targets = s.store(p.Targets)
	for _, name := range slices.Sorted(maps.Keys(p.Categories)) {
		if s.Categories == nil {
			s.Categories = map[string]storedTargets{}
		}
		s.Categories[name] = s.store(p.Categories[name])
	}
	return json.Marshal(s)
}

func (s *storedPolicy) store(targets Targets) storedTargets {
	stored := storedTargets{}
	for _, priority := range slices.Sorted(maps.Keys(targets)) {
		t := targets[priority]
		stored[priority] = storedTarget{Target: t, Hours: s.place(t.Calendar)}
	}
	return stored
}

func (s *storedPolicy) place(c *Calendar) int {
	if c.Always() {
		return 0
	}
	i := slices.IndexFunc(s.Hours, c.Equal)
	if i < 0 {
		i, s.Hours = len(s.Hours), append(s.Hours, c)
	}
	return i + 1
}

// UnmarshalJSON reads what MarshalJSON wrote. Targets with the same hours share
// one calendar.
func (p *Policy) UnmarshalJSON(text []byte) error {
	var s storedPolicy
	err := json.Unmarshal(text, &s)
	if err != nil {
		return fmt.Errorf("reading a policy: %w", err)
	}
	*p = Policy{Escalations: s.Escalations, Ladder: s.Ladder}
	if p.Targets, err = s.read(s.Targets); err != nil {
		return err
	}
	for name, stored := range s.Categories {
		if p.Categories == nil {
			p.Categories = map[string]Targets{}
		}
		if p.Categories[name], err = s.read(stored); err != nil {
			return err
		}
	}
	return nil
}

func (s storedPolicy) read(stored storedTargets) (Targets, error) {
	targets := Targets{}
	for priority, t := range stored {
		if t.Hours < 0 || t.Hours > len(s.Hours) {
			return nil, fmt.Errorf("reading a policy: there are no opening hours %d", t.Hours)
		}
		if t.Hours > 0 {
			t.Calendar = s.Hours[t.Hours-1]
		}
		targets[priority] = t.Target
	}
	return targets, nil
}

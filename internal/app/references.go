package app

import (
	"log/slog"
	"slices"
)

// reference is the result of looking up one setting that names something in Slack.
type reference struct {
	setting   string // its path
	state     state
	says      string // its name; or what is wrong, and what to do
	meanwhile string // the effect until then; empty if nothing is missing
}

func (r reference) String() string { return r.setting + ": " + r.says }

type state string

const (
	found   state = "found"
	renamed state = "renamed" // it is remembered: the name in the settings is an old one
	moved   state = "moved"   // another place has the name now
	missing state = "missing" // not there, or nothing can be said there
)

func (l *look) sees(setting string, s state, says string) {
	l.references = append(l.references, reference{setting: setting, state: s, says: says})
}

func (l *look) misses(setting, wrong, meanwhile string) {
	l.references = append(l.references, reference{setting, missing, wrong, meanwhile})
}

var warnings = map[state]string{
	renamed: "a setting has an old name",
	moved:   "a setting names something else than before",
	missing: "a setting leads nowhere",
}

// tell logs the references that have changed since the last lookup.
func tell(log *slog.Logger, before, now []reference) {
	for _, s := range now {
		last := reference{state: found}
		if i := slices.IndexFunc(before, func(b reference) bool { return b.setting == s.setting }); i >= 0 {
			last = before[i]
		}
		switch {
		case s == last:
		case s.state == missing:
			log.Warn(warnings[s.state], "setting", s.setting, "problem", s.says, "meanwhile", s.meanwhile)
		case s.state != found:
			log.Warn(warnings[s.state], "setting", s.setting, "problem", s.says)
		case last.state == renamed || last.state == missing:
			log.Info("a setting is in order again", "setting", s.setting, "names", s.says)
		}
	}
}

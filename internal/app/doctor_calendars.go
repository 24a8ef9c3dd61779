package app

import (
	"context"
	"fmt"
	"strings"
	"time"

	"supporty/internal/config"
	"supporty/internal/fetch"
	"supporty/internal/ical"
	"supporty/internal/postgres"
)

// examineCalendars reads the calendars that say who is on duty. db is nil if it cannot be reached.
func examineCalendars(ctx context.Context, db *postgres.DB, cfg config.Config) (findings []finding) {
	all := cfg.Calendars()
	if len(all) == 0 {
		return nil
	}
	kept := map[string]postgres.RotaCalendar{}
	if db != nil {
		list, _ := db.RotaCalendars(ctx) // the table may not be there yet
		for _, c := range list {
			kept[c.Key] = c
		}
	}
	from := fetch.New()
	defer from.Close()
	for _, c := range all {
		_, read, err := readCalendar(ctx, from, c, fetch.Mark{}, time.Now())
		findings = append(findings, calendarFinding(c, kept[calendarKey(c.Layer)], read, err))
	}
	return findings
}

func calendarFinding(c config.Calendar, kept postgres.RotaCalendar, read ical.Reading, err error) finding {
	switch {
	case err != nil && kept.Version > 0:
		return finding{c.Path, warns, fmt.Sprintf("%v: look at the address where %s has its rota. Until then what was read at %s says who is on duty", err, c.Squad, kept.ReadAt.Format(time.RFC3339))}
	case err != nil:
		return finding{c.Path, fails, fmt.Sprintf("%v: look at the address where %s has its rota. Nobody is on duty by it", err, c.Squad)}
	case kept.Failure == notKept:
		return finding{c.Path, warns, notKept + " in the database: the log says why. Until then what was read before says who is on duty"}
	case len(read.Unknown) > 0:
		return finding{c.Path, warns, fmt.Sprintf("nobody is on duty in the shifts of %s: write in names who they are", strings.Join(quoted(read.Unknown), ", "))}
	case read.Skipped > 0:
		return finding{c.Path, warns, fmt.Sprintf("%d events are left out, because their times or repetitions are not understood: docs/duty.md says which are", read.Skipped)}
	case len(read.Shifts) == 0:
		return finding{c.Path, warns, "has no shift in the next 26 weeks"}
	}
	last := read.Shifts[len(read.Shifts)-1]
	return finding{c.Path, fine, fmt.Sprintf("has %d shifts, the last until %s", len(read.Shifts), last.Until.Format(time.RFC3339))}
}

func quoted(all []string) (q []string) {
	for _, s := range all {
		q = append(q, fmt.Sprintf("%q", s))
	}
	return q
}

package app

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"supporty/internal/config"
	"supporty/internal/sla"
)

// Explanation is the deadlines that the settings give to one ticket.
type Explanation struct {
	Priority config.Priority
	Filed    time.Time      // in UTC
	Zone     *time.Location // of the opening hours; UTC if there are none
	Cycle    sla.Cycle      // as on the ticket's card
}

// Explain computes the deadlines of a ticket filed at a time. The priority is a name such
// as P2. The category is one of the settings'; empty means the general targets. The time
// is in the zone of the opening hours, or in UTC if there are none, such as "2026-03-27
// 16:30"; it may also be in RFC 3339.
func Explain(cfg config.Config, priority, category, at string) (Explanation, error) {
	policy, err := policyOf(cfg, nil) // escalations do not affect the deadlines
	if err != nil {
		return Explanation{}, err
	}
	if category, err = knownCategory(cfg, category); err != nil {
		return Explanation{}, err
	}
	i := slices.IndexFunc(cfg.Priorities, func(p config.Priority) bool { return strings.EqualFold(p.Name, priority) })
	if i < 0 {
		return Explanation{}, fmt.Errorf("%q is not a priority; write P1, P2 or P3", priority)
	}
	promise := cfg.Promise(category)
	zone, err := time.LoadLocation(promise.Hours.Zone)
	if err != nil {
		return Explanation{}, fmt.Errorf("reading the zone of the opening hours: %w", err)
	}
	filed, err := readTime(at, zone)
	if err != nil {
		return Explanation{}, err
	}
	if year := filed.In(zone).Year(); year < sla.FirstYear || year > sla.LastYear {
		return Explanation{}, fmt.Errorf("%q is not in the years that are counted; write a time from %d to %d", at, sla.FirstYear, sla.LastYear)
	}
	cycles := sla.Cycles([]sla.Event{{At: filed, Kind: sla.Start, Target: policy.Target(category, i+1)}})
	e := Explanation{Priority: cfg.Priorities[i], Filed: filed, Zone: zone, Cycle: cycles[0]}
	if promise.Priorities != nil {
		e.Priority = promise.Priorities[i]
	}
	return e, nil
}

// knownCategory is a category's name in the spelling of the settings.
func knownCategory(cfg config.Config, name string) (string, error) {
	i := slices.IndexFunc(cfg.Categories, func(c config.Category) bool { return strings.EqualFold(c.Name, name) })
	switch {
	case name == "":
		return "", nil
	case i < 0:
		return "", fmt.Errorf("%q is not a category; write one of %s", name, strings.Join(categoryNames(cfg), ", "))
	}
	return cfg.Categories[i].Name, nil
}

var localTimes = []string{"2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02T15:04:05", "2006-01-02T15:04"}

func readTime(text string, zone *time.Location) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.UTC(), nil
	}
	for _, layout := range localTimes {
		if wall, err := time.Parse(layout, text); err == nil {
			return sla.AtWallClock(wall, zone), nil
		}
	}
	return time.Time{}, fmt.Errorf(`%q is not a time; write something like "2026-03-27 16:30" or 2026-03-27T16:30:00Z`, text)
}

// WriteJSON writes the times only: RFC 3339 in UTC, to the millisecond, and null for a
// missing target.
func (e Explanation) WriteJSON(w io.Writer) error {
	format := func(t time.Time) *string {
		if t.IsZero() {
			return nil
		}
		return new(t.UTC().Format("2006-01-02T15:04:05.000Z07:00"))
	}
	return json.NewEncoder(w).Encode(struct {
		RespondWarnAt *string `json:"respond_warn_at"`
		RespondDueAt  *string `json:"respond_due_at"`
		ResolveWarnAt *string `json:"resolve_warn_at"`
		ResolveDueAt  *string `json:"resolve_due_at"`
	}{
		format(e.Cycle.Clock(sla.Respond).WarnAt), format(e.Cycle.Clock(sla.Respond).DueAt),
		format(e.Cycle.Clock(sla.Resolve).WarnAt), format(e.Cycle.Clock(sla.Resolve).DueAt),
	})
}

// WriteText writes for people, in the zone of the opening hours.
func (e Explanation) WriteText(w io.Writer) error {
	show := func(t time.Time) string { return t.In(e.Zone).Format("Mon 2 Jan 2006 15:04:05") }
	counted := "every hour counts"
	if !e.Cycle.Clock(sla.Resolve).Calendar.Always() {
		counted = "opening hours count"
	}
	if !e.Cycle.Clock(sla.Resolve).Promised() {
		_, err := fmt.Fprintf(w, "%s, filed %s (%s): no target.\n", e.Priority.Name, show(e.Filed), e.Zone)
		return err
	}
	_, err := fmt.Fprintf(w, "%s, filed %s (%s); %s.\n", e.Priority.Name, show(e.Filed), e.Zone, counted)
	for _, c := range []struct {
		what  string
		goal  config.Target
		clock sla.Clock
	}{{"Answered", e.Priority.Respond, e.Cycle.Clock(sla.Respond)}, {"Solved", e.Priority.Resolve, e.Cycle.Clock(sla.Resolve)}} {
		if err != nil {
			return err
		}
		told := "warned " + show(c.clock.WarnAt)
		if !c.clock.Alerts {
			told = "measured in silence"
		}
		_, err = fmt.Fprintf(w, "%-8s within %s: by %s, %s.\n", c.what, c.goal, show(c.clock.DueAt), told)
	}
	return err
}

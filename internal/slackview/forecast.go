package slackview

import (
	"fmt"
	"strings"
	"time"

	"supporty/internal/sla"
)

// forecast describes what happens to a ticket filed now: "The desk closes at 18:00. P2:
// solved by Mon 11:50." It is empty if no priority follows opening hours: then the time
// beside each priority is enough. Until a category is chosen, it adds that categories
// differ in their targets, if they do.
func forecast(p FormParams) string {
	said := solvedBy(p)
	if p.Category == "" && len(p.Policy.Categories) > 0 {
		said = strings.TrimSpace(said + " Some categories have other targets: choose yours to see them.")
	}
	return said
}

func solvedBy(p FormParams) string {
	var calendar *sla.Calendar
	var solved string
	for _, c := range p.Priorities {
		t := p.target(c.Priority)
		if !t.Calendar.Always() {
			calendar = t.Calendar
		}
		if clock := filed(p.Now, t); clock.Promised() {
			solved += fmt.Sprintf(" %s: solved by %s.", c.Priority, date(clock.DueAt))
		}
	}
	if calendar.Always() {
		return ""
	}
	return sentences(deskState(calendar, p.Now)+waiting(p), closedBy(calendar, p.Now)) + solved
}

// filed is the clock that the ticket's card will show.
func filed(now time.Time, t sla.Target) sla.Clock {
	return sla.Cycles([]sla.Event{{At: now, Kind: sla.Start, Target: t}})[0].Clock(sla.Resolve)
}

func deskState(c *sla.Calendar, now time.Time) string {
	open, until := c.State(now)
	switch {
	case until.IsZero() && open:
		return "The desk is open."
	case until.IsZero():
		return "The desk is closed."
	case open:
		return fmt.Sprintf("The desk closes %s.", at(until, now))
	}
	return fmt.Sprintf("The desk is closed and opens %s.", at(until, now))
}

// closedBy names the holidays on which the desk stays closed until it opens.
func closedBy(c *sla.Calendar, now time.Time) string {
	if open, until := c.State(now); !open && !until.IsZero() {
		return holidays(c.HolidaysBetween(now, until))
	}
	return ""
}

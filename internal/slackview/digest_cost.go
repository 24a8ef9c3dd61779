package slackview

import (
	"fmt"
	"math"
	"time"

	"supporty/internal/insight"
	"supporty/internal/slackformat"
)

func (r report) cost() string {
	c := r.This.Cost
	if c.Replies == 0 {
		return ""
	}
	people := math.Round(10*float64(c.People)/float64(c.Tickets)) / 10
	wrote := fmt.Sprintf("%g people wrote", people)
	if people == 1 {
		wrote = "1 person wrote"
	}
	return lines("*What it took*", fmt.Sprintf("%s under %s; on average %s under each",
		many(c.Replies, "reply", "replies"), many(c.Tickets, "solved ticket", "solved tickets"), wrote), r.estimate())
}

// estimate is how long people were active, and what that is not.
func (r report) estimate() string {
	c := r.This.Cost
	if c.Active == 0 {
		return ""
	}
	return fmt.Sprintf("People were active in these threads for %s. That is an estimate: the pauses between two replies of a person, but none over %s.",
		r.active(c.Active), took(r.Pause))
}

// RoundActive rounds an active time, which is an estimate: nobody is to read more from it.
func RoundActive(d time.Duration) time.Duration {
	switch {
	case d >= 10*time.Hour:
		return d.Round(time.Hour)
	case d >= time.Hour:
		return d.Round(10 * time.Minute)
	}
	return d.Round(time.Minute)
}

// active is a time, and what it costs: "about 6 h 10, about £370". As an estimate it is rounded.
func (r report) active(d time.Duration) string {
	if d = RoundActive(d); d < time.Minute {
		return spent(d)
	}
	about := "about " + spent(d)
	if r.Rate.Hour == 0 {
		return about
	}
	return fmt.Sprintf("%s, about %s%.0f%s", about, slackformat.Escape(r.Rate.Before), d.Hours()*r.Rate.Hour, slackformat.Escape(r.Rate.After))
}

// costs are the costs of categories. If there is one, the total says the same.
func (r report) costs() string {
	all := r.This.Costs
	if len(all) == 0 || !r.Of.All() && len(r.Of.Categories) < 2 {
		return ""
	}
	rows := []string{fmt.Sprintf("*What it took, by category* (of %d solved tickets and %d people or more)", insight.TellingTickets, insight.TellingPeople)}
	for i, c := range all {
		if i == mostCategories {
			rows = append(rows, fmt.Sprintf("… and %d more", len(all)-i))
			break
		}
		rows = append(rows, fmt.Sprintf("%s: %s, %s, active for %s", slackformat.Escape(slackformat.Clip(c.Name, longestName)),
			many(c.Tickets, "ticket", "tickets"), many(c.Replies, "reply", "replies"), r.active(c.Active)))
	}
	return lines(rows...)
}

// costliest are the threads that took the most.
func (r report) costliest() string {
	if len(r.This.Costliest) == 0 {
		return ""
	}
	rows := []string{fmt.Sprintf("*The costliest threads* (with %d people or more)", insight.TellingPeople)}
	for _, t := range r.This.Costliest {
		rows = append(rows, dots(linked(r.scene.Link(t.Card), t.Number.String()),
			many(t.Replies, "reply", "replies"), many(t.People, "person", "people"), spent(t.Took), "active for "+r.active(t.Active)))
	}
	return lines(rows...)
}

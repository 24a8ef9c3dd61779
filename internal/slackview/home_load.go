package slackview

import (
	"fmt"

	"supporty/internal/desk"
	"supporty/internal/duty"
)

// mostBurdens is of how many people Home tells a lead what they carry.
const mostBurdens = 8

// loadLines tell somebody what they carry, and what those carry whom they lead; none if nobody carries
// anything.
func loadLines(h desk.Home, s Scene) (all []string) {
	for i, b := range h.Burdens[:min(len(h.Burdens), mostBurdens)] {
		said := burden(b)
		if said == "" {
			continue
		}
		name := s.name(b.Person)
		if i == 0 {
			name = "You"
		}
		all = append(all, name+": "+said)
	}
	if more := len(h.Burdens) - mostBurdens; more > 0 && len(all) > 0 {
		all = append(all, fmt.Sprintf("… and %d more", more))
	}
	return all
}

// burden is what somebody carries: "4 open tickets · 56 h on duty in 7 days, 40 h of it out of hours · 3 calls
// in 7 days, 2 out of hours"; "" for nothing.
func burden(b duty.Burden) string {
	var open, hours, calls string
	if b.Open > 0 {
		open = many(b.Open, "open ticket", "open tickets")
	}
	if b.Long() > 0 {
		hours = fmt.Sprintf("%.0f h on duty in 7 days", b.Long().Hours())
	}
	if b.OutOfHours > 0 {
		hours += fmt.Sprintf(", %.0f h of it out of hours", b.OutOfHours.Hours())
	}
	if b.Called() > 0 {
		calls = many(b.Called(), "call", "calls") + " in 7 days"
	}
	if b.CallsOut > 0 {
		calls += fmt.Sprintf(", %d out of hours", b.CallsOut)
	}
	return dots(open, hours, calls)
}

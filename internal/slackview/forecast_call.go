package slackview

import (
	"fmt"
	"strings"

	"supporty/internal/ticket"
)

// Calling is what a P1 of a category does to people while its desk is closed. The zero value is
// nothing.
type Calling struct {
	Ladder bool // it calls people one after the other
	Wakes  bool // a page reaches somebody at once, or whom it calls
	Guests bool // it also does for tickets of guests
}

// ofP1 says what a P1 does to people that is filed now. Without a category it says so only if it is
// the same in all of them.
func ofP1(p FormParams) string {
	const usual = "P1: If nobody answers, the channel is told again."
	category := p.Category
	if category == "" && !p.callAlike() {
		return usual
	}
	if category == "" {
		category = p.Categories[0]
	}
	hours, calls := p.Policy.Hours(category), p.Calling[category]
	open, _ := hours.State(p.Now)
	if calls == (Calling{}) || open || p.Now.IsZero() {
		return usual
	}
	if !calls.Wakes || p.Guest && !calls.Guests {
		return "P1: The desk is closed. Who is on duty gets messages, but Slack's do-not-disturb can hold them back: this wakes nobody."
	}
	if p.Night.At(p.Now, hours.Zone()) {
		return fmt.Sprintf("P1: It is %s. This wakes a person.", p.Now.In(hours.Zone()).Format("15:04"))
	}
	return "P1: The desk is closed. This calls a person who is on duty."
}

// callAlike reports whether the P1s of all categories do the same to people, in the same hours.
func (p FormParams) callAlike() bool {
	for _, c := range p.Categories {
		if p.Calling[c] != p.Calling[p.Categories[0]] || !p.Policy.Hours(c).Equal(p.Policy.Hours(p.Categories[0])) {
			return false
		}
	}
	return len(p.Categories) > 0
}

// waiting names the priorities that wait for the desk to open: "P2 and P3 wait until then."
func waiting(p FormParams) string {
	var names []string
	for _, c := range p.Priorities {
		t := p.target(c.Priority)
		if open, until := t.Calendar.State(p.Now); c.Priority != ticket.P1 && !open && !until.IsZero() {
			names = append(names, c.Priority.String())
		}
	}
	switch len(names) {
	case 0:
		return ""
	case 1:
		return " " + names[0] + " waits until then."
	}
	return " " + strings.Join(names, " and ") + " wait until then."
}

package config

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Retention is how long the database keeps temporary data; 0 is for ever. Tickets, their
// timelines and the places of their messages are always kept.
type Retention struct {
	// Inputs is how long the key of an input is kept, counted from the last time it came
	// in.
	Inputs time.Duration
	// Words is how long, after a ticket's end, messages about it keep the text that
	// people wrote.
	Words time.Duration
	// Ended is how long two records are kept after a ticket's end: its alerts, and posted
	// or dropped messages that do not stand in Slack.
	Ended time.Duration
}

const (
	day      = 24 * time.Hour
	mostKept = 3650 // days
)

// The shortest times. A ticket can be reopened for a week, and a message that is read
// late can report that it was.
const (
	leastInputs = 7
	leastWords  = 7
	leastEnded  = 30
)

// kept parses a number of days, or "forever".
func kept(least int) func(any) (time.Duration, error) {
	return func(raw any) (time.Duration, error) {
		text, _ := raw.(string)
		if strings.EqualFold(strings.TrimSpace(text), "forever") {
			return 0, nil
		}
		number, unit, _ := strings.Cut(strings.TrimSpace(text), " ")
		days, err := strconv.Atoi(number)
		switch {
		case err != nil || strings.TrimSpace(unit) != "days":
			return 0, errors.New("is not a number of days; write something like 30 days, or forever")
		case days < least || days > mostKept:
			return 0, fmt.Errorf("is out of range; write something from %d days to %d days, or forever", least, mostKept)
		}
		return time.Duration(days) * day, nil
	}
}

package config

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Retention is for how long the database keeps what matters for a while only; 0 is for
// ever. Tickets, their timelines and where their messages stand are always kept.
type Retention struct {
	// Inputs is how long it is known that something came in, since it was last seen.
	Inputs time.Duration
	// Words is how long after a ticket's end messages about it keep what people wrote.
	Words time.Duration
	// Ended is how long after a ticket's end it is known which alerts were told, and
	// which messages were said or dropped that do not stand in Slack.
	Ended time.Duration
}

const (
	day      = 24 * time.Hour
	mostKept = 3650 // days
)

// The least that each is kept. A ticket can be reopened for a week, and something that is
// read late can say that it was.
const (
	leastInputs = 7
	leastWords  = 7
	leastEnded  = 30
)

// kept is a number of days, or forever.
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

package slackview

import (
	"fmt"
	"strings"
	"time"
)

// Small numbers are written in words.
var small = []string{
	"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
}

// most is the largest number that is written in words.
const most = 12

func inWords(n int) string {
	if n < 0 || n > most {
		return fmt.Sprint(n)
	}
	return small[n]
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// many counts things: "1 code change", "9 tickets".
func many(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}

// age is how long a state has lasted, in whole days, or in hours if under two days.
func age(d time.Duration) string {
	hours := int(d.Hours())
	switch {
	case hours < 1:
		return "less than an hour"
	case hours < 48:
		return many(hours, "hour", "hours")
	}
	return many(hours/24, "day", "days")
}

// took is a duration in two units at most: "4 min", "2 h 10 min", "3 days 4 h". A
// duration below a minute is "under 1 min".
func took(d time.Duration) string {
	d = d.Round(time.Minute)
	if d >= 48*time.Hour {
		d = d.Round(time.Hour)
	}
	days, hours, minutes := int(d.Hours())/24, int(d.Hours())%24, int(d.Minutes())%60
	switch {
	case d < time.Minute:
		return "under 1 min"
	case d < time.Hour:
		return fmt.Sprintf("%d min", minutes)
	case d < 48*time.Hour:
		return trimmed(24*days+hours, "h", minutes, "min")
	}
	return trimmed(days, "days", hours, "h")
}

func trimmed(n int, unit string, rest int, restUnit string) string {
	if rest == 0 {
		return fmt.Sprintf("%d %s", n, unit)
	}
	return fmt.Sprintf("%d %s %d %s", n, unit, rest, restUnit)
}

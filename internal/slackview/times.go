package slackview

import (
	"fmt"
	"strings"
	"time"

	"supporty/internal/sla"
)

// Times are date tokens: every reader sees them in their own zone. Clients without date
// tokens show the text behind the bar, in UTC.
// https://docs.slack.dev/messaging/formatting-message-text#date-formatting

// date is a day and a time: "Mon 11:50".
func date(t time.Time) string {
	return token(t, "{date_short_pretty} {time}", "Mon 2 Jan 15:04")
}

// at is a time in a sentence: "at 11:50", or "tomorrow 11:50" if it is not on the day of
// now.
func at(t, now time.Time) string {
	if t.UTC().Format(time.DateOnly) == now.UTC().Format(time.DateOnly) {
		return "at " + token(t, "{time}", "15:04")
	}
	return date(t)
}

// by is a time until which something happens: "by 11:50", "by tomorrow 11:50".
func by(t, now time.Time) string { return "by " + strings.TrimPrefix(at(t, now), "at ") }

// about is date, after ≈ if the time is inexact.
func about(t time.Time, inexact bool) string {
	if inexact {
		return "≈ " + date(t)
	}
	return date(t)
}

func token(t time.Time, format, fallback string) string {
	return fmt.Sprintf("<!date^%d^%s|%s UTC>", t.Unix(), format, t.UTC().Format(fallback))
}

// within is a target in words: "3 h", "1 working day".
func within(open time.Duration, days int) string {
	if days > 0 {
		return many(days, "working day", "working days")
	}
	return span(open)
}

func solvedWithin(t sla.Target) string   { return within(t.Resolve, t.ResolveDays) }
func answeredWithin(t sla.Target) string { return within(t.Respond, t.RespondDays) }

const noTarget = "no target"

// promised is a target in words.
func promised(t sla.Target) string {
	if t.Equal(sla.Target{}) {
		return noTarget
	}
	return fmt.Sprintf("solved within %s, answered within %s", solvedWithin(t), answeredWithin(t))
}

// span is the length of a target as people say it: "3 h", "45 min", "30 s".
func span(d time.Duration) string {
	if d < time.Minute {
		return fmt.Sprintf("%d s", int(d.Seconds()))
	}
	return took(d)
}

// spent is how long a ticket took: "2 h 10", "45 min", "2 days 3 h".
func spent(d time.Duration) string {
	if d = d.Round(time.Minute); d > time.Hour && d < 48*time.Hour && d%time.Hour != 0 {
		return fmt.Sprintf("%d h %02d", int(d.Hours()), int(d.Minutes())%60)
	}
	return took(d)
}

// in is the distance to a moment, as precise as is useful: "in 45 minutes", "in 1 hour",
// "in 6 hours", "in 3 days".
func in(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "in less than a minute"
	case d.Round(time.Minute) < time.Hour:
		return "in " + many(int(d.Round(time.Minute).Minutes()), "minute", "minutes")
	case d.Round(15*time.Minute) < 3*time.Hour:
		return "in " + hoursAndQuarters(d.Round(15*time.Minute))
	case d < 48*time.Hour:
		return "in " + many(int(d.Round(time.Hour).Hours()), "hour", "hours")
	}
	return "in " + many(int(d.Round(24*time.Hour).Hours())/24, "day", "days")
}

func hoursAndQuarters(d time.Duration) string {
	hours := many(int(d.Hours()), "hour", "hours")
	if rest := d % time.Hour; rest != 0 {
		return fmt.Sprintf("%s %d minutes", hours, int(rest.Minutes()))
	}
	return hours
}

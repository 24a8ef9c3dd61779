package slackview

import (
	"fmt"
	"slices"
	"time"

	"supporty/internal/desk"
	"supporty/internal/insight"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// Pages outside of Slack have the same words. Texts of these functions are mrkdwn (see
// slackformat.Spans) where they say so, and else plain.

// TimelineRows are the lines of a ticket's timeline, in mrkdwn, the oldest first.
func TimelineRows(r desk.Record, s Scene) []string { return chronicle(r.Timeline, s) }

// WhyRows are the lines of Why, in mrkdwn.
func WhyRows(x desk.Explanation, s Scene) []string {
	var rows []string
	for _, line := range slices.Concat(x.Cycles...) {
		rows = append(rows, why(line, x.Now, s))
	}
	return rows
}

// PeriodName names the days of a digest.
func PeriodName(d insight.Digest) string { return report{Digest: d}.name() }

// Took is a duration in two units at most: "2 h 10 min".
func Took(d time.Duration) string { return took(d) }

// Spent is how long a ticket took: "2 h 10".
func Spent(d time.Duration) string { return spent(d) }

// Age is how long a state has lasted: "6 days".
func Age(d time.Duration) string { return age(d) }

// Share is how many were kept of those that counted: "14 of 17", or "95% of 40".
func Share(kept, counted int) string {
	return insight.Attainment{Kept: kept, Counted: counted}.Share()
}

// ActiveFor is a time in which people were active, rounded, with what it costs by the digest's rate.
func ActiveFor(d insight.Digest, t time.Duration) string {
	return slackformat.PlainText(report{Digest: d}.active(t), desk.MaxText, nil)
}

// StarsOf says which answers stars are told of.
func StarsOf(s insight.Satisfaction) string {
	last := s.Weeks.To.AddDate(0, 0, -1)
	return fmt.Sprintf("Stars of %s from %s, which are final now.", many(s.Told, "answer", "answers"), fromTo(s.Weeks.From, last))
}

// StarsTold says when stars are told.
func StarsTold() string {
	return fmt.Sprintf("Stars are told a week after they were given, of whole weeks or months, from %d answers of %d people on, about the help of %d others or more.",
		insight.TellingAnswers, insight.TellingRaters, insight.TellingHelpers)
}

// LateBecause names a cause of lateness.
func LateBecause(c ticket.Cause) string { return lateBecause(c) }

// EndOf says how a ticket ended: "resolved, by code", "closed as a duplicate of #7".
func EndOf(t ticket.Ticket) string {
	switch {
	case t.State == ticket.StateResolved && t.Solution != "":
		return "resolved, " + changing(t.Solution)
	case t.State == ticket.StateClosed:
		return "closed as " + closeWords(t.CloseReason, t.DuplicateOf)
	}
	return ""
}

// StateWords are the states that can be asked for.
func StateWords() []string {
	var words []string
	for _, s := range stateWords {
		words = append(words, s.word)
	}
	return words
}

// FilterByState selects the tickets of a state, by one of StateWords. The error is a ticket.Error
// with the code Invalid.
func FilterByState(f *desk.Filter, word string) error { return readStateWord(f, word, Reading{}) }

// CostOf is what a resolved ticket took: "14 replies · 4 people · 2 h 10"; empty for others.
func CostOf(r desk.Record) string { return cost(r) }

package slackview

import (
	"fmt"
	"strings"

	"supporty/internal/insight"
	"supporty/internal/ticket"
)

// satisfaction is how the help was, if enough people say so.
func (r report) satisfaction() string {
	s := r.This.Satisfaction
	if s.Answers+s.Told == 0 {
		return ""
	}
	rows := []string{"*How the help was*"}
	if s.Answers > 0 {
		rows = append(rows, many(s.Answers, "new answer", "new answers")+".")
	}
	if s.Told == 0 {
		return lines(append(rows, StarsTold())...)
	}
	rows = append(rows, StarsOf(s))
	for i := ticket.MostStars; i > 0; i-- {
		rows = append(rows, fmt.Sprintf("%s: %s", many(i, "star", "stars"), insight.Attainment{Kept: s.Stars[i-1], Counted: s.Told}.Share()))
	}
	return lines(append(rows, rose(s))...)
}

// rose tells which stars rose: "Rose later: 2 answers from 1 to 5".
func rose(s insight.Satisfaction) string {
	var said []string
	for _, r := range s.Rose {
		said = append(said, fmt.Sprintf("%s from %d to %d", many(r.Count, "answer", "answers"), r.From, r.To))
	}
	if len(said) == 0 {
		return ""
	}
	return "Rose later: " + strings.Join(said, ", ")
}

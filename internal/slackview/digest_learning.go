package slackview

import (
	"fmt"

	"supporty/internal/insight"
	"supporty/internal/slackformat"
)

// mostReturned is how many questions are listed, the most frequent ones.
const mostReturned = 5

// lessons are the questions that return, by category and the most frequent ones.
func (r report) lessons() string {
	var rows []string
	for _, l := range r.Lessons {
		if said := LessonOf(l); said != "" && len(rows) < mostCategories {
			rows = append(rows, slackformat.Escape(slackformat.Clip(l.Category, longestName))+": "+said)
		}
	}
	if len(rows) == 0 {
		return ""
	}
	return lines(append([]string{"*Questions that return* (of what was solved; three titles or more that are alike)"}, rows...)...)
}

// returned are the most frequent questions, with links. A post has no titles (see insight.Digest.Reads): it stays,
// whatever is redacted later.
func (r report) returned() string {
	var rows []string
	for _, q := range insight.MostReturned(r.Lessons, mostReturned) {
		name := linked(r.scene.Link(q.Card), q.Number.String())
		if q.Title != "" {
			name += " " + slackformat.Escape(slackformat.Clip(slackformat.OneLine(q.Title), longestTitleTold))
		}
		rows = append(rows, name+": "+QuestionOf(q))
	}
	if len(rows) == 0 {
		return ""
	}
	return lines(append([]string{"*Asked most often*"}, rows...)...)
}

// longestTitleTold is how much of a title is shown.
const longestTitleTold = 80

// LessonOf tells what a category teaches: "12 of 30 tickets ask 3 questions, 1 of them is written down; a
// runbook was posted in 4".
func LessonOf(l insight.Lesson) string {
	if len(l.Questions) == 0 {
		return guided(l)
	}
	said := fmt.Sprintf("%d of %s ask %s, %s", l.Returning(), many(l.Tickets, "ticket", "tickets"), many(len(l.Questions), "question", "questions"), writtenOf(l))
	if posted := guided(l); posted != "" {
		said += "; " + posted
	}
	return said
}

func writtenOf(l insight.Lesson) string {
	if l.Written() == 0 {
		return "nothing is written down"
	}
	return fmt.Sprintf("%d written down", l.Written())
}

func guided(l insight.Lesson) string {
	if l.Guided == 0 {
		return ""
	}
	return fmt.Sprintf("the runbook was posted in %d of %d", l.Guided, l.Tickets)
}

// QuestionOf tells how a question returns: "5 times, half solved within 2 h, not written down".
func QuestionOf(q insight.Returned) string {
	written := "not written down"
	if q.Written {
		written = "written down"
	}
	return fmt.Sprintf("%d times, half solved within %s, %s", q.Tickets, took(q.Resolve.Median), written)
}

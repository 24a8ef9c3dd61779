package slackview

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"supporty/internal/chart"
	"supporty/internal/insight"
	"supporty/internal/plots"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// Picture is the picture of a digest. It has no charts if there is nothing to show.
func Picture(d insight.Digest) chart.Picture {
	return chart.Picture{Charts: plots.Of(d)}
}

// PictureName is the title of a digest's picture, and the name of its file.
func PictureName(d insight.Digest) string {
	name := strings.NewReplacer("/", "-", "\\", "-").Replace((report{Digest: d}).plainTitle())
	return name + ".png"
}

// PictureFollows says where the picture of numbers comes that somebody asked for.
const PictureFollows = "The picture of these numbers comes by direct message."

// Told answers who asked for numbers: all of them in one message, and one more sentence if there is one.
func Told(d insight.Digest, s Scene, more string) slackformat.Message {
	m, details := Digest(d, s), DigestDetails(d, s)
	m.Blocks = append(m.Blocks, details.Blocks...)
	if more != "" {
		m.Blocks = append(m.Blocks, section(more))
		m.Text = lines(m.Text, more)
	}
	return m
}

// onTimeByWeek is a table of what the picture shows, for those who do not see it.
func (r report) onTimeByWeek() string {
	return r.byWeek("*On time, by week* (of what was solved, or became late)",
		func(a insight.Attainment) int { return a.Counted },
		func(a insight.Attainment) string { return fmt.Sprintf("%d/%d", a.Kept, a.Counted) })
}

func (r report) solvingByWeek() string {
	return r.byWeek("*Time to solve, by week* (half within, nine in ten within)",
		func(a insight.Attainment) int { return a.Resolve.Count },
		func(a insight.Attainment) string { return brief(a.Resolve) })
}

// brief is a spread so short that a table of it fits on a phone.
func brief(s insight.Spread) string {
	short := strings.NewReplacer(" min", "m", " h ", "h", " h", "h", " days", "d")
	return short.Replace(plots.Hours(s.Median.Hours())) + "–" + short.Replace(plots.Hours(s.P90.Hours()))
}

// byWeek is a table with a row for each week from the first with a number on, and a column for each
// priority that has any.
func (r report) byWeek(title string, count func(insight.Attainment) int, say func(insight.Attainment) string) string {
	head := []string{"week of"}
	var shown []ticket.Priority
	for _, p := range ticket.Priorities {
		if r.anyWeek(p, count) {
			shown, head = append(shown, p), append(head, p.String())
		}
	}
	rows := [][]string{head}
	for _, w := range r.Weeks {
		row, any := []string{r.local(w.Period.From).Format("2 Jan")}, len(rows) > 1
		for _, p := range shown {
			cell := "–"
			if a := w.Priority(p); count(a) > 0 {
				cell, any = say(a), true
			}
			row = append(row, cell)
		}
		if any {
			rows = append(rows, row)
		}
	}
	if len(rows) < 3 { // one week is told already
		return ""
	}
	return title + "\n```\n" + aligned(rows) + "\n```"
}

func (r report) anyWeek(p ticket.Priority, count func(insight.Attainment) int) bool {
	for _, w := range r.Weeks {
		if count(w.Priority(p)) > 0 {
			return true
		}
	}
	return false
}

// aligned is a table in letters of one width: the first column to the left, the others to the right.
func aligned(rows [][]string) string {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var texts []string
	for _, row := range rows {
		text := row[0] + strings.Repeat(" ", widths[0]-utf8.RuneCountInString(row[0]))
		for i, cell := range row[1:] {
			text += "  " + strings.Repeat(" ", widths[i+1]-utf8.RuneCountInString(cell)) + cell
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, "\n")
}

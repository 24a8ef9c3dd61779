package chart

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

func whole(value float64) string { return strconv.FormatFloat(value, 'f', 0, 64) }

// changes is the head of the column with marks.
const changes = "changes"

// Table returns the numbers of a chart: a head, and a row for each label. If there are marks, the last
// column tells them.
func (c Chart) Table() (head []string, rows [][]string) {
	head, rows = c.numbers()
	if c.Shape == Bars || len(c.inside()) == 0 || len(rows) == 0 {
		return head, rows
	}
	for i := range rows {
		rows[i] = append(rows[i], counted(c.markedAt(i)))
	}
	return append(head, changes), rows
}

// numbers are the table without marks.
func (c Chart) numbers() (head []string, rows [][]string) {
	head = []string{""}
	for _, p := range c.Panels {
		for _, s := range p.Series {
			head = append(head, named(p, s))
		}
	}
	for i, label := range c.Labels {
		row := []string{label + inBrackets(c.note(i))}
		for _, p := range c.Panels {
			for _, s := range p.Series {
				row = append(row, c.write(s.value(i)))
			}
		}
		rows = append(rows, row)
	}
	return head, rows
}

func named(p Panel, s Series) string {
	return strings.TrimSpace(p.Name + " " + s.Name)
}

func inBrackets(note string) string {
	if note == "" {
		return ""
	}
	return " (" + note + ")"
}

func (c Chart) note(i int) string {
	if i < len(c.Notes) {
		return c.Notes[i]
	}
	return ""
}

func (s Series) value(i int) float64 {
	if s.has(i) {
		return s.Values[i]
	}
	return Absent
}

// Alt says in words what a picture shows, for those who do not see it, in at most so many letters.
// It has every number if that fits, else the newest, lowest and highest number of each series.
func (p Picture) Alt(limit int) string {
	for _, say := range []func(Chart) string{Chart.full, Chart.short} {
		if text := p.join(say); len([]rune(text)) <= limit {
			return text
		}
	}
	return cut(p.join(Chart.short), limit)
}

func (p Picture) join(say func(Chart) string) string {
	var texts []string
	for _, c := range p.Charts {
		texts = append(texts, say(c))
	}
	return strings.Join(texts, "\n")
}

// cut shortens a text to so many letters, and shows that.
func cut(text string, limit int) string {
	letters := []rune(text)
	if len(letters) <= limit {
		return text
	}
	if limit < 1 {
		return ""
	}
	return string(letters[:limit-1]) + "…"
}

// full has every number.
func (c Chart) full() string {
	head, rows := c.numbers()
	parts := []string{c.begin()}
	if c.Shape == Bars {
		for _, row := range rows {
			parts = append(parts, row[0]+": "+paired(head[1:], row[1:])+".")
		}
		return strings.Join(parts, " ")
	}
	for i, name := range head[1:] {
		var values []string
		for _, row := range rows {
			values = append(values, row[i+1])
		}
		parts = append(parts, name+": "+strings.Join(values, ", ")+".")
	}
	return strings.Join(append(parts, c.marked()...), " ")
}

func paired(names, values []string) string {
	var pairs []string
	for i, name := range names {
		pairs = append(pairs, name+" "+values[i])
	}
	return strings.Join(pairs, ", ")
}

// begin is what a text begins with.
func (c Chart) begin() string {
	if c.Shape == Bars || len(c.Labels) == 0 {
		return c.Title + "."
	}
	return fmt.Sprintf("%s, %s to %s.", c.Title, c.Labels[0], c.Labels[len(c.Labels)-1])
}

func (c Chart) marked() []string {
	var told []string
	for i, label := range c.Labels {
		if text := counted(c.markedAt(i)); text != "" {
			told = append(told, label+": "+text)
		}
	}
	if len(told) == 0 {
		return nil
	}
	return []string{"Marked: " + strings.Join(told, "; ") + "."}
}

// short has a few numbers of each series; of bars it has all.
func (c Chart) short() string {
	if c.Shape == Bars {
		return c.full()
	}
	parts := []string{c.begin()}
	for _, p := range c.Panels {
		for _, s := range p.Series {
			parts = append(parts, fmt.Sprintf("%s: %s.", named(p, s), c.summed(s)))
		}
	}
	few, many := c.sorted()
	if marks := append(few, many...); len(marks) > 0 {
		parts = append(parts, "Marked: "+counted(marks)+".")
	}
	return strings.Join(parts, " ")
}

func (c Chart) summed(s Series) string {
	var there []float64
	for i := range c.Labels {
		if s.has(i) {
			there = append(there, s.Values[i])
		}
	}
	if len(there) == 0 {
		return "none"
	}
	return fmt.Sprintf("%s to %s, last %s", c.write(slices.Min(there)), c.write(slices.Max(there)), c.write(s.value(len(c.Labels)-1)))
}

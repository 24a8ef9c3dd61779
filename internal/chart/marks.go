package chart

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// group is one or more marks that stand so close together that they have one line and number.
type group struct {
	at    float64
	names []string
}

// listed is how many groups of marks are told below a chart.
const listed = 8

// inside are the marks that lie within the labels, in order.
func (c Chart) inside() []Mark {
	marks := slices.Clone(c.Marks)
	marks = slices.DeleteFunc(marks, func(m Mark) bool { return m.At < 0 || m.At > float64(len(c.Labels)) })
	slices.SortStableFunc(marks, func(a, b Mark) int { return cmp.Compare(a.At, b.At) })
	return marks
}

// grouped joins marks whose numbers would touch, if a label's place is so many pixels wide.
func (c Chart) grouped(slot float64) []group {
	const room = 18
	var groups []group
	for _, m := range c.inside() {
		if n := len(groups); n > 0 && (m.At-groups[n-1].at)*slot < room {
			groups[n-1].names = append(groups[n-1].names, m.Name)
			continue
		}
		groups = append(groups, group{m.At, []string{m.Name}})
	}
	return groups
}

// numberMarks writes the numbers of marks above the first panel.
func numberMarks(to *canvas, area plot, groups []group, y int) {
	for i, g := range groups {
		number := strconv.Itoa(i + 1)
		to.write(number, int(area.x(g.at)), y+small, small, 0.5, to.faint)
	}
}

// listMarks tells what the numbers mean, one line each.
func listMarks(to *canvas, groups []group, y int) int {
	for i, g := range groups {
		text := strconv.Itoa(i+1) + "  " + strings.Join(g.names, ", ")
		if i == listed-1 && len(groups) > listed {
			text = "and " + strconv.Itoa(len(groups)-i) + " more marks"
		}
		to.write(to.fit(text, small, to.width-2*margin), margin, y+small, small, 0, to.faint)
		y += line
		if i == listed-1 {
			break
		}
	}
	return y
}

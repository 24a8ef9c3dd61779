package chart

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// group is one or more marks that stand so close together that they have one line and number.
type group struct {
	at    float64
	names []string
}

// notchTall is the height of a row of notches.
const notchTall = 9

// listed is how many groups of marks are told below a chart.
const listed = 8

// inside are the marks that lie within the labels, in order.
func (c Chart) inside() []Mark {
	marks := slices.Clone(c.Marks)
	marks = slices.DeleteFunc(marks, func(m Mark) bool { return m.At < 0 || m.At > float64(len(c.Labels)) })
	slices.SortStableFunc(marks, func(a, b Mark) int { return cmp.Compare(a.At, b.At) })
	return marks
}

// sorted are the marks inside: those that are told by themselves, and those of which there can be many.
func (c Chart) sorted() (few, many []Mark) {
	for _, m := range c.inside() {
		if m.Many {
			many = append(many, m)
		} else {
			few = append(few, m)
		}
	}
	return few, many
}

// grouped joins marks whose numbers would touch, if a label's place is so many pixels wide.
func (c Chart) grouped(slot float64) []group {
	const room = 18
	var groups []group
	few, _ := c.sorted()
	for _, m := range few {
		if n := len(groups); n > 0 && (m.At-groups[n-1].at)*slot < room {
			groups[n-1].names = append(groups[n-1].names, m.Name)
			continue
		}
		groups = append(groups, group{m.At, []string{m.Name}})
	}
	return groups
}

// notches are the places of marks of which there can be many, each dot of the picture once.
func (c Chart) notches(area plot) []int {
	var at []int
	_, many := c.sorted()
	for _, m := range many {
		at = append(at, int(area.x(m.At)))
	}
	return slices.Compact(at)
}

// notch draws them below the axis, and returns where they end.
func (c Chart) notch(to *canvas, area plot, y int) int {
	at := c.notches(area)
	for _, x := range at {
		to.line([]point{{float64(x), float64(y + 2)}, {float64(x), float64(y + notchTall - 1)}}, to.text, 1)
	}
	if len(at) == 0 {
		return y
	}
	return y + notchTall
}

// counted tells marks: each by its name, and those of which there can be many once, with their number.
func counted(marks []Mark) string {
	times := map[string]int{}
	for _, m := range marks {
		times[m.Name]++
	}
	var names []string
	for _, m := range marks {
		switch {
		case !m.Many || times[m.Name] == 1:
			names = append(names, m.Name)
		case times[m.Name] > 1:
			names = append(names, fmt.Sprintf("%s %d times", m.Name, times[m.Name]))
			times[m.Name] = 0
		}
	}
	return strings.Join(names, ", ")
}

// markedAt are the marks at a label's place; the last place has its right end too.
func (c Chart) markedAt(label int) []Mark {
	return slices.DeleteFunc(c.inside(), func(m Mark) bool { return min(int(m.At), len(c.Labels)-1) != label })
}

// numberMarks writes the numbers of marks above the first panel.
func numberMarks(to *canvas, area plot, groups []group, y int) {
	for i, g := range groups {
		number := strconv.Itoa(i + 1)
		to.write(number, int(area.x(g.at)), y+small, small, 0.5, to.faint)
	}
}

// listMarks tells what the numbers mean, one line each, and then what the notches are.
func (c Chart) listMarks(to *canvas, groups []group, y int) int {
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
	if _, many := c.sorted(); len(many) > 0 {
		to.line([]point{{margin + 3, float64(y + 4)}, {margin + 3, float64(y + small)}}, to.text, 1)
		to.write(to.fit(counted(many), small, to.width-2*margin-swatch), margin+swatch, y+small, small, 0, to.faint)
		y += line
	}
	return y
}

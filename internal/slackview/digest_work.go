package slackview

import (
	"fmt"

	"supporty/internal/insight"
)

// work is the share of each kind of work, if the settings say which categories are of which.
func (r report) work() string {
	this, all := r.WorkOf(r.This)
	if all == 0 {
		return ""
	}
	last, before := r.WorkOf(r.Last)
	rows := []string{"*Kind of work* (of what was opened, where the category has one)"}
	for _, w := range insight.Works {
		row := capital(string(w)) + ": " + insight.Attainment{Kept: this[w], Counted: all}.Share()
		if min(all, before) >= insight.Comparable {
			row += fmt.Sprintf(" (before: %s)", insight.Attainment{Kept: last[w], Counted: before}.Share())
		}
		rows = append(rows, row)
	}
	return lines(rows...)
}

package slackview

import (
	"fmt"
	"strconv"

	"supporty/internal/insight"
	"supporty/internal/ticket"
)

// work is the share of each kind of work, if the settings say which categories are of which.
func (r report) work() string {
	this, all := r.WorkOf(r.This)
	if all == 0 {
		return ""
	}
	last, before := r.WorkOf(r.Last)
	rows := []string{"*Kind of work* (of what was opened, where the category has one)"}
	for _, w := range ticket.Works {
		row := capital(string(w)) + ": " + insight.Attainment{Kept: this[w], Counted: all}.Share()
		if min(all, before) >= insight.Comparable {
			row += fmt.Sprintf(" (before: %s)", insight.Attainment{Kept: last[w], Counted: before}.Share())
		}
		rows = append(rows, row)
	}
	return lines(rows...)
}

// workByWeek is a table of what the picture shows, for those who do not see it: from the first week with a number on.
func (r report) workByWeek() string {
	head := []string{"week of"}
	for _, kind := range ticket.Works {
		head = append(head, string(kind))
	}
	rows := [][]string{head}
	for _, w := range r.Weeks {
		by, all := r.WorkOfWeek(w)
		if all == 0 && len(rows) == 1 {
			continue
		}
		row := []string{r.local(w.Period.From).Format("2 Jan")}
		for _, kind := range ticket.Works {
			row = append(row, strconv.Itoa(by[kind]))
		}
		rows = append(rows, row)
	}
	if len(rows) < 3 { // one week is told already
		return ""
	}
	return "*Kind of work, by week*\n```\n" + aligned(rows) + "\n```"
}

package slackview

import (
	"fmt"
	"slices"
	"strings"

	"supporty/internal/insight"
)

// delivery is how many deployments broke something, and what it took to recover.
func (r report) delivery() string {
	this, last := r.This.Delivery, r.Last.Delivery
	if !this.Any() {
		return ""
	}
	rows := []string{"*Deployments and incidents*"}
	if this.Deployments > 0 {
		row := "Broke something: " + failed(this)
		if min(this.Deployments, last.Deployments) >= insight.Comparable {
			row += " (before: " + failed(last) + ")"
		}
		rows = append(rows, row)
	}
	rows = append(rows, against("Incidents", this.Incidents, last.Incidents))
	if this.Incidents > 0 {
		rows = append(rows, fmt.Sprintf("Of these, after a deployment: %d", this.Tied))
	}
	return lines(append(rows, r.recovered())...)
}

// failed is the share of deployments that failed. The count stands beside the percentage, because a
// few of many are 0 %.
func failed(d insight.Delivery) string {
	of := fmt.Sprintf("%d of %d", d.Failed, d.Deployments)
	if d.Deployments < insight.Enough {
		return of
	}
	return fmt.Sprintf("%s, %d%%", of, 100*d.Failed/d.Deployments)
}

// recovered is how long it took until the incidents after deployments were solved.
func (r report) recovered() string {
	this, last := r.This.Delivery.Recover, r.Last.Delivery.Recover
	if this.Count == 0 {
		return ""
	}
	row := "Time to recover (half within, nine in ten within): " + spreadOf(this)
	if min(this.Count, last.Count) >= insight.Comparable {
		row += " (before: " + spreadOf(last) + ")"
	}
	return row
}

// mostChanges is how many changes of settings are listed.
const mostChanges = 10

// changes are the settings that have changed, in the period or in the weeks of the tables: one may be why
// numbers are others than before.
func (r report) changes() string {
	var rows []string
	earlier := slices.DeleteFunc(slices.Clone(r.WeekMarks), func(m insight.Mark) bool { return !m.At.Before(r.Period.From) })
	for _, m := range append(earlier, r.Marks...) {
		row := r.local(m.At).Format("2 Jan") + ": " + m.Kind.Label()
		if m.Kind != insight.MarkDeployment && !slices.Contains(rows, row) {
			rows = append(rows, row)
		}
	}
	if len(rows) == 0 {
		return ""
	}
	if more := len(rows) - mostChanges; more > 0 {
		rows = append(rows[:mostChanges], fmt.Sprintf("… and %d more", more))
	}
	return "*Settings that changed*\n" + strings.Join(rows, "\n")
}

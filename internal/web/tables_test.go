package web

import (
	"strings"
	"testing"
	"time"

	"supporty/internal/insight"
)

// Stars are in a table only if they are about nobody in particular, and the time to recover only beside one
// that says something.
func TestTablesOfStarsAndDeployments(t *testing.T) {
	t.Parallel()
	few := insight.Satisfaction{Answers: 4}
	enough := insight.Satisfaction{Answers: 3, Told: 6, Stars: [5]int{1, 0, 0, 0, 5}, Rose: []insight.Rise{{From: 1, To: 5, Count: 2}}}
	recovered := insight.Spread{Median: time.Hour, P90: 2 * time.Hour, Count: insight.Comparable}
	broken := insight.Delivery{Deployments: 9, Failed: 2, Incidents: 3, Tied: 2, Recover: recovered}
	for name, test := range map[string]struct {
		this, last insight.Numbers
		table      func(statement) table
		want       string
	}{
		"no answers":        {table: statement.satisfaction},
		"few answers":       {this: insight.Numbers{Satisfaction: few}, table: statement.satisfaction, want: "New answers 4"},
		"enough":            {this: insight.Numbers{Satisfaction: enough}, table: statement.satisfaction, want: "New answers 3, 5 5, 4 0, 3 0, 2 0, 1 1, Rose from 1 to 5 2"},
		"no deployments":    {table: statement.delivery},
		"no recovery":       {this: insight.Numbers{Delivery: insight.Delivery{Deployments: 1}}, table: statement.delivery, want: "Deployments 1 0, Of these, broke something 0 0, Incidents 0 0, Of these, after a deployment 0 0"},
		"nothing before":    {this: insight.Numbers{Delivery: broken}, table: statement.delivery, want: "Deployments 9 0, Of these, broke something 2 0, Incidents 3 0, Of these, after a deployment 2 0, Recovered, half within 1 h , Recovered, nine in ten within 2 h "},
		"as much as before": {this: insight.Numbers{Delivery: broken}, last: insight.Numbers{Delivery: broken}, table: statement.delivery, want: "Deployments 9 9, Of these, broke something 2 2, Incidents 3 3, Of these, after a deployment 2 2, Recovered, half within 1 h 1 h, Recovered, nine in ten within 2 h 2 h"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := statement{Digest: insight.Digest{This: test.this, Last: test.last}}
			var rows []string
			for _, row := range test.table(s).Rows {
				var texts []string
				for _, c := range row {
					texts = append(texts, c.Text)
				}
				rows = append(rows, strings.Join(texts, " "))
			}
			if got := strings.Join(rows, ", "); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

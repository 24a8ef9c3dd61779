//go:build unix

package e2e

import (
	"fmt"
	"time"

	"supporty/internal/dev/slacksim"
)

// measureLives compares the program with pgbench, which has the same statements to run.
func (m *machine) measureLives(f figures) {
	life := m.oneLife()
	f["slack_calls_lifecycle"], f["statements_per_life"] = float64(life.calls), float64(life.statements)
	f["lifecycle_per_s"] = m.lives(1000)
	f["pgbench_per_s"] = m.pgbench(life)
	f["lifecycle_ratio"] = round(f["lifecycle_per_s"]/f["pgbench_per_s"], 100)
}

// lives is how many tickets a second are opened, claimed and resolved.
func (m *machine) lives(n int) float64 {
	o := m.open(n, slacksim.Config{}, "SLACK_PACE=1000")
	o.begin()
	o.must(openForms(o.ctx, o.sim, n))
	began := time.Now()
	filed := make(chan struct{})
	go func() {
		defer close(filed)
		atOnce := make(chan struct{}, 20)
		together(n, func(i int) bool {
			atOnce <- struct{}{}
			defer func() { <-atOnce }()
			out, err := o.slack.As(filer(i)).Submit(o.ctx, problem(titleOf(i)))
			return err == nil && out.Closed
		})
	}()
	o.solveAll(n)
	<-filed
	o.until(fmt.Sprintf(`SELECT count(*) >= %d FROM tickets WHERE state = 'resolved'`, n))
	o.until(nothingPending)
	perSecond := float64(n) / time.Since(began).Seconds()
	o.end()
	return round(perSecond, 10)
}

// solveAll has Bob claim and resolve every card as soon as it stands.
func (o *benchHarness) solveAll(n int) {
	bob := o.slack.As("bob")
	atOnce := make(chan struct{}, 20)
	seen := map[string]bool{}
	o.must(wait(o.ctx, "all cards", func() bool {
		for _, m := range o.sim.State().Channel("support").Roots() {
			if m.BotID == "" || seen[m.TS] {
				continue
			}
			seen[m.TS] = true
			go func() {
				atOnce <- struct{}{}
				defer func() { <-atOnce }()
				_, _ = bob.React(o.ctx, m.Channel, m.TS, "eyes") // the database tells whether it was taken
				_, _ = bob.React(o.ctx, m.Channel, m.TS, "white_check_mark")
			}()
		}
		return len(seen) == n
	}))
}

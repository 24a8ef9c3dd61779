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
	f["commits_life_1"] = life.commits
	n := int(number(m.t, "FORMS", 1000))
	m.lives(n, f)
	f["pgbench_per_s"] = m.pgbench(life, n)
	f["lifecycle_ratio"] = round(f["lifecycle_per_s"]/f["pgbench_per_s"], 100)
}

// lives has tickets opened, claimed and resolved, twenty at once, until every message is
// posted.
func (m *machine) lives(n int, f figures) {
	o := m.open(n, slacksim.Config{}, "SLACK_PACE=1000")
	o.begin()
	o.must(openForms(o.ctx, o.sim, n))
	before, sizeBefore, began := o.spent(), o.size(), time.Now()
	filed := make(chan int, 1)
	go func() { filed <- count(together(n, atOnce(20, func(i int) bool { return o.submit(o.ctx, i) }))) }()
	o.solveAll(n)
	o.until(fmt.Sprintf(`SELECT count(*) >= %d FROM tickets WHERE state = 'resolved'`, <-filed))
	o.until(nothingPending)
	f["lifecycle_per_s"] = round(float64(n)/time.Since(began).Seconds(), 10)
	f["commits_life"] = round(o.spent().since(before).commits/float64(n), 10)
	o.end()
	o.exec(`VACUUM`)
	f["disk_bytes_per_ticket"] = round((o.size()-sizeBefore)/float64(n), 1)
}

// size is what the database takes on disk.
func (o *benchHarness) size() (bytes float64) {
	o.t.Helper()
	o.must(o.db.QueryRow(o.ctx, `SELECT pg_database_size(current_database())::float8`).Scan(&bytes))
	return bytes
}

// solveAll has Bob claim and resolve every card as soon as it stands.
func (o *benchHarness) solveAll(n int) {
	o.t.Helper()
	support, solved := o.support(), 0
	solve := atOnce(20, func(card *slacksim.Message) bool { return o.solve(card) })
	o.must(o.each(o.ctx, 0, func(e slacksim.Entry) bool {
		if isCard(e, support) {
			solved++
			go solve(e.Message)
		}
		return solved == n
	}))
}

// solve does not look at the answers: the database tells whether they were taken.
func (o *benchHarness) solve(card *slacksim.Message) bool {
	for _, emoji := range []string{"eyes", "white_check_mark"} {
		_, _ = o.sim.Do(slacksim.Action{Do: "react", As: "bob", Channel: card.Channel, TS: card.TS, Emoji: emoji})
	}
	return true
}

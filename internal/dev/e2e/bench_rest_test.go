//go:build unix

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/dev/slacksim"
)

// measureAck submits a hundred forms a second, and reads how long their
// acknowledgements took by the simulated Slack's clock.
func (m *machine) measureAck(f figures) {
	const perSecond, forms = 100, 1000
	o := m.open(forms, slacksim.Config{}, "SLACK_PACE=1000")
	o.begin()
	o.must(openForms(o.ctx, o.sim, forms))
	j := o.followed(forms, func(string) {}, func(i int) bool {
		pause(o.ctx, time.Duration(i)*time.Second/perSecond)
		return o.submit(o.ctx, i)
	})
	o.end()
	m.t.Logf("acknowledged: %s", spread(j.acks))
	f["ack_p50_ms"], f["ack_p99_ms"] = percentile(j.acks, 50), percentile(j.acks, 99)
}

// measureRest reads how long the program takes to connect, and what memory it holds and how
// many queries it makes at rest.
func (m *machine) measureRest(f figures) {
	o := m.open(1, slacksim.Config{})
	var times []time.Duration
	for range 7 {
		began := time.Now()
		bot, err := o.in.start("start")
		o.must(err)
		o.must(wait(o.ctx, "a connection", func() bool { return o.sim.State().Sockets > 0 }))
		times = append(times, time.Since(began))
		bot.kill()
		o.must(wait(o.ctx, "the sockets to end", func() bool { return o.sim.State().Sockets == 0 }))
	}
	o.exec(`ALTER DATABASE ` + o.db.Config().Database + ` SET log_statement = 'all'`)
	o.begin()
	pause(o.ctx, 5*time.Second)
	// The copies before were killed, and what they may have missed is read once they count as gone.
	o.until(`SELECT count(*) = 1 FROM connected_copies`)
	o.until(`SELECT NOT EXISTS (SELECT FROM leases WHERE until > clock_timestamp()) AND unbroken_since <= seen_until FROM watermarks`)
	from := m.logSize()
	const rest = 60 * time.Second
	pause(o.ctx, rest)
	units := m.captured(from)
	f["queries_a_minute_at_rest"] = float64(statementsOf(units))
	m.t.Logf("queries at rest:\n%s", countedBy(units))
	mb, known := o.bot.memory("VmRSS")
	if !known {
		m.t.Fatal("the system does not say how much memory the program holds")
	}
	o.end()
	f["start_ms"], f["rss_mb"] = percentile(times, 50), round(mb, 10)
}

// measureAlerts files tickets whose targets pass in real time and under Slack's real limits,
// and reads how long after its time the slowest alert was told, but for one in a hundred. A
// ticket has two alerts: a thousand fall due in an hour. ALERTS is how many tickets (1: none).
func (m *machine) measureAlerts(f figures) {
	n := int(number(m.t, "ALERTS", 30))
	if n == 1 {
		return
	}
	file := filepath.Join(m.t.TempDir(), "supporty.yaml")
	m.must(os.WriteFile(file, []byte("priorities: [{name: P2, resolve: 40s, respond: 40s}]\n"), 0o600))
	o := m.open(n, slacksim.Config{Limits: slacksim.Limits{On: true}}, "CONFIG="+file)
	o.begin()
	for i := range n {
		_, err := o.slack.As(filer(i)).Command(o.ctx, "general", "/support", "")
		o.must(err)
		_, err = o.slack.As(filer(i)).View(o.ctx)
		o.must(err)
		_, err = o.slack.As(filer(i)).Submit(o.ctx, problem(titleOf(i)))
		o.must(err)
		pause(o.ctx, 7200*time.Millisecond)
	}
	o.until(fmt.Sprintf(`SELECT count(*) = %d FROM outbox WHERE kind = 'alert' AND posted > 0`, 2*n))
	rows, _ := o.db.Query(o.ctx, `
		SELECT extract(epoch FROM posted_at - (details->'alert'->>'at')::timestamptz)::float8 FROM outbox WHERE kind = 'alert'`)
	seconds, err := pgx.CollectRows(rows, pgx.RowTo[float64])
	o.must(err)
	var late []time.Duration
	for _, s := range seconds {
		late = append(late, time.Duration(s*float64(time.Second)))
	}
	o.end()
	m.t.Logf("alerts: %s after their time", spread(late))
	f["alert_lateness_p99_ms"] = percentile(late, 99)
}

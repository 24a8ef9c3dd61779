//go:build unix

package e2e

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/dev/pgtest"
	"supporty/internal/dev/slacksim"
	"supporty/internal/pgdev"
)

// figures are the lines of the budget table in docs/benchmarks.md. What is nil
// does not exist.
type figures struct {
	AckP50            float64  `json:"ack_p50_ms"`
	AckP99            float64  `json:"ack_p99_ms"`
	LivesPerSecond    float64  `json:"lifecycle_per_s"`
	PgbenchPerSecond  float64  `json:"pgbench_per_s"`
	LivesRatio        float64  `json:"lifecycle_ratio"`
	SlackCalls        int      `json:"slack_calls_lifecycle"`
	SlackCallsSurvey  *int     `json:"slack_calls_with_survey"`
	StatementsPerLife int      `json:"statements_per_life"`
	SweepSmall        float64  `json:"sweep_small_ms"`
	SweepLarge        float64  `json:"sweep_large_ms"`
	SweepRatio        float64  `json:"sweep_ratio"`
	Stats             float64  `json:"stats_1m_ms"`
	Start             float64  `json:"start_ms"`
	Memory            float64  `json:"rss_mb"`
	AlertLatenessP99  *float64 `json:"alert_lateness_p99_ms"`
}

// TestBudgets measures. BENCH=1 asks for it; ALERTS is how many alerts are
// waited for in real time, two every 7.2 s (1: none).
func TestBudgets(t *testing.T) {
	if os.Getenv("BENCH") == "" {
		t.Skip("set BENCH=1, or type make bench: it takes some minutes and the whole machine")
	}
	m := newMachine(t)
	var f figures
	f.AckP50, f.AckP99 = m.acknowledge(100, 1000)
	life := m.oneLife()
	f.SlackCalls, f.StatementsPerLife = life.calls, life.statements
	f.LivesPerSecond = m.lives(1000)
	f.PgbenchPerSecond = m.pgbench(life)
	f.LivesRatio = round(f.LivesPerSecond/f.PgbenchPerSecond, 100)
	m.grid()
	f.Start, f.Memory = m.start()
	f.SweepSmall = m.sweep(1000, 100)
	f.SweepLarge, f.Stats = m.million()
	f.SweepRatio = round(f.SweepLarge/f.SweepSmall, 100)
	if n := int(number(t, "ALERTS", 30)); n > 1 { // 1: none
		p99 := m.alerts(n)
		f.AlertLatenessP99 = &p99
	}
	summary = f
}

// machine is a Postgres that writes to disk as it does in earnest.
type machine struct {
	t   *testing.T
	ctx context.Context
	pg  *pgdev.Server
	dir string
}

func newMachine(t *testing.T) *machine {
	t.Helper()
	dir := filepath.Join(pgtest.Dir(t), "pg")
	pg, err := pgdev.Start(t.Context(), pgdev.Config{Dir: dir, Settings: map[string]string{
		"fsync": "on", "synchronous_commit": "on", "max_connections": "200", "shared_buffers": "256MB",
		"log_line_prefix": logPrefix, "max_wal_size": "4GB",
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pg.Stop(context.WithoutCancel(t.Context())) })
	return &machine{t: t, ctx: t.Context(), pg: pg, dir: dir}
}

// benchHarness is one copy of the program in a workspace of its own.
type benchHarness struct {
	*machine
	sim   *slacksim.Server
	slack *slacksim.Client
	url   string
	db    *pgx.Conn
	in    installation
	bot   *copyOf
}

// open sets up a workspace with so many people, a database, and one copy.
func (m *machine) open(people int, cfg slacksim.Config, settings ...string) *benchHarness {
	m.t.Helper()
	cfg.Workspace = crowd(people)
	sim, err := slacksim.Start(cfg)
	m.must(err)
	m.t.Cleanup(func() { _ = sim.Close() })
	o := &benchHarness{machine: m, sim: sim, slack: sim.Client()}
	o.url = m.database(fmt.Sprintf("bench_%d", time.Now().UnixNano()))
	o.db, err = pgx.Connect(m.ctx, o.url)
	m.must(err)
	m.t.Cleanup(func() { _ = o.db.Close(context.WithoutCancel(m.ctx)) })
	o.in = install(m.t, sim, o.url, settings...)
	return o
}

func (m *machine) database(name string) string {
	m.t.Helper()
	m.must(m.pg.CreateDatabase(m.ctx, name))
	m.must(pgtest.Migrate(m.ctx, m.pg.URL(name)))
	return m.pg.URL(name)
}

func (o *benchHarness) begin() {
	o.t.Helper()
	var err error
	o.bot, err = o.in.startConnected(o.ctx, "copy", o.sim)
	o.must(err)
	o.t.Cleanup(o.bot.kill)
}

// end stops the copy, so that the next measurement has the machine to itself.
func (o *benchHarness) end() {
	o.bot.kill()
	o.must(o.sim.Close())
}

func (m *machine) must(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

// exec runs a statement beside the program.
func (o *benchHarness) exec(sql string, args ...any) {
	o.t.Helper()
	_, err := o.db.Exec(o.ctx, sql, args...)
	o.must(err)
}

// until waits until a query answers true.
func (o *benchHarness) until(sql string) {
	o.t.Helper()
	o.must(wait(o.ctx, sql, func() bool {
		var yes bool
		o.must(o.db.QueryRow(o.ctx, sql).Scan(&yes))
		return yes
	}))
}

const nothingPending = `SELECT NOT EXISTS (SELECT FROM outbox WHERE pending AND due_at <= clock_timestamp())`

// acknowledge submits so many forms a second, and returns how long their
// acknowledgements took by the simulated Slack's clock, in ms.
func (m *machine) acknowledge(perSecond, forms int) (p50, p99 float64) {
	o := m.open(forms, slacksim.Config{}, "SLACK_PACE=1000")
	o.begin()
	o.must(openForms(o.ctx, o.sim, forms))
	tick := time.NewTicker(time.Second / time.Duration(perSecond))
	defer tick.Stop()
	closed := together(forms, func(i int) bool {
		pause(o.ctx, time.Duration(i)*time.Second/time.Duration(perSecond))
		out, err := o.slack.As(filer(i)).Submit(o.ctx, problem(titleOf(i)))
		return err == nil && out.Closed
	})
	if n := count(closed); n != forms {
		m.t.Errorf("%d of %d forms closed", n, forms)
	}
	times := o.journey().acks
	o.end()
	m.t.Logf("acknowledged: %s", spread(times))
	return percentile(times, 50), percentile(times, 99)
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

// start is how long the program takes to connect, in ms, and what memory it
// holds at rest, in MB. It says how many queries it makes at rest.
func (m *machine) start() (ms, mb float64) {
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
	from := m.logSize()
	const rest = 60 * time.Second
	pause(o.ctx, rest)
	units := m.captured(from)
	m.t.Logf("at rest: %d queries a minute", statementsOf(units))
	mb, known := o.bot.memory("VmRSS")
	if !known {
		m.t.Fatal("the system does not say how much memory the program holds")
	}
	o.end()
	return percentile(times, 50), round(mb, 10)
}

// alerts files tickets whose targets pass in real time and under Slack's real
// limits, and returns how long after its time the slowest alert was told, but for
// one in a hundred, in ms. A ticket has two alerts: a thousand fall due in an hour.
func (m *machine) alerts(n int) float64 {
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
	return percentile(late, 99)
}

// percentile in ms, with one decimal.
func percentile(list []time.Duration, p int) float64 {
	if len(list) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(list))
	return millis(sorted[min(len(sorted)-1, len(sorted)*p/100)])
}

func millis(d time.Duration) float64 { return round(float64(d)/float64(time.Millisecond), 10) }

func round(f, parts float64) float64 { return math.Round(f*parts) / parts }

func spread(list []time.Duration) string {
	return fmt.Sprintf("%d, p50 %v ms, p90 %v ms, p99 %v ms, most %v ms",
		len(list), percentile(list, 50), percentile(list, 90), percentile(list, 99), percentile(list, 100))
}

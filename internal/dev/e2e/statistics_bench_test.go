//go:build unix

package e2e

import (
	"fmt"
	"os/exec"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/deploy"
	"supporty/internal/insight"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// What two years leave behind, beside the tickets: 20 entries in each timeline, of which eight are replies of four
// people; stars of one solution in twelve, in the weeks after it; three services that are deployed ten times a
// day, and one incident in a hundred tickets; twelve squads whose people take turns every day, and 40 calls a day.
var yearsOfUse = []string{
	`DROP INDEX entries_ticket, entries_answers, entries_repeated`,
	`INSERT INTO entries (ticket, kind, actor, role, gesture, happened_at, recorded_at, details)
		SELECT number, CASE WHEN i % 5 < 2 THEN 'replied' ELSE 'noted' END, 'U' || (number + i % 4) % 400, 'responder', 'message',
			opened_at + i * interval '7 minutes', opened_at + i * interval '7 minutes',
			CASE WHEN i = 5 AND number % 9 = 0 THEN '{"answer": "logs", "message": {"channel": "C1", "ts": "1.1"}}'
				ELSE jsonb_build_object('message', jsonb_build_object('channel', 'C1', 'ts', number || '.' || i)) END
		FROM tickets, generate_series(1, 20) AS i ORDER BY number, i`,
	`CREATE INDEX entries_ticket ON entries (ticket)`,
	`CREATE INDEX entries_answers ON entries (actor, happened_at) WHERE kind = 'replied' AND details ? 'answer' OR kind = 'resolved' AND details ? 'note'`,
	`CREATE INDEX entries_repeated ON entries ((details ->> 'answer'), ticket) WHERE kind = 'replied' AND details ? 'answer'`,
	`UPDATE cycles SET stars = 1 + ticket % 5, first_stars = 1 + ticket % 3, rated_at = ended_at + interval '1 hour' WHERE resolved AND ticket % 12 = 0`,
	`UPDATE tickets SET title = (ARRAY['Refund of order 4711 is stuck', 'Password mail does not arrive at Hotel ' || chr(65 + number::int % 26), 'New colleague needs access', 'Search is slow'])[1 + number % 4]
		WHERE number % 3 = 0`,
	`UPDATE tickets SET incident = true WHERE number % 100 = 0`,
	`INSERT INTO deployments (key, content, service, version, url, deployed_at, recorded_at)
		SELECT 'd' || n, '', 'service ' || n % 3, '', '', at, at FROM (SELECT n, @end::timestamptz - n * interval '48 minutes' AS at FROM generate_series(1, 22000) AS n) AS t`,
	`INSERT INTO duty_shifts (squad, since, person)
		SELECT 'Squad ' || s, @end::timestamptz - n * interval '1 day', 'U' || (s * 7 + n % 5) FROM generate_series(1, 12) AS s, generate_series(1, 730) AS n`,
	`INSERT INTO duty_pages (squad, person, called_at, ticket, priority, step, night, woke)
		SELECT 'Squad ' || n % 12, 'U' || (n % 12 * 7 + n % 5), @end::timestamptz - n * interval '36 minutes', n, 1, '1.1', false, false FROM generate_series(1, 29000) AS n`,
	`VACUUM ANALYZE`,
}

// measureStatistics is what a page of the web page and `/support stats` compute over a million tickets and
// twenty million entries: two periods, the series, the marks and the lessons.
func (m *machine) measureStatistics(f figures) {
	const name = "years"
	m.history(name, 1_000_000, 100_000)
	conn, err := pgx.Connect(m.ctx, m.pg.URL(name))
	m.must(err)
	_, err = conn.Exec(m.ctx, `SET session_replication_role = replica`)
	m.must(err)
	for _, sql := range yearsOfUse {
		_, err := conn.Exec(m.ctx, sql, pgx.NamedArgs{"end": historyEnd})
		m.must(err)
	}
	m.must(conn.Close(m.ctx))
	a := m.archive(name)
	a.count()
	worst := map[string]float64{}
	for _, span := range []struct{ back, days int }{{7, 7}, {365, 7}, {91, 91}, {347, 347}, {690, 690}} {
		for _, of := range []insight.Selection{{}, {Name: "Squad 1", Categories: []string{"Category 1", "Category 2"}}} {
			cold, coldCPU := a.statistics(span.back, span.days, of, true)
			warm, warmCPU := a.statistics(span.back, span.days, of, false)
			m.t.Logf("%d days, %d days ago, of %q: %v ms cold (%v of processors), %v ms warm (%v)", span.days, span.back, of.Name, cold, coldCPU, warm, warmCPU)
			worst["cold"], worst["warm"] = max(worst["cold"], cold), max(worst["warm"], warm)
		}
	}
	f["statistics_cold_ms"], f["statistics_warm_ms"] = worst["cold"], worst["warm"]
	for _, what := range []string{"tickets", "timeline", "replies"} {
		f["export_"+what+"_tickets_per_s"] = m.exports(name, what, 1_000_000)
	}
}

// statistics computes everything about a span, after a restart of the server if it is to be cold, in ms; also
// of the processors.
func (a *archive) statistics(back, days int, of insight.Selection, cold bool) (took, processors float64) {
	a.t.Helper()
	if cold {
		a.db.Close()
		a.restart()
		*a = *a.archive(a.name)
	}
	hours := sla.Hours{Zone: "UTC"}
	for day := time.Monday; day <= time.Friday; day++ {
		hours.Week[day] = []sla.Span{{From: 9 * 60, To: 17 * 60}}
	}
	calendar, err := sla.NewCalendar(hours)
	a.must(err)
	services := map[string]string{}
	for i := range 12 {
		services[fmt.Sprint("Category ", i)] = fmt.Sprint("service ", i%3)
	}
	digests := insight.Digests{Source: a.db, Zone: time.UTC, Pause: 15 * time.Minute, Hours: calendar, Deployed: deploy.Rules{Services: services, Window: 24 * time.Hour}}
	from := historyEnd.AddDate(0, 0, -back)
	before, began := a.postgresTime(), time.Now()
	d, err := digests.Digest(a.ctx, ticket.Period{From: from, To: from.AddDate(0, 0, days)}, of)
	a.must(err)
	_, err = digests.WithWeeks(a.ctx, d)
	a.must(err)
	return millis(time.Since(began)), millis(a.postgresTime() - before)
}

// exports is how many tickets a second the program writes to a file.
func (m *machine) exports(name, what string, tickets int) float64 {
	m.t.Helper()
	cmd := exec.CommandContext(m.ctx, thisEdition(m.t).program, "export", what)
	cmd.Env = append(cmd.Environ(), "SUPPORTY_DATABASE_URL="+m.pg.URL(name))
	began := time.Now()
	if err := cmd.Run(); err != nil { // what it writes is dropped
		m.t.Fatal(err)
	}
	return round(float64(tickets)/time.Since(began).Seconds(), 1)
}

//go:build unix

package e2e

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/desk"
	"supporty/internal/dev/pgtest"
	"supporty/internal/insight"
	"supporty/internal/postgres"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// A desk's history: one ticket a minute for about two years, every second of the
// newest 100,000 not ended, one in fifty reopened once. Hardly two took equally long.
const (
	historicTickets = `
		INSERT INTO tickets (number, version, title, body, category, priority, state, requester, cycle,
			opened_at, ended_at, solution, replies, people, resolve_due_at, next_at)
		SELECT n, 1, 'Ticket ' || n, repeat('what happened ', 20), 'Category ' || n % 12, 1 + n % 3,
			CASE WHEN open THEN 'open' WHEN n % 20 = 0 THEN 'closed' ELSE 'resolved' END,
			'U' || n % 500, CASE WHEN n % 50 = 0 THEN 2 ELSE 1 END, at,
			CASE WHEN NOT open THEN at + took END,
			CASE WHEN NOT open AND n % 20 <> 0 THEN (ARRAY['code', 'data', 'no_change'])[1 + n % 3] ELSE '' END,
			n % 15, n % 5, at + interval '3 hours', CASE WHEN open THEN @end::timestamptz + n * interval '1 second' END
		FROM (SELECT n, @end::timestamptz - (@total - n) * interval '1 minute' AS at,
			n > @total - @newest AND n % 2 = 0 AS open,
			(1 + n * 7919 % 400) * interval '1 minute' + hashint8(n) % 30000 * interval '1 ms' AS took FROM generate_series(1, @total::bigint) AS n) AS t`
	historicCycles = `
		INSERT INTO cycles (ticket, cycle, priority, category, started_at, responded_at, respond_due_at,
			resolve_due_at, ended_at, resolved, owner_at_due)
		SELECT number, c, priority, category, at, CASE WHEN number % 7 > 0 OR ended_at IS NOT NULL THEN at + took / 4 END,
			at + interval '45 minutes', at + interval '3 hours',
			CASE WHEN c < cycle OR ended_at IS NOT NULL THEN at + took END,
			c < cycle OR state = 'resolved', CASE WHEN number % 4 > 0 THEN 'U1' ELSE '' END
		FROM (SELECT *, opened_at + (c - 1) * interval '1 day' AS at,
				coalesce(ended_at - opened_at, interval '5 hours') AS took
			FROM tickets, generate_series(1, cycle) AS c) AS t`
)

// historicCards are the messages that stand in Slack.
const historicCards = `
	INSERT INTO outbox (ordering_key, queue, kind, ticket, urgency, details, due_at, posted, posted_in, posted_ts, posted_at)
	SELECT 'ticket:' || number, 'support', 'card', number, priority, jsonb_build_object('at', opened_at), opened_at, 1, 'C1',
		number || '.000100', opened_at
	FROM tickets`

// archive is a database with a long history and a desk on it.
type archive struct {
	*machine
	url  string
	db   *postgres.DB
	desk *desk.Desk
	end  time.Time
	made int
}

func (m *machine) archive(tickets, newest int) *archive {
	m.t.Helper()
	url := m.newDatabase()
	m.must(pgtest.Migrate(m.ctx, url))
	a := &archive{machine: m, url: url, end: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	var err error
	a.db, err = postgres.Open(url)
	m.must(err)
	m.t.Cleanup(a.db.Close)
	policies, err := a.db.AdoptPolicy(m.ctx, sla.Policy{Targets: sla.Targets{2: {Resolve: 3 * time.Hour, Respond: time.Hour, WarnAt: 0.75}}}, a.end)
	m.must(err)
	a.desk = desk.New(a.db, anybody{}, policies, []string{"Payments"})
	conn, err := pgx.Connect(m.ctx, url)
	m.must(err)
	defer conn.Close(m.ctx)
	_, err = conn.Exec(m.ctx, `SET session_replication_role = replica`) // no triggers
	m.must(err)
	args := pgx.NamedArgs{"total": tickets, "newest": newest, "end": a.end}
	for _, sql := range []string{historicTickets, historicCycles} {
		_, err := conn.Exec(m.ctx, sql, args)
		m.must(err)
	}
	_, err = conn.Exec(m.ctx, historicCards)
	m.must(err)
	_, err = conn.Exec(m.ctx, fmt.Sprintf(`ALTER SEQUENCE ticket_numbers RESTART %d`, tickets+1))
	m.must(err)
	_, err = conn.Exec(m.ctx, `VACUUM ANALYZE`)
	m.must(err)
	return a
}

// anybody is a directory in which everybody answers tickets.
type anybody struct{}

func (anybody) Person(_ context.Context, id string) (desk.Person, error) {
	return desk.Person{ID: id, Name: id, Member: true, Responder: true}, nil
}

func (anybody) IsMember(context.Context, string) (bool, error) { return true, nil }

// measureArchive reads how much more a long history costs.
func (m *machine) measureArchive(f figures) {
	f["sweep_small_ms"] = m.sweep(1000, 100)
	f["sweep_large_ms"], f["stats_1m_ms"] = m.million()
	f["sweep_ratio"] = round(f["sweep_large_ms"]/f["sweep_small_ms"], 100)
}

// sweep is how long it takes to tell of what is due, in ms: the median of a few.
func (m *machine) sweep(tickets, due int) float64 { return m.archive(tickets, 100).sweep(due) }

func (a *archive) sweep(due int) float64 {
	a.t.Helper()
	var times []time.Duration
	for range 7 {
		a.fall(due)
		began := time.Now()
		n, err := a.desk.Sweep(a.ctx, a.end)
		a.must(err)
		if n != due {
			a.t.Fatalf("%d were due, not %d", n, due)
		}
		times = append(times, time.Since(began))
	}
	a.t.Logf("sweep of %d: %s", due, spread(times))
	return percentile(times, 50)
}

// fall opens tickets whose warning is due at the end.
func (a *archive) fall(due int) {
	a.t.Helper()
	at := a.end.Add(-140 * time.Minute)
	for range due {
		a.made++
		_, err := a.desk.Open(a.ctx, desk.NewTicket{
			Content:   desk.Content{Priority: 2, Title: "Cards fail", Category: "Payments"},
			Requester: "U1", Gesture: ticket.ByForm, Key: fmt.Sprint("form:", a.made), At: at, Now: at,
		})
		a.must(err)
	}
}

// million sweeps among a million tickets, 50,000 of them open, and asks for every
// number about them; both in ms.
func (m *machine) million() (sweep, stats float64) {
	a := m.archive(1_000_000, 100_000)
	sweep = a.sweep(100)
	m.t.Logf("numbers of 182 days, none of them counted: %v ms", a.digest(91, 91))
	a.count()
	for _, span := range []struct{ back, days int }{{7, 7}, {365, 7}, {91, 91}, {347, 347}, {1000, 1000}} {
		took := a.digest(span.back, span.days)
		m.t.Logf("numbers of %d days, %d days ago: %v ms", span.days, span.back, took)
		stats = max(stats, took)
	}
	return sweep, stats
}

// count counts the days of the history, as the program does over the years.
func (a *archive) count() {
	a.t.Helper()
	began, days := time.Now(), 0
	for n := 1; n > 0; days += n {
		var err error
		n, err = a.db.CountDays(a.ctx, a.end)
		a.must(err)
	}
	a.t.Logf("counted %d days in %v ms", days, millis(time.Since(began)))
}

// digest is how long a digest takes after a restart of the server, in ms.
func (a *archive) digest(back, days int) float64 {
	a.t.Helper()
	a.db.Close()
	a.restart()
	var err error
	a.db, err = postgres.Open(a.url)
	a.must(err)
	from := a.end.AddDate(0, 0, -back)
	began := time.Now()
	_, err = insight.Digests{Source: a.db, Zone: time.UTC}.Week(a.ctx, ticket.Period{From: from, To: from.AddDate(0, 0, days)})
	a.must(err)
	return millis(time.Since(began))
}

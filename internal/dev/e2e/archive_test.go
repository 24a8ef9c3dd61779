//go:build unix

package e2e

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/desk"
	"supporty/internal/dev/pgtest"
	"supporty/internal/dev/slacksim"
	"supporty/internal/insight"
	"supporty/internal/postgres"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// A desk's history: one ticket a minute for about two years, every second of the
// newest 100,000 not ended and half of these owned, one in fifty reopened once. Hardly two took
// equally long.
const (
	historicTickets = `
		INSERT INTO tickets (number, version, title, body, category, priority, state, requester, assignee, cycle,
			opened_at, ended_at, solution, replies, people, resolve_due_at, next_at)
		SELECT n, 1, 'Ticket ' || n, repeat('what happened ', 20), 'Category ' || n % 12, 1 + n % 3,
			CASE WHEN open AND n % 4 = 0 THEN 'open' WHEN open THEN 'claimed' WHEN n % 20 = 0 THEN 'closed' ELSE 'resolved' END,
			'U' || n % 500, CASE WHEN open AND n % 4 = 0 THEN '' ELSE 'U' || n % 400 END, CASE WHEN n % 50 = 0 THEN 2 ELSE 1 END, at,
			CASE WHEN NOT open THEN at + took END,
			CASE WHEN NOT open AND n % 20 <> 0 THEN (ARRAY['code', 'data', 'no_change'])[1 + n % 3] ELSE '' END,
			n % 15, n % 5, at + interval '3 hours', CASE WHEN open THEN @end::timestamptz + interval '10 years' + n * interval '1 second' END
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

// history makes a database of that name with so many tickets, for archives and for copies.
func (m *machine) history(name string, tickets, newest int) {
	m.t.Helper()
	m.must(m.pg.CreateDatabase(m.ctx, name))
	m.must(pgtest.Migrate(m.ctx, m.pg.URL(name)))
	conn, err := pgx.Connect(m.ctx, m.pg.URL(name))
	m.must(err)
	defer conn.Close(m.ctx)
	_, err = conn.Exec(m.ctx, `SET session_replication_role = replica`) // no triggers
	m.must(err)
	args := pgx.NamedArgs{"total": tickets, "newest": newest, "end": historyEnd}
	for _, sql := range []string{historicTickets, historicCycles} {
		_, err := conn.Exec(m.ctx, sql, args)
		m.must(err)
	}
	for _, sql := range []string{historicCards, fmt.Sprintf(`ALTER SEQUENCE ticket_numbers RESTART %d`, tickets+1), `VACUUM ANALYZE`} {
		_, err = conn.Exec(m.ctx, sql)
		m.must(err)
	}
}

var historyEnd = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// archive is a desk on a database with a long history.
type archive struct {
	*machine
	name string
	db   *postgres.DB
	desk *desk.Desk
	made int
}

func (m *machine) archive(name string) *archive {
	m.t.Helper()
	a := &archive{machine: m, name: name}
	var err error
	a.db, err = postgres.Open(m.pg.URL(name))
	m.must(err)
	m.t.Cleanup(a.db.Close)
	policies, err := a.db.AdoptPolicy(m.ctx, sla.Policy{Targets: sla.Targets{2: {Resolve: 3 * time.Hour, Respond: time.Hour, WarnAt: 0.75}}}, historyEnd)
	m.must(err)
	a.desk = desk.New(a.db, anybody{}, policies, []string{"Payments"})
	return a
}

// anybody is a directory in which everybody answers tickets.
type anybody struct{}

func (anybody) Person(_ context.Context, id string) (desk.Person, error) {
	return desk.Person{ID: id, Name: id, Member: true, Responder: true}, nil
}

func (anybody) IsMember(context.Context, string, string) (bool, error) { return true, nil }

// measureArchive reads how much more a long history costs.
func (m *machine) measureArchive(f figures) {
	const small, large = "thousand", "million"
	m.history(small, 1000, 100)
	m.history(large, 1_000_000, 100_000)
	a := m.archive(large)
	m.t.Logf("numbers of 91 days, none of them counted: %v ms", a.digest(91, 91))
	a.count()
	a.db.Close() // so that it can be copied
	f["open_growth_ratio"] = m.growth(large)
	f["sweep_small_ms"] = m.archive(small).sweep(100)
	a = m.archive(large)
	f["sweep_large_ms"] = a.sweep(100)
	f["sweep_ratio"] = round(f["sweep_large_ms"]/f["sweep_small_ms"], 100)
	f["home_p50_ms"], f["home_p99_ms"] = a.homes()
	f["stats_1m_ms"] = a.slowestDigest()
}

// growth is how many tickets a second are opened with a history, divided by how many
// without, in turn. Each time has a copy of the history, as Slack knows of nothing before.
func (m *machine) growth(history string) float64 {
	m.t.Helper()
	this, l := thisEdition(m.t), sized(m.t, keyLoads)[0]
	var without, with []opened
	for range number(m.t, "PAIRS", 3) {
		without = append(without, m.opens(this, l))
		grown := history + "_copy"
		m.must(m.pg.CloneDatabase(m.ctx, grown, history))
		o := m.workspaceFor(this, l, m.pg.URL(grown), slacksim.Config{}, unlimited)
		with = append(with, o.opens(l))
		o.end()
		m.must(m.pg.DropDatabase(m.ctx, grown))
	}
	m.head()
	m.row(l, edition{name: "nothing stored"}, medianOf(without))
	m.row(l, edition{name: "a " + history + " stored"}, medianOf(with))
	return medianOf(with).dividedBy(medianOf(without))[perSecond]
}

// sweep is how long it takes to tell of what is due, in ms: the median of a few.
func (a *archive) sweep(due int) float64 {
	a.t.Helper()
	var times []time.Duration
	for range 7 {
		a.fall(due)
		began := time.Now()
		n, err := a.desk.Sweep(a.ctx, historyEnd)
		a.must(err)
		if n != due {
			a.t.Fatalf("%d were due, not %d", n, due)
		}
		times = append(times, time.Since(began))
	}
	a.t.Logf("sweep of %d: %s", due, spread(times))
	return percentile(times, 50)
}

// homes reads what stands on the Home of people who answer tickets, each with what they asked for.
func (a *archive) homes() (p50, p99 float64) {
	a.t.Helper()
	var took []time.Duration
	for i := range 400 {
		began := time.Now()
		_, err := a.desk.Home(a.ctx, fmt.Sprint("U", i), historyEnd)
		a.must(err)
		took = append(took, time.Since(began))
	}
	a.t.Logf("Home: %s", spread(took))
	return percentile(took, 50), percentile(took, 99)
}

// fall opens tickets whose warning is due at the end.
func (a *archive) fall(due int) {
	a.t.Helper()
	at := historyEnd.Add(-140 * time.Minute)
	for range due {
		a.made++
		_, err := a.desk.Open(a.ctx, desk.NewTicket{
			Content:   desk.Content{Priority: 2, Title: "Cards fail", Category: "Payments"},
			Requester: "U1", Gesture: ticket.ByForm, Key: fmt.Sprint("form:", a.made), At: at, Now: at,
		})
		a.must(err)
	}
}

// slowestDigest asks for every number about some spans, in ms.
func (a *archive) slowestDigest() (slowest float64) {
	a.t.Helper()
	for _, span := range []struct{ back, days int }{{7, 7}, {365, 7}, {91, 91}, {347, 347}, {1000, 1000}} {
		took := a.digest(span.back, span.days)
		a.t.Logf("numbers of %d days, %d days ago: %v ms", span.days, span.back, took)
		slowest = max(slowest, took)
	}
	return slowest
}

// count counts the days of the history, as the program does over the years.
func (a *archive) count() {
	a.t.Helper()
	began, days := time.Now(), 0
	for n := 1; n > 0; days += n {
		var err error
		n, err = a.db.CountDays(a.ctx, historyEnd, 15*time.Minute)
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
	a.db, err = postgres.Open(a.pg.URL(a.name))
	a.must(err)
	from := historyEnd.AddDate(0, 0, -back)
	began := time.Now()
	_, err = insight.Digests{Source: a.db, Zone: time.UTC, Pause: 15 * time.Minute}.Week(a.ctx, ticket.Period{From: from, To: from.AddDate(0, 0, days)})
	a.must(err)
	return millis(time.Since(began))
}

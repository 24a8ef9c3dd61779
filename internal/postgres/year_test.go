package postgres_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/desk"
	"supporty/internal/insight"
	"supporty/internal/outbox"
	"supporty/internal/postgres"
	"supporty/internal/ticket"
)

// A year of a busy desk before any retention: 1,000 tickets a day, the newest 50 open. Only
// inputs of more than a month ago are deleted. Each ticket has its card, an obsolete note, a
// note that repeats a person's words, and a question to one person.
var aYear = []string{
	`ALTER TABLE tickets DISABLE TRIGGER words_added`, // their words are not what is looked at, and take minutes
	`INSERT INTO tickets (number, version, title, body, category, priority, state, requester, assignee, cycle, opened_at, ended_at, solution, replies, people, resolve_due_at, next_at, policy)
		SELECT n, 3, 'Ticket ' || n, repeat('what happened ', 20), 'Category ' || n % 12, 1 + n % 3, CASE WHEN open THEN 'claimed' ELSE 'resolved' END,
			'U' || n % 500, 'U1', 1, at, CASE WHEN NOT open THEN at + interval '2 hours' END, CASE WHEN open THEN '' ELSE 'code' END, n % 15, n % 5,
			at + interval '3 hours', CASE WHEN open THEN @end::timestamptz + interval '1 day' END, 1
		FROM (SELECT n, n > @total - 50 AS open, @end::timestamptz - (@total - n)::float8 / @total * interval '365 days' AS at FROM generate_series(1, @total::bigint) AS n) AS t`,
	`INSERT INTO entries (ticket, kind, actor, role, gesture, happened_at, recorded_at, details)
		SELECT number, kind, 'U1', 'responder', 'emoji', opened_at, opened_at, jsonb_build_object('title', title, 'text', body)
		FROM tickets, unnest(ARRAY['opened', 'claimed', 'replied', 'resolved']) AS kind`,
	`INSERT INTO cycles (ticket, cycle, priority, category, started_at, resolve_due_at, ended_at, resolved)
		SELECT number, 1, priority, category, opened_at, resolve_due_at, ended_at, ended_at IS NOT NULL FROM tickets`,
	`INSERT INTO ticket_threads (channel, ts, ticket, current) SELECT 'C1', number || '.1', number, true FROM tickets`,
	`INSERT INTO outbox (ordering_key, queue, kind, ticket, recipient, urgency, details, due_at, posted, state, posted_in, posted_ts, posted_at)
		SELECT 'ticket:' || number, 'support', kind, number, 'U1', 4, jsonb_build_object('at', opened_at) || more::jsonb, opened_at + after, 1, r.state,
			CASE WHEN stands THEN 'C1' ELSE '' END, CASE WHEN stands THEN number || '.' || row ELSE '' END, opened_at
		FROM tickets, (VALUES (1, 'card', interval '0', 'waiting', true, '{}'), (2, 'claimed', '1 minute', 'dropped', false, '{}'),
			(3, 'quote', '1 hour', 'waiting', true, '{"text": "It fails for all."}'), (4, 'how', '2 hours', 'waiting', false, '{}')) AS r (row, kind, after, state, stands, more)
		ORDER BY number, row`,
	`INSERT INTO alerts (ticket, cycle, source, promise, step, at, decided_at, notified)
		SELECT number, 1, 'resolve', 1, 'warn', opened_at, opened_at + interval '1 hour', true FROM tickets WHERE number % 5 = 0`,
	`INSERT INTO inputs (key, ticket, seen_at) SELECT 'source:C1:' || number, number, opened_at FROM tickets WHERE number % 2 = 0`,
	`INSERT INTO inputs (key, ticket, seen_at) SELECT 'button:' || n || ':' || number, number, opened_at
		FROM tickets, generate_series(1, 5) AS n WHERE opened_at > @end::timestamptz - interval '31 days'`,
	`ALTER TABLE tickets ENABLE TRIGGER words_added`,
}

// TestAYearStaysFast: frequent statements use an index, and retention deletes in batches that
// nobody notices. With -short it uses a twentieth of a year's tickets.
func TestAYearStaysFast(t *testing.T) {
	t.Parallel()
	total := 365_000
	if testing.Short() {
		total /= 20
	}
	b := newPostgresHarness(t)
	for _, sql := range aYear {
		b.exec(sql, pgx.NamedArgs{"total": total, "end": monday})
	}
	b.exec(fmt.Sprintf(`ALTER SEQUENCE ticket_numbers RESTART %d`, total+1))
	b.exec(`VACUUM ANALYZE`)
	b.t.Log(b.text(`SELECT pg_size_pretty(pg_database_size(current_database()))`))
	seen := &recorder{seen: map[string][]any{}}
	var err error
	b.db, err = postgres.OpenTraced(b.url, seen)
	b.must(nil, err)
	t.Cleanup(b.db.Close)
	policies := b.db.Policies()
	b.desk = desk.New(b.db, anybody{}, policies, []string{"Billing"})
	b.must(policies.Refresh(t.Context()))
	b.aLife()
	b.atRest()
	b.statistics()
	b.forgetsTheYear(total)
	if n := len(seen.seen); n < 45 {
		t.Errorf("only %d statements were looked at", n)
	}
	for sql, args := range seen.seen {
		b.usesIndexes(sql, args)
	}
}

// aLife runs the life of a ticket, with the queries during it.
func (b *postgresHarness) aLife() {
	b.t.Helper()
	ctx := b.t.Context()
	n := b.open(ticket.P2, "U7")
	epoch := b.acquire("A")
	card := b.take(epoch)
	b.post(card, "9.1")
	b.must(b.desk.Claim(ctx, b.gesture(n, "U2")))
	b.must(b.desk.Reply(ctx, b.gesture(n, "U7"), desk.Written{Message: ticket.Message{Channel: "D1", TS: "9.2"}, Private: true, Text: "It fails."}))
	b.post(b.take(epoch), "9.3")
	b.must(b.db.ByCard(ctx, ticket.Message{Channel: "C1", TS: "9.1"}))
	b.must(b.db.Kept(ctx, "U7"))
	b.must(b.db.ByNotice(ctx, ticket.Message{Channel: "C1", TS: "9.3"}))
	b.must(b.db.ByInput(ctx, desk.ReplyKey(ticket.Message{Channel: "D1", TS: "9.2"})))
	b.must(b.desk.Sweep(ctx, at(2.5)))
	b.must(b.desk.Resolve(ctx, b.gesture(n, "U2"), "", ""))
	b.must(b.desk.Address(ctx, "U7", ticket.Message{Channel: "D1", TS: "9.4"}, 0, at(3), at(3)))
	b.must(b.db.Overwritten(ctx, outbox.Shown{At: ticket.Message{Channel: "C1", TS: "9.1"}, Version: 1, When: monday}))
}

// atRest runs the queries of an idle desk, and those of people who look something up.
func (b *postgresHarness) atRest() {
	b.t.Helper()
	ctx := b.t.Context()
	b.acquire("A")
	b.must(b.db.HasPending(ctx, monday))
	b.must(b.db.Watch(ctx, monday))
	b.must(b.db.Stuck(ctx))
	b.must(b.db.NextDue(ctx))
	b.must(b.db.Root(ctx, "digest:1"))
	b.must(nil, b.desk.Offer(ctx, desk.PlainMessage{Message: ticket.Message{Channel: "C1", TS: "9.5"}, Writer: "U7"}, monday))
	b.homes()
	_, _, err := b.db.List(ctx, desk.Filter{Person: "U7"})
	b.must(nil, err)
}

// statistics counts the days of the year, and asks for a week and for all of it.
func (b *postgresHarness) statistics() {
	b.t.Helper()
	for n := 1; n > 0; {
		var err error
		n, err = b.db.CountDays(b.t.Context(), monday, pause)
		b.must(nil, err)
	}
	b.exec(`VACUUM ANALYZE`)
	b.must(b.db.Numbers(b.t.Context(), insight.Question{Period: ticket.Period{From: at(-365 * 24), To: at(0)}, Pause: pause}))
	b.must(b.db.Numbers(b.t.Context(), insight.Question{Period: ticket.Period{From: at(-7 * 24), To: at(0)}, Pause: pause}))
	b.must(b.db.Series(b.t.Context(), insight.Weeks(at(0), time.UTC), insight.Selection{}))
	b.exec(`UPDATE cycles SET cause = 'unclaimed' WHERE ticket = 1000`)
	b.must(b.db.CountDays(b.t.Context(), monday, pause))
}

// forgetsTheYear deletes everything that retention may delete, batch by batch.
func (b *postgresHarness) forgetsTheYear(total int) {
	b.t.Helper()
	const batch = 1000
	month := at(-30 * 24)
	for name, forget := range map[string]func(context.Context, time.Time, int) (int, error){
		"inputs": b.db.ForgetInputs, "words": b.db.ForgetWords, "alerts": b.db.ForgetAlerts, "messages": b.db.ForgetSpent,
	} {
		all, slowest, began := 0, time.Duration(0), time.Now()
		for n, err := batch, error(nil); n == batch; all += n {
			begins := time.Now()
			n, err = forget(b.t.Context(), month, batch)
			b.must(nil, err)
			slowest = max(slowest, time.Since(begins))
		}
		b.t.Logf("of %d tickets %d %s went in %v; the slowest batch took %v", total, all, name, time.Since(began), slowest)
		if slowest > 2*time.Second || all < total/365 {
			b.t.Errorf("%d %s went, the slowest batch in %v", all, name, slowest)
		}
	}
	b.exec(`VACUUM ANALYZE`)
}

var wholeTable = regexp.MustCompile(`Seq Scan on (tickets|entries|cycles|alerts|inputs|outbox|ticket_threads)\b`)

// usesIndexes fails the test if a statement reads a growing table as a whole.
func (b *postgresHarness) usesIndexes(sql string, args []any) {
	b.t.Helper()
	switch strings.ToUpper(strings.Fields(sql)[0]) {
	case "SELECT", "WITH", "INSERT", "UPDATE", "DELETE":
	default:
		return
	}
	rows, err := b.conn.Query(b.t.Context(), "EXPLAIN "+sql, args...)
	b.must(nil, err)
	plan, err := pgx.CollectRows(rows, pgx.RowTo[string])
	b.must(nil, err)
	if text := strings.Join(plan, "\n"); wholeTable.MatchString(text) {
		b.t.Errorf("it reads all of a table: %s\n%s", strings.TrimSpace(sql), text)
	}
}

// recorder is a tracer that keeps statements with their arguments.
type recorder struct {
	mu   sync.Mutex
	seen map[string][]any
}

func (r *recorder) keep(sql string, args []any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen[sql] = args
}

func (r *recorder) TraceQueryStart(ctx context.Context, _ *pgx.Conn, d pgx.TraceQueryStartData) context.Context {
	r.keep(d.SQL, d.Args)
	return ctx
}

func (r *recorder) TraceBatchStart(ctx context.Context, _ *pgx.Conn, d pgx.TraceBatchStartData) context.Context {
	for _, q := range d.Batch.QueuedQueries {
		r.keep(q.SQL, q.Arguments)
	}
	return ctx
}

func (*recorder) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData)     {}
func (*recorder) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}
func (*recorder) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData)     {}

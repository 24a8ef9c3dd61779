package postgres_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"supporty/internal/dev/pgtest"
	"supporty/internal/insight"
	"supporty/internal/postgres"
	"supporty/internal/ticket"
)

var _ insight.Source = (*postgres.DB)(nil)

// insightDB returns a fresh database, and a connection to fill it.
func insightDB(t testing.TB) (*postgres.DB, *pgx.Conn) {
	t.Helper()
	url := pgtest.New(t, pgtest.Migrate)
	db := watched(t, url)
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return db, conn
}

// life is a ticket as the statistics see it: its row, and its cycles.
type life struct {
	number   ticket.Number
	category string
	private  bool
	solution ticket.Solution
	replies  []reply
	cycles   []cycle
}

// reply is an entry of its kind.
type reply struct {
	who  string
	at   time.Time
	gone bool // it was deleted
}

// pause is the longest pause that counts as active, in tests.
const pause = 15 * time.Minute

// cycle is a row of its name. The zero time is NULL.
type cycle struct {
	priority                       ticket.Priority
	started, responded, due, ended time.Time
	resolved                       bool
	waited, held                   time.Duration
	owner                          string
	cause                          ticket.Cause
}

// counted is the category in which the ticket counts.
func (l life) counted() string {
	if l.private {
		return ""
	}
	return l.category
}

func (l life) last() cycle { return l.cycles[len(l.cycles)-1] }

func (l life) state() ticket.State {
	switch c := l.last(); {
	case c.ended.IsZero():
		return ticket.StateOpen
	case c.resolved:
		return ticket.StateResolved
	}
	return ticket.StateClosed
}

var monday = time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)

func at(hours float64) time.Time {
	return monday.Add(time.Duration(hours * float64(time.Hour)))
}

func TestNumbersOfAWeek(t *testing.T) {
	t.Parallel()
	db, conn := insightDB(t)
	fill(t, conn, []life{
		{number: 1, category: "Access", cycles: []cycle{ // old and still open
			{priority: 3, started: at(-48), due: at(-24), owner: "U1"}}},
		{number: 2, category: "Billing", solution: "code", replies: []reply{{who: "U1", at: at(1)}, {who: "U2", at: at(1.1)}, {who: "U1", at: at(1.2)}, {who: "U2", at: at(3)}}, cycles: []cycle{ // at the very target
			{priority: 2, started: at(0), responded: at(1), due: at(3), ended: at(3), resolved: true, owner: "U1"}}},
		{number: 3, category: "Billing", replies: []reply{{who: "U1", at: at(2)}, {who: "U1", at: at(3)}, {who: "U1", at: at(4)}, {who: "U1", at: at(7)}}, cycles: []cycle{ // late without owner, solved
			{priority: 2, started: at(1), responded: at(6), due: at(4), ended: at(6), resolved: true, cause: ticket.CauseUnclaimed}}},
		{number: 4, category: "Data", cycles: []cycle{ // closed after its target: not counted
			{priority: 1, started: at(2), due: at(3), ended: at(5)}}},
		{number: 5, category: "Billing", solution: "no_change", replies: []reply{{who: "U1", at: at(20)}}, cycles: []cycle{ // kept, reopened, late
			{priority: 2, started: at(10), responded: at(10), due: at(13), ended: at(12), resolved: true, owner: "U1"},
			{priority: 1, started: at(20), responded: at(20), due: at(21), ended: at(200), resolved: true, owner: "U1", cause: ticket.CauseReopened}}},
		{number: 6, category: "Access", cycles: []cycle{ // runs into the next week
			{priority: 3, started: at(167), due: at(191)}}},
		{number: 7, category: "Access", cycles: []cycle{ // opened as the next week begins
			{priority: 3, started: at(168), due: at(192)}}},
		{number: 8, category: "Access", cycles: []cycle{ // solved as the next week begins, late in this one
			{priority: 3, started: at(100), responded: at(101), due: at(124), ended: at(168), resolved: true}}},
	})
	if _, err := conn.Exec(t.Context(), `INSERT INTO ticket_threads VALUES ('C1', '1.0', 1, false), ('C1', '2.0', 1, true)`); err != nil {
		t.Fatal(err)
	}
	got, err := db.Numbers(t.Context(), insight.Question{Period: ticket.Period{From: at(0), To: at(168)}, Pause: pause})
	if err != nil {
		t.Fatal(err)
	}
	want := insight.Numbers{
		Opened: 6, Reopened: 1, Resolved: 3, Closed: 1, Open: 4,
		Priorities: []insight.Attainment{
			{Priority: 1, Counted: 1, Respond: insight.Spread{Count: 1}},
			{Priority: 2, Kept: 2, Counted: 3,
				Respond: insight.Spread{Median: time.Hour, P90: 5 * time.Hour, Count: 3},
				Resolve: insight.Spread{Median: 3 * time.Hour, P90: 5 * time.Hour, Count: 3}},
			{Priority: 3, Counted: 1, Respond: insight.Spread{Median: time.Hour, P90: time.Hour, Count: 1}},
		},
		LateUnowned: 2,
		Causes:      []insight.Lateness{{Cause: ticket.CauseReopened, Count: 1}, {Cause: ticket.CauseUnclaimed, Count: 1}, {Count: 1}},
		Respond:     insight.Spread{Median: time.Hour, P90: 5 * time.Hour, Count: 5},
		Resolve:     insight.Spread{Median: 3 * time.Hour, P90: 5 * time.Hour, Count: 3},
		Oldest:      insight.OldTicket{Number: 1, OpenedAt: at(-48), Card: ticket.Message{Channel: "C1", TS: "2.0"}},
		Categories: []insight.Category{
			{Name: "Billing", Tickets: 3, CodeChanges: 1}, {Name: "Access", Tickets: 2}, {Name: "Data", Tickets: 1},
		},
		Cost: insight.Cost{Tickets: 2, Replies: 7, People: 3}, // of 2 and 3
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("numbers (-want +got):\n%s", diff)
	}
	if got.Late() != 3 {
		t.Errorf("late = %d, want 3", got.Late())
	}
}

func TestNumbersOfAnEmptyDesk(t *testing.T) {
	t.Parallel()
	db, _ := insightDB(t)
	got, err := db.Numbers(t.Context(), insight.Question{Period: ticket.Period{From: at(0), To: at(168)}, Pause: pause})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(insight.Numbers{}, got, cmpopts.EquateEmpty()); diff != "" || !got.Quiet() {
		t.Errorf("numbers (-want +got):\n%s", diff)
	}
}

func TestNumbersWithoutADatabase(t *testing.T) {
	t.Parallel()
	db, _ := insightDB(t)
	db.Close()
	if _, err := db.Numbers(t.Context(), insight.Question{Period: ticket.Period{From: at(0), To: at(1)}, Pause: pause}); err == nil {
		t.Error("no error from a closed pool")
	}
}

// SQL and the plain count agree. The numbers of two adjacent periods add up to those of the
// whole period.
func TestNumbersAgreeWithAPlainCount(t *testing.T) {
	t.Parallel()
	db, conn := insightDB(t)
	rapid.Check(t, func(rt *rapid.T) {
		lives := rapid.Custom(drawLives).Draw(rt, "lives")
		cuts := rapid.SliceOfN(rapid.IntRange(0, 40), 3, 3).Draw(rt, "cuts")
		slices.Sort(cuts)
		fill(rt, conn, lives)
		var read []insight.Numbers
		for _, p := range []ticket.Period{span(cuts[0], cuts[1]), span(cuts[1], cuts[2]), span(cuts[0], cuts[2])} {
			n, err := db.Numbers(t.Context(), insight.Question{Period: p, Pause: pause})
			if err != nil {
				rt.Fatal(err)
			}
			if diff := cmp.Diff(count(lives, p, insight.Selection{}), n, cmpopts.EquateEmpty()); diff != "" {
				rt.Fatalf("%v (-plain +SQL):\n%s", p, diff)
			}
			read = append(read, n)
		}
		if diff := cmp.Diff(totals(read[2]), totals(read[0], read[1])); diff != "" {
			rt.Fatalf("both periods (-at once +added):\n%s", diff)
		}
		before, n := read[0], read[1]
		if n.Open != before.Open+n.Opened+n.Reopened-n.Resolved-n.Closed {
			rt.Fatalf("open tickets do not balance: %+v after %+v", n, before)
		}
	})
}

func span(from, to int) ticket.Period {
	return ticket.Period{From: at(float64(from)), To: at(float64(to))}
}

// totals adds up the numbers that must add up.
func totals(numbers ...insight.Numbers) map[string]int {
	sum := map[string]int{}
	for _, n := range numbers {
		sum["opened"] += n.Opened
		sum["reopened"] += n.Reopened
		sum["resolved"] += n.Resolved
		sum["closed"] += n.Closed
		sum["unowned"] += n.LateUnowned
		sum["late"] += n.Late()
		sum["replies"] += n.Cost.Replies
		sum["people"] += n.Cost.People
		for _, a := range n.Priorities {
			sum["kept "+a.Priority.String()] += a.Kept
			sum["counted "+a.Priority.String()] += a.Counted
		}
		for _, c := range n.Categories {
			sum[c.Name] += c.Tickets
		}
	}
	for name, n := range sum {
		if n == 0 {
			delete(sum, name)
		}
	}
	return sum
}

// drawLives draws tickets whose times, in hours, often coincide with each other
// and with the ends of periods.
func drawLives(t *rapid.T) []life {
	lives := make([]life, rapid.IntRange(0, 12).Draw(t, "tickets"))
	for i := range lives {
		lives[i] = life{
			number:   ticket.Number(i + 1),
			category: rapid.SampledFrom([]string{"a", "B", "ä"}).Draw(t, "category"),
			private:  rapid.IntRange(0, 4).Draw(t, "private") == 0,
			replies:  rapid.SliceOfN(rapid.Custom(drawReply), 0, 6).Draw(t, "replies"),
			cycles:   drawCycles(t),
		}
		if lives[i].state() == ticket.StateResolved {
			lives[i].solution = rapid.SampledFrom([]ticket.Solution{"", ticket.SolvedByCode, ticket.SolvedByData}).Draw(t, "solution")
		}
	}
	return lives
}

// drawReply draws a reply a few minutes from others.
func drawReply(t *rapid.T) reply {
	return reply{
		who:  rapid.SampledFrom([]string{"U1", "U2", "U3", "U4"}).Draw(t, "who"),
		at:   at(float64(rapid.IntRange(-10, 40).Draw(t, "hour"))).Add(time.Duration(rapid.IntRange(-3, 3).Draw(t, "fives")) * 5 * time.Minute),
		gone: rapid.IntRange(0, 4).Draw(t, "gone") == 0,
	}
}

func drawCycles(t *rapid.T) []cycle {
	hours := rapid.IntRange(0, 6)
	start := at(float64(rapid.IntRange(-10, 30).Draw(t, "start")))
	var cycles []cycle
	for {
		c := cycle{
			priority: rapid.SampledFrom(ticket.Priorities).Draw(t, "priority"),
			started:  start,
			due:      start.Add(time.Duration(hours.Draw(t, "target")) * time.Hour),
			waited:   time.Duration(rapid.IntRange(0, 2).Draw(t, "waited")) * time.Hour,
			held:     time.Duration(rapid.IntRange(0, 2).Draw(t, "held")) * time.Hour,
			owner:    rapid.SampledFrom([]string{"", "U1"}).Draw(t, "owner"),
			cause:    rapid.SampledFrom(append([]ticket.Cause{""}, ticket.Causes...)).Draw(t, "cause"),
		}
		answered := start.Add(time.Duration(hours.Draw(t, "answer")) * time.Hour)
		ended := answered.Add(time.Duration(hours.Draw(t, "end")) * time.Hour)
		if rapid.Bool().Draw(t, "answered") {
			c.responded = answered
		}
		if rapid.Bool().Draw(t, "ended") {
			c.ended, c.resolved = ended, rapid.Bool().Draw(t, "resolved")
		}
		cycles = append(cycles, c)
		if c.ended.IsZero() || len(cycles) == 3 || rapid.Bool().Draw(t, "stays") {
			return cycles
		}
		start = ended.Add(time.Duration(hours.Draw(t, "reopened")) * time.Hour)
	}
}

// test is a test, or a run of rapid's.
type test interface {
	Helper()
	Fatal(...any)
}

// fill replaces all tickets.
func fill(t test, conn *pgx.Conn, lives []life) {
	t.Helper()
	b := &pgx.Batch{}
	b.Queue("TRUNCATE tickets, cycles, day_counts, category_counts, day_costs, day_threads, counted_days, changed_days CASCADE")
	queueLives(b, lives)
	send(t, conn, b)
}

// rewrite changes tickets as the program does, and adds those that are new.
func rewrite(t test, conn *pgx.Conn, lives []life) {
	t.Helper()
	b := &pgx.Batch{}
	queueLives(b, lives)
	send(t, conn, b)
}

func send(t test, conn *pgx.Conn, b *pgx.Batch) {
	t.Helper()
	if err := conn.SendBatch(context.Background(), b).Close(); err != nil {
		t.Fatal(err)
	}
}

func queueLives(b *pgx.Batch, lives []life) {
	for _, l := range lives {
		b.Queue(`
			INSERT INTO tickets AS t (number, version, title, body, category, priority, state, requester, cycle,
				opened_at, ended_at, solution, resolve_due_at, private)
			VALUES ($1, 1, 'a title', 'a text', $2, $3, $4, 'U9', $5, $6, $7, $8, $9, $10)
			ON CONFLICT (number) DO UPDATE SET version = t.version + 1, category = $2, priority = $3, state = $4, cycle = $5,
				opened_at = $6, ended_at = $7, solution = $8, resolve_due_at = $9, private = $10`,
			l.number, l.category, l.last().priority, l.state(), len(l.cycles),
			l.cycles[0].started, orNull(l.last().ended), l.solution, l.last().due, l.private)
		for i, c := range l.cycles {
			b.Queue(`
				INSERT INTO cycles (ticket, cycle, priority, category, started_at, responded_at, respond_due_at,
					resolve_due_at, ended_at, resolved, owner_at_due, cause, waited, held)
				VALUES ($1, $2, $3, $4, $5, $6, $5, $7, $8, $9, $10, $11, $12, $13)
				ON CONFLICT (ticket, cycle) DO UPDATE SET priority = $3, category = $4, started_at = $5, responded_at = $6,
					resolve_due_at = $7, ended_at = $8, resolved = $9, owner_at_due = $10, cause = $11, waited = $12, held = $13`,
				l.number, i+1, c.priority, l.counted(), c.started, orNull(c.responded), c.due, orNull(c.ended), c.resolved,
				c.owner, c.cause, c.waited, c.held)
		}
		b.Queue(`DELETE FROM cycles WHERE ticket = $1 AND cycle > $2`, l.number, len(l.cycles))
		queueReplies(b, l)
	}
}

// queueReplies writes the replies anew. The program never deletes entries: what was there before
// counts no more.
func queueReplies(b *pgx.Batch, l life) {
	b.Queue(`UPDATE entries SET void = 'conflict' WHERE ticket = $1`, l.number)
	const insert = `
		INSERT INTO entries (ticket, kind, actor, role, gesture, happened_at, recorded_at, details)
		VALUES ($1, $2, $3, 'other', 'reply', $4, $4, jsonb_build_object('message', jsonb_build_object('ts', $5::text)))`
	for i, r := range l.replies {
		b.Queue(insert, l.number, ticket.Replied, r.who, r.at, fmt.Sprint(i))
		if r.gone {
			b.Queue(insert, l.number, ticket.Retracted, r.who, r.at.Add(time.Hour), fmt.Sprint(i))
		}
	}
}

func orNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

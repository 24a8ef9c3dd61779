//go:build unix

package e2e

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/desk"
	"supporty/internal/dev/pgtest"
)

// A vocabulary of 20,000 words, the most usual first, and a million tickets of 5 words in the
// title and 30 in the text. The n-th word is about n times as rare as the first, as in any
// language. The most usual is in one of five tickets, since a language's own are left out.
const (
	inventWords = `CREATE TABLE invented AS
		SELECT n, (SELECT string_agg(chr(97 + (hashint8(n * 31 + i) & 2147483647) % 26), '') FROM generate_series(1, 4 + (hashint8(n) & 2147483647) % 6) AS i) AS word
		FROM generate_series(0, 20000) AS n`
	fillTickets = `
		INSERT INTO tickets (number, version, title, body, category, priority, state, requester, assignee, cycle, opened_at, ended_at, policy)
		SELECT n, 1, (SELECT string_agg(word, ' ') FROM invented WHERE invented.n = ANY (picked[1:5])),
			(SELECT string_agg(word, ' ') FROM invented WHERE invented.n = ANY (picked)), 'Category ' || n % 12, 1 + n % 3,
			CASE WHEN open THEN 'claimed' ELSE 'resolved' END, 'U' || n % 500, 'U' || n % 40, 1,
			at, CASE WHEN NOT open THEN at + interval '2 hours' END, 1
		FROM (SELECT n, n > @total - 2000 AS open, @end::timestamptz - (@total - n) * interval '1 minute' AS at,
				(SELECT array_agg(floor(20 * power(1000, (hashint8(n * 1000 + i) & 2147483647)::float8 / 2147483647))::int) FROM generate_series(1, 35) AS i) AS picked
			FROM generate_series(1, @total::bigint) AS n) AS t`
)

// measureFind is how long a search takes among a million tickets, with and without words that
// are spelled alike, and what a ticket's words cost when it is opened.
func (m *machine) measureFind(f figures) {
	const name, total = "find", 1_000_000
	m.must(m.pg.CreateDatabase(m.ctx, name))
	m.must(pgtest.Migrate(m.ctx, m.pg.URL(name)))
	conn, err := pgx.Connect(m.ctx, m.pg.URL(name))
	m.must(err)
	defer conn.Close(m.ctx)
	exec := func(sql string, args ...any) {
		_, err := conn.Exec(m.ctx, sql, args...)
		m.must(err)
	}
	exec(inventWords)
	exec(`CREATE INDEX ON invented (n)`)
	exec(`ALTER TABLE tickets DISABLE TRIGGER USER`)
	exec(fillTickets, pgx.NamedArgs{"total": total, "end": historyEnd})
	exec(`ALTER TABLE tickets ENABLE TRIGGER USER`)
	exec(`UPDATE word_index SET older = $1, collected = $1`, total)
	exec(`VACUUM ANALYZE`)
	a := m.archive(name)
	began := time.Now()
	a.readWords()
	m.t.Logf("the words of %d tickets were read in %v", total, time.Since(began).Round(time.Second))
	exec(`VACUUM ANALYZE`)
	f["find_insert_us"] = m.wordsOfATicket(conn)
	m.must(a.db.SearchIn(m.ctx, "english"))
	f["find_p50_ms"], f["find_p99_ms"] = a.searches(conn)
	f["alike_p50_ms"], f["alike_p99_ms"] = a.suggestions(conn)
	exec(`DROP EXTENSION pg_trgm CASCADE`)
	m.must(a.db.SearchIn(m.ctx, "english"))
	_, f["find_plain_p99_ms"] = a.searches(conn)
}

func (a *archive) readWords() {
	a.t.Helper()
	for more := true; more; {
		var err error
		more, err = a.db.ReadWords(a.ctx)
		a.must(err)
	}
}

// wordsOfATicket is by how many microseconds longer it takes to insert a ticket. Hundreds are
// inserted with and without their words, in turn: who switches has its plans made anew.
func (m *machine) wordsOfATicket(conn *pgx.Conn) float64 {
	m.t.Helper()
	const copied = `
		INSERT INTO tickets (number, version, title, body, category, priority, state, requester, cycle, opened_at)
		SELECT @to::bigint + number, 1, title, body, category, priority, 'open', requester, 1, opened_at FROM tickets WHERE number = @n`
	const times, each = 6, 500
	took := map[string]time.Duration{}
	for i := range 2 * times {
		role := []string{"replica", "origin"}[i%2]
		_, err := conn.Exec(m.ctx, `SET session_replication_role = `+role)
		m.must(err)
		for j := range each + 1 {
			began := time.Now()
			_, err := conn.Exec(m.ctx, copied, pgx.NamedArgs{"to": 2_000_000, "n": 900_000 + i*(each+1) + j})
			m.must(err)
			if j > 0 {
				took[role] += time.Since(began)
			}
		}
	}
	return round(float64((took["origin"]-took["replica"]).Microseconds())/(times*each), 1)
}

// searches looks for what people look for: words of some ticket, in any age, some of them
// misspelled or not finished, some with a filter, and words that no ticket has together.
func (a *archive) searches(conn *pgx.Conn) (p50, p99 float64) {
	a.t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	var took []time.Duration
	slowest := map[time.Duration]desk.Query{}
	for range number(a.t, "FINDS", 1000) {
		q := a.somethingToFind(conn, random)
		began := time.Now()
		_, err := a.desk.Search(a.ctx, "U1", q, historyEnd)
		a.must(err)
		d := time.Since(began)
		took, slowest[d] = append(took, d), q
	}
	a.t.Logf("searches: %s", spread(took))
	for _, d := range slices.SortedFunc(slices.Values(took), func(x, y time.Duration) int { return cmp.Compare(y, x) })[:5] {
		a.t.Logf("%v: %+v", d.Round(time.Millisecond), slowest[d])
	}
	return percentile(took, 50), percentile(took, 99)
}

func (a *archive) somethingToFind(conn *pgx.Conn, random *rand.Rand) desk.Query {
	a.t.Helper()
	q := desk.Query{Filter: desk.Filter{Scope: desk.ScopeAll}, Typing: random.IntN(3) == 0}
	a.must(conn.QueryRow(a.ctx, `SELECT string_to_array(body, ' ') FROM tickets WHERE number = $1`, 1+random.IntN(1_000_000)).Scan(&q.Words))
	random.Shuffle(len(q.Words), func(i, j int) { q.Words[i], q.Words[j] = q.Words[j], q.Words[i] })
	q.Words = q.Words[:1+random.IntN(5)]
	switch random.IntN(6) {
	case 0: // misspelled
		w := q.Words[0]
		i := random.IntN(len(w))
		q.Words[0] = w[:i] + "x" + w[i:]
	case 1: // words from two tickets
		var others []string
		a.must(conn.QueryRow(a.ctx, `SELECT string_to_array(body, ' ') FROM tickets WHERE number = $1`, 1+random.IntN(1_000_000)).Scan(&others))
		q.Words = append(q.Words, others[:1]...)
	}
	switch random.IntN(10) {
	case 0:
		q.Filter.Scope = desk.ScopeOpen
	case 1:
		q.Filter.Requester = fmt.Sprint("U", random.IntN(500))
	case 2:
		q.Filter.Owner = fmt.Sprint("U", random.IntN(40))
	case 3:
		q.Filter.Category = fmt.Sprint("Category ", random.IntN(12))
	case 4:
		q.Filter.Before = historyEnd.AddDate(0, 0, -random.IntN(690))
	case 5:
		q.Filter.After = historyEnd.AddDate(0, 0, -random.IntN(690))
	}
	return q
}

// suggestions looks for tickets like those whose titles are being typed: titles of some ticket, with
// words of another, misspelled or not, up to somewhere in a word.
func (a *archive) suggestions(conn *pgx.Conn) (p50, p99 float64) {
	a.t.Helper()
	random := rand.New(rand.NewPCG(3, 4))
	var took []time.Duration
	slowest := map[time.Duration][]string{}
	for range number(a.t, "FINDS", 1000) {
		typed := desk.Typed{Category: fmt.Sprint("Category ", random.IntN(12)), Words: a.somethingToFind(conn, random).Words}
		last := &typed.Words[len(typed.Words)-1]
		*last = (*last)[:min(len(*last), 3+random.IntN(6))]
		began := time.Now()
		_, err := a.desk.Alike(a.ctx, "U1", typed, historyEnd)
		a.must(err)
		d := time.Since(began)
		took, slowest[d] = append(took, d), typed.Words
	}
	a.t.Logf("suggestions: %s", spread(took))
	for _, d := range slices.SortedFunc(slices.Values(took), func(x, y time.Duration) int { return cmp.Compare(y, x) })[:5] {
		a.t.Logf("%v: %q", d.Round(time.Millisecond), slowest[d])
	}
	return percentile(took, 50), percentile(took, 99)
}

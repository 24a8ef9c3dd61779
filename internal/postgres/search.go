package postgres

import (
	"cmp"
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

const (
	// What each word is found by: itself as the language writes it, and how many tickets have
	// it. An exact word that many have needs no other; else the words that it may be the
	// beginning of, and those that are spelled alike and are more usual.
	selectTerms = `
		SELECT coalesce(own::text, ''), coalesce(k.tickets, 0), ARRAY(` + completions + `)
		FROM word_index i, unnest(@words::text[]) WITH ORDINALITY AS asked (word, n),
			plainto_tsquery(i.language::regconfig, asked.word) AS own,
			trim(both '''' FROM own::text) AS stem
			LEFT JOIN known_words k ON k.word = stem
		WHERE numnode(own) > 0 ORDER BY n`
	selectTermsAlike = `
		SELECT coalesce(own::text, ''), coalesce(k.tickets, 0), ARRAY(` + completions + `) || ARRAY(` + alike + `)
		FROM word_index i, unnest(@words::text[]) WITH ORDINALITY AS asked (word, n),
			plainto_tsquery(i.language::regconfig, asked.word) AS own,
			trim(both '''' FROM own::text) AS stem
			LEFT JOIN known_words k ON k.word = stem
		WHERE numnode(own) > 0 ORDER BY n`
	completions = `SELECT word FROM known_words
			WHERE @typing AND n = cardinality(@words::text[]) AND length(asked.word) >= 2
				AND word >= lower(asked.word) AND word < lower(asked.word) || chr(1114109)
			ORDER BY tickets DESC LIMIT 5`
	// https://www.postgresql.org/docs/current/pgtrgm.html#PGTRGM-TEXT-SEARCH
	alike = `SELECT word FROM known_words
			WHERE numnode(own) = 1 AND length(stem) >= 4 AND coalesce(k.tickets, 0) < 10 AND word % stem
				AND tickets > 10 * coalesce(k.tickets, 0) AND word <> stem
			ORDER BY similarity(word, stem) DESC, tickets DESC LIMIT 3`

	// The newest ticket, and the oldest, that a filter may select by its times; and whether all ended
	// tickets have the marks of their owners.
	selectEnds = `
		SELECT coalesce((SELECT number FROM tickets WHERE opened_at < coalesce(@before, 'infinity'::timestamptz)
				ORDER BY opened_at DESC LIMIT 1), 0),
			coalesce((SELECT number FROM tickets WHERE opened_at >= @after ORDER BY opened_at LIMIT 1), 0),
			(SELECT unmarked = 0 FROM word_index)`

	// Plans for these values: what is rare decides. A scan of the whole table never pays, though
	// the planner may hope to find enough soon.
	forThisSearch = `SELECT set_config('plan_cache_mode', 'force_custom_plan', true),
		set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true),
		set_config('max_parallel_workers_per_gather', '0', true)`
	endAfter  = `SELECT set_config('statement_timeout', $1, true)`
	threshold = `SELECT set_config('pg_trgm.similarity_threshold', '0.45', true)`

	// The condition of a filter.
	selected = `(@channels::text[] IS NULL OR t.channel = ANY (@channels)
			OR @reader <> '' AND (t.requester = @reader OR t.assignee = @reader))
		AND (@person = '' OR t.requester = @person OR t.assignee = @person)
		AND (@requester = '' OR t.requester = @requester) AND (@owner = '' OR t.assignee = @owner)
		AND (NOT @unowned OR t.assignee = '') AND (@states::text[] IS NULL OR t.state = ANY (@states))
		AND (NOT @open OR t.ended_at IS NULL) AND (NOT @ended OR t.ended_at IS NOT NULL)
		AND (@recent::timestamptz IS NULL OR t.ended_at IS NULL OR t.ended_at >= @recent)
		AND (@priority = 0 OR t.priority = @priority) AND (@category = '' OR t.category = @category)
		AND (@after::timestamptz IS NULL OR t.opened_at >= @after) AND (@before::timestamptz IS NULL OR t.opened_at < @before)
		AND (NOT t.private OR ` + readable + `)`

	// Whether a private ticket is one that the reader may read.
	readable = `@private_reader <> '' AND (@private_reader IN (requester, assignee, private_by) OR category = ANY (@entrusted::text[]))`

	// What is found is dated and ranked. The index is read for the words alone.
	rank  = `ticket, t.opened_at, CASE WHEN @rank = '' THEN 0 ELSE ts_rank(w.words, @rank::tsquery, 1) END`
	dated = `JOIN ticket_words w USING (ticket) JOIN tickets t ON t.number = ticket`

	// A filter that selects few tickets: who plans knows whether there are fewer of them, or of
	// those with the words.
	fewMatches = `(SELECT w.ticket ` + ofSelected + ` AND w.words @@ @query::tsquery ORDER BY t.opened_at DESC LIMIT @limit)`
	// What its owner has not ended: ended tickets have the mark of their owner among the words.
	ofUnended  = `(SELECT w.ticket ` + ofSelected + ` AND t.ended_at IS NULL AND w.words @@ @unmarked::tsquery ORDER BY t.opened_at DESC LIMIT @limit) UNION ALL `
	ofAll      = `FROM ticket_words w WHERE true`
	ofSelected = `FROM ticket_words w JOIN tickets t ON t.number = w.ticket WHERE ` + selected

	// A part of the tickets is searched only if the newer parts have not enough. A part is about
	// four times as large as the one before, and so has some hundred matches: the cost is nearly
	// the same among a million. + 0 keeps the index of numbers out.
	ofPart = `(SELECT w.ticket %[1]s AND w.words @@ (@query::tsquery && @part%[2]d::tsquery) AND w.ticket + 0 < @below%[2]d::bigint AND @below%[2]d::bigint > @bottom
			ORDER BY w.ticket + 0 DESC LIMIT @limit)`
	ofRest = `(SELECT * FROM (SELECT w.ticket %[1]s AND w.words @@ @query::tsquery AND w.ticket + 0 < @rest::bigint AND @rest::bigint > @bottom LIMIT 2000) AS w
			ORDER BY w.ticket + 0 DESC LIMIT @limit)`

	selectFiltered = `
		SELECT t.number, t.opened_at, 0::float8 FROM tickets t WHERE ` + selected + `
		ORDER BY t.opened_at DESC LIMIT @limit`

	selectFound = `
		SELECT ` + summary + `, count(*) OVER ()
		FROM unnest(@numbers::bigint[]) WITH ORDINALITY AS wanted (number, n)
			JOIN tickets t ON t.number = wanted.number
			LEFT JOIN ticket_threads h ON h.ticket = t.number AND h.current
		WHERE ` + selected + ` ORDER BY wanted.n`
)

// term is what one word is found by, in the syntax of tsquery.
type term struct {
	query   string
	tickets int64 // that have the word
	known   bool  // tickets have it, or one that it may stand for
}

// Match implements desk.Search.
func (db *DB) Match(ctx context.Context, q desk.Query, all bool, limit int) ([]desk.Match, error) {
	terms, in, err := db.terms(ctx, q)
	if err != nil {
		return nil, notSaved(err, "reading what words are known")
	}
	words := every(terms)
	if !all {
		words = some(terms)
	}
	if words == "" && len(q.Words) > 0 {
		return nil, nil // none of them is a word
	}
	args := filterArgs(q.Filter)
	args["limit"], args["rank"], args["query"], args["bottom"] = limit, words, narrowed(words, q.Filter), in.bottom-disorder
	addParts(args, in.top+disorder)
	b := &pgx.Batch{}
	b.Queue(forThisSearch)
	endBefore(ctx, b)
	var found []desk.Match
	sql := matchesOf(q.Filter, in.marked)
	switch {
	case args["query"] == "":
		sql = selectFiltered
	case sql == selectOfOwner || sql == selectOfOwnerAndMore:
		args["unmarked"], args["query"] = args["query"], fmt.Sprintf("%s & %s", args["query"], quoted("%"+q.Filter.Owner))
	}
	b.Queue(sql, args).Query(func(rows pgx.Rows) (err error) {
		found, err = pgx.CollectRows(rows, scanMatch)
		return err
	})
	if err := db.pool.SendBatch(ctx, b).Close(); err != nil {
		return nil, notSaved(err, "looking for tickets")
	}
	return found, nil
}

// endBefore has the database end the statements of a batch before ctx does. Else a connection would
// be closed with each search that takes too long, and opened anew.
func endBefore(ctx context.Context, b *pgx.Batch) {
	if deadline, ok := ctx.Deadline(); ok {
		left := max(1, int(0.9*float64(time.Until(deadline))/float64(time.Millisecond)))
		b.Queue(endAfter, strconv.Itoa(left))
	}
}

// matchesOf is the statement that finds tickets by words and a filter. marked: owners are among the
// words of all ended tickets.
func matchesOf(f desk.Filter, marked bool) string {
	few := f.Person != "" || f.Owner != "" && !marked || f.Unowned || f.Scope == desk.ScopeOpen
	rest := f
	rest.Requester, rest.Owner, rest.Category, rest.Private = "", "", "", nil // which ticket_words has, and what ranking leaves out
	whole := rest == (desk.Filter{Scope: desk.ScopeAll})
	switch {
	case few:
		return selectFew
	case whole && f.Owner != "":
		return selectOfOwner
	case whole:
		return selectFromAll
	case f.Owner != "":
		return selectOfOwnerAndMore
	}
	return selectFromSome
}

// The statements of matchesOf.
var (
	selectFew      = ranking(fewMatches)
	selectFromAll  = ranking(inParts(ofAll))
	selectFromSome = ranking(inParts(ofSelected))

	selectOfOwner        = ranking(ofUnended + inParts(ofAll))
	selectOfOwnerAndMore = ranking(ofUnended + inParts(ofSelected))
)

// ranking dates and ranks what a statement finds, and leaves out private tickets that the reader
// may not read.
func ranking(found string) string {
	return "SELECT " + rank + " FROM (SELECT ticket FROM (" + found + ") AS found LIMIT @limit) AS found " + dated + " WHERE NOT t.private OR " + readable
}

// inParts searches part after part.
func inParts(of string) string {
	var sql []string
	for i := range parts {
		sql = append(sql, fmt.Sprintf(ofPart, of, i))
	}
	return strings.Join(append(sql, fmt.Sprintf(ofRest, of)), " UNION ALL ")
}

func scanMatch(row pgx.CollectableRow) (desk.Match, error) {
	var m desk.Match
	err := row.Scan(&m.Number, &m.OpenedAt, &m.Likeness)
	return m, err
}

// disorder is by how much a ticket's number may be out of the order in which tickets were opened.
const disorder = 1000

// searched is where tickets are looked for.
type searched struct {
	top, bottom int64 // the numbers between which they are
	marked      bool  // all ended ones have the marks of their owners
}

// terms returns what the words of a query are found by, without those that the language ignores,
// and where its tickets are.
func (db *DB) terms(ctx context.Context, q desk.Query) (terms []term, in searched, err error) {
	sql, b := selectTerms, &pgx.Batch{}
	endBefore(ctx, b)
	if db.trigrams.Load() {
		sql = selectTermsAlike
		b.Queue(threshold)
	}
	if len(q.Words) > 0 {
		b.Queue(sql, pgx.NamedArgs{"words": q.Words, "typing": q.Typing}).Query(func(rows pgx.Rows) (err error) {
			terms, err = pgx.CollectRows(rows, scanTerm)
			return err
		})
	}
	b.Queue(selectEnds, filterArgs(q.Filter)).QueryRow(func(row pgx.Row) error { return row.Scan(&in.top, &in.bottom, &in.marked) })
	err = db.pool.SendBatch(ctx, b).Close()
	return terms, in, err
}

func scanTerm(row pgx.CollectableRow) (term, error) {
	var t term
	var others []string
	if err := row.Scan(&t.query, &t.tickets, &others); err != nil {
		return term{}, err
	}
	t.known = t.tickets > 0 || len(others) > 0
	for _, word := range others {
		t.query += " | " + quoted(word)
	}
	t.query = "(" + t.query + ")"
	return t, nil
}

var quoter = strings.NewReplacer(`'`, `''`, `\`, `\\`)

// quoted is a word in the syntax of tsquery.
func quoted(word string) string { return "'" + quoter.Replace(word) + "'" }

// every finds tickets with all words.
func every(terms []term) string {
	var queries []string
	for _, t := range terms {
		queries = append(queries, t.query)
	}
	return strings.Join(queries, " & ")
}

// mostTerms is how many words count if not all are asked for: the rarest, which tell most.
const mostTerms = 3

// some finds tickets with any two of the rarest words, or with any of two words. A word that no
// ticket is known to have does not count, unless there is no other.
func some(terms []term) string {
	rarest := slices.DeleteFunc(slices.Clone(terms), func(t term) bool { return !t.known })
	if len(rarest) == 0 {
		rarest = slices.Clone(terms)
	}
	slices.SortStableFunc(rarest, func(a, b term) int { return cmp.Compare(a.tickets, b.tickets) })
	rarest = rarest[:min(len(rarest), mostTerms)]
	var queries []string
	for i, a := range rarest {
		if len(rarest) < 3 {
			queries = append(queries, a.query)
			continue
		}
		for _, b := range rarest[i+1:] {
			queries = append(queries, "("+a.query+" & "+b.query+")")
		}
	}
	return strings.Join(queries, " | ")
}

// narrowed is a query that also has what the filter asks for, as far as ticket_words has it.
func narrowed(words string, f desk.Filter) string {
	var queries []string
	if words != "" {
		queries = append(queries, "("+words+")")
	}
	if f.Requester != "" {
		queries = append(queries, quoted("@"+f.Requester))
	}
	if f.Category != "" {
		sum := md5.Sum([]byte(f.Category)) // short, and no matter what is in the name
		queries = append(queries, quoted("~"+hex.EncodeToString(sum[:])))
	}
	return strings.Join(queries, " & ")
}

// parts are the parts of the tickets, the newest first: how many marks of which size each has. See
// found_by in the migrations.
var parts = []struct{ bits, marks int }{{10, 2}, {10, 6}, {13, 4}, {16, 2}, {16, 6}}

// addParts adds the parts of the tickets up to a number, and the rest.
func addParts(args pgx.NamedArgs, top int64) {
	below := top + 1
	for i, p := range parts {
		last := max(0, (below-1)>>p.bits)
		var marks []string
		for n := range int64(p.marks) {
			marks = append(marks, fmt.Sprintf("'#%d:%d'", p.bits, last-n))
		}
		args[fmt.Sprintf("part%d", i)], args[fmt.Sprintf("below%d", i)] = strings.Join(marks, " | "), below
		below = (last - int64(p.marks) + 1) << p.bits
	}
	args["rest"] = below
}

// Summaries implements desk.Search.
func (db *DB) Summaries(ctx context.Context, numbers []ticket.Number, f desk.Filter) ([]desk.Summary, error) {
	args := filterArgs(f)
	args["numbers"] = numbers
	list, err := all(ctx, db, scanSummary(new(int)), selectFound, args)
	if err != nil {
		return nil, notSaved(err, "reading what was found")
	}
	return list, nil
}

const insertAvoided = `INSERT INTO avoided_tickets (form, ticket, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`

// Avoided implements desk.Search.
func (db *DB) Avoided(ctx context.Context, form string, n ticket.Number, at time.Time) error {
	if _, err := db.pool.Exec(ctx, insertAvoided, form, n, at); err != nil {
		return notSaved(err, "storing that a ticket made another one needless")
	}
	return nil
}

// filterArgs are the arguments of selected.
func filterArgs(f desk.Filter) pgx.NamedArgs {
	var states []ticket.State
	if f.Paused {
		states = pauses
	}
	if f.State != "" {
		states = []ticket.State{f.State}
	}
	var readable desk.Readable
	if f.Readable != nil {
		readable = *f.Readable
	}
	args := readerArgs(f.Private)
	maps.Copy(args, pgx.NamedArgs{
		"person": f.Person, "requester": f.Requester, "owner": f.Owner, "unowned": f.Unowned, "states": states,
		"open": f.Scope == desk.ScopeOpen, "ended": f.Scope == desk.ScopeEnded,
		"channels": readable.Channels, "reader": readable.Reader,
		"priority": f.Priority, "category": f.Category, "after": nullTime(f.After), "before": nullTime(f.Before), "recent": nullTime(f.Recent),
	})
	return args
}

// readerArgs are the arguments of readable.
func readerArgs(r *desk.Reader) pgx.NamedArgs {
	if r == nil {
		r = &desk.Reader{}
	}
	return pgx.NamedArgs{"private_reader": r.ID, "entrusted": r.Entrusted}
}

package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"

	"supporty/internal/desk"
	"supporty/internal/postgres"
	"supporty/internal/ticket"
)

// titled opens a ticket.
func (b *postgresHarness) titled(title, text, requester string) ticket.Number {
	b.t.Helper()
	in := b.newTicket(ticket.P2, requester)
	in.Title, in.Text = title, text
	r, err := b.desk.Open(b.t.Context(), in)
	b.must(nil, err)
	return r.Ticket.Number
}

// readsWords reads all words that are not read yet.
func (b *postgresHarness) readsWords() {
	b.t.Helper()
	for more, err := true, error(nil); more; {
		more, err = b.db.ReadWords(b.t.Context())
		b.must(nil, err)
	}
}

// finds are the numbers that a query finds, the best first.
func (b *postgresHarness) finds(q desk.Query) []ticket.Number {
	b.t.Helper()
	q.Filter.Scope = max(q.Filter.Scope, desk.ScopeAll)
	found, err := b.desk.Search(b.t.Context(), "U1", q, monday)
	b.must(nil, err)
	var numbers []ticket.Number
	for _, s := range found.Tickets {
		numbers = append(numbers, s.Number)
	}
	return numbers
}

func TestSearch(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	b.must(nil, b.db.SearchIn(t.Context(), "english"))
	cards := b.titled("Checkout fails for US cards", "The payment page shows error 500", "U1")
	page := b.titled("Payment page is slow", "Customers wait for the checkout", "U2")
	salary := b.titled("Salaries", "O'Reilly's are wrong; 100 % of them", "U3")
	printer := b.titled("The printer is broken", "It prints checkouts only", "U3")
	b.must(b.desk.Claim(t.Context(), b.gesture(page, "U9")))
	b.must(b.desk.Resolve(t.Context(), b.gesture(salary, "U3"), "", ""))
	b.readsWords()
	for name, test := range map[string]struct {
		query desk.Query
		want  []ticket.Number
	}{
		"a title before a text":       {desk.Query{Words: []string{"checkout"}}, []ticket.Number{cards, printer, page}},
		"all words, in another form":  {desk.Query{Words: []string{"PAYMENTS", "failing"}}, []ticket.Number{cards}},
		"some words, if none has all": {desk.Query{Words: []string{"printer", "salaries"}}, []ticket.Number{printer, salary}},
		"spelled nearly right":        {desk.Query{Words: []string{"chekout"}}, []ticket.Number{cards, printer, page}},
		"the beginning of a word":     {desk.Query{Words: []string{"sal"}, Typing: true}, []ticket.Number{salary}},
		"not the beginning":           {desk.Query{Words: []string{"sal"}}, nil},
		"no word":                     {desk.Query{Words: []string{"the", "is"}}, nil},
		"a word that is nowhere":      {desk.Query{Words: []string{"zebra"}}, nil},
		"an apostrophe":               {desk.Query{Words: []string{"O'Reilly's"}}, []ticket.Number{salary}},
		"what means something to it":  {desk.Query{Words: []string{`a\'b & | ! <-> :*`, "(", "'", `\`, "printer:*"}}, []ticket.Number{printer}},
		"emoji":                       {desk.Query{Words: []string{strings.Repeat("🔥", 120)}}, nil},
		"a number":                    {desk.Query{Number: page}, []ticket.Number{page}},
		"a number that is not there":  {desk.Query{Number: 99}, nil},
		"a number and words":          {desk.Query{Number: salary, Words: []string{"printer"}}, []ticket.Number{salary, printer}},
		"by its requester":            {desk.Query{Filter: desk.Filter{Requester: "U3"}}, []ticket.Number{printer, salary}},
		"by its owner":                {desk.Query{Filter: desk.Filter{Owner: "U9"}}, []ticket.Number{page}},
		"by both, and a word":         {desk.Query{Words: []string{"checkout"}, Filter: desk.Filter{Requester: "U2", Owner: "U9"}}, []ticket.Number{page}},
		"by its category":             {desk.Query{Words: []string{"salaries"}, Filter: desk.Filter{Category: "Billing"}}, []ticket.Number{salary}},
		"by another category":         {desk.Query{Words: []string{"salaries"}, Filter: desk.Filter{Category: "Other"}}, nil},
		"by its state":                {desk.Query{Filter: desk.Filter{State: ticket.StateClaimed}}, []ticket.Number{page}},
		"after a time":                {desk.Query{Words: []string{"checkout"}, Filter: desk.Filter{After: monday.Add(time.Hour)}}, nil},
		"before a time":               {desk.Query{Words: []string{"checkout"}, Filter: desk.Filter{Before: monday}}, nil},
		"the page after the last":     {desk.Query{Words: []string{"checkout"}, Page: 1}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := gocmp.Diff(test.want, b.finds(test.query), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("found (-want +got):\n%s", diff)
			}
		})
	}
}

// Tickets of an owner are found whether they have ended or not, and before the marks of those that
// ended are there.
func TestSearchByOwner(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	b.must(nil, b.db.SearchIn(t.Context(), "english"))
	var n []ticket.Number
	for i := range 4 {
		n = append(n, b.titled("Checkout fails", "", "U1"))
		b.must(b.desk.Claim(t.Context(), b.later(n[i], []string{"U9", "U9", "U8", "U9"}[i], 1)))
	}
	b.must(b.desk.Resolve(t.Context(), b.later(n[0], "U9", 2), "", ""))
	b.must(b.desk.Resolve(t.Context(), b.later(n[2], "U8", 2), "", ""))
	b.must(b.desk.Resolve(t.Context(), b.later(n[3], "U9", 2), "", ""))
	b.must(b.desk.Reopen(t.Context(), b.later(n[3], "U1", 3)))
	check := func(when string) {
		t.Helper()
		for name, test := range map[string]struct {
			filter desk.Filter
			want   []ticket.Number
		}{
			"all":     {desk.Filter{Owner: "U9"}, []ticket.Number{n[3], n[1], n[0]}},
			"ended":   {desk.Filter{Owner: "U9", State: ticket.StateResolved}, []ticket.Number{n[0]}},
			"another": {desk.Filter{Owner: "U8", Before: monday.Add(time.Hour)}, []ticket.Number{n[2]}},
			"nobody":  {desk.Filter{Owner: "U7"}, nil},
		} {
			if diff := gocmp.Diff(test.want, b.finds(desk.Query{Words: []string{"checkout"}, Filter: test.filter}), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", when, name, diff)
			}
		}
	}
	check("as they end")
	b.exec(`UPDATE ticket_words SET words = ts_delete(words, ARRAY['%U9', '%U8'])`)
	b.exec(`UPDATE word_index SET unmarked = $1`, n[3])
	check("before they are marked")
	b.readsWords()
	if got := b.text(`SELECT unmarked FROM word_index`); got != "(0)" {
		t.Errorf("not marked up to %s", got)
	}
	if got := b.text(`SELECT count(*) FROM ticket_words WHERE tsvector_to_array(words) && ARRAY['%U9', '%U8']`); got != "(2)" {
		t.Errorf("%s are marked", got)
	}
	if got := b.text(`SELECT count(*) FROM known_words WHERE word LIKE '%U%'`); got != "(0)" {
		t.Errorf("%s marks are known as words", got)
	}
	check("afterwards")
}

// A withheld text is not found by its words, but shown again it is.
func TestSearchLeavesOutWhatIsWithheld(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	n := b.titled("The password is swordfish", "", "U1")
	b.exec(`INSERT INTO ticket_threads VALUES ('C1', '1.1', $1, true)`, n)
	q := desk.Query{Words: []string{"swordfish"}}
	b.readsWords()
	if got := b.finds(q); len(got) != 1 {
		t.Fatalf("found before: %v", got)
	}
	b.must(b.desk.Withhold(t.Context(), b.gesture(n, ""), ticket.Message{Channel: "C1", TS: "1.1"}))
	if got := b.finds(q); len(got) != 0 {
		t.Errorf("found while it is withheld: %v", got)
	}
	if got := b.text(`SELECT count(*) FROM known_words WHERE word = 'swordfish'`); got != "(0)" {
		t.Errorf("known all the same: %s", got)
	}
	if got := b.finds(desk.Query{Filter: desk.Filter{Requester: "U1"}}); len(got) != 1 {
		t.Errorf("by the requester: %v", got)
	}
	b.must(b.desk.Show(t.Context(), b.gesture(n, "U1")))
	if got := b.finds(q); len(got) != 1 {
		t.Errorf("found after: %v", got)
	}
}

// Another language finds other forms of a word, also in older tickets.
func TestSearchInAnotherLanguage(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	b.must(nil, b.db.SearchIn(t.Context(), "english"))
	n := b.titled("Rechnungen fehlen", "", "U1")
	for i := range 1100 {
		if i%100 == 0 {
			b.titled(fmt.Sprint("Other ", i), "", "U1")
		}
	}
	q := desk.Query{Words: []string{"Rechnung"}}
	if got := b.finds(q); len(got) != 0 {
		t.Errorf("found in English: %v", got)
	}
	b.must(nil, b.db.SearchIn(t.Context(), "german"))
	if w, err := b.db.Words(t.Context()); w != (postgres.Words{Language: "german", Older: 12, Alike: true}) || err != nil {
		t.Errorf("%+v, %v", w, err)
	}
	b.readsWords()
	if got := b.finds(q); len(got) != 1 || got[0] != n {
		t.Errorf("found in German: %v", got)
	}
	b.must(nil, b.db.SearchIn(t.Context(), "german"))
	if w, err := b.db.Words(t.Context()); w.Older != 0 || err != nil {
		t.Errorf("the same language again has all read again: %+v, %v", w, err)
	}
}

// Without the right to create the extension all works, but for words that are spelled alike.
func TestSearchWithoutTrigrams(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	b.exec(`DROP EXTENSION pg_trgm CASCADE`)
	b.must(nil, b.db.SearchIn(t.Context(), "english"))
	n := b.titled("Checkout fails", "", "U1")
	b.readsWords()
	if w, err := b.db.Words(t.Context()); w.Alike || err != nil {
		t.Errorf("%+v, %v", w, err)
	}
	if got := b.finds(desk.Query{Words: []string{"checkouts", "fai"}, Typing: true}); len(got) != 1 || got[0] != n {
		t.Errorf("found %v", got)
	}
	if got := b.finds(desk.Query{Words: []string{"chekout"}}); len(got) != 0 {
		t.Errorf("found by a wrong spelling: %v", got)
	}
	b.must(b.db.Migrate(t.Context())) // by now there is the right
	b.must(nil, b.db.SearchIn(t.Context(), "english"))
	if got := b.finds(desk.Query{Words: []string{"chekout"}}); len(got) != 1 {
		t.Errorf("found with the extension: %v", got)
	}
}

// Who may not create extensions can migrate all the same.
func TestMigrationWithoutTheRightToExtend(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	b.exec(`DROP EXTENSION pg_trgm CASCADE`)
	role := pgx.Identifier{"guest_" + strings.Trim(b.text(`SELECT current_database()`), "()")}.Sanitize()
	b.exec(`CREATE ROLE ` + role)
	t.Cleanup(func() {
		_, err := b.conn.Exec(context.WithoutCancel(t.Context()), `RESET ROLE; DROP ROLE `+role)
		b.must(nil, err)
	})
	b.exec(`SET ROLE ` + role)
	if got := b.text(`SELECT use_trigrams()`); got != "(f)" {
		t.Errorf("without the right: %s", got)
	}
}

// A search whose time is over ends in the database. Its connection stays.
func TestSearchEndsInTime(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	cards := b.titled("Cards fail", "In the US", "U1")
	q := desk.Query{Words: []string{"cards"}, Filter: desk.Filter{Scope: desk.ScopeAll}}
	long, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if found, err := b.db.Match(long, q, true, 10); err != nil || len(found) != 1 || found[0].Number != cards {
		t.Errorf("%v, %v", found, err)
	}
	b.exec(`BEGIN`)
	b.exec(`LOCK TABLE ticket_words`)
	short, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := b.db.Match(short, q, true, 10); !errors.Is(err, desk.ErrNotSaved) {
		t.Errorf("while nobody can read it: %v", err)
	}
	b.exec(`ROLLBACK`)
}

// What a ticket made needless counts once for a form.
func TestAvoided(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	n := b.titled("Cards fail", "In the US", "U1")
	b.must(nil, b.db.Avoided(t.Context(), "V1", n, monday))
	b.must(nil, b.db.Avoided(t.Context(), "V1", n, monday.Add(time.Hour)))
	var count int
	b.must(nil, b.conn.QueryRow(t.Context(), `SELECT count(*) FROM avoided_tickets WHERE ticket = $1 AND at = $2`, n, monday).Scan(&count))
	if count != 1 {
		t.Errorf("%d rows", count)
	}
}

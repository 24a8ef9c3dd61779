package postgres_test

import (
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"supporty/internal/desk"
	"supporty/internal/insight"
	"supporty/internal/ticket"
)

// What is private is in lists, searches and shelves of those who may read it, and in no list for
// everybody. Its category and its words are not counted; it counts in totals.
func TestPrivateIsLeftOut(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	ctx := t.Context()
	private, public := b.titled("A leaked canary", "", "U5"), b.titled("A leaking pipe", "", "U5")
	b.exec(`UPDATE tickets SET private = true, private_by = 'U6' WHERE number = $1`, private)
	both, one := []ticket.Number{private, public}, []ticket.Number{public}
	for name, test := range map[string]struct {
		reader *desk.Reader
		want   []ticket.Number
	}{
		"nobody":           {nil, one},
		"somebody":         {&desk.Reader{ID: "U1"}, one},
		"who asked":        {&desk.Reader{ID: "U5"}, both},
		"who made it so":   {&desk.Reader{ID: "U6"}, both},
		"who is entrusted": {&desk.Reader{ID: "U7", Entrusted: []string{"Billing"}}, both},
		"with another":     {&desk.Reader{ID: "U7", Entrusted: []string{"Other"}}, one},
	} {
		list, total, err := b.db.List(ctx, desk.Filter{Private: test.reader})
		b.must(nil, err)
		var listed []ticket.Number
		for _, s := range list {
			listed = append(listed, s.Number)
		}
		if diff := gocmp.Diff(test.want, listed); diff != "" || total != len(test.want) {
			t.Errorf("%s lists, of %d (-want +got):\n%s", name, total, diff)
		}
		for _, scope := range []desk.Scope{desk.ScopeOpen, desk.ScopeAll} {
			matches, err := b.db.Match(ctx, desk.Query{Words: []string{"leaked"}, Filter: desk.Filter{Scope: scope, Private: test.reader}}, true, 10)
			if b.must(nil, err); len(matches) != len(test.want) {
				t.Errorf("%s finds %v in scope %d", name, matches, scope)
			}
		}
		found, err := b.db.Summaries(ctx, both, desk.Filter{Private: test.reader})
		if b.must(nil, err); len(found) != len(test.want) {
			t.Errorf("%s reads %v", name, found)
		}
		f := desk.HomeFilter{Private: test.reader}
		b.shelfHas(desk.ShelfQuery{Name: desk.ShelfUnowned, Reader: "U1", Now: at(1), Limit: 10, HomeFilter: f}, test.want, len(test.want))
		if figures, err := b.db.Figures(ctx, f, at(1)); err != nil || figures.Open != len(test.want) {
			t.Errorf("%s counts %+v: %v", name, figures, err)
		}
	}
	similar, err := b.db.Similar(ctx, "Billing", "", ticket.Period{From: monday, To: at(1)})
	if b.must(nil, err); len(similar) != 1 || similar[0].Number != public {
		t.Errorf("similar are %+v", similar)
	}
	b.readsWords()
	if words := b.text(`SELECT string_agg(word, ' ' ORDER BY word) FROM known_words`); words != "(\"leak pipe\")" {
		t.Errorf("known are %s", words)
	}
}

func TestPrivateCountsInTotalsOnly(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	private, public := b.open(ticket.P2, "U5"), b.open(ticket.P2, "U5")
	b.readsWords()
	b.exec(`UPDATE tickets SET private = true WHERE number = $1`, private)
	if words := b.text(`SELECT min(tickets) || ' ' || max(tickets) FROM known_words`); words != `("1 1")` {
		t.Errorf("words are known of %s tickets", words)
	}
	week := ticket.Period{From: monday.Add(-time.Hour), To: at(100)}
	n, err := b.db.Numbers(t.Context(), insight.Question{Period: week, Pause: pause})
	b.must(nil, err)
	if n.Opened != 2 || n.Open != 2 || len(n.Categories) != 1 || n.Categories[0].Tickets != 1 || n.Oldest.Number != public {
		t.Errorf("the numbers are %+v", n)
	}
	b.exec(`UPDATE tickets SET private = true`)
	n, err = b.db.Numbers(t.Context(), insight.Question{Period: week, Pause: pause})
	b.must(nil, err)
	if n.Open != 2 || len(n.Categories) > 0 || n.Oldest.Number != 0 {
		t.Errorf("if all is private the numbers are %+v", n)
	}
}

func TestByRoom(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	b.desk = b.desk.KeepingPrivate([]string{"Billing"})
	n := b.open(ticket.P2, "U5")
	if first := b.text(`SELECT kind FROM outbox WHERE ticket = $1 ORDER BY id LIMIT 1`, n); first != "(room)" {
		t.Errorf("the card waits for %s", first)
	}
	b.exec(`UPDATE outbox SET posted_in = 'G1', posted_ts = $1 WHERE kind = 'room'`, desk.RoomTS)
	for channel, want := range map[string]ticket.Number{"G1": n, "G2": 0} {
		if got, err := b.db.ByRoom(t.Context(), channel); got != want || err != nil {
			t.Errorf("in %s lives %s: %v", channel, got, err)
		}
	}
}
